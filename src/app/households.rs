//! Households: registering them, editing them, finding them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Paged, Want, audit, expect_version,
    idempotence::{Made, replay, request_digest},
    input::{Faults, present},
    service_points::refuse_inactive,
};
use crate::{
    auth::{Tx, can},
    db::{
        households::{self, Household, PageKey},
        service_points,
    },
    domain::{
        Day, Id, PointPath, Text,
        codes::{HOUSEHOLD_TYPES, HouseholdStatus},
        policy::Action,
    },
    error::{Conflict, Result},
};

/// A household to be registered.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterHousehold {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// Its home.
    pub service_point_id: Id,
    /// The name of its head.
    #[validate(length(min = 1, max = 50), non_control_character)]
    #[schema(min_length = 1, max_length = 50)]
    pub head_name: Text,
    /// Where it lives.
    #[validate(length(min = 1, max = 200), non_control_character)]
    #[schema(min_length = 1, max_length = 200)]
    pub address: Text,
    /// A code of the list `household_type`.
    #[schema(example = "general")]
    pub household_type: Text,
    /// The day of its registration; today when nothing is said.
    pub registered_on: Option<Day>,
}

/// Changes to a household: what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditHousehold {
    /// The name of its head.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 1, max = 50), non_control_character)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 50)]
    pub head_name: Option<Text>,
    /// Where it lives.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 1, max = 200), non_control_character)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub address: Option<Text>,
    /// A code of the list `household_type`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, example = "general")]
    pub household_type: Option<Text>,
}

/// Registers a household.
///
/// # Errors
/// The home is unknown or not at work.
pub fn register(tx: &mut Tx<'_, can::WriteHouseholds>, request: &RegisterHousehold) -> Result<Made<Household>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, households::find)? {
        return Ok(made);
    }
    let registered_on = request.registered_on.unwrap_or(tx.today());
    let home = tx
        .find(request.service_point_id, service_points::find_shared)
        .map_err(|error| error.at("/service_point_id"))?;
    let mut faults = Faults::of(request);
    faults.id(request.id);
    faults.code(&HOUSEHOLD_TYPES, &request.household_type, registered_on, "/household_type");
    faults.unless(registered_on <= tx.today(), "/registered_on", "in_future");
    faults.finish()?;
    refuse_inactive(&home)?;
    let household = Household {
        id: request.id.unwrap_or_else(|| tx.new_id()),
        service_point_id: home.id,
        head_name: request.head_name.to_string(),
        address: request.address.to_string(),
        household_type: request.household_type.to_string(),
        status: HouseholdStatus::Active,
        registered_on,
        version: 1,
        created_by: tx.account_id()?,
        request_digest: digest.to_vec(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    households::insert(tx.conn(), &household)?;
    audit::created(tx, "household.register", &household)?;
    Ok(Made::New(household))
}

/// Changes a household's own fields.
///
/// # Errors
/// It is not active.
pub fn edit(tx: &mut Tx<'_, can::WriteHouseholds>, id: Id, version: i64, request: &EditHousehold) -> Result<Household> {
    households::lock(tx.conn(), id)?;
    let before = tx.find(id, households::find)?;
    expect_version(before.version, version)?;
    let mut faults = Faults::of(request);
    if let Some(code) = &request.household_type {
        faults.code(&HOUSEHOLD_TYPES, code, tx.today(), "/household_type");
    }
    faults.finish()?;
    if before.status != HouseholdStatus::Active {
        return Err(Conflict::HouseholdNotActive.into());
    }
    let changed = |new: &Option<Text>, old: &String| new.as_deref().map_or_else(|| old.clone(), str::to_owned);
    let after = Household {
        head_name: changed(&request.head_name, &before.head_name),
        address: changed(&request.address, &before.address),
        household_type: changed(&request.household_type, &before.household_type),
        version: before.version + 1,
        updated_at: tx.now(),
        ..before.clone()
    };
    households::update(tx.conn(), &after)?;
    audit::changed(tx, "household.edit", &before, &after, None)?;
    Ok(after)
}

/// One household.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadHouseholds>, id: Id) -> Result<Household> {
    tx.find(id, households::find)
}

/// The households whose homes are within reach, of one subtree if asked.
///
/// # Errors
/// That subtree's top is not within reach.
pub fn list(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    within: Option<Id>,
    want: &Want<PageKey>,
) -> Result<Paged<(Household, PointPath)>> {
    let mut reach = tx.reach()?;
    if let Some(top) = within {
        let top = tx
            .find_for(Action::ReadHouseholds, top, service_points::find)
            .map_err(|error| error.at("service_point_id"))?;
        reach = reach.narrowed_to(&top.path);
    }
    let rows = households::page(tx.conn(), &reach, want.after.as_ref(), want.fetch())?;
    let count = want.count.then(|| households::count(tx.conn(), &reach)).transpose()?;
    Ok(want.page(rows, count))
}
