//! Logistics: sites and their operators, the villages that they cover, and what villages are equipped with.
//!
//! A village is covered while any site covers it, so whatever changes that holds the village's row: first the site, then its villages.

mod parcels;
mod requests;

pub use parcels::ParcelBook;
pub use requests::{CorrectParcels, KeepCoverage, KeepInfrastructure, KeepSite, LogParcels};

use super::{
    entries::named,
    input::Faults,
    ledger::takes_entries_of,
    register_items::{Entering, blank, changed_from, find_in, hold_entries, kept_in, require_open},
    registers::{Kept, Register, check_days, moved_from},
    roll_up,
};
use crate::{
    auth::can,
    db::{
        Conn, QueryResult,
        register_items::{self, RegisterItem},
        service_points::{self, ServicePoint},
    },
    domain::{
        Day, Id, PointPath,
        access::Placed,
        codes::{Catalogue, INFRASTRUCTURE_KINDS, LOGISTICS_SITE_KINDS, RegisterKind, Tier},
        policy::Action,
    },
    error::{Error, Result},
};

/// The kind of partners that run logistics sites.
const LOGISTICS: &str = "logistics";

fn days(item: &RegisterItem) -> (Day, Option<Day>) {
    (item.starts_on, item.ends_on)
}

impl Register for KeepSite {
    kept_in!(RegisterKind::LogisticsSite);

