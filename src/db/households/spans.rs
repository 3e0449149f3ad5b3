//! The dated rows of a household: where it was at home, of which type and in which state, from a day on.

use diesel::{
    ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

use crate::{
    db::{Conn, QueryResult, schema::household_spans},
    domain::{
        Day, Id,
        codes::HouseholdStatus,
        roll_up::{Dated, Standing},
    },
};

/// One dated row.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, Serialize)]
#[diesel(table_name = household_spans, treat_none_as_default_value = false)]
pub struct HouseholdSpan {
    /// The household.
    pub household_id: Id,
    /// The first day.
    pub valid_from: Day,
    /// The first day of the next row.
    pub valid_to: Option<Day>,
    /// Its home.
    pub service_point_id: Id,
    /// A code of the list `household_type`.
    pub household_type: String,
    /// Its state.
    pub status: HouseholdStatus,
}

impl HouseholdSpan {
    /// The row as statistics see it.
    pub fn counted(&self) -> Dated<Standing> {
        let active = self.status == HouseholdStatus::Active;
        let value = Standing { home: self.service_point_id, class: self.household_type.clone(), active };
        Dated { from: self.valid_from, to: self.valid_to, value }
    }

    /// Whether the day lies within it.
    pub fn holds_on(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day < to)
    }
}

/// The dated rows of a household, the first one first.
///
/// # Errors
/// The database's own.
pub fn spans(conn: &mut Conn, household_id: Id) -> QueryResult<Vec<HouseholdSpan>> {
    let query = household_spans::table
        .filter(household_spans::household_id.eq(household_id))
        .order(household_spans::valid_from);
    both!(conn, c => query.load(c))
}

/// The dated rows of the households after `after` up to `last`, in order, for recounts.
///
/// # Errors
/// The database's own.
pub fn between(conn: &mut Conn, after: Option<Id>, last: Id) -> QueryResult<Vec<HouseholdSpan>> {
    let mut query = household_spans::table.filter(household_spans::household_id.le(last)).into_boxed();
    if let Some(after) = after {
        query = query.filter(household_spans::household_id.gt(after));
    }
    query.order((household_spans::household_id, household_spans::valid_from)).load(conn)
}

/// Puts other dated rows in the place of those from `from` on.
///
/// # Errors
/// The database's own.
pub fn replace(conn: &mut Conn, household_id: Id, from: Day, rows: &[HouseholdSpan]) -> QueryResult<()> {
    let later = household_spans::table
        .filter(household_spans::household_id.eq(household_id))
        .filter(household_spans::valid_from.ge(from));
    diesel::delete(later).execute(conn)?;
    for row in rows.iter().filter(|row| row.valid_from >= from) {
        both!(&mut *conn, c => diesel::insert_into(household_spans::table).values(row).execute(c))?;
    }
    Ok(())
}
