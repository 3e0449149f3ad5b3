//! `/households/{id}/members` and `/members`.

use actix_web::http::Method;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{Changed, Created, Identified, Item, List, Versioned},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, IfMatch, PathId},
    problem::Problem,
};
use crate::{
    app::{
        members::{self as app, EditMember, Leave, NewMember},
        settled,
    },
    auth::{Authorized, Permission, Tx, can},
    db::{Cost, household_members::Member},
    domain::{CodeSet, Day, Id, Instant},
    error::Result,
};

const PATH: &str = "/api/v1/members";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "members", id, summary };
    vec![
        endpoint(
            Method::GET,
            "/api/v1/households/{id}/members",
            heading("list_members", "List everyone who is or was a member of a household."),
            list,
        ),
        endpoint(
            Method::POST,
            "/api/v1/households/{id}/members",
            heading("add_member", "Add a member to a household."),
            add,
        ),
        endpoint(Method::GET, "/api/v1/members/{id}", heading("get_member", "Show a member."), get),
        endpoint(Method::PATCH, "/api/v1/members/{id}", heading("edit_member", "Edit a member."), edit),
        endpoint(
            Method::POST,
            "/api/v1/members/{id}/leave",
            heading("leave_household", "Let a member leave the household, from a day on."),
            leave,
        ),
    ]
}

/// A member of a household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberAnswer {
    /// The member.
    pub id: Id,
    /// Of which household.
    pub household_id: Id,
    /// The name; null when it was erased.
    pub name: Option<String>,
    /// A code of the list `relation`; `02` is the head.
    pub relation: String,
    /// A code of the list `sex`.
    pub sex: String,
    /// The day of birth.
    pub birth_on: Option<Day>,
    /// The identity number, its middle hidden.
    pub identity_masked: Option<String>,
    /// A code of the list `no_identity_reason`.
    pub no_identity_reason: Option<String>,
    /// A code of the list `ethnicity`.
    pub ethnicity: Option<String>,
    /// A code of the list `education`.
    pub education: Option<String>,
    /// Codes of the list `health`.
    pub health: CodeSet,
    /// A code of the list `labour_skill`.
    pub labour_skill: Option<String>,
    /// A disability.
    pub disability: Option<DisabilityAnswer>,
    /// The telephone number, its middle hidden.
    pub phone_masked: Option<String>,
    /// The first day.
    pub joined_on: Day,
    /// The first day on which the person was no member any more.
    pub left_on: Option<Day>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When the member was added.
    pub created_at: Instant,
    /// When the member was last changed.
    pub updated_at: Instant,
}

/// A disability and its certificate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DisabilityHeld)]
pub struct DisabilityAnswer {
    /// A code of the list `disability_category`.
    pub category: String,
    /// A code of the list `disability_grade`.
    pub grade: String,
    /// The number of the certificate, its middle hidden.
    pub certificate_masked: Option<String>,
}

impl Versioned for MemberAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for MemberAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

/// A member as it is told.
///
/// # Errors
/// A number was changed behind the program's back, or the key is another.
pub(super) fn answer<P: Permission>(tx: &Tx<'_, P>, member: Member) -> Result<MemberAnswer> {
    let [identity_masked, certificate_masked, phone_masked] = app::masked(tx, &member)?;
    let disability = member.disability_category.zip(member.disability_grade);
    Ok(MemberAnswer {
        id: member.id,
        household_id: member.household_id,
        name: member.name,
        relation: member.relation,
        sex: member.sex,
        birth_on: member.birth_on,
        identity_masked,
        no_identity_reason: member.no_identity_reason,
        ethnicity: member.ethnicity,
        education: member.education,
        health: member.health,
        labour_skill: member.labour_skill,
        disability: disability.map(|(category, grade)| DisabilityAnswer { category, grade, certificate_masked }),
        phone_masked,
        joined_on: member.joined_on,
        left_on: member.left_on,
        version: member.version,
        created_at: member.created_at,
        updated_at: member.updated_at,
    })
}

async fn list(access: Authorized<can::ReadHouseholds>, id: PathId) -> Result<List<MemberAnswer>, Problem> {
    let page = access.read(Cost::Quick, id, |tx, id| {
        let members = app::of_household(tx, *id)?;
        let items = members.into_iter().map(|member| answer(tx, member)).collect::<Result<_>>()?;
        Ok(List { items, next_cursor: None, count: None })
    });
    Ok(page.await?)
}

async fn add(
    access: Authorized<can::WriteHouseholds>,
    id: PathId,
    body: Body<NewMember>,
) -> Result<Created<MemberAnswer>, Problem> {
    let made = access.write((id, body), |tx, (id, request)| {
        settled(app::add(tx, *id, request)?, |made| made.map(|member| answer(tx, member)))
    });
    Ok(Created(made.await??, PATH))
}

async fn get(access: Authorized<can::ReadHouseholds>, id: PathId) -> Result<Item<MemberAnswer>, Problem> {
    let member = access.read(Cost::Quick, id, |tx, id| {
        let member = app::get(tx, *id)?;
        answer(tx, member)
    });
    Ok(Item(member.await?))
}

async fn edit(
    access: Authorized<can::WriteHouseholds>,
    id: PathId,
    version: IfMatch,
    body: Body<EditMember>,
) -> Result<Changed<MemberAnswer>, Problem> {
    let member = access.write((id, version, body), |tx, (id, version, request)| {
        settled(app::edit(tx, *id, *version, request)?, |member| answer(tx, member))
    });
    Ok(Changed(member.await??))
}

async fn leave(
    access: Authorized<can::WriteHouseholds>,
    id: PathId,
    version: IfMatch,
    body: Body<Leave>,
) -> Result<Changed<MemberAnswer>, Problem> {
    let member = access.write((id, version, body), |tx, (id, version, request)| {
        let member = app::leave(tx, *id, *version, request)?;
        answer(tx, member)
    });
    Ok(Changed(member.await?))
}
