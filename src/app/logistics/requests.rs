//! What is asked about logistics.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::input::{holds_no_number, present},
    domain::{Day, Id, Month, Text},
};

/// A logistics site: the whole of it.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepSite {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The point that looks after it and in whose figures it counts; it stays.
    pub service_point_id: Id,
    /// A code of the list `logistics_site_kind`.
    #[schema(example = "express_station")]
    pub kind: Text,
    /// What it is called.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// The logistics partner that runs it.
    pub partner_id: Id,
    /// Its first day.
    pub opened_on: Day,
    /// Its last day, once it is closed; then it covers no village any more.
    pub closed_on: Option<Day>,
}

/// A village that a logistics site covers: the whole of it.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepCoverage {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The village point; it stays.
    pub service_point_id: Id,
    /// The site; it stays.
    pub site_id: Id,
    /// The first day. It counts while the site is open and the village stands.
    pub starts_on: Day,
    /// The last day, once it is over.
    pub ends_on: Option<Day>,
}

/// What a village is equipped with: the whole of it.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepInfrastructure {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The village point; it stays.
    pub service_point_id: Id,
    /// A code of the list `infrastructure_kind`; it stays.
    #[schema(example = "broadband")]
    pub kind: Text,
    /// The first day.
    pub starts_on: Day,
    /// The last day, once it is over.
    pub ends_on: Option<Day>,
    /// Where it is known from.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub source: Option<Text>,
}

/// The parcels of a logistics site in a month, one way.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogParcels {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The site.
    pub site_id: Id,
    /// The month; of each direction a site reports it once.
    #[schema(value_type = String, example = "2026-10")]
    pub month: Month,
    /// A code of the list `parcel_direction`.
    #[schema(example = "in")]
    pub direction: Text,
    /// How many.
    #[validate(range(min = 0, max = 1_000_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub parcels: i64,
}

/// What a report of parcels should say instead: what is left out stays.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectParcels {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
    /// The month.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, example = "2026-10")]
    pub month: Option<Month>,
    /// A code of the list `parcel_direction`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, example = "in")]
    pub direction: Option<Text>,
    /// How many.
    #[serde(default, deserialize_with = "present")]
    #[validate(range(min = 0, max = 1_000_000_000))]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 1_000_000_000)]
    pub parcels: Option<i64>,
}
