//! What the rules look at: lean rows of a few points at a time.

use diesel::{
    ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _,
    dsl::{exists, not},
    prelude::Queryable,
};

use super::CHUNK;
use crate::{
    db::{
        Conn, MultiBackend, QueryResult,
        schema::{assistance_records, cells, household_members, households, presence, service_points},
        scope::within_from,
    },
    domain::{
        CodeSet, Day, Id, Instant, PointPath,
        access::Reach,
        codes::{HouseholdStatus, PointStatus, RecordState, Tier},
        income::Income,
        metrics::ASSISTANCE,
        roll_up::ANY,
    },
};

/// A point that items may belong to.
#[derive(Clone, Debug, Queryable)]
pub struct Place {
    /// The point.
    pub id: Id,
    /// The one above.
    pub parent_id: Option<Id>,
    /// Where it is in the tree.
    pub path: PointPath,
    /// Its tier.
    pub tier: Tier,
    /// Where it is in its life.
    pub status: PointStatus,
    /// The first day of its life.
    pub opened_on: Day,
    /// The last day of its life.
    pub closed_on: Option<Day>,
}

/// The points that are reached, in the order of the tree: from a path on, or after it.
///
/// # Errors
/// The database's own.
pub fn places(
    conn: &mut Conn,
    reach: &Reach,
    from: Option<&PointPath>,
    with_it: bool,
    limit: i64,
) -> QueryResult<Vec<Place>> {
    use service_points::dsl;
    let mut query = dsl::service_points
        .select((dsl::id, dsl::parent_id, dsl::path, dsl::tier, dsl::status, dsl::opened_on, dsl::closed_on))
        .into_boxed::<MultiBackend>()
        .filter(within_from(reach, from))
        .order(dsl::path)
        .limit(limit);
    if let Some(from) = from.filter(|_| !with_it) {
        query = query.filter(dsl::path.gt(from.clone()));
    }
    query.load(conn)
}

/// Where points are in the tree.
///
/// # Errors
/// The database's own.
pub fn paths(conn: &mut Conn, points: &[Id]) -> QueryResult<Vec<(Id, PointPath, String)>> {
    use service_points::dsl;
    let mut found = Vec::new();
    for chunk in points.chunks(CHUNK) {
        let query = dsl::service_points.filter(dsl::id.eq_any(chunk.to_vec())).select((dsl::id, dsl::path, dsl::name));
        found.extend(query.load::<(Id, PointPath, String)>(conn)?);
    }
    Ok(found)
}

/// An active household.
#[derive(Clone, Debug, Queryable)]
pub struct HouseholdFacts {
    /// The household.
    pub id: Id,
    /// Its home.
    pub service_point_id: Id,
    /// How many members are present.
    pub persons: i64,
    /// Its telephone number, sealed.
    pub phone: Option<Vec<u8>>,
    /// The last four digits of the number.
    pub phone_tail: Option<String>,
    /// A year's income.
    pub income: Option<Income>,
}

/// The active households at home at these points.
///
/// # Errors
/// The database's own.
pub fn households(conn: &mut Conn, points: &[Id]) -> QueryResult<Vec<HouseholdFacts>> {
    use households::dsl;
    dsl::households
        .filter(dsl::service_point_id.eq_any(points.to_vec()))
        .filter(dsl::status.eq(HouseholdStatus::Active))
        .select((dsl::id, dsl::service_point_id, dsl::persons, dsl::phone, dsl::phone_tail, dsl::income))
        .load(conn)
}

/// A member who is present.
#[derive(Clone, Debug, Queryable)]
pub struct MemberFacts {
    /// The member.
    pub id: Id,
    /// Of which household.
    pub household_id: Id,
    /// That one's home.
    pub service_point_id: Id,
    /// What the member is to the head.
    pub relation: String,
    /// The day of birth.
    pub birth_on: Option<Day>,
    /// The identity number, sealed.
    pub identity_number: Option<Vec<u8>>,
    /// What it is found by.
    pub identity_hash: Option<Vec<u8>>,
    /// Codes of the list `health`.
    pub health: CodeSet,
    /// A code of the list `labour_skill`.
    pub labour_skill: Option<String>,
    /// The telephone number, sealed.
    pub phone: Option<Vec<u8>>,
    /// The last four digits of the number.
    pub phone_tail: Option<String>,
}

