//! What is asked about assistance records.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::input::{holds_no_number, nullable, present},
    domain::{Day, Id, Text},
};

/// Assistance to be logged.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogAssistance {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// To whom it was given.
    pub household_id: Id,
    /// To which of its members, if to one.
    pub member_id: Option<Id>,
    /// The point that gave it.
    pub service_point_id: Id,
    /// A code of the list `assistance_kind`.
    #[schema(example = "logistics")]
    pub kind: Text,
    /// A code of the list `assistance_subkind`, for convenience services.
    pub subkind: Option<Text>,
    /// The day it was given; not in the future, not before the household was registered.
    pub given_on: Day,
    /// How much.
    #[validate(range(min = 1, max = 1_000_000))]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: i64,
    /// Of what: a code of the list `quantity_unit`.
    pub unit: Option<Text>,
    /// What it was worth, in fen.
    #[validate(range(min = 0, max = 1_000_000_000_000_i64))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub amount_fen: Option<i64>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// What a record should say instead: what is left out stays, `null` empties.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectAssistance {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
    /// To which of the household's members, if to one.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Id>, required = false)]
    pub member_id: Option<Option<Id>>,
    /// A code of the list `assistance_kind`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, example = "logistics")]
    pub kind: Option<Text>,
    /// A code of the list `assistance_subkind`, for convenience services.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, required = false)]
    pub subkind: Option<Option<Text>>,
    /// The day it was given.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Day, required = false)]
    pub given_on: Option<Day>,
    /// How much.
    #[serde(default, deserialize_with = "present")]
    #[validate(range(min = 1, max = 1_000_000))]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 1_000_000)]
    pub quantity: Option<i64>,
    /// Of what: a code of the list `quantity_unit`.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, required = false)]
    pub unit: Option<Option<Text>>,
    /// What it was worth, in fen.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(range(min = 0, max = 1_000_000_000_000_i64))]
    #[schema(value_type = Option<i64>, required = false, minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub amount_fen: Option<Option<i64>>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 500)]
    pub note: Option<Option<Text>>,
}
