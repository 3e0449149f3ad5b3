//! Members of households.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
    sql_types::Text,
};
use serde::Serialize;

use super::{
    Conn, QueryResult,
    schema::{household_member_keys, household_members, households, service_points},
    types::Uid,
    upsert::{self, added},
};
use crate::domain::{
    CodeSet, Day, Id, Instant, PointPath,
    access::Placed,
    audit::{Audited, fingerprint},
    codes::HEAD,
    search_keys::search_keys,
};

/// A member of a household.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = household_members, treat_none_as_default_value = false)]
pub struct Member {
    /// The member.
    pub id: Id,
    /// Of which household.
    pub household_id: Id,
    /// The name.
    pub name: Option<String>,
    /// A code of the list `relation` (GB/T 4761).
    pub relation: String,
    /// A code of the list `sex` (GB/T 2261.1).
    pub sex: String,
    /// The day of birth.
    pub birth_on: Option<Day>,
    /// The identity number, sealed.
    #[serde(serialize_with = "fingerprint")]
    pub identity_number: Option<Vec<u8>>,
    /// The keyed hash by which the number is found. Not part of the audited content: it changes with the key.
    #[serde(skip)]
    pub identity_hash: Option<Vec<u8>>,
    /// A code of the list `no_identity_reason`.
    pub no_identity_reason: Option<String>,
    /// A code of the list `ethnicity` (GB/T 3304).
    pub ethnicity: Option<String>,
    /// A code of the list `education`.
    pub education: Option<String>,
    /// Codes of the list `health`.
    pub health: CodeSet,
    /// A code of the list `labour_skill`.
    pub labour_skill: Option<String>,
    /// A code of the list `disability_category` (GB/T 26341).
    pub disability_category: Option<String>,
    /// A code of the list `disability_grade`.
    pub disability_grade: Option<String>,
    /// The number of the disability certificate, sealed: it contains the identity number.
    #[serde(serialize_with = "fingerprint")]
    pub disability_certificate: Option<Vec<u8>>,
    /// The telephone number, sealed.
    #[serde(serialize_with = "fingerprint")]
    pub phone: Option<Vec<u8>>,
    /// The last four digits of the number.
    pub phone_tail: Option<String>,
    /// Whether the person has not left and the household is on the register.
    pub present: bool,
    /// The first day.
    pub joined_on: Day,
    /// The first day on which the person was no member any more.
    pub left_on: Option<Day>,
    /// Why the person left.
    pub leave_reason: Option<String>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that added the member.
    pub created_by: Id,
    /// The digest of the request that added the member; none for those who came with their household.
    #[serde(skip)]
    pub request_digest: Option<Vec<u8>>,
    /// When the member was added.
    pub created_at: Instant,
    /// When the row was last changed.
    pub updated_at: Instant,
}

/// A member as its household's home sees it: events tell of the point as well.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct MemberAt<'a> {
    /// The member.
    pub member: &'a Member,
    /// The household's home.
    #[serde(skip)]
    pub home: Id,
}

impl Audited for MemberAt<'_> {
    const TYPE: &'static str = "household_member";
    const PERSONAL: &'static [&'static str] = &[
        "name",
        "birth_on",
        "identity_number",
        "health",
        "disability_category",
        "disability_grade",
        "disability_certificate",
        "phone",
        "phone_tail",
        "leave_reason",
    ];

    fn id(&self) -> Id {
        self.member.id
    }

    fn service_point_id(&self) -> Id {
        self.home
    }

    fn version(&self) -> i64 {
        self.member.version
    }
}

/// The member with this id, placed at the household's home.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Member>>> {
    let row: Option<(Member, PointPath)> = household_members::table
        .inner_join(households::table.inner_join(service_points::table))
        .filter(household_members::id.eq(id))
        .select((household_members::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(member, path)| Placed::new(member, path)))
}

/// Every member that a household has had, in the order of their ids.
///
/// # Errors
/// The database's own.
pub fn of_household(conn: &mut Conn, household_id: Id) -> QueryResult<Vec<Member>> {
    household_members::table
        .filter(household_members::household_id.eq(household_id))
        .order(household_members::id)
        .load(conn)
}

