//! `terrace demo --case-study`: a data set that stands for the end of 2021, spread over the real tree. Its rows and opening balances
//! add up to the figures that the case study of Longnan published; everything else about them is invented and says so: 模拟.
//!
//! Like the simulated year it writes no row: simulated people carry it out through the use cases that real data go through.

mod catalogue;
mod livelihoods;
mod logistics;
mod stores;
mod trade;
mod training;

use std::sync::Arc;

use super::{
    Counts, Outcome, Progress,
    dice::Dice,
    network::{self, Desk},
    sitting::By,
    write,
};
use crate::{
    app::{
        registers::{self, Register},
        setup,
    },
    auth::{Gate, Tx, can},
    domain::{Day, Id, Instant},
    edge::Edge,
    error::{Error, Result},
};

/// Stores that are open at the end of 2021.
pub(super) const STORES: usize = 14_000;
/// Stores that were closed in 2021.
pub(super) const STORES_CLOSED: usize = 620;
/// Sales of 2021, in fen: RMB 5.21 billion,
pub(super) const SALES: usize = 521_000_000_000;
/// of these in Double Eleven: RMB 99.97 million,
pub(super) const DOUBLE_ELEVEN: usize = 9_997_000_000;
/// and in Double Twelve: RMB 205 million.
pub(super) const DOUBLE_TWELVE: usize = 20_500_000_000;
/// Contactless sales of two months of 2020 in one county, in fen: RMB 660,000.
pub(super) const CONTACTLESS: usize = 66_000_000;
/// Sales of a food festival of twenty days in the same county, in fen: RMB 320,000.
pub(super) const FESTIVAL: usize = 32_000_000;
/// What that county sold in 2020 besides, in fen.
pub(super) const BESIDES: usize = 98_000_000_000;
/// What was sold before there are rows, in fen; with the rows it is more than RMB 27 billion.
pub(super) const SOLD_BEFORE: usize = 2_086_000_000_000;
/// Training sessions of 2021,
pub(super) const SESSIONS: usize = 87;
/// attended so many times.
pub(super) const ATTENDANCES: usize = 11_219;
/// Attendances of these whose person is known by name.
pub(super) const ATTENDANCES_BY_NAME: usize = 6_400;
/// Persons trained before there are rows; with those known by name it is more than 250,000.
pub(super) const TRAINED_BEFORE: i64 = 246_300;
/// Households that stores and persons belong to.
pub(super) const HOUSEHOLDS: usize = 3_200;

/// Express stations at the end of 2021,
pub(super) const STATIONS: usize = 1_045;
/// and the villages that they cover: the vast majority of 3,290.
pub(super) const COVERED: usize = 3_087;
/// Villages with broadband: more than 95 %.
pub(super) const BROADBAND: usize = 3_161;
/// Villages with a mobile network, and with a paved road.
pub(super) const MOBILE: usize = 3_228;
/// See [`MOBILE`].
pub(super) const PAVED: usize = 3_246;
/// Policy documents of 2013 to 2020.
pub(super) const POLICIES: usize = 47;
/// Members of the workshop with disabilities,
pub(super) const MEMBERS: usize = 25;
/// of whom so many make things; the others sell them.
pub(super) const MAKERS: usize = 20;

/// The first six digits of the region code of the county that the case study tells of, 武都区.
pub(super) const COUNTY: &str = "621202";

/// How much is written: the figures are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Each store reports each month.
    Monthly,
    /// Each store reports one month of the year: a twelfth of the rows.
    Once,
}

/// So many entries are written, about: for whoever shows how far it is.
pub fn entries(detail: Detail) -> usize {
    match detail {
        Detail::Monthly => 200_000,
        Detail::Once => 33_000,
    }
}

/// Everybody who is there, and the dice.
pub(super) struct Place<'a> {
    gate: &'a Arc<Gate>,
    past: &'a Arc<Edge>,
    bureau: &'a Desk,
    dice: Dice,
    detail: Detail,
    ids: u16,
}

