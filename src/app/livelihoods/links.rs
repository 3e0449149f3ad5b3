//! Benefit links: households that a store or an organisation lifts. A household is lifted while any of its links is in force, at its
//! own home and as its own type.

use super::KeepBenefitLink;
use crate::{
    app::{
        closing::{self, Touched},
        input::{Faults, either_or},
        register_items::{Entering, blank, changed_from, find_in, hold_entries, kept_in, require_open},
        registers::{Kept, Register, check_days, moved_from},
        roll_up,
    },
    auth::can,
    db::{
        Conn, QueryResult, households, organisations,
        register_items::{self, RegisterItem},
        service_points::{self, ServicePoint},
        stores,
    },
    domain::{
        Day, Id,
        access::Placed,
        codes::{BENEFIT_MODES, RegisterKind},
    },
    error::Result,
};

impl Register for KeepBenefitLink {
    kept_in!(RegisterKind::BenefitLink);

    const ACTIONS: [&'static str; 2] = ["benefit_link.enter", "benefit_link.edit"];

    /// The household decides whether it is lifted already; who lifts stands as long as the link, whoever closes it meanwhile.
    fn hold(&self, conn: &mut Conn, point: Id) -> QueryResult<Option<Placed<ServicePoint>>> {
        households::lock(conn, self.household_id)?;
        if let Some(store) = self.store_id {
            stores::lock(conn, store)?;
        }
        if let Some(organisation) = self.organisation_id {
            organisations::lock(conn, organisation)?;
        }
        service_points::find_shared(conn, point)
    }

    fn row(
        &self,
        tx: &mut Entering<'_>,
        faults: &mut Faults,
        kept: Kept,
        before: Option<&RegisterItem>,
    ) -> Result<RegisterItem> {
        let days = (self.starts_on, self.ends_on);
        let Lifter { point, life, household } = self.lifter(tx)?;
        faults.unless(point == self.service_point_id, "/service_point_id", "not_of_owner");
        match before {
            None => {
                let household = tx.find(self.household_id, households::find);
                let household = household.map_err(|error| error.at("/household_id"))?;
                faults.unless(self.starts_on >= household.registered_on, "/starts_on", "before_registration");
            }
            Some(before) => {
                faults.unless(before.store_id == self.store_id, "/store_id", "fixed");
                faults.unless(before.organisation_id == self.organisation_id, "/organisation_id", "fixed");
                faults.unless(before.household_id == Some(self.household_id), "/household_id", "fixed");
                let household = households::find(tx.conn(), self.household_id)?;
                let registered = household.map(|placed| placed.origin(|household| household.registered_on));
                let begins = registered.is_none_or(|registered| registered <= self.starts_on);
                faults.unless(begins, "/starts_on", "before_registration");
            }
        }
        faults.code(&BENEFIT_MODES, &self.mode, self.starts_on, "/mode");
        check_days(faults, days, tx.today(), ["/starts_on", "/ends_on"]);
        faults.unless(household != Some(self.household_id), "/household_id", "own_store");
        faults.unless(life.0.is_none_or(|first| first <= self.starts_on), "/starts_on", "not_in_force");
        let ends = life.1.is_none_or(|last| self.ends_on.is_some_and(|ends_on| ends_on <= last));
        faults.unless(ends, "/ends_on", "not_in_force");
        let item = blank(RegisterKind::BenefitLink, self.service_point_id, days, kept);
        Ok(RegisterItem {
            kind: self.mode.to_string(),
            store_id: self.store_id,
            organisation_id: self.organisation_id,
            household_id: Some(self.household_id),
            ..item
        })
    }

    fn check(
        tx: &mut Entering<'_>,
        point: &ServicePoint,
        before: Option<&RegisterItem>,
        after: &RegisterItem,
    ) -> Result<()> {
        hold_entries(tx.conn(), after)?;
        require_open(tx, &[&point.path], changed_from(before, after))?;
        let days = |item: &RegisterItem| (item.starts_on, item.ends_on);
        let Some(month) = moved_from(before.map(days), days(after)) else { return Ok(()) };
        let Some(household) = after.household_id else { return Ok(()) };
        let spans = households::spans(tx.conn(), household)?;
        let homes: Vec<Id> = spans.iter().map(|span| span.service_point_id).collect();
        closing::require_homes_open(tx, &homes, Touched::From(month))
    }

    fn count(
        tx: &mut Entering<'_>,
        _point: &ServicePoint,
        before: Option<&RegisterItem>,
        after: &RegisterItem,
    ) -> Result<()> {
        match after.household_id {
            Some(household) => roll_up::lifted(tx, household, before, after),
            None => Ok(()),
        }
    }
}

/// Who lifts: a store or an organisation.
struct Lifter {
    /// The point that looks after it.
    point: Id,
    /// Its first and its last day.
    life: (Option<Day>, Option<Day>),
    /// Whose store it is, if it is a household's.
    household: Option<Id>,
}

impl KeepBenefitLink {
    fn lifter(&self, tx: &mut Entering<'_>) -> Result<Lifter> {
        match (self.store_id, self.organisation_id) {
            (Some(store), None) => {
                let store = tx.find(store, stores::find).map_err(|error| error.at("/store_id"))?;
                let life = (Some(store.opened_on), store.closed_on);
                Ok(Lifter { point: store.service_point_id, life, household: store.household_id })
            }
            (None, Some(organisation)) => {
                let found = tx.find(organisation, organisations::find);
                let organisation = found.map_err(|error| error.at("/organisation_id"))?;
                let life = (organisation.founded_on, organisation.ended_on);
                Ok(Lifter { point: organisation.service_point_id, life, household: None })
            }
            (Some(_), Some(_)) => Err(either_or("/organisation_id")),
            (None, None) => Err(either_or("/store_id")),
        }
    }
}
