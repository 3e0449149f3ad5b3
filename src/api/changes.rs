//! `/changes`: what a device of a point keeps, and what has changed of it.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::Plain,
    assistance_records::AssistanceRecordAnswer,
    endpoint::{Endpoint, Heading, endpoint},
    extract::Pages,
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::changes::{self as app, Card, Change, Place},
    auth::{Authorized, can},
    db::{Cost, changes as db},
    domain::{Day, Id, codes::HouseholdStatus, search_keys::search_keys},
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = Heading {
        tag: "changes",
        id: "list_changes",
        summary: "Tell a device of a point what there is, and from then on what has changed: its households, and the records it \
                  gave since the first of the month before.",
    };
    vec![endpoint(Method::GET, "/api/v1/changes", heading, list)]
}

/// What has changed.
#[derive(Debug, Serialize, ToSchema)]
struct Changes {
    /// The changes.
    items: Vec<ChangeAnswer>,
    /// What to ask the next time with; always there.
    next_cursor: String,
    /// Whether more waits already.
    more: bool,
}

/// Something that is, or is no more, at the point. As it is now: what was changed twice is told once or twice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Change)]
struct ChangeAnswer {
    /// `household` or `assistance_record`.
    object_type: &'static str,
    /// Which.
    id: Id,
    /// The household as it is; null for one that has its home elsewhere now, and for a record.
    household: Option<CardAnswer>,
    /// The record as it is; null for a household.
    record: Option<AssistanceRecordAnswer>,
}

/// As much of a household as is needed to find it and to log assistance for it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HouseholdCard)]
struct CardAnswer {
    /// The household.
    id: Id,
    /// Its home.
    service_point_id: Id,
    /// The name of its head; null when its identities were erased.
    head_name: Option<String>,
    /// What the head is found by: the name, its pinyin and initials.
    search_keys: Vec<String>,
    /// The last four digits of its telephone numbers, and of its present members'.
    phone_tails: Vec<String>,
    /// How many members are present.
    persons: i64,
    /// A code of the list `household_type`.
    household_type: String,
    /// Whether it is still served.
    status: HouseholdStatus,
    /// The day of its registration.
    registered_on: Day,
    /// Counts the changes of its own fields, from 1.
    version: i64,
}

impl From<Card> for CardAnswer {
    fn from(Card { household, phone_tails }: Card) -> Self {
        Self {
            id: household.id,
            service_point_id: household.service_point_id,
            search_keys: household.head_name.as_deref().map(search_keys).unwrap_or_default(),
            head_name: household.head_name,
            phone_tails,
            persons: household.persons,
            household_type: household.household_type,
            status: household.status,
            registered_on: household.registered_on,
            version: household.version,
        }
    }
}

impl From<Change> for ChangeAnswer {
    fn from(change: Change) -> Self {
        let (object_type, id, household, record) = match change {
            Change::Household(card) => (db::HOUSEHOLD, card.household.id, Some((*card).into()), None),
            Change::Gone(id) => (db::HOUSEHOLD, id, None, None),
            Change::Record(record) => (db::RECORD, record.id, None, Some((*record).into())),
        };
        Self { object_type, id, household, record }
    }
}

/// Whose changes.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ChangesFilters {
    /// The point: what lies below it is not told of.
    service_point_id: Id,
}

impl Filters for ChangesFilters {
    const NAME: &'static str = "changes";
}

async fn list(
    access: Authorized<can::ReadHouseholds>,
    pages: Pages<ChangesFilters>,
) -> Result<Plain<Changes>, Problem> {
    let changes = access.read(Cost::Slow, pages, |tx, listing| {
        let want = page::want::<_, _, Place>(tx, listing)?;
        let told = app::since(tx, listing.filters.service_point_id, want.after, want.limit)?;
        Ok(Changes {
            items: told.changes.into_iter().map(ChangeAnswer::from).collect(),
            next_cursor: page::cursor(tx, listing, told.place)?,
            more: told.more,
        })
    });
    Ok(Plain(changes.await?))
}
