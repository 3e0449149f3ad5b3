//! `/doubtful-items`, their rules and their explanations.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Created, Identified, Item as Shown, List, Plain, Versioned},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, Pages, PathId, Query},
    page::{self, Filters},
    problem::Problem,
    reference::Label,
};
use crate::{
    app::{
        Paged,
        doubtful_items::{self as app, Explain, Filter, Item, Summary},
    },
    auth::{Authorized, can},
    db::{Cost, doubtful_items::Explanation},
    domain::{
        Id, Instant, Month, Text,
        codes::{DoubtfulState, DoubtfulSubject, Severity},
        doubtful::RULES,
    },
    error::Result,
};

const PATH: &str = "/api/v1/doubtful-explanations";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "doubtful-items", id, summary };
    vec![
        endpoint(
            Method::GET,
            "/api/v1/doubtful-rules",
            heading("list_doubtful_rules", "List the rules that find doubtful items, and exactly when."),
            rules,
        ),
        endpoint(
            Method::GET,
            "/api/v1/doubtful-items",
            heading("list_doubtful_items", "List what the rules find now: errors and doubtful items."),
            list,
        ),
        endpoint(
            Method::GET,
            "/api/v1/service-points/{id}/doubtful-summary",
            heading("get_doubtful_summary", "Count what the rules find at a point, by child and rule."),
            summary,
        ),
        endpoint(Method::POST, PATH, heading("explain_doubtful_item", "Explain a doubtful item."), explain),
        endpoint(
            Method::GET,
            "/api/v1/doubtful-explanations/{id}",
            heading("get_doubtful_explanation", "Show an explanation."),
            get,
        ),
    ]
}

/// A rule that finds doubtful items.
#[derive(Debug, Serialize, ToSchema)]
struct DoubtfulRule {
    /// The code.
    code: &'static str,
    /// The name.
    name: Label,
    /// How grave what it finds is: an error is corrected, a doubtful item is corrected or explained.
    severity: Severity,
    /// What it looks at. Records and points are looked at month by month, households and members as they stand.
    subject: DoubtfulSubject,
    /// When it finds something (口径), in one sentence.
    definition: Label,
    /// The numbers that it goes by.
    parameters: Vec<RuleParameter>,
}

/// A number that a rule goes by.
#[derive(Debug, Serialize, ToSchema)]
struct RuleParameter {
    /// The code.
    code: &'static str,
    /// The name.
    name: Label,
    /// What it is and was, the earliest first.
    values: Vec<RuleValue>,
}

/// A value and since when it holds.
#[derive(Debug, Serialize, ToSchema)]
struct RuleValue {
    /// The first day.
    valid_from: &'static str,
    /// The value.
    value: i64,
}

/// What a list of items is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ItemsFilters {
    /// Items of the subtree of this point only.
    service_point_id: Option<Id>,
    /// The month of the rules about records and points; this month when nothing is said. What is found in the register as it
    /// stands is listed with every month.
    #[param(inline)]
    month: Option<Month>,
    /// Items of this rule only.
    #[param(max_length = 50)]
    rule: Option<Text>,
    /// This severity only.
    #[param(inline)]
    severity: Option<Severity>,
    /// This state only.
    #[param(inline)]
    state: Option<DoubtfulState>,
}

impl Filters for ItemsFilters {
    const NAME: &'static str = "doubtful-items";
}

/// Something that a rule finds.
#[derive(Debug, Serialize, ToSchema)]
struct DoubtfulItem {
    /// The rule.
    rule: &'static str,
    /// How grave it is.
    severity: Severity,
    /// What kind of thing it is about.
    subject: DoubtfulSubject,
    /// What it is about.
    subject_id: Id,
    /// The month, for what is looked at month by month.
    month: Option<Month>,
    /// The point that it belongs to: the home, the giver, or the point itself.
    service_point_id: Id,
    /// The number that was looked at, where there is one: fen, days, a count, an age.
    value: Option<i64>,
    /// The other points that are concerned.
    elsewhere: Vec<ElsewhereAnswer>,
    /// Stands for the facts: it changes when they do. An explanation names it.
    fingerprint: String,
    /// Whether it waits for something.
    state: DoubtfulState,
    /// The explanation of these facts.
    explanation: Option<ExplanationAnswer>,
}

/// Another point.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DoubtfulElsewhere)]
struct ElsewhereAnswer {
    /// The point; null where it lies out of scope.
    service_point_id: Option<Id>,
    /// The name of its county; null at the bureau.
    county: Option<String>,
}