/// The members who are present in the active households at home at these points.
///
/// # Errors
/// The database's own.
pub fn members(conn: &mut Conn, points: &[Id]) -> QueryResult<Vec<MemberFacts>> {
    use household_members::dsl;
    dsl::household_members
        .inner_join(households::table)
        .filter(households::service_point_id.eq_any(points.to_vec()))
        .filter(households::status.eq(HouseholdStatus::Active))
        .filter(dsl::present.eq(true))
        .select((
            dsl::id,
            dsl::household_id,
            households::service_point_id,
            dsl::relation,
            dsl::birth_on,
            dsl::identity_number,
            dsl::identity_hash,
            dsl::health,
            dsl::labour_skill,
            dsl::phone,
            dsl::phone_tail,
        ))
        .load(conn)
}

/// The other members, present, who are found by this hash.
///
/// # Errors
/// The database's own.
pub fn registered_twice(conn: &mut Conn, hash: &[u8], except: Id) -> QueryResult<Vec<Id>> {
    use household_members::dsl;
    dsl::household_members
        .inner_join(households::table)
        .filter(dsl::identity_hash.eq(hash))
        .filter(dsl::present.eq(true))
        .filter(dsl::id.ne(except))
        .order(dsl::id)
        .select(households::service_point_id)
        .load(conn)
}

/// A telephone number of an active household, or of one of its members.
#[derive(Clone, Debug)]
pub struct PhoneOf {
    /// The household.
    pub household_id: Id,
    /// Its home.
    pub service_point_id: Id,
    /// The member whose number it is, if it is not the household's own.
    pub member_id: Option<Id>,
    /// The number, sealed.
    pub phone: Vec<u8>,
}

/// The telephone numbers that end so.
///
/// # Errors
/// The database's own.
pub fn phones_with(conn: &mut Conn, tails: &[String]) -> QueryResult<Vec<PhoneOf>> {
    let mut found = Vec::new();
    for chunk in tails.chunks(CHUNK) {
        use household_members::dsl as members;
        use households::dsl;
        let own: Vec<(Id, Id, Option<Vec<u8>>)> = dsl::households
            .filter(dsl::phone_tail.eq_any(chunk.to_vec()))
            .filter(dsl::status.eq(HouseholdStatus::Active))
            .select((dsl::id, dsl::service_point_id, dsl::phone))
            .load(conn)?;
        let theirs: Vec<(Id, Id, Id, Option<Vec<u8>>)> = members::household_members
            .inner_join(dsl::households)
            .filter(members::phone_tail.eq_any(chunk.to_vec()))
            .filter(members::present.eq(true))
            .filter(dsl::status.eq(HouseholdStatus::Active))
            .select((dsl::id, dsl::service_point_id, members::id, members::phone))
            .load(conn)?;
        found.extend(own.into_iter().filter_map(|(household_id, service_point_id, phone)| {
            Some(PhoneOf { household_id, service_point_id, member_id: None, phone: phone? })
        }));
        found.extend(theirs.into_iter().filter_map(|(household_id, service_point_id, member, phone)| {
            Some(PhoneOf { household_id, service_point_id, member_id: Some(member), phone: phone? })
        }));
    }
    Ok(found)
}

/// The active households at home at these points that were registered before a day and were never given anything that counts,
/// with their homes and the days of their registration.
///
/// # Errors
/// The database's own.
pub fn never_assisted(conn: &mut Conn, points: &[Id], before: Day) -> QueryResult<Vec<(Id, Id, Day)>> {
    use households::dsl;
    let reached = presence::table
        .filter(presence::subject_id.eq(dsl::id))
        .filter(presence::kind.eq(ANY))
        .filter(presence::n.gt(0));
    dsl::households
        .filter(dsl::service_point_id.eq_any(points.to_vec()))
        .filter(dsl::status.eq(HouseholdStatus::Active))
        .filter(dsl::registered_on.lt(before))
        .filter(not(exists(reached)))
        .select((dsl::id, dsl::service_point_id, dsl::registered_on))
        .load(conn)
}

/// A counted record.
#[derive(Clone, Debug, Queryable)]
pub struct Given {
    /// The record.
    pub id: Id,
    /// By which point.
    pub service_point_id: Id,
    /// To whom.
    pub household_id: Id,
    /// Of which kind.
    pub kind: String,
    /// On which day.
    pub given_on: Day,
    /// What it was worth, in fen.
    pub amount_fen: Option<i64>,
    /// Whatever else was said.
    pub note: Option<String>,
    /// The account that logged it.
    pub created_by: Id,
    /// When it was logged.
    pub created_at: Instant,
}

