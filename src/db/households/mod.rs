//! Households and their dated rows.

mod find;
mod spans;

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

pub use find::{Filter, PageKey, count, page};
pub use spans::{HouseholdSpan, between as spans_between, replace as replace_spans, spans};

use super::{
    Conn, QueryResult,
    schema::{households, service_points},
};
use crate::domain::{
    CodeSet, Day, Id, Instant, PointPath,
    access::Placed,
    audit::{Audited, fingerprint},
    codes::HouseholdStatus,
    income::Income,
};

/// A household and its home.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = households, treat_none_as_default_value = false)]
pub struct Household {
    /// The household.
    pub id: Id,
    /// Its home: that of the last dated row.
    pub service_point_id: Id,
    /// The name of its head. Not part of the audited content: it follows from the members.
    #[serde(skip)]
    pub head_name: Option<String>,
    /// How many members are present. Not part of the audited content either.
    #[serde(skip)]
    pub persons: i64,
    /// Where it lives.
    pub address: Option<String>,
    /// Its telephone number, sealed.
    #[serde(serialize_with = "fingerprint")]
    pub phone: Option<Vec<u8>>,
    /// The last four digits of the number.
    pub phone_tail: Option<String>,
    /// The number under which another system knows it (户编号).
    pub external_number: Option<String>,
    /// A code of the list `household_type`: that of the last dated row.
    pub household_type: String,
    /// A code of the list `monitoring_category`.
    pub monitoring_category: Option<String>,
    /// Codes of the list `risk_cause`.
    pub risk_causes: CodeSet,
    /// Whether it is still served: that of the last dated row.
    pub status: HouseholdStatus,
    /// The day of its registration.
    pub registered_on: Day,
    /// A year's income.
    pub income: Option<Income>,
    /// The day on which it consented to be registered.
    pub consent_on: Option<Day>,
    /// A code of the list `consent_form`.
    pub consent_form: Option<String>,
    /// The day on which its identities were erased.
    pub erased_on: Option<Day>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that registered it.
    pub created_by: Id,
    /// The digest of the request that registered it.
    #[serde(skip)]
    pub request_digest: Vec<u8>,
    /// When it was registered in the system.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for Household {
    const TYPE: &'static str = "household";
    const PERSONAL: &'static [&'static str] = &["address", "phone", "phone_tail", "external_number", "income"];

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

/// The household with this id, placed at its home.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Household>>> {
    let query = households::table
        .inner_join(service_points::table)
        .filter(households::id.eq(id))
        .select((households::all_columns, service_points::path));
    let row: Option<(Household, PointPath)> = both!(conn, c => query.get_result(c).optional())?;
    Ok(row.map(|(household, path)| Placed::new(household, path)))
}

/// Locks a household: the first lock of every write that concerns it.
///
/// # Errors
/// The database's own.
pub fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
    lock_row!(households, conn, id)
}

/// Every household after this id, in the order of ids, with what recounts ask of it.
///
/// # Errors
/// The database's own.
pub fn after(conn: &mut Conn, after: Option<Id>, limit: i64) -> QueryResult<Vec<Household>> {
    let mut query = households::table.order(households::id).limit(limit).into_boxed();
    if let Some(after) = after {
        query = query.filter(households::id.gt(after));
    }
    query.load(conn)
}

/// Puts a new household in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, household: &Household) -> QueryResult<()> {
    both!(conn, c => diesel::insert_into(households::table).values(household).execute(c))?;
    Ok(())
}

/// Writes a household's fields.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, household: &Household) -> QueryResult<()> {
    use households::dsl;
    diesel::update(households::table.find(household.id))
        .set((
            dsl::service_point_id.eq(household.service_point_id),
            dsl::address.eq(&household.address),
            dsl::phone.eq(&household.phone),
            dsl::phone_tail.eq(&household.phone_tail),
            dsl::external_number.eq(&household.external_number),
            dsl::household_type.eq(&household.household_type),
            dsl::monitoring_category.eq(&household.monitoring_category),
            dsl::risk_causes.eq(&household.risk_causes),
            dsl::status.eq(household.status),
            dsl::income.eq(&household.income),
            dsl::consent_on.eq(household.consent_on),
            dsl::consent_form.eq(&household.consent_form),
            dsl::erased_on.eq(household.erased_on),
            dsl::version.eq(household.version),
            dsl::updated_at.eq(household.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes what follows from the members, which makes no new version.
///
/// # Errors
/// The database's own.
pub fn update_derived(conn: &mut Conn, id: Id, head_name: Option<&str>, persons: i64) -> QueryResult<()> {
    diesel::update(households::table.find(id))
        .set((households::head_name.eq(head_name), households::persons.eq(persons)))
        .execute(conn)?;
    Ok(())
}
