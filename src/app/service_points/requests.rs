//! What is asked about service points.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::input::{holds_no_number, is_phone, is_region_code, nullable, present},
    domain::{
        Day, Id, Text,
        codes::{PointStatus, Tier},
    },
};

/// A point to be opened.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenServicePoint {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The point above.
    pub parent_id: Id,
    /// The tier, just below the parent's.
    pub tier: Tier,
    /// The name.
    #[validate(length(min = 1, max = 100), non_control_character)]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// The 12-digit region code.
    #[validate(custom(function = "is_region_code"))]
    #[schema(pattern = r"^\s*[0-9]{12}\s*$")]
    pub region_code: Option<Text>,
    /// `planned`, or `active`, which it is when nothing is said.
    #[serde(default = "active")]
    pub status: PointStatus,
    /// The first day of its life; today when nothing is said.
    pub opened_on: Option<Day>,
    /// Where it is found.
    #[validate(length(min = 1, max = 200), non_control_character)]
    #[schema(min_length = 1, max_length = 200)]
    pub address: Option<Text>,
    /// Degrees east, times a million.
    #[validate(range(min = -180_000_000, max = 180_000_000))]
    #[schema(minimum = -180_000_000, maximum = 180_000_000)]
    pub longitude_e6: Option<i32>,
    /// Degrees north, times a million.
    #[validate(range(min = -90_000_000, max = 90_000_000))]
    #[schema(minimum = -90_000_000, maximum = 90_000_000)]
    pub latitude_e6: Option<i32>,
    /// Whom to ask for.
    #[validate(length(min = 1, max = 50), non_control_character)]
    #[schema(min_length = 1, max_length = 50)]
    pub contact_name: Option<Text>,
    /// The contact's telephone number.
    #[validate(custom(function = "is_phone"))]
    #[schema(min_length = 7, max_length = 20)]
    pub contact_phone: Option<Text>,
}

fn active() -> PointStatus {
    PointStatus::Active
}

/// Changes to a point: what is left out stays, `null` empties.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditServicePoint {
    /// The name.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 1, max = 100), non_control_character)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<Text>,
    /// The 12-digit region code.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "is_region_code"))]
    #[schema(value_type = Option<String>, required = false, pattern = r"^\s*[0-9]{12}\s*$")]
    pub region_code: Option<Option<Text>>,
    /// Where it is found.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(length(min = 1, max = 200), non_control_character)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 200)]
    pub address: Option<Option<Text>>,
    /// Degrees east, times a million.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(range(min = -180_000_000, max = 180_000_000))]
    #[schema(value_type = Option<i32>, required = false, minimum = -180_000_000, maximum = 180_000_000)]
    pub longitude_e6: Option<Option<i32>>,
    /// Degrees north, times a million.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(range(min = -90_000_000, max = 90_000_000))]
    #[schema(value_type = Option<i32>, required = false, minimum = -90_000_000, maximum = 90_000_000)]
    pub latitude_e6: Option<Option<i32>>,
    /// Whom to ask for.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(length(min = 1, max = 50), non_control_character)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 50)]
    pub contact_name: Option<Option<Text>>,
    /// The contact's telephone number.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "is_phone"))]
    #[schema(value_type = Option<String>, required = false, min_length = 7, max_length = 20)]
    pub contact_phone: Option<Option<Text>>,
}

/// The end of a point's life.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseServicePoint {
    /// The last day; today when nothing is said.
    pub closed_on: Option<Day>,
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}

/// A new place in the tree.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveServicePoint {
    /// The point above from today on.
    pub parent_id: Id,
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}
