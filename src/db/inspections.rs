//! Inspections, and how many records of each weight their strata have.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{inspection_strata, inspections, service_points},
    scope::within,
};
use crate::domain::{
    CodeSet, Day, Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    codes::{InspectionMethod, InspectionState},
};

/// An inspection. It belongs to the top of what it inspects.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = inspections, treat_none_as_default_value = false)]
pub struct Inspection {
    /// The inspection.
    pub id: Id,
    /// The top of the points whose records are inspected.
    pub service_point_id: Id,
    /// What it is called.
    pub name: String,
    /// The first day on which the records were given.
    pub period_from: Day,
    /// The last day.
    pub period_to: Day,
    /// Codes of the list `assistance_kind`; empty for all.
    pub kinds: CodeSet,
    /// How the sample is drawn.
    pub method: InspectionMethod,
    /// How many records are drawn.
    pub sample_size: i64,
    /// How many records the frame has.
    pub frame_size: i64,
    /// How many parts the frame is kept and shown in.
    pub frame_parts: i64,
    /// The SHA-256 of the frame's lines, as hexadecimal digits.
    pub frame_digest: String,
    /// When the frame was made.
    pub framed_at: Instant,
    /// What the draw begins with.
    pub seed: Option<String>,
    /// Where the seed is from, if it was not made here.
    pub seed_source: Option<String>,
    /// When the seed was given.
    pub seeded_at: Option<Instant>,
    /// When the sample was drawn.
    pub drawn_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Why.
    pub close_reason: Option<String>,
    /// How far it has come.
    pub state: InspectionState,
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

impl Audited for Inspection {
    const TYPE: &'static str = "inspection";
    const PERSONAL: &'static [&'static str] = &["close_reason"];

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

/// How many records of a weight a stratum has.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = inspection_strata)]
pub struct Stratum {
    /// Of which inspection.
    pub inspection_id: Id,
    /// The county, or the bureau for what it gave itself.
    pub stratum_id: Id,
    /// The weight.
    pub weight: i64,
    /// How many in the frame.
    pub frame_size: i64,
    /// How many in the sample.
    pub sample_size: i64,
}

/// The inspection with this id.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Inspection>>> {
    let row: Option<(Inspection, PointPath)> = inspections::table
        .inner_join(service_points::table)
        .filter(inspections::id.eq(id))
        .select((inspections::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(inspection, path)| Placed::new(inspection, path)))
}

/// Locks an inspection: whatever is done in it is done one after the other.
///
/// # Errors
/// The database's own.
pub fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
    lock_row!(inspections, conn, id)
}

/// How far an inspection has come.
///
/// # Errors
/// The database's own.
pub fn state(conn: &mut Conn, id: Id) -> QueryResult<InspectionState> {
    inspections::table.find(id).select(inspections::state).get_result(conn)
}

/// One page of the inspections whose tops are reached, the first made first; `after` is the last id shown.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    state: Option<InspectionState>,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Inspection>> {
    let mut query = inspections::table
        .inner_join(service_points::table)
        .select(inspections::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order(inspections::id)
        .limit(limit);
    if let Some(state) = state {
        query = query.filter(inspections::state.eq(state));
    }
    if let Some(after) = after {
        query = query.filter(inspections::id.gt(after));
    }
    query.load(conn)
}

/// Puts a new inspection in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, inspection: &Inspection) -> QueryResult<()> {
    diesel::insert_into(inspections::table).values(inspection).execute(conn)?;
    Ok(())
}

/// Writes how far an inspection has come.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, inspection: &Inspection) -> QueryResult<()> {
    use inspections::dsl;
    diesel::update(inspections::table.find(inspection.id))
        .set((
            dsl::seed.eq(&inspection.seed),
            dsl::seed_source.eq(&inspection.seed_source),
            dsl::seeded_at.eq(inspection.seeded_at),
            dsl::drawn_at.eq(inspection.drawn_at),
            dsl::closed_at.eq(inspection.closed_at),
            dsl::close_reason.eq(&inspection.close_reason),
            dsl::state.eq(inspection.state),
            dsl::version.eq(inspection.version),
            dsl::updated_at.eq(inspection.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Puts the strata of a frame in place.
///
/// # Errors
/// The database's own.
pub fn insert_strata(conn: &mut Conn, strata: &[Stratum]) -> QueryResult<()> {
    both!(conn, c => diesel::insert_into(inspection_strata::table).values(strata).execute(c))?;
    Ok(())
}

/// Notes how many records of a weight were drawn from a stratum.
///
/// # Errors
/// The database's own.
pub fn note_drawn(conn: &mut Conn, id: Id, (stratum_id, weight): (Id, u8), drawn: i64) -> QueryResult<()> {
    use inspection_strata::dsl;
    diesel::update(inspection_strata::table.find((id, stratum_id, i64::from(weight))))
        .set(dsl::sample_size.eq(drawn))
        .execute(conn)?;
    Ok(())
}

/// The strata of an inspection in the order of the frame, with their names.
///
/// # Errors
/// The database's own.
pub fn strata(conn: &mut Conn, id: Id) -> QueryResult<Vec<(Stratum, String)>> {
    use inspection_strata::dsl;
    inspection_strata::table
        .inner_join(service_points::table)
        .filter(dsl::inspection_id.eq(id))
        .order((dsl::stratum_id, dsl::weight))
        .select((inspection_strata::all_columns, service_points::name))
        .load(conn)
}
