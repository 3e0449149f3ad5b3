//! What an entry of a ledger adds to the cells of its point.
//!
//! An entry counts under every way in which its ledger is told: a sale under its channel, and again, in ledgers of their own,
//! under its platform, its product and its campaign. What is told twice is never added up.

use super::{
    Id, Month,
    codes::Ledger,
    metrics::{
        ATTENDANCES, BENEFITS, LIVESTREAMS, PARCELS, PAYMENTS, SALES, SALES_CAMPAIGNS, SALES_PLATFORMS, SALES_PRODUCTS,
        TRAINING_SESSIONS,
    },
    roll_up::{ANY, Amounts, CellKey, Tally},
};

/// A counted entry, as far as it enters cells.
#[derive(Clone, Copy, Debug)]
pub struct Entered<'a> {
    /// Of which ledger.
    pub ledger: Ledger,
    /// At which point.
    pub point: Id,
    /// In which month.
    pub month: Month,
    /// Its channel, topic, direction or way, or where its funds come from.
    pub kind: &'a str,
    /// Its platform.
    pub platform: Option<Id>,
    /// Its product.
    pub product: Option<Id>,
    /// Its campaign.
    pub campaign: Option<Id>,
    /// Its orders, heads or parcels.
    pub quantity: i64,
    /// Its amount in fen.
    pub amount_fen: i64,
}

impl Entered<'_> {
    /// Adds it to a tally, or (-1) takes it away.
    pub fn enter(&self, tally: &mut Tally, sign: i64) {
        let amounts = Amounts { n: sign, quantity: sign * self.quantity, amount_fen: sign * self.amount_fen };
        let mut add = |ledger, kind: String| {
            tally.add(
                CellKey { point: self.point, ledger, period: self.month.key(), kind, class: String::new() },
                amounts,
            );
        };
        let named = |id: Option<Id>| id.map_or_else(|| ANY.to_owned(), |id| id.to_string());
        match self.ledger {
            Ledger::Sale => {
                add(SALES, self.kind.to_owned());
                let facets = [
                    (SALES_PLATFORMS, self.platform),
                    (SALES_PRODUCTS, self.product),
                    (SALES_CAMPAIGNS, self.campaign),
                ];
                for (ledger, id) in facets {
                    if let Some(id) = id {
                        add(ledger, id.to_string());
                    }
                }
            }
            Ledger::Livestream => add(LIVESTREAMS, named(self.platform)),
            Ledger::TrainingSession => add(TRAINING_SESSIONS, self.kind.to_owned()),
            Ledger::Attendance => add(ATTENDANCES, self.kind.to_owned()),
            Ledger::Parcels => add(PARCELS, self.kind.to_owned()),
            Ledger::Benefit => add(BENEFITS, self.kind.to_owned()),
            Ledger::Payment => add(PAYMENTS, self.kind.to_owned()),
            // What few persons earn is hidden, so it lies in no cell: it is counted from the rows.
            Ledger::Wage => {}
        }
    }
}