/// The members of the households after `after` up to `last`, in order, for recounts.
///
/// # Errors
/// The database's own.
pub fn between(conn: &mut Conn, after: Option<Id>, last: Id) -> QueryResult<Vec<Member>> {
    let mut query = household_members::table.filter(household_members::household_id.le(last)).into_boxed();
    if let Some(after) = after {
        query = query.filter(household_members::household_id.gt(after));
    }
    query.order((household_members::household_id, household_members::id)).load(conn)
}

/// Which household each identity number is registered in, of people who are present; `hashes` are their keyed hashes.
///
/// # Errors
/// The database's own.
pub fn registered(conn: &mut Conn, hashes: &[Vec<u8>]) -> QueryResult<Vec<(Id, Id)>> {
    let query = household_members::table.select((household_members::id, household_members::household_id));
    match conn {
        Conn::Pg(pg) => {
            let there = query.filter(household_members::identity_hash.eq_any(hashes.to_vec()));
            there.filter(household_members::present.eq(true)).load(pg)
        }
        // One by one: a list would be prepared anew each time, and there is no round trip to save.
        Conn::Sqlite(sqlite) => {
            let mut found = Vec::new();
            for hash in hashes {
                let there = query.filter(household_members::identity_hash.eq(hash));
                found.extend(there.filter(IsOne::new(household_members::present)).load::<(Id, Id)>(sqlite)?);
            }
            Ok(found)
        }
    }
}

// The condition of the partial index, word for word: SQLite prepares a statement anew each time to see whether a bound value fits
// one.
diesel::postfix_operator!(IsOne, " = 1");

/// Puts a new member in place, to be found by name.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, member: &Member) -> QueryResult<()> {
    both!(conn, c => diesel::insert_into(household_members::table).values(member).execute(c))?;
    index(conn, member)
}

/// Writes a member's fields, and makes the person be found by the present name, or not any more.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, member: &Member) -> QueryResult<()> {
    use household_members::dsl;
    diesel::update(household_members::table.find(member.id))
        .set((
            dsl::name.eq(&member.name),
            dsl::relation.eq(&member.relation),
            dsl::sex.eq(&member.sex),
            dsl::birth_on.eq(member.birth_on),
            dsl::identity_number.eq(&member.identity_number),
            dsl::identity_hash.eq(&member.identity_hash),
            dsl::no_identity_reason.eq(&member.no_identity_reason),
            dsl::ethnicity.eq(&member.ethnicity),
            dsl::education.eq(&member.education),
            dsl::health.eq(&member.health),
            dsl::labour_skill.eq(&member.labour_skill),
            dsl::disability_category.eq(&member.disability_category),
            dsl::disability_grade.eq(&member.disability_grade),
            dsl::disability_certificate.eq(&member.disability_certificate),
            dsl::phone.eq(&member.phone),
            dsl::phone_tail.eq(&member.phone_tail),
            dsl::present.eq(member.present),
            dsl::left_on.eq(member.left_on),
            dsl::leave_reason.eq(&member.leave_reason),
            dsl::version.eq(member.version),
            dsl::updated_at.eq(member.updated_at),
        ))
        .execute(conn)?;
    diesel::delete(household_member_keys::table.filter(household_member_keys::member_id.eq(member.id)))
        .execute(conn)?;
    index(conn, member)
}

fn index(conn: &mut Conn, member: &Member) -> QueryResult<()> {
    let keys = member.name.as_deref().filter(|_| member.present).map(search_keys).unwrap_or_default();
    let (member_id, household_id) = (member.id, member.household_id);
    let rows: Vec<Key> = keys.into_iter().map(|key| Key { key, member_id, household_id }).collect();
    upsert::add(conn, &rows)
}

/// A key under which a member is found.
struct Key {
    key: String,
    member_id: Id,
    household_id: Id,
}

added! { household_member_keys of Key { key: Text, member_id: Uid, household_id: Uid } }

impl Member {
    /// Whether this is the household's head.
    pub fn is_head(&self) -> bool {
        self.present && self.relation == HEAD
    }
}
