//! Requests to transfer a household to another point.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{service_points, transfer_requests},
    scope::within,
};
use crate::domain::{
    Day, Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    codes::TransferState,
};

/// A request to transfer a household. It belongs to the point that wants it.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = transfer_requests, treat_none_as_default_value = false)]
pub struct TransferRequest {
    /// The request.
    pub id: Id,
    /// Which household.
    pub household_id: Id,
    /// The home that is wanted for it.
    pub service_point_id: Id,
    /// Whether it was answered, and how.
    pub state: TransferState,
    /// Why it is asked for.
    pub reason: String,
    /// Why it was refused.
    pub answer_reason: Option<String>,
    /// From which day on it was granted.
    pub effective_on: Option<Day>,
    /// The account that answered or withdrew it.
    pub answered_by: Option<Id>,
    /// When.
    pub answered_at: Option<Instant>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that made it.
    pub created_by: Id,
    /// The digest of the request that made it.
    #[serde(skip)]
    pub request_digest: Vec<u8>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for TransferRequest {
    const TYPE: &'static str = "transfer_request";
    const PERSONAL: &'static [&'static str] = &["reason", "answer_reason"];

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

/// The request with this id, placed at the wanted home.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<TransferRequest>>> {
    let row: Option<(TransferRequest, PointPath)> = transfer_requests::table
        .inner_join(service_points::table)
        .filter(transfer_requests::id.eq(id))
        .select((transfer_requests::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(request, path)| Placed::new(request, path)))
}

/// Whether such a request waits for its answer.
///
/// # Errors
/// The database's own.
pub fn is_pending(conn: &mut Conn, household_id: Id, service_point_id: Id) -> QueryResult<bool> {
    let found: Option<Id> = transfer_requests::table
        .filter(transfer_requests::household_id.eq(household_id))
        .filter(transfer_requests::service_point_id.eq(service_point_id))
        .filter(transfer_requests::state.eq(TransferState::Pending))
        .select(transfer_requests::id)
        .get_result(conn)
        .optional()?;
    Ok(found.is_some())
}

/// One page of the requests whose wanted homes are reached, by id; `after` is the last id shown.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    state: Option<TransferState>,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<TransferRequest>> {
    let mut query = transfer_requests::table
        .inner_join(service_points::table)
        .select(transfer_requests::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order(transfer_requests::id)
        .limit(limit);
    if let Some(state) = state {
        query = query.filter(transfer_requests::state.eq(state));
    }
    if let Some(after) = after {
        query = query.filter(transfer_requests::id.gt(after));
    }
    query.load(conn)
}

/// Puts a new request in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, request: &TransferRequest) -> QueryResult<()> {
    diesel::insert_into(transfer_requests::table).values(request).execute(conn)?;
    Ok(())
}

/// Writes the answer of a request.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, request: &TransferRequest) -> QueryResult<()> {
    use transfer_requests::dsl;
    diesel::update(transfer_requests::table.find(request.id))
        .set((
            dsl::state.eq(request.state),
            dsl::answer_reason.eq(&request.answer_reason),
            dsl::effective_on.eq(request.effective_on),
            dsl::answered_by.eq(request.answered_by),
            dsl::answered_at.eq(request.answered_at),
            dsl::version.eq(request.version),
            dsl::updated_at.eq(request.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// The ids of every request for a household.
///
/// # Errors
/// The database's own.
pub fn of_household(conn: &mut Conn, household_id: Id) -> QueryResult<Vec<Id>> {
    transfer_requests::table
        .filter(transfer_requests::household_id.eq(household_id))
        .select(transfer_requests::id)
        .load(conn)
}
