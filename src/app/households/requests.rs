//! What is asked about households.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::{
        input::{holds_no_number, is_phone, nullable, present},
        members::NewMember,
    },
    domain::{CodeSet, Day, Id, Text, codes::HouseholdStatus, income::Income},
};

/// A household to be registered, with its members.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterHousehold {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// Its home.
    pub service_point_id: Id,
    /// Where it lives.
    #[validate(length(min = 1, max = 200), non_control_character)]
    #[schema(min_length = 1, max_length = 200)]
    pub address: Text,
    /// Its telephone number.
    #[validate(custom(function = "is_phone"))]
    #[schema(min_length = 7, max_length = 20)]
    pub phone: Option<Text>,
    /// The number under which another system knows it (户编号).
    #[validate(length(min = 1, max = 32), non_control_character)]
    #[schema(min_length = 1, max_length = 32)]
    pub external_number: Option<Text>,
    /// A code of the list `household_type`.
    #[schema(example = "general")]
    pub household_type: Text,
    /// A code of the list `monitoring_category`, for a monitored household.
    pub monitoring_category: Option<Text>,
    /// Codes of the list `risk_cause`.
    #[serde(default)]
    #[schema(required = false)]
    pub risk_causes: CodeSet,
    /// The day of its registration; today when nothing is said.
    pub registered_on: Option<Day>,
    /// A year's income.
    #[validate(nested)]
    pub income: Option<Income>,
    /// Its consent to being registered.
    pub consent: Option<Consent>,
    /// Its members, of whom exactly one is the head (relation `02`).
    #[validate(length(min = 1, max = 30), nested)]
    #[schema(min_items = 1, max_items = 30)]
    pub members: Vec<NewMember>,
}

/// When and how a household consented to being registered.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// The day; not in the future.
    pub given_on: Day,
    /// A code of the list `consent_form`.
    #[schema(example = "written")]
    pub how: Text,
}

/// Changes to a household: what is left out stays, `null` empties. Its type, state, home and head are changed by acts of
/// their own.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditHousehold {
    /// Where it lives.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 1, max = 200), non_control_character)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub address: Option<Text>,
    /// Its telephone number.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "is_phone"))]
    #[schema(value_type = Option<String>, required = false, min_length = 7, max_length = 20)]
    pub phone: Option<Option<Text>>,
    /// The number under which another system knows it.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(length(min = 1, max = 32), non_control_character)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 32)]
    pub external_number: Option<Option<Text>>,
    /// A code of the list `monitoring_category`, for a monitored household.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, required = false)]
    pub monitoring_category: Option<Option<Text>>,
    /// Codes of the list `risk_cause`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = CodeSet, required = false)]
    pub risk_causes: Option<CodeSet>,
    /// A year's income.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Income>, required = false)]
    pub income: Option<Option<Income>>,
    /// Its consent to being registered.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Consent>, required = false)]
    pub consent: Option<Option<Consent>>,
}

/// Another type, from a day on.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeType {
    /// A code of the list `household_type`.
    #[schema(example = "monitored")]
    pub household_type: Text,
    /// A code of the list `monitoring_category`, for a monitored household.
    pub monitoring_category: Option<Text>,
    /// The first day of the new type; today when nothing is said.
    pub effective_on: Option<Day>,
}

/// Another state, from a day on.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeStatus {
    /// The new state.
    pub status: HouseholdStatus,
    /// The first day of the new state; today when nothing is said.
    pub effective_on: Option<Day>,
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}

/// Another home, from a day on.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferHousehold {
    /// The new home.
    pub service_point_id: Id,
    /// The first day at the new home; today when nothing is said.
    pub effective_on: Option<Day>,
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}

/// A reason for something that is noted with it.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}

/// Numbers to be shown whole.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowIdentity {
    /// Of this member only; of everyone when nothing is said.
    pub member_id: Option<Id>,
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}
