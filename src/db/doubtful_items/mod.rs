//! Doubtful items: the explanations that people gave, and the facts that the rules look at.

mod facts;
mod trade;

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

pub use facts::{
    Given, HouseholdFacts, MemberFacts, MonthCount, PhoneOf, Place, Sibling, elsewhere, gave_between, given,
    households, last_day_before, members, month_counts, never_assisted, paths, phones_with, places, registered_twice,
    siblings,
};
pub use trade::{entries, stores_open};

use super::{
    Conn, QueryResult,
    schema::{doubtful_explanations, service_points},
};
use crate::domain::{Id, Instant, PointPath, access::Placed, audit::Audited};

/// So many values are asked for by one statement: SQLite takes 32,766 at most, and a long list is read again each time.
pub const CHUNK: usize = 500;

/// What somebody said about a doubtful item. It belongs to the point that the item belonged to.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = doubtful_explanations)]
pub struct Explanation {
    /// The explanation.
    pub id: Id,
    /// The rule that found the item.
    pub rule: String,
    /// What the item is about.
    pub subject_id: Id,
    /// The month as year * 100 + month, or 0 for an item of none.
    pub period: i32,
    /// A keyed hash of the facts that were explained.
    pub fingerprint: String,
    /// The point that the item belonged to.
    pub service_point_id: Id,
    /// The explanation.
    pub note: String,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that gave it.
    pub created_by: Id,
    /// The digest of the request that gave it.
    #[serde(skip)]
    pub request_digest: Vec<u8>,
    /// When it was given.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for Explanation {
    const TYPE: &'static str = "doubtful_explanation";
    const PERSONAL: &'static [&'static str] = &["note"];

    fn id(&self) -> Id {
        self.id
    }

    fn service_point_id(&self) -> Id {
        self.service_point_id
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// The explanation with this id, placed at its point.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Explanation>>> {
    let row: Option<(Explanation, PointPath)> = doubtful_explanations::table
        .inner_join(service_points::table)
        .filter(doubtful_explanations::id.eq(id))
        .select((doubtful_explanations::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(explanation, path)| Placed::new(explanation, path)))
}

/// Puts a new explanation in place.
///
/// # Errors
/// The database's own; these facts were explained before.
pub fn insert(conn: &mut Conn, explanation: &Explanation) -> QueryResult<()> {
    diesel::insert_into(doubtful_explanations::table).values(explanation).execute(conn)?;
    Ok(())
}

/// Writes an explanation's note.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, explanation: &Explanation) -> QueryResult<()> {
    use doubtful_explanations::dsl;
    diesel::update(doubtful_explanations::table.find(explanation.id))
        .set((
            dsl::note.eq(&explanation.note),
            dsl::version.eq(explanation.version),
            dsl::updated_at.eq(explanation.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Every explanation of items about these subjects.
///
/// # Errors
/// The database's own.
pub fn of_subjects(conn: &mut Conn, subjects: &[Id]) -> QueryResult<Vec<Explanation>> {
    let mut found = Vec::new();
    for chunk in subjects.chunks(CHUNK) {
        let query = doubtful_explanations::table
            .filter(doubtful_explanations::subject_id.eq_any(chunk.to_vec()))
            .order(doubtful_explanations::id);
        found.extend(query.load::<Explanation>(conn)?);
    }
    Ok(found)
}
