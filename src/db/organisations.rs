//! Organisations: cooperatives, workshops, enterprises.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{AsChangeset, Insertable, Queryable},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{organisations, service_points},
    scope::within,
};
use crate::domain::{
    Day, Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::Audited,
};

/// An organisation.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = organisations, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Organisation {
    /// The organisation.
    pub id: Id,
    /// The point that looks after it.
    pub service_point_id: Id,
    /// A code of the list `organisation_kind`.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// Its unified social credit code (GB 32100).
    pub credit_code: Option<String>,
    /// Its first day.
    pub founded_on: Option<Day>,
    /// Its last day.
    pub ended_on: Option<Day>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that entered it.
    pub created_by: Id,
    /// The digest of the request that did.
    #[serde(skip)]
    pub request_digest: Vec<u8>,
    /// When it was entered.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for Organisation {
    const TYPE: &'static str = "organisation";
    const PERSONAL: &'static [&'static str] = &[];

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

/// The organisation with this id, placed at its point.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Organisation>>> {
    let row: Option<(Organisation, PointPath)> = organisations::table
        .inner_join(service_points::table)
        .filter(organisations::id.eq(id))
        .select((organisations::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(organisation, path)| Placed::new(organisation, path)))
}

/// Locks an organisation.
///
/// # Errors
/// The database's own.
pub fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
    lock_row!(organisations, conn, id)
}

/// Whose credit code this is.
///
/// # Errors
/// The database's own.
pub fn by_credit_code(conn: &mut Conn, code: &str) -> QueryResult<Option<Id>> {
    let query = organisations::table.filter(organisations::credit_code.eq(code)).select(organisations::id);
    query.first(conn).optional()
}

/// One page of the organisations of reached points, of one kind if asked, by id.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    kind: Option<&str>,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Organisation>> {
    let mut query = organisations::table
        .inner_join(service_points::table)
        .select(organisations::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order(organisations::id)
        .limit(limit);
    if let Some(kind) = kind {
        query = query.filter(organisations::kind.eq(kind.to_owned()));
    }
    if let Some(after) = after {
        query = query.filter(organisations::id.gt(after));
    }
    query.load(conn)
}

/// Puts a new organisation in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, organisation: &Organisation) -> QueryResult<()> {
    diesel::insert_into(organisations::table).values(organisation).execute(conn)?;
    Ok(())
}

/// Writes an organisation's fields.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, organisation: &Organisation) -> QueryResult<()> {
    diesel::update(organisations::table.find(organisation.id)).set(organisation).execute(conn)?;
    Ok(())
}
