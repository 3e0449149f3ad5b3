//! `/metrics`-registry and `/code-lists`: the words that clients show.

use actix_web::http::Method;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::List,
    endpoint::{Endpoint, Heading, endpoint},
    problem::Problem,
};
use crate::{
    auth::{Authorized, can},
    db::Cost,
    domain::{
        codes::{self, CODE_LISTS, Catalogue},
        metrics::{self, METRICS, Nature, View},
    },
    error::Result,
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "reference", id, summary };
    vec![
        endpoint(
            Method::GET,
            "/api/v1/metrics",
            heading("list_metrics", "List every metric and how it is counted."),
            list_metrics,
        ),
        endpoint(
            Method::GET,
            "/api/v1/code-lists",
            heading("list_code_lists", "List the words that requests use."),
            code_lists,
        ),
    ]
}

/// A label in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Label {
    /// In Chinese.
    zh: &'static str,
    /// In English.
    en: &'static str,
}

impl From<(&'static str, &'static str)> for Label {
    fn from((zh, en): (&'static str, &'static str)) -> Self {
        Self { zh, en }
    }
}

/// A metric and how it is counted.
#[derive(Debug, Serialize, ToSchema)]
struct Metric {
    /// The code.
    code: &'static str,
    /// The name.
    name: Label,
    /// The unit.
    unit: Label,
    /// Whose doing is counted.
    view: View,
    /// Flow or stock.
    nature: Nature,
    /// Whether months may be added to quarters and years.
    additive_over_time: bool,
    /// Whether kinds may be added to a total.
    additive_over_kinds: bool,
    /// Whether it is told as a part of a whole, n of N.
    is_share: bool,
    /// Whether it is told as a sum over n things, and their mean.
    is_mean: bool,
    /// Whether it is told by kind: of assistance, by channel, platform, product or campaign.
    by_kind: bool,
    /// Where its kinds have their names: a code list, or a collection of the API whose ids they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    kinds: Option<Names>,
    /// Whether it is told by type of household, kind of village, or platform of stores.
    by_type: bool,
    /// Where its types have their names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    types: Option<Names>,
    /// The metric that counts all of what it counts, and more: the two are never to be added.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    part_of: Option<&'static str>,
    /// Whether it tells of households or persons, which takes the permission `statistics.persons`.
    personal: bool,
    /// How it is counted (口径), in one sentence.
    definition: Label,
}

