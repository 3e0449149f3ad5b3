//! What is asked about training.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::input::{holds_no_number, nullable, present},
    domain::{Day, Id, Text},
};

/// A training session, to be logged.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogTrainingSession {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The service point that hosts it.
    pub service_point_id: Id,
    /// What it is called.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// A code of the list `training_topic`.
    #[schema(example = "livestream")]
    pub topic: Text,
    /// The first day; the session counts in its month.
    pub starts_on: Day,
    /// The last day; the first one when nothing is said.
    pub ends_on: Option<Day>,
    /// The partner that holds it.
    pub partner_id: Option<Id>,
    /// How long it takes in all.
    #[validate(range(min = 1, max = 100_000))]
    #[schema(minimum = 1, maximum = 100_000)]
    pub minutes: Option<i64>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// What a training session's entry should say instead: what is left out stays, `null` empties. Topic and days stay as they are
/// once somebody has attended.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectTrainingSession {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
    /// What it is called.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<Text>,
    /// A code of the list `training_topic`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, example = "livestream")]
    pub topic: Option<Text>,
    /// The first day.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Day, required = false)]
    pub starts_on: Option<Day>,
    /// The last day.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Day>, required = false)]
    pub ends_on: Option<Option<Day>>,
    /// The partner that holds it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Id>, required = false)]
    pub partner_id: Option<Option<Id>>,
    /// How long it takes in all.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(range(min = 1, max = 100_000))]
    #[schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 100_000)]
    pub minutes: Option<Option<i64>>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 500)]
    pub note: Option<Option<Text>>,
}

/// Somebody who attended a training session, or so many heads of whom nobody is named, to be logged.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogAttendance {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The training session.
    pub session_id: Id,
    /// The registered person; else heads are counted.
    pub member_id: Option<Id>,
    /// How many heads; else the person is named.
    #[validate(range(min = 1, max = 100_000))]
    #[schema(minimum = 1, maximum = 100_000)]
    pub heads: Option<i64>,
    /// How long they attended.
    #[validate(range(min = 1, max = 100_000))]
    #[schema(minimum = 1, maximum = 100_000)]
    pub minutes: Option<i64>,
}

/// What an attendance should say instead: what is left out stays, `null` empties. Who attended stays; void it if that is wrong.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectAttendance {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
    /// How many heads, if nobody is named.
    #[serde(default, deserialize_with = "present")]
    #[validate(range(min = 1, max = 100_000))]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 100_000)]
    pub heads: Option<i64>,
    /// How long they attended.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(range(min = 1, max = 100_000))]
    #[schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 100_000)]
    pub minutes: Option<Option<i64>>,
}
