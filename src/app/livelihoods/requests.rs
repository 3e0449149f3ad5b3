//! What is asked about members of organisations and households that are lifted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::input::{holds_no_number, present},
    domain::{Day, Id, Month, Text},
};

/// A person in an organisation: the whole of it. Of a disability the register of members knows.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepMembership {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The point that looks after the organisation.
    pub service_point_id: Id,
    /// The organisation; it stays.
    pub organisation_id: Id,
    /// The registered person; stays too.
    pub member_id: Id,
    /// A code of the list `membership_role`.
    #[schema(example = "maker")]
    pub role: Text,
    /// The first day.
    pub starts_on: Day,
    /// The last day, once it is over.
    pub ends_on: Option<Day>,
}

/// A household that a store or an organisation lifts: the whole of it.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepBenefitLink {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The point that looks after the store or the organisation.
    pub service_point_id: Id,
    /// The store that lifts; else the organisation is named. It stays.
    pub store_id: Option<Id>,
    /// The organisation that lifts; else the store is named. It stays.
    pub organisation_id: Option<Id>,
    /// The household; it stays.
    pub household_id: Id,
    /// A code of the list `benefit_mode`.
    #[schema(example = "employment")]
    pub mode: Text,
    /// The first day.
    pub starts_on: Day,
    /// The last day, once it is over.
    pub ends_on: Option<Day>,
}

/// What a member of an organisation earned in a month.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogWage {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The membership.
    pub membership_id: Id,
    /// The month, of which one wage is recorded.
    #[schema(value_type = String, example = "2026-10")]
    pub month: Month,
    /// The wage in fen.
    #[validate(range(min = 1, max = 100_000_000))]
    #[schema(minimum = 1, maximum = 100_000_000)]
    pub amount_fen: i64,
}

/// What a record of a wage should say instead: what is left out stays.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectWage {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
    /// The month.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, example = "2026-10")]
    pub month: Option<Month>,
    /// The wage in fen.
    #[serde(default, deserialize_with = "present")]
    #[validate(range(min = 1, max = 100_000_000))]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 100_000_000)]
    pub amount_fen: Option<i64>,
}

/// What a household received from who lifts it.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogBenefit {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The benefit link.
    pub link_id: Id,
    /// The day.
    pub on: Day,
    /// The amount in fen.
    #[validate(range(min = 1, max = 1_000_000_000))]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub amount_fen: i64,
}

/// What a record of a benefit should say instead: what is left out stays.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectBenefit {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
    /// The day.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Day, required = false)]
    pub on: Option<Day>,
    /// The amount in fen.
    #[serde(default, deserialize_with = "present")]
    #[validate(range(min = 1, max = 1_000_000_000))]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 1_000_000_000)]
    pub amount_fen: Option<i64>,
}
