//! What is asked about members.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::input::{holds_no_number, is_phone, nullable, present},
    domain::{CodeSet, Day, Id, Text},
};

/// A member to be added to a household.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The name.
    #[validate(length(min = 1, max = 50), non_control_character)]
    #[schema(min_length = 1, max_length = 50)]
    pub name: Text,
    /// What the person is to the head: a code of the list `relation` (GB/T 4761); `02` is the head.
    #[schema(example = "02")]
    pub relation: Text,
    /// A code of the list `sex`; what the identity number says when nothing is said.
    pub sex: Option<Text>,
    /// The day of birth; what the identity number says when nothing is said.
    pub birth_on: Option<Day>,
    /// The identity number. Either this or a reason for none.
    #[schema(min_length = 18, max_length = 18)]
    pub identity_number: Option<Text>,
    /// A code of the list `no_identity_reason`.
    pub no_identity_reason: Option<Text>,
    /// A code of the list `ethnicity` (GB/T 3304).
    pub ethnicity: Option<Text>,
    /// A code of the list `education`.
    pub education: Option<Text>,
    /// Codes of the list `health`.
    #[serde(default)]
    #[schema(required = false)]
    pub health: CodeSet,
    /// A code of the list `labour_skill`.
    pub labour_skill: Option<Text>,
    /// A disability.
    pub disability: Option<Disability>,
    /// The telephone number.
    #[validate(custom(function = "is_phone"))]
    #[schema(min_length = 7, max_length = 20)]
    pub phone: Option<Text>,
    /// The first day; the day of the household's registration, or today when the person comes later, if nothing is said.
    pub joined_on: Option<Day>,
}

/// A disability and its certificate.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Disability {
    /// A code of the list `disability_category` (GB/T 26341).
    #[schema(example = "4")]
    pub category: Text,
    /// A code of the list `disability_grade`.
    #[schema(example = "2")]
    pub grade: Text,
    /// The number of the certificate: the identity number, the category and the grade, and two places more when it was
    /// issued again.
    #[schema(min_length = 20, max_length = 22)]
    pub certificate: Option<Text>,
}

/// Changes to a member: what is left out stays, `null` empties. Who the head is, and whether somebody has left, is changed by
/// acts of their own.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditMember {
    /// The name.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 1, max = 50), non_control_character)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 50)]
    pub name: Option<Text>,
    /// What the person is to the head: a code of the list `relation` (GB/T 4761), but `02`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false)]
    pub relation: Option<Text>,
    /// A code of the list `sex`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false)]
    pub sex: Option<Text>,
    /// The day of birth.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Day>, required = false)]
    pub birth_on: Option<Option<Day>>,
    /// The identity number; a reason for none is emptied with it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, required = false, min_length = 18, max_length = 18)]
    pub identity_number: Option<Option<Text>>,
    /// A code of the list `no_identity_reason`; the number must be emptied with it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, required = false)]
    pub no_identity_reason: Option<Option<Text>>,
    /// A code of the list `ethnicity`.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, required = false)]
    pub ethnicity: Option<Option<Text>>,
    /// A code of the list `education`.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, required = false)]
    pub education: Option<Option<Text>>,
    /// Codes of the list `health`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = CodeSet, required = false)]
    pub health: Option<CodeSet>,
    /// A code of the list `labour_skill`.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, required = false)]
    pub labour_skill: Option<Option<Text>>,
    /// A disability.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Disability>, required = false)]
    pub disability: Option<Option<Disability>>,
    /// The telephone number.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "is_phone"))]
    #[schema(value_type = Option<String>, required = false, min_length = 7, max_length = 20)]
    pub phone: Option<Option<Text>>,
}

/// The end of somebody's membership.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// The first day on which the person is no member; today when nothing is said.
    pub left_on: Option<Day>,
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}

/// Another head.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeHead {
    /// The member who becomes the head.
    pub member_id: Id,
    /// What the head so far is to the new one: a code of the list `relation`.
    #[schema(example = "51")]
    pub former_relation: Text,
}
