//! `/reporting-rules`: on which days reports are due, and months are locked.

use actix_web::http::Method;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{Created, Identified, Item, List, Versioned},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, PathId},
    problem::Problem,
};
use crate::{
    app::reporting_rules::{self as app, SetReportingRule},
    auth::{Authorized, can},
    db::{Cost, reporting_rules::ReportingRule},
    domain::{
        Id, Instant, Month,
        codes::Tier,
        timeliness::{DEFAULTS, Rule},
    },
};

const PATH: &str = "/api/v1/reporting-rules";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "settings", id, summary };
    vec![
        endpoint(
            Method::GET,
            PATH,
            heading(
                "list_reporting_rules",
                "List due days and lock days: the defaults, and what was set since, in that order.",
            ),
            list,
        ),
        endpoint(
            Method::POST,
            PATH,
            heading("set_reporting_rule", "Set the due day and the lock day of a tier from a month on."),
            set,
        ),
        endpoint(
            Method::GET,
            "/api/v1/reporting-rules/{id}",
            heading("get_reporting_rule", "Show a due day and lock day that were set."),
            get,
        ),
    ]
}

/// What is listed: a default, or what was set. Of those of a tier that have begun, the one that begins last counts; of two for
/// one month, the one that was set later.
#[derive(Debug, Serialize, ToSchema)]
struct ReportingDays {
    /// The rule; null for a default.
    id: Option<Id>,
    /// Whose reports.
    tier: Tier,
    /// The day of the next month by whose end they are due.
    due_day: u32,
    /// The last day of the next month on which entries are taken; null when months are not locked.
    lock_day: Option<u32>,
    /// The first month for which it counts; null for a default.
    valid_from: Option<Month>,
    /// When it was set; null for a default.
    created_at: Option<Instant>,
}

impl ReportingDays {
    fn of(rule: Rule, set: Option<&ReportingRule>) -> Self {
        let Rule { tier, due_day, lock_day, valid_from } = rule;
        Self {
            id: set.map(|set| set.id),
            tier,
            due_day,
            lock_day,
            valid_from,
            created_at: set.map(|set| set.created_at),
        }
    }
}

/// A due day and a lock day that were set.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportingRule)]
struct RuleAnswer {
    /// The rule.
    id: Id,
    /// Whose reports.
    tier: Tier,
    /// The day of the next month by whose end they are due.
    due_day: i32,
    /// The last day of the next month on which entries are taken; null when months are not locked.
    lock_day: Option<i32>,
    /// The first month for which it counts.
    valid_from: Month,
    /// When it was set.
    created_at: Instant,
}

impl From<ReportingRule> for RuleAnswer {
    fn from(rule: ReportingRule) -> Self {
        let ReportingRule { id, tier, due_day, lock_day, valid_from, created_at, .. } = rule;
        Self { id, tier, due_day, lock_day, valid_from, created_at }
    }
}

impl Versioned for RuleAnswer {
    fn version(&self) -> i64 {
        1
    }
}

impl Identified for RuleAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

async fn list(access: Authorized<can::ReadPoints>) -> Result<List<ReportingDays>, Problem> {
    let set = access.read(Cost::Quick, (), |tx, ()| app::list(tx)).await?;
    let defaults = DEFAULTS.iter().map(|rule| ReportingDays::of(*rule, None));
    let items = defaults.chain(set.iter().map(|set| ReportingDays::of(set.rule(), Some(set)))).collect();
    Ok(List { items, next_cursor: None, count: None })
}

async fn set(
    access: Authorized<can::ManageSettings>,
    body: Body<SetReportingRule>,
) -> Result<Created<RuleAnswer>, Problem> {
    let made = access.write(body, |tx, asked| app::set(tx, asked)?.map(|rule| Ok(rule.into())));
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ReadPoints>, id: PathId) -> Result<Item<RuleAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| app::get(tx, *id)).await?.into()))
}
