//! Presence: in which months a subject was reached by how many counted records. A household is present under every kind
//! that it was given and under any kind (`''`); a village point that gives, a store that sells and a person who is trained are so
//! under any kind alone.
//!
//! Written under the subject's lock only, so that what was read of it still holds.

use std::collections::BTreeMap;

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _,
    prelude::Queryable,
    sql_types::{BigInt, Integer, Text},
};

use super::{
    Conn, QueryResult,
    schema::presence,
    types::Uid,
    upsert::{self, added},
};
use crate::domain::{Id, Month, roll_up::ANY};

/// What a subject is. Clients choose ids, and may choose one for two things of different sorts: so that these are never taken for
/// one another, the rows of all but households have a mark of their own in place of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sort {
    /// A household.
    Household,
    /// A village point that gives.
    Village,
    /// A store that sells.
    Store,
    /// A person who is trained.
    Person,
}

impl Sort {
    /// What rows say of any kind.
    pub const fn any(self) -> &'static str {
        match self {
            Self::Household => ANY,
            Self::Village => "@village",
            Self::Store => "@store",
            Self::Person => "@person",
        }
    }

    /// The sort that a row's kind tells.
    pub fn of(kind: &str) -> Self {
        let marked = [Self::Village, Self::Store, Self::Person];
        marked.into_iter().find(|sort| sort.any() == kind).unwrap_or(Self::Household)
    }
}

/// So many counted records of a kind in a month.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Presence {
    /// The household, village point, store or person.
    pub subject_id: Id,
    /// A household's kind of assistance, or nothing for any; what else the subject is, see [`Sort`].
    pub kind: String,
    /// The month, see [`Month::key`].
    pub period: i32,
    /// How many.
    pub n: i64,
}

/// Months by kind.
pub type Months = BTreeMap<String, BTreeMap<Month, i64>>;

/// Where a household was present; under these kinds alone, when some are named.
///
/// # Errors
/// The database's own.
pub fn of_household(conn: &mut Conn, household: Id, only: Option<[&str; 3]>) -> QueryResult<Months> {
    use presence::dsl;
    let rows = dsl::presence.filter(dsl::subject_id.eq(household));
    // Not as a list: that would be prepared anew each time, and this is on the way of every record.
    let rows: Vec<Presence> = match only {
        Some([one, two, three]) => {
            let rows = rows.filter(dsl::kind.eq(one).or(dsl::kind.eq(two)).or(dsl::kind.eq(three)));
            both!(conn, c => rows.load(c))?
        }
        None => both!(conn, c => rows.load(c))?,
    };
    Ok(gathered(rows.into_iter().filter(|row| Sort::of(&row.kind) == Sort::Household)))
}

/// Where a subject of another sort was present, under any kind.
///
/// # Errors
/// The database's own.
pub fn of(conn: &mut Conn, sort: Sort, subject: Id) -> QueryResult<Months> {
    use presence::dsl;
    let rows = dsl::presence.filter(dsl::subject_id.eq(subject)).filter(dsl::kind.eq(sort.any()));
    let rows: Vec<Presence> = both!(conn, c => rows.load(c))?;
    Ok(gathered(rows.into_iter().map(unmarked)))
}

/// The same of some subjects; those that never were present are left out.
///
/// # Errors
/// The database's own.
pub fn of_each(conn: &mut Conn, sort: Sort, subjects: &[Id]) -> QueryResult<BTreeMap<Id, Months>> {
    use presence::dsl;
    let rows: Vec<Presence> =
        dsl::presence.filter(dsl::subject_id.eq_any(subjects.to_vec())).filter(dsl::kind.eq(sort.any())).load(conn)?;
    let mut by_subject: BTreeMap<Id, Vec<Presence>> = BTreeMap::new();
    for row in rows {
        by_subject.entry(row.subject_id).or_default().push(unmarked(row));
    }
    Ok(by_subject.into_iter().map(|(id, rows)| (id, gathered(rows))).collect())
}

fn unmarked(row: Presence) -> Presence {
    Presence { kind: ANY.to_owned(), ..row }
}

fn gathered(rows: impl IntoIterator<Item = Presence>) -> Months {
    let mut months = Months::new();
    for row in rows {
        if let Some(month) = Month::from_key(row.period) {
            months.entry(row.kind).or_default().insert(month, row.n);
        }
    }
    months
}

/// The rows that say something of one subject, of whatever sort.
///
/// # Errors
/// The database's own.
pub fn rows(conn: &mut Conn, subject: Id) -> QueryResult<Vec<Presence>> {
    presence::table.filter(presence::subject_id.eq(subject)).filter(presence::n.ne(0)).load(conn)
}

/// Every row that says something of subjects after `after` up to `last`, in order, for recounts.
///
/// # Errors
/// The database's own.
pub fn between(conn: &mut Conn, after: Option<Id>, last: Option<Id>) -> QueryResult<Vec<Presence>> {
    let mut query = presence::table.filter(presence::n.ne(0)).into_boxed();
    if let Some(after) = after {
        query = query.filter(presence::subject_id.gt(after));
    }
    if let Some(last) = last {
        query = query.filter(presence::subject_id.le(last));
    }
    query.order((presence::subject_id, presence::kind, presence::period)).load(conn)
}

added! { presence of Presence { subject_id: Uid, kind: Text, period: Integer } + { n: BigInt } }

/// Adds to the rows that there are. Every row of one call is another one.
///
/// # Errors
/// The database's own.
pub fn add(conn: &mut Conn, rows: &[Presence]) -> QueryResult<()> {
    upsert::add(conn, rows)
}
