//! What is asked about catalogues: each request is the whole of an item.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::input::holds_no_number,
    domain::{Day, Id, Text},
};

/// A partner: who business is done with.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepPartner {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The county or the bureau that keeps it; it stays.
    pub service_point_id: Id,
    /// What it is called.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// A code of the list `partner_kind`.
    #[schema(example = "logistics")]
    pub kind: Text,
    /// A code of the list `partner_reach`.
    #[schema(example = "national")]
    pub reach: Text,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// An agreement with a partner.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepAgreement {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The county or the bureau that keeps the partner.
    pub service_point_id: Id,
    /// The partner; it stays.
    pub partner_id: Id,
    /// What is agreed on.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// The first day.
    pub starts_on: Day,
    /// The last day; none while no end is agreed on.
    pub ends_on: Option<Day>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// A platform: where stores are.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepPlatform {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The county or the bureau that keeps it; it stays.
    pub service_point_id: Id,
    /// What it is called.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// A code of the list `platform_kind`.
    #[schema(example = "shelf")]
    pub kind: Text,
    /// The partner that runs it, if one does.
    pub partner_id: Option<Id>,
    /// The last day on which stores open on it; none while they do.
    pub ends_on: Option<Day>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// A product: what is sold.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepProduct {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The county or the bureau that keeps it; it stays.
    pub service_point_id: Id,
    /// What it is called.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// A code of the list `product_category`.
    #[schema(example = "spice")]
    pub category: Text,
    /// The 12-digit region code of the county that it comes from, if from one.
    #[schema(example = "621202000000")]
    pub origin_code: Option<Text>,
    /// Its geographical indication, if it has one: the name or the number under which it is protected.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub geographical_indication: Option<Text>,
    /// The last day on which it is sold; none while it is.
    pub ends_on: Option<Day>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// A sales campaign.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepCampaign {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The county or the bureau that keeps it; it stays.
    pub service_point_id: Id,
    /// What it is called.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// The first day.
    pub starts_on: Day,
    /// The last day.
    pub ends_on: Day,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// An opening balance: what a cumulative figure of a point was before the system counted.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepOpeningBalance {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The county or the bureau whose figure it is; it stays.
    pub service_point_id: Id,
    /// The code of a cumulative metric; it stays.
    #[schema(example = "sales_cumulative")]
    pub metric: Text,
    /// The first day that it does not stand for: the first of a month. Before it, nothing is entered in the point's subtree.
    pub as_of: Day,
    /// The balance, in the metric's unit.
    #[validate(range(min = 0, max = 1_000_000_000_000_000_i64))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    pub value: i64,
    /// Where it comes from.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub source: Text,
}

/// A policy document. Its file is brought on its own, see `/policy-documents/{id}/file`.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepPolicyDocument {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The county or the bureau that keeps it; it stays.
    pub service_point_id: Id,
    /// What it is called.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// Its number.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100, example = "陇电商发〔2020〕12号")]
    pub number: Text,
    /// Who issued it.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub issuer: Text,
    /// A code of the list `policy_topic`.
    #[schema(example = "logistics")]
    pub topic: Text,
    /// The day on which it was issued; it is in force from then on.
    pub issued_on: Day,
    /// The last day on which it is in force; none while no end is set.
    pub ends_on: Option<Day>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// A project: what is built or subsidised with public funds.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepProject {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The county or the bureau that keeps it; it stays.
    pub service_point_id: Id,
    /// What it is called.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// A code of the list `funding_source`.
    #[schema(example = "central")]
    pub funding_source: Text,
    /// The budget in fen; no more is paid.
    #[validate(range(min = 1, max = 10_000_000_000_000_i64))]
    #[schema(minimum = 1, maximum = 10_000_000_000_000_i64)]
    pub budget_fen: i64,
    /// The first day; its budget counts from this month on.
    pub starts_on: Day,
    /// The last day; none while it runs.
    pub ends_on: Option<Day>,
    /// The village points that it is for, below the point that keeps it.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_items = 500)]
    pub village_ids: Vec<Id>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// An external indicator: a figure that somebody else has published. It is shown beside what the system counts, and never mixed
/// with it.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepIndicator {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The county or the bureau that it is about; it stays.
    pub service_point_id: Id,
    /// What it is called.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// The value, in units of its last decimal: 5 300 with two decimals is 53.00.
    #[validate(range(min = -1_000_000_000_000_000_i64, max = 1_000_000_000_000_000_i64))]
    #[schema(minimum = -1_000_000_000_000_000_i64, maximum = 1_000_000_000_000_000_i64)]
    pub value: i64,
    /// How many of the value's digits stand behind the point.
    #[validate(range(min = 0, max = 6))]
    #[schema(minimum = 0, maximum = 6)]
    pub decimals: i64,
    /// The unit.
    #[validate(length(min = 1, max = 20), non_control_character)]
    #[schema(min_length = 1, max_length = 20, example = "%")]
    pub unit: Text,
    /// The day of which it tells.
    pub as_of: Day,
    /// Who published it, and where.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub source: Text,
    /// How it is counted: by which line, over whom.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub definition: Text,
}
