//! The cells and the presence rows that there must be, and those that there are.

use std::collections::BTreeMap;

use diesel::prelude::*;
use terrace::{
    db::Conn,
    domain::{Day, Id},
};

use super::{ACTIVITIES, Book, Period, STOCKS, TOLD};

diesel::table! {
    use diesel::sql_types::*;
    use terrace::db::types::Uid;

    cells (service_point_id, ledger, period, kind, class) {
        service_point_id -> Uid,
        ledger -> Text,
        period -> Integer,
        kind -> Text,
        class -> Text,
        n -> BigInt,
        quantity -> BigInt,
        amount_fen -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use terrace::db::types::Uid;

    presence (subject_id, kind, period) {
        subject_id -> Uid,
        kind -> Text,
        period -> Integer,
        n -> BigInt,
    }
}

/// A cell's key: point, ledger, period, kind, class.
pub type Key = (Id, String, i32, String, String);

/// What a cell holds: a number, a quantity, an amount.
pub type Held = [i64; 3];

/// How often a subject was reached: by subject, kind and month.
pub type Presence = BTreeMap<(Id, String, i32), i64>;

impl Book {
    /// A village's, a township's and a county's cells hold what is below it and its own, the bureau's its own alone. Of a stock
    /// they hold what it changed by in each month.
    pub fn expected_cells(&self, today: Day) -> BTreeMap<Key, Held> {
        let mut cells = BTreeMap::<Key, Held>::new();
        let mut standing = BTreeMap::<Key, i64>::new();
        for period in self.periods(today) {
            let mut stands = BTreeMap::<Key, i64>::new();
            for fact in self.facts(&period).into_iter().filter(|fact| !TOLD.contains(&fact.ledger)) {
                let stock = STOCKS.contains(&fact.ledger);
                if !period.is_month() && (stock || ACTIVITIES.contains(&fact.ledger)) {
                    continue;
                }
                for node in self.upwards(fact.at).filter(|node| node.tier != "bureau" || node.id == fact.at) {
                    let key = |period| (node.id, fact.ledger.to_owned(), period, fact.kind.clone(), fact.class.clone());
                    if stock {
                        *stands.entry(key(0)).or_default() += fact.n;
                    } else {
                        let held = cells.entry(key(period.key)).or_default();
                        *held = [held[0] + fact.n, held[1] + fact.quantity, held[2] + fact.amount_fen];
                    }
                }
            }
            if !period.is_month() {
                continue;
            }
            // Months come in their order.
            for key in stands.keys().chain(standing.keys()) {
                let change = stands.get(key).unwrap_or(&0) - standing.get(key).unwrap_or(&0);
                let (node, ledger, _, kind, class) = key.clone();
                cells.insert((node, ledger, period.key, kind, class), [change, 0, 0]);
            }
            standing = stands;
        }
        cells.retain(|_, held| *held != [0, 0, 0]);
        cells
    }

    /// Each counted record of each month: by its household, under its kind and under any; by its giver, if that is a village. Each
    /// counted sale by its store, and each attendance by whom it names.
    pub fn expected_presence(&self) -> Presence {
        let mut presence = Presence::new();
        for record in self.counted() {
            let month = Period::of(&record.given_on.to_string()[..7]).key;
            let village = self.nodes[&record.service_point_id].tier == "village";
            let subjects = [
                Some((record.household_id, String::new())),
                Some((record.household_id, record.kind.clone())),
                village.then(|| (record.service_point_id, "@village".to_owned())),
            ];
            for (subject, kind) in subjects.into_iter().flatten() {
                *presence.entry((subject, kind, month)).or_default() += 1;
            }
        }
        // What a subject is stands in place of a kind: a store and a household may have the same id.
        let sold = self.entered("sale").map(|sale| (sale.store_id, "@store", sale.on_day));
        let trained = self.entered("attendance").map(|attendance| (attendance.member_id, "@person", attendance.on_day));
        for (subject, sort, day) in sold.chain(trained) {
            let month = Period::of(&day.to_string()[..7]).key;
            if let Some(subject) = subject {
                *presence.entry((subject, sort.to_owned(), month)).or_default() += 1;
            }
        }
        presence
    }
}

/// The cells that there are and hold anything.
pub fn kept_cells(conn: &mut Conn) -> BTreeMap<Key, Held> {
    let rows: Vec<(Key, (i64, i64, i64))> = cells::table
        .select((
            (cells::service_point_id, cells::ledger, cells::period, cells::kind, cells::class),
            (cells::n, cells::quantity, cells::amount_fen),
        ))
        .load(conn)
        .unwrap();
    rows.into_iter()
        .map(|(key, (n, quantity, fen))| (key, [n, quantity, fen]))
        .filter(|(_, held)| *held != [0, 0, 0])
        .collect()
}

/// The presence rows that there are and say anything.
pub fn kept_presence(conn: &mut Conn) -> Presence {
    let rows: Vec<(Id, String, i32, i64)> = presence::table.load(conn).unwrap();
    rows.into_iter().map(|(id, kind, period, n)| ((id, kind, period), n)).filter(|(_, n)| *n != 0).collect()
}

/// Makes a cell say one more.
pub fn spoil_cell(conn: &mut Conn, (point, ledger, period, kind, class): &Key) {
    let key = cells::service_point_id.eq(*point).and(cells::ledger.eq(ledger)).and(cells::period.eq(*period));
    let cell = cells::table.filter(key).filter(cells::kind.eq(kind)).filter(cells::class.eq(class));
    assert_eq!(diesel::update(cell).set(cells::n.eq(cells::n + 1)).execute(conn).unwrap(), 1);
}

/// Makes a presence row say one more.
pub fn spoil_presence(conn: &mut Conn, (subject, kind, period): &(Id, String, i32)) {
    let key = presence::subject_id.eq(*subject).and(presence::kind.eq(kind)).and(presence::period.eq(*period));
    let row = presence::table.filter(key);
    assert_eq!(diesel::update(row).set(presence::n.eq(presence::n + 1)).execute(conn).unwrap(), 1);
}
