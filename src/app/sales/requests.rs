//! What is asked about sales and livestreams.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::input::{holds_no_number, nullable, present},
    domain::{Day, Id, Month, Text},
};

/// What was sold, to be logged: by a store or by a service point itself, on a day or in a month.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogSale {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The store that sold; else the service point is named.
    pub store_id: Option<Id>,
    /// The service point that sold itself; else the store is named.
    pub service_point_id: Option<Id>,
    /// The day; else the month is named.
    pub on: Option<Day>,
    /// The month; else the day is named. What is reported by days is not reported by the month again.
    #[schema(value_type = Option<String>, example = "2026-10")]
    pub month: Option<Month>,
    /// A code of the list `sales_channel`.
    #[schema(example = "online")]
    pub channel: Text,
    /// What was sold, if it was one product.
    pub product_id: Option<Id>,
    /// The campaign that it belongs to: the days lie within the campaign's.
    pub campaign_id: Option<Id>,
    /// How many orders.
    #[validate(range(min = 0, max = 1_000_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub orders: i64,
    /// The amount in fen.
    #[validate(range(min = 1, max = 10_000_000_000_000_i64))]
    #[schema(minimum = 1, maximum = 10_000_000_000_000_i64)]
    pub amount_fen: i64,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// What a sales report should say instead: what is left out stays, `null` empties.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectSale {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
    /// The day; a report of a month becomes one of a day.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Day, required = false)]
    pub on: Option<Day>,
    /// The month; a report of a day becomes one of a month.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, example = "2026-10")]
    pub month: Option<Month>,
    /// A code of the list `sales_channel`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, example = "online")]
    pub channel: Option<Text>,
    /// What was sold.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Id>, required = false)]
    pub product_id: Option<Option<Id>>,
    /// The campaign.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Id>, required = false)]
    pub campaign_id: Option<Option<Id>>,
    /// How many orders.
    #[serde(default, deserialize_with = "present")]
    #[validate(range(min = 0, max = 1_000_000_000))]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 1_000_000_000)]
    pub orders: Option<i64>,
    /// The amount in fen.
    #[serde(default, deserialize_with = "present")]
    #[validate(range(min = 1, max = 10_000_000_000_000_i64))]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 10_000_000_000_000_i64)]
    pub amount_fen: Option<i64>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 500)]
    pub note: Option<Option<Text>>,
}

/// A livestream of a store, to be logged.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogLivestream {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The store.
    pub store_id: Id,
    /// The day.
    pub on: Day,
    /// The platform; the store's own when nothing is said.
    pub platform_id: Option<Id>,
    /// The registered person who hosted it, if one did.
    pub host_member_id: Option<Id>,
    /// How long it took.
    #[validate(range(min = 1, max = 1_440))]
    #[schema(minimum = 1, maximum = 1_440)]
    pub minutes: Option<i64>,
    /// How many watched.
    #[validate(range(min = 0, max = 1_000_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub viewers: Option<i64>,
    /// How many orders came in; the store's sales reports hold them too.
    #[validate(range(min = 0, max = 1_000_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub orders: i64,
    /// The amount in fen; the store's sales reports hold it too.
    #[validate(range(min = 0, max = 10_000_000_000_000_i64))]
    #[schema(minimum = 0, maximum = 10_000_000_000_000_i64)]
    pub amount_fen: i64,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// What a livestream's entry should say instead: what is left out stays, `null` empties.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectLivestream {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
    /// The day.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Day, required = false)]
    pub on: Option<Day>,
    /// The platform.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Id, required = false)]
    pub platform_id: Option<Id>,
    /// Who hosted it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Id>, required = false)]
    pub host_member_id: Option<Option<Id>>,
    /// How long it took.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(range(min = 1, max = 1_440))]
    #[schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 1_440)]
    pub minutes: Option<Option<i64>>,
    /// How many watched.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(range(min = 0, max = 1_000_000_000))]
    #[schema(value_type = Option<i64>, required = false, minimum = 0, maximum = 1_000_000_000)]
    pub viewers: Option<Option<i64>>,
    /// How many orders came in.
    #[serde(default, deserialize_with = "present")]
    #[validate(range(min = 0, max = 1_000_000_000))]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 1_000_000_000)]
    pub orders: Option<i64>,
    /// The amount in fen.
    #[serde(default, deserialize_with = "present")]
    #[validate(range(min = 0, max = 10_000_000_000_000_i64))]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 10_000_000_000_000_i64)]
    pub amount_fen: Option<i64>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 500)]
    pub note: Option<Option<Text>>,
}