/// What somebody said about a doubtful item.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DoubtfulExplanation)]
struct ExplanationAnswer {
    /// The explanation.
    id: Id,
    /// The rule that found the item.
    rule: String,
    /// What the item was about.
    subject_id: Id,
    /// The month of the item, if it has one.
    month: Option<Month>,
    /// The facts that were explained.
    fingerprint: String,
    /// The point that the item belonged to.
    service_point_id: Id,
    /// The explanation.
    note: String,
    /// Counts the changes, from 1.
    version: i64,
    /// The account that gave it.
    explained_by: Id,
    /// When it was given.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl Versioned for ExplanationAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for ExplanationAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

impl From<Explanation> for ExplanationAnswer {
    fn from(row: Explanation) -> Self {
        Self {
            id: row.id,
            rule: row.rule,
            subject_id: row.subject_id,
            month: Month::from_key(row.period),
            fingerprint: row.fingerprint,
            service_point_id: row.service_point_id,
            note: row.note,
            version: row.version,
            explained_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<Item> for DoubtfulItem {
    fn from(item: Item) -> Self {
        let state = app::state_of(&item);
        let Item { found, explanation, elsewhere } = item;
        Self {
            rule: found.rule.code,
            severity: found.rule.severity,
            subject: found.rule.subject,
            subject_id: found.subject_id,
            month: found.month,
            service_point_id: found.service_point_id,
            value: found.value,
            elsewhere: elsewhere
                .into_iter()
                .map(|other| ElsewhereAnswer { service_point_id: other.service_point_id, county: other.county })
                .collect(),
            fingerprint: found.fingerprint,
            state,
            explanation: explanation.map(Into::into),
        }
    }
}

/// The month of a summary.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct SummaryQuery {
    /// The month of the rules about records and points; this month when nothing is said.
    #[param(inline)]
    month: Option<Month>,
}

/// How much is found at a point.
#[derive(Debug, Serialize, ToSchema)]
struct DoubtfulSummary {
    /// The point.
    service_point_id: Id,
    /// The month of the rules about records and points.
    month: Month,
    /// Open errors, with those of everything below.
    open_errors: u64,
    /// Open doubtful items.
    open_doubtful: u64,
    /// Explained doubtful items.
    explained: u64,
    /// By the child whose subtree they lie in, or the point itself, and by rule; what has none is left out.
    parts: Vec<DoubtfulPart>,
}

/// How much a rule finds in one part.
#[derive(Debug, Serialize, ToSchema)]
struct DoubtfulPart {
    /// The child, or the point itself.
    service_point_id: Id,
    /// The rule.
    rule: &'static str,
    /// How grave it is.
    severity: Severity,
    /// How many are open.
    open: u64,
    /// How many are explained.
    explained: u64,
}

async fn rules(access: Authorized<can::ReadPoints>) -> Result<List<DoubtfulRule>, Problem> {
    access.read(Cost::Quick, (), |tx, ()| tx.reach().map(drop)).await?;
    let value = |(valid_from, value): &(&'static str, i64)| RuleValue { valid_from, value: *value };
    let items = RULES.iter().map(|rule| DoubtfulRule {
        code: rule.code,
        name: rule.name.into(),
        severity: rule.severity,
        subject: rule.subject,
        definition: rule.definition.into(),
        parameters: rule
            .parameters
            .iter()
            .map(|parameter| RuleParameter {
                code: parameter.code,
                name: parameter.name.into(),
                values: parameter.values.iter().map(value).collect(),
            })
            .collect(),
    });
    Ok(List { items: items.collect(), next_cursor: None, count: None })
}

async fn list(
    access: Authorized<can::ReadDoubtful>,
    pages: Pages<ItemsFilters>,
) -> Result<List<DoubtfulItem>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let asked = &listing.filters;
        let month = asked.month.unwrap_or(tx.today().month());
        let filter = Filter {
            service_point_id: asked.service_point_id,
            month,
            rule: asked.rule.as_ref().map(ToString::to_string),
            severity: asked.severity,
            state: asked.state,
        };
        // A cursor belongs to the month that was meant when nothing was said.
        let listing = listing.with(ItemsFilters {
            service_point_id: asked.service_point_id,
            month: Some(month),
            rule: asked.rule.clone(),
            severity: asked.severity,
            state: asked.state,
        });
        let want = page::want(tx, &listing)?;
        let found: Paged<Item> = app::list(tx, &filter, &want)?;
        page::list(tx, &listing, found, |item| item.found.key(), |item| Ok(item.into()))
    });
    Ok(page.await?)
}

async fn summary(
    access: Authorized<can::ReadDoubtful>,
    id: PathId,
    query: Query<SummaryQuery>,
) -> Result<Plain<DoubtfulSummary>, Problem> {
    let summary = access.read(Cost::Slow, (id, query), |tx, (id, query)| {
        let month = query.month.unwrap_or(tx.today().month());
        let Summary { point, open, parts } = app::summary(tx, *id, month)?;
        Ok(DoubtfulSummary {
            service_point_id: point,
            month,
            open_errors: open.errors,
            open_doubtful: open.unexplained,
            explained: parts.iter().map(|part| part.2.explained).sum(),
            parts: parts
                .iter()
                .map(|(id, rule, counts)| DoubtfulPart {
                    service_point_id: *id,
                    rule: rule.code,
                    severity: rule.severity,
                    open: counts.open,
                    explained: counts.explained,
                })
                .collect(),
        })
    });
    Ok(Plain(summary.await?))
}

async fn explain(
    access: Authorized<can::ExplainDoubtful>,
    body: Body<Explain>,
) -> Result<Created<ExplanationAnswer>, Problem> {
    let made = access.write(body, |tx, asked| app::explain(tx, asked)?.map(|row| Ok(row.into())));
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ReadDoubtful>, id: PathId) -> Result<Shown<ExplanationAnswer>, Problem> {
    Ok(Shown(access.read(Cost::Quick, id, |tx, id| app::get(tx, *id)).await?.into()))
}
