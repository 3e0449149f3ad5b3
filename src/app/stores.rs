//! Online stores of households, organisations and service points.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Paged, Want,
    closing::{self, Touched},
    entries::named,
    input::{Faults, holds_no_number},
    ledger::takes_entries_of,
    reach_within,
    registers::{Kept, Register, check_days, moved_from, row},
    roll_up,
};
use crate::{
    auth::{Tx, can},
    db::{
        Conn, QueryResult, households,
        ledger_entries::{self, Owner},
        organisations, register_items,
        service_points::ServicePoint,
        stores::{self, Filter, Store},
    },
    domain::{Day, Id, Text, access::Placed, codes::Catalogue},
    error::{Conflict, Result},
};

row!(Store);

/// A store: the whole of it. Without a household and an organisation it is the service point's own.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepStore {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The point that looks after it and in whose figures it counts; it stays.
    pub service_point_id: Id,
    /// The platform that it is on; it stays.
    pub platform_id: Id,
    /// The household that it belongs to.
    pub household_id: Option<Id>,
    /// The organisation that it belongs to.
    pub organisation_id: Option<Id>,
    /// What it is called.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// Where it is found.
    #[validate(length(min = 1, max = 500), non_control_character)]
    #[schema(min_length = 1, max_length = 500)]
    pub link: Option<Text>,
    /// Its first day.
    pub opened_on: Day,
    /// Its last day, once it is closed.
    pub closed_on: Option<Day>,
}

impl Register for KeepStore {
    type Row = Store;
    type Write = can::LogAssistance;

    const ACTIONS: [&'static str; 2] = ["store.enter", "store.edit"];
    const TAKES_LATE: bool = true;

    fn id(&self) -> Option<Id> {
        self.id
    }

    fn service_point_id(&self) -> Id {
        self.service_point_id
    }

    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Store>>> {
        stores::find(conn, id)
    }

    fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
        stores::lock(conn, id)
    }

    fn row(
        &self,
        tx: &mut Tx<'_, can::LogAssistance>,
        faults: &mut Faults,
        kept: Kept,
        before: Option<&Store>,
    ) -> Result<Store> {
        let today = tx.today();
        let is_same = before.is_none_or(|before| before.platform_id == self.platform_id);
        faults.unless(is_same, "/platform_id", "fixed");
        faults.unless(self.household_id.is_none() || self.organisation_id.is_none(), "/organisation_id", "either_or");
        // An owner that was named before stays right.
        let new_owner = |id: Option<Id>, was: fn(&Store) -> Option<Id>| id.filter(|_| before.and_then(was) != id);
        if let Some(household) = new_owner(self.household_id, |store| store.household_id) {
            tx.find(household, households::find).map_err(|error| error.at("/household_id"))?;
        }
        if let Some(organisation) = new_owner(self.organisation_id, |store| store.organisation_id) {
            tx.find(organisation, organisations::find).map_err(|error| error.at("/organisation_id"))?;
        }
        check_days(faults, (self.opened_on, self.closed_on), today, ["/opened_on", "/closed_on"]);
        let Kept { id, version, created_by, request_digest, created_at, updated_at } = kept;
        Ok(Store {
            id,
            service_point_id: self.service_point_id,
            platform_id: self.platform_id,
            household_id: self.household_id,
            organisation_id: self.organisation_id,
            name: self.name.to_string(),
            link: self.link.as_deref().map(str::to_owned),
            opened_on: self.opened_on,
            closed_on: self.closed_on,
            version,
            created_by,
            request_digest,
            created_at,
            updated_at,
        })
    }

    fn check(
        tx: &mut Tx<'_, can::LogAssistance>,
        point: &ServicePoint,
        before: Option<&Store>,
        after: &Store,
    ) -> Result<()> {
        if before.is_none() {
            let mut faults = Faults::default();
            let day = (&point.path, (after.opened_on, after.opened_on));
            named(tx, &mut faults, (Catalogue::Platform, after.platform_id), day, "/platform_id")?;
            faults.finish()?;
            takes_entries_of(point, after.opened_on)?;
        }
        if let Some((first, last)) = ledger_entries::first_end_and_last_begin(tx.conn(), Owner::Store(after.id))?
            && (first < after.opened_on || after.closed_on.is_some_and(|closed| closed < last))
        {
            return Err(Conflict::EntriesOutside.into());
        }
        if register_items::lies_outside(tx.conn(), after.id, (Some(after.opened_on), after.closed_on))? {
            return Err(Conflict::EntriesOutside.into());
        }
        let days = |store: &Store| (store.opened_on, store.closed_on);
        match moved_from(before.map(days), days(after)) {
            Some(month) => closing::require_open(tx, &[&point.path], Touched::From(month)),
            None => Ok(()),
        }
    }

    fn write(conn: &mut Conn, before: Option<&Store>, after: &Store) -> QueryResult<()> {
        match before {
            None => stores::insert(conn, std::slice::from_ref(after)),
            Some(_) => stores::update(conn, after),
        }
    }

    fn count(
        tx: &mut Tx<'_, can::LogAssistance>,
        point: &ServicePoint,
        before: Option<&Store>,
        after: &Store,
    ) -> Result<()> {
        roll_up::store(tx, before, after, &point.path)
    }
}

/// The stores of points within reach, of one subtree if asked.
///
/// # Errors
/// That subtree's top, or the household, is not within reach.
pub fn list(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    within: Option<Id>,
    filter: &Filter,
    want: &Want<Id>,
) -> Result<Paged<Store>> {
    let reach = reach_within(tx, within)?;
    if let Some(household) = filter.household_id {
        tx.find(household, households::find).map_err(|error| error.at("household_id"))?;
    }
    let rows = stores::page(tx.conn(), &reach, filter, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}