    const ACTIONS: [&'static str; 2] = ["logistics_site.enter", "logistics_site.edit"];
    const TAKES_LATE: bool = true;

    fn row(
        &self,
        tx: &mut Entering<'_>,
        faults: &mut Faults,
        kept: Kept,
        _before: Option<&RegisterItem>,
    ) -> Result<RegisterItem> {
        faults.code(&LOGISTICS_SITE_KINDS, &self.kind, self.opened_on, "/kind");
        let days = (self.opened_on, self.closed_on);
        check_days(faults, days, tx.today(), ["/opened_on", "/closed_on"]);
        let item = blank(RegisterKind::LogisticsSite, self.service_point_id, days, kept);
        let (kind, name) = (self.kind.to_string(), Some(self.name.to_string()));
        Ok(RegisterItem { kind, name, partner_id: Some(self.partner_id), ..item })
    }

    fn check(
        tx: &mut Entering<'_>,
        point: &ServicePoint,
        before: Option<&RegisterItem>,
        after: &RegisterItem,
    ) -> Result<()> {
        // An operator that was right stays so.
        let operator = after.partner_id.filter(|_| before.is_none_or(|before| before.partner_id != after.partner_id));
        if let Some(operator) = operator {
            let (mut faults, first) = (Faults::default(), after.starts_on);
            let on = (&point.path, (first, first));
            let partner = named(tx, &mut faults, (Catalogue::Partner, operator), on, "/partner_id")?;
            faults.unless(partner.kind.as_deref() == Some(LOGISTICS), "/partner_id", "not_logistics");
            faults.finish()?;
        }
        if before.is_none() {
            takes_entries_of(point, after.starts_on)?;
        }
        hold_entries(tx.conn(), after)?;
        let covered = covered_by(tx.conn(), after)?;
        let villages: Vec<&PointPath> = covered.iter().map(|village| &village.path).collect();
        require_open(tx, &villages, moved_from(before.map(days), days(after)))?;
        require_open(tx, &[&point.path], changed_from(before, after))
    }

    fn count(
        tx: &mut Entering<'_>,
        point: &ServicePoint,
        before: Option<&RegisterItem>,
        after: &RegisterItem,
    ) -> Result<()> {
        let was = before.map(|before| roll_up::site(before).tally()).unwrap_or_default();
        tx.count(roll_up::site(after).tally().since(was), [(point.id, point.path.clone())]);
        let Some(before) = before.filter(|before| days(before) != days(after)) else { return Ok(()) };
        for village in covered_by(tx.conn(), after)? {
            let was = roll_up::equipment(tx.conn(), village.id, Some((after.id, Some(before))))?;
            let is = roll_up::equipment(tx.conn(), village.id, None)?;
            roll_up::equipped(tx, &village, &was, &is);
        }
        Ok(())
    }
}

/// The villages that a site covers or has covered, locked. The site is locked, so there come no more.
fn covered_by(conn: &mut Conn, site: &RegisterItem) -> Result<Vec<ServicePoint>> {
    let mut ids: Vec<Id> =
        register_items::of_site(conn, site.id)?.into_iter().map(|coverage| coverage.service_point_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut villages = Vec::with_capacity(ids.len());
    for id in ids {
        villages.extend(service_points::find_locked(conn, id)?.map(|placed| placed.origin(ServicePoint::clone)));
    }
    Ok(villages)
}

/// Notes a fault unless the point is a village's.
fn must_be_village(point: &ServicePoint) -> Result<()> {
    if point.tier == Tier::Village { Ok(()) } else { Err(Error::invalid("/service_point_id", "not_a_village")) }
}

/// A village is covered or equipped otherwise than before.
fn count_at_village(
    tx: &mut Entering<'_>,
    village: &ServicePoint,
    before: Option<&RegisterItem>,
    after: &RegisterItem,
) -> Result<()> {
    let was = roll_up::equipment(tx.conn(), village.id, Some((after.id, before)))?;
    let is = roll_up::equipment(tx.conn(), village.id, None)?;
    roll_up::equipped(tx, village, &was, &is);
    Ok(())
}

impl Register for KeepCoverage {
    kept_in!(RegisterKind::Coverage);

    const ACTIONS: [&'static str; 2] = ["coverage.enter", "coverage.edit"];

    fn hold(&self, conn: &mut Conn, point: Id) -> QueryResult<Option<Placed<ServicePoint>>> {
        register_items::share(conn, self.site_id)?;
        service_points::find_locked(conn, point)
    }

    fn row(
        &self,
        tx: &mut Entering<'_>,
        faults: &mut Faults,
        kept: Kept,
        before: Option<&RegisterItem>,
    ) -> Result<RegisterItem> {
        let site = tx
            .find_for(Action::ReadHouseholds, self.site_id, |conn, id| find_in(conn, id, RegisterKind::LogisticsSite));
        let site = site.map_err(|error| error.at("/site_id"))?;
        faults.unless(before.is_none_or(|before| before.site_id == Some(site.id)), "/site_id", "fixed");
        let days = (self.starts_on, self.ends_on);
        check_days(faults, days, tx.today(), ["/starts_on", "/ends_on"]);
        faults.unless(
            site.overlaps((self.starts_on, self.ends_on.unwrap_or(tx.today()))),
            "/starts_on",
            "site_not_open",
        );
        let item = blank(RegisterKind::Coverage, self.service_point_id, days, kept);
        Ok(RegisterItem { site_id: Some(site.id), ..item })
    }

    fn check(
        tx: &mut Entering<'_>,
        point: &ServicePoint,
        before: Option<&RegisterItem>,
        after: &RegisterItem,
    ) -> Result<()> {
        must_be_village(point)?;
        require_open(tx, &[&point.path], changed_from(before, after))
    }

    fn count(
        tx: &mut Entering<'_>,
        point: &ServicePoint,
        before: Option<&RegisterItem>,
        after: &RegisterItem,
    ) -> Result<()> {
        count_at_village(tx, point, before, after)
    }
}

impl Register for KeepInfrastructure {
    kept_in!(RegisterKind::Infrastructure);

    const ACTIONS: [&'static str; 2] = ["infrastructure.enter", "infrastructure.edit"];

    fn hold(&self, conn: &mut Conn, point: Id) -> QueryResult<Option<Placed<ServicePoint>>> {
        service_points::find_locked(conn, point)
    }

    fn row(
        &self,
        tx: &mut Entering<'_>,
        faults: &mut Faults,
        kept: Kept,
        before: Option<&RegisterItem>,
    ) -> Result<RegisterItem> {
        faults.code(&INFRASTRUCTURE_KINDS, &self.kind, self.starts_on, "/kind");
        faults.unless(before.is_none_or(|before| before.kind == *self.kind), "/kind", "fixed");
        let days = (self.starts_on, self.ends_on);
        check_days(faults, days, tx.today(), ["/starts_on", "/ends_on"]);
        let item = blank(RegisterKind::Infrastructure, self.service_point_id, days, kept);
        Ok(RegisterItem { kind: self.kind.to_string(), name: self.source.as_deref().map(str::to_owned), ..item })
    }

    fn check(
        tx: &mut Entering<'_>,
        point: &ServicePoint,
        before: Option<&RegisterItem>,
        after: &RegisterItem,
    ) -> Result<()> {
        must_be_village(point)?;
        require_open(tx, &[&point.path], changed_from(before, after))
    }

    fn count(
        tx: &mut Entering<'_>,
        point: &ServicePoint,
        before: Option<&RegisterItem>,
        after: &RegisterItem,
    ) -> Result<()> {
        count_at_village(tx, point, before, after)
    }
}