/// What these points gave in a window of days, the earliest logged first.
///
/// # Errors
/// The database's own.
pub fn given(conn: &mut Conn, points: &[Id], (from, to): (Day, Day)) -> QueryResult<Vec<Given>> {
    use assistance_records::dsl;
    let mut rows: Vec<Given> = dsl::assistance_records
        .filter(dsl::service_point_id.eq_any(points.to_vec()))
        .filter(dsl::given_on.between(from, to))
        .filter(dsl::state.eq(RecordState::Active))
        .select((
            dsl::id,
            dsl::service_point_id,
            dsl::household_id,
            dsl::kind,
            dsl::given_on,
            dsl::amount_fen,
            dsl::note,
            dsl::created_by,
            dsl::created_at,
        ))
        .load(conn)?;
    rows.sort_unstable_by_key(|row| (row.created_at, row.id));
    Ok(rows)
}

/// What was given to a household of which kind on which day, and by whom: see [`elsewhere`].
pub type Occasion = (Id, String, Day, Id);

/// What these households were given in a window of days, by whomever.
///
/// # Errors
/// The database's own.
pub fn elsewhere(conn: &mut Conn, households: &[Id], (from, to): (Day, Day)) -> QueryResult<Vec<Occasion>> {
    use assistance_records::dsl;
    let mut found = Vec::new();
    for chunk in households.chunks(CHUNK) {
        let query = dsl::assistance_records
            .filter(dsl::household_id.eq_any(chunk.to_vec()))
            .filter(dsl::given_on.between(from, to))
            .filter(dsl::state.eq(RecordState::Active))
            .select((dsl::household_id, dsl::kind, dsl::given_on, dsl::service_point_id));
        found.extend(query.load::<Occasion>(conn)?);
    }
    Ok(found)
}

/// Those of the points that gave anything in a window of days.
///
/// # Errors
/// The database's own.
pub fn gave_between(conn: &mut Conn, points: &[Id], (from, to): (Day, Day)) -> QueryResult<Vec<Id>> {
    use assistance_records::dsl;
    dsl::assistance_records
        .filter(dsl::service_point_id.eq_any(points.to_vec()))
        .filter(dsl::given_on.between(from, to))
        .filter(dsl::state.eq(RecordState::Active))
        .select(dsl::service_point_id)
        .distinct()
        .load(conn)
}

/// The last day up to this one on which a point gave something that counts.
///
/// # Errors
/// The database's own.
pub fn last_day_before(conn: &mut Conn, point: Id, until: Day) -> QueryResult<Option<Day>> {
    use assistance_records::dsl;
    let days: Vec<Day> = dsl::assistance_records
        .filter(dsl::service_point_id.eq(point))
        .filter(dsl::state.eq(RecordState::Active))
        .filter(dsl::given_on.le(until))
        .order(dsl::given_on.desc())
        .select(dsl::given_on)
        .limit(1)
        .load(conn)?;
    Ok(days.first().copied())
}

/// A child of a point.
#[derive(Clone, Debug, Queryable)]
pub struct Sibling {
    /// The child.
    pub id: Id,
    /// Its parent.
    pub parent_id: Option<Id>,
    /// Where it is in its life.
    pub status: PointStatus,
    /// The first day of its life.
    pub opened_on: Day,
    /// The last day of its life.
    pub closed_on: Option<Day>,
}

/// The children of these points.
///
/// # Errors
/// The database's own.
pub fn siblings(conn: &mut Conn, parents: &[Id]) -> QueryResult<Vec<Sibling>> {
    use service_points::dsl;
    dsl::service_points
        .filter(dsl::parent_id.eq_any(parents.to_vec()))
        .order(dsl::id)
        .select((dsl::id, dsl::parent_id, dsl::status, dsl::opened_on, dsl::closed_on))
        .load(conn)
}

/// How many records a point's cell counts in a month, of one kind.
pub type MonthCount = (Id, i32, i64);

/// The counts of the children of these points in some months, one for each kind.
///
/// # Errors
/// The database's own.
pub fn month_counts(conn: &mut Conn, parents: &[Id], months: &[i32]) -> QueryResult<Vec<MonthCount>> {
    use cells::dsl;
    dsl::cells
        .inner_join(service_points::table)
        .filter(service_points::parent_id.eq_any(parents.to_vec()))
        .filter(dsl::ledger.eq(ASSISTANCE))
        .filter(dsl::period.eq_any(months.to_vec()))
        .select((dsl::service_point_id, dsl::period, dsl::n))
        .load(conn)
}