/// Where codes have their names.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Names {
    /// A code list.
    CodeList(&'static str),
    /// A collection of the API: the codes are ids of its items.
    Collection(&'static str),
}

impl From<metrics::Names> for Names {
    fn from(names: metrics::Names) -> Self {
        match names {
            metrics::Names::List(code) => Self::CodeList(code),
            metrics::Names::Items(catalogue) => Self::Collection(match catalogue {
                Catalogue::Partner => "partners",
                Catalogue::Agreement => "agreements",
                Catalogue::Platform => "platforms",
                Catalogue::Product => "products",
                Catalogue::Campaign => "campaigns",
                Catalogue::OpeningBalance => "opening-balances",
                Catalogue::PolicyDocument => "policy-documents",
                Catalogue::Project => "projects",
                Catalogue::Indicator => "indicators",
            }),
        }
    }
}

/// A list of words.
#[derive(Debug, Serialize, ToSchema)]
struct CodeList {
    /// The list's code.
    code: &'static str,
    /// The list's name.
    name: Label,
    /// The standard that the words come from, if one does.
    standard: Option<&'static str>,
    /// The words, in the order in which they are shown.
    entries: Vec<CodeEntry>,
}

/// One word.
#[derive(Debug, Serialize, ToSchema)]
struct CodeEntry {
    /// The code that rows keep.
    code: &'static str,
    /// The label.
    label: Label,
    /// The first day on which it may be used; null means always.
    valid_from: Option<&'static str>,
    /// The last day on which it may be used; null means still.
    valid_to: Option<&'static str>,
}

async fn list_metrics(access: Authorized<can::ReadPoints>) -> Result<List<Metric>, Problem> {
    access.read(Cost::Quick, (), |tx, ()| tx.reach().map(drop)).await?;
    let items = METRICS.iter().map(|metric| Metric {
        code: metric.code,
        name: Label { zh: metric.zh, en: metric.en },
        unit: metric.unit.into(),
        view: metric.view,
        nature: metric.nature(),
        additive_over_time: metric.is_additive(),
        additive_over_kinds: metric.is_additive(),
        is_share: metric.is_share(),
        is_mean: metric.is_mean(),
        by_kind: metric.has_kinds(),
        kinds: metric.kinds.map(Into::into),
        by_type: metric.has_types(),
        types: metric.types.map(Into::into),
        part_of: metric.part_of,
        personal: metric.personal,
        definition: metric.definition.into(),
    });
    Ok(List { items: items.collect(), next_cursor: None, count: None })
}

async fn code_lists(access: Authorized<can::ReadPoints>) -> Result<List<CodeList>, Problem> {
    access.read(Cost::Quick, (), |tx, ()| tx.reach().map(drop)).await?;
    let mut items: Vec<CodeList> = CODE_LISTS
        .iter()
        .map(|list| CodeList {
            code: list.code,
            name: Label { zh: list.zh, en: list.en },
            standard: list.standard,
            entries: list
                .entries
                .iter()
                .map(|entry| CodeEntry {
                    code: entry.code,
                    label: Label { zh: entry.zh, en: entry.en },
                    valid_from: entry.valid_from,
                    valid_to: entry.valid_to,
                })
                .collect(),
        })
        .collect();
    items.push(words("tier", ("层级", "Tier"), codes::Tier::ALL.iter().map(|word| (word.code(), word.labels()))));
    items.push(words(
        "service_point_status",
        ("机构状态", "State of a service point"),
        codes::PointStatus::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words("role", ("角色", "Role"), codes::Role::ALL.iter().map(|word| (word.code(), word.labels()))));
    items.push(words(
        "household_status",
        ("户状态", "State of a household"),
        codes::HouseholdStatus::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words(
        "transfer_state",
        ("转移申请状态", "State of a request to transfer"),
        codes::TransferState::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words(
        "village_kind",
        ("村级类别", "Kind of village"),
        codes::VillageKind::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words(
        "record_state",
        ("记录状态", "State of a record"),
        codes::RecordState::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words(
        "inspection_method",
        ("抽样方法", "Way of drawing"),
        codes::InspectionMethod::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words(
        "inspection_state",
        ("抽查状态", "State of an inspection"),
        codes::InspectionState::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words(
        "verification_state",
        ("核验状态", "State of a verification"),
        codes::VerificationState::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words(
        "inspection_item_state",
        ("核查结果", "Result of a check"),
        codes::InspectionItemState::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words(
        "finding_state",
        ("核查问题状态", "State of a finding"),
        codes::FindingState::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words(
        "doubtful_severity",
        ("疑点等级", "Severity of a doubtful item"),
        codes::Severity::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words(
        "doubtful_state",
        ("疑点状态", "State of a doubtful item"),
        codes::DoubtfulState::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words(
        "report_timeliness",
        ("月报时效", "How a report came in"),
        codes::Timeliness::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    items.push(words(
        "notice_kind",
        ("通知类别", "Kind of notice"),
        codes::NoticeKind::ALL.iter().map(|word| (word.code(), word.labels())),
    ));
    Ok(List { items, next_cursor: None, count: None })
}

/// A list made of the program's own words.
fn words(
    code: &'static str,
    name: (&'static str, &'static str),
    entries: impl Iterator<Item = (&'static str, (&'static str, &'static str))>,
) -> CodeList {
    let entries = entries
        .map(|(code, label)| CodeEntry { code, label: label.into(), valid_from: None, valid_to: None })
        .collect();
    CodeList { code, name: name.into(), standard: None, entries }
}