impl Place<'_> {
    /// A new id, of a moment.
    pub fn id(&mut self, at: Instant) -> Id {
        self.ids = self.ids.wrapping_add(1);
        Id::in_sequence(at, self.ids, self.dice.bytes())
    }

    /// A moment at a desk on a day.
    pub fn moment(&mut self, day: Day) -> Instant {
        day.begins_at().plus_seconds(self.dice.among(9 * 3600..=17 * 3600))
    }

    /// Every desk of a county with its weight for stores, households and persons: mostly villages.
    pub fn desks<'d>(&self, county: &'d Desk) -> Vec<(&'d Desk, u64)> {
        let mut desks = vec![(county, 30)];
        for township in &county.below {
            desks.push((township, 12));
            desks.extend(township.below.iter().map(|village| (village, 6)));
        }
        desks
    }
}

/// Writes the data set into a database that is empty; the same seed gives the same rows.
///
/// # Errors
/// The database's own, and that of a use case in a database that is not empty; see [`super::has_room`].
pub async fn simulate(
    gate: &Arc<Gate>,
    detail: Detail,
    seed: u64,
    mut progress: impl FnMut(Progress),
) -> Result<Outcome> {
    let past = Arc::new(Edge::reproducible(day("2019-12-31")?.begins_at(), seed));
    let (mut points, mut accounts) = (0, 0);
    let mut founding = |made: Progress| {
        match made {
            Progress::Points(number) => points = number,
            Progress::Accounts(number) => accounts = number,
            Progress::Written(_) => {}
        }
        progress(made);
    };
    setup::mark_simulated(gate, seed).await?;
    let (bureau, sign_ins) = network::found(gate, &past, &mut founding).await?;
    let mut place = Place { gate, past: &past, bureau: &bureau, dice: Dice::of(seed, 2_021), detail, ids: 0 };
    let mut counts = Counts::default();
    let mut told = |more: Counts| {
        counts.add(more);
        progress(Progress::Written(counts));
    };
    let catalogue = catalogue::enter(&mut place).await?;
    let households = stores::households(&mut place, &mut told).await?;
    let organisations = stores::organisations(&mut place).await?;
    let stores = stores::enter(&mut place, &catalogue, (&households, &organisations), &mut told).await?;
    logistics::enter(&mut place, &catalogue, &mut told).await?;
    livelihoods::enter(&mut place, &households, &organisations, &mut told).await?;
    trade::of_2020(&mut place, &catalogue, &mut told).await?;
    trade::of_2021(&mut place, &catalogue, &stores, &mut told).await?;
    stores::close(&mut place, &stores, &mut told).await?;
    training::hold(&mut place, &catalogue, &households, &mut told).await?;
    gate.make_durable()?;
    Ok(Outcome { points, accounts, counts, sign_ins })
}

/// So many rows are entered in a transaction.
const AT_ONCE: usize = 2_000;

/// Enters things that stay, each at its moment, as who works there.
async fn enter_in_parts<R>(
    place: &Place<'_>,
    mut things: Vec<By<(Instant, R)>>,
    told: &mut dyn FnMut(Counts),
) -> Result<()>
where
    R: Register<Write = can::LogAssistance> + Send + Sync + 'static,
{
    fn enter<R: Register<Write = can::LogAssistance>>(
        tx: &mut Tx<'_, can::LogAssistance>,
        by: Id,
        (at, thing): &(Instant, R),
        _: &mut Counts,
    ) -> Result<()> {
        tx.turn_to(by, *at)?;
        registers::enter(tx, thing).map(drop)
    }
    while !things.is_empty() {
        let rest = things.split_off(AT_ONCE.min(things.len()));
        told(write::carry_out(place.gate, place.past, std::mem::replace(&mut things, rest), enter::<R>).await?);
    }
    Ok(())
}

/// A day that is written in the program.
pub(super) fn day(text: &str) -> Result<Day> {
    text.parse().map_err(Error::internal)
}
