//! Memberships: persons in organisations.

use super::KeepMembership;
use crate::{
    app::{
        input::Faults,
        register_items::{Entering, blank, changed_from, find_in, hold_entries, kept_in, require_open},
        registers::{Kept, Register, check_days},
    },
    auth::can,
    db::{
        Conn, QueryResult, household_members, organisations,
        register_items::{self, RegisterItem},
        service_points::{self, ServicePoint},
    },
    domain::{
        Id,
        access::Placed,
        codes::{MEMBERSHIP_ROLES, RegisterKind},
    },
    error::{Error, Result},
};

impl Register for KeepMembership {
    kept_in!(RegisterKind::Membership);

    const ACTIONS: [&'static str; 2] = ["membership.enter", "membership.edit"];

    /// A person belongs to an organisation once at a time, so whoever enters a membership holds the organisation.
    fn hold(&self, conn: &mut Conn, point: Id) -> QueryResult<Option<Placed<ServicePoint>>> {
        organisations::lock(conn, self.organisation_id)?;
        service_points::find_shared(conn, point)
    }

    fn row(
        &self,
        tx: &mut Entering<'_>,
        faults: &mut Faults,
        kept: Kept,
        before: Option<&RegisterItem>,
    ) -> Result<RegisterItem> {
        let organisation = tx.find(self.organisation_id, organisations::find);
        let organisation = organisation.map_err(|error| error.at("/organisation_id"))?;
        faults.unless(organisation.service_point_id == self.service_point_id, "/service_point_id", "not_of_owner");
        match before {
            None => {
                let member = tx.find(self.member_id, household_members::find);
                let member = member.map_err(|error| error.at("/member_id"))?;
                faults.unless(member.left_on.is_none_or(|left| self.starts_on < left), "/member_id", "not_present");
            }
            Some(before) => {
                faults.unless(before.organisation_id == Some(organisation.id), "/organisation_id", "fixed");
                faults.unless(before.member_id == Some(self.member_id), "/member_id", "fixed");
            }
        }
        faults.code(&MEMBERSHIP_ROLES, &self.role, self.starts_on, "/role");
        let days = (self.starts_on, self.ends_on);
        check_days(faults, days, tx.today(), ["/starts_on", "/ends_on"]);
        let life = (organisation.founded_on, organisation.ended_on);
        let begins = life.0.is_none_or(|first| first <= self.starts_on);
        let ends = life.1.is_none_or(|last| self.ends_on.is_some_and(|ends_on| ends_on <= last));
        faults.unless(begins, "/starts_on", "not_in_force");
        faults.unless(ends, "/ends_on", "not_in_force");
        let item = blank(RegisterKind::Membership, self.service_point_id, days, kept);
        let (organisation_id, member_id) = (Some(organisation.id), Some(self.member_id));
        Ok(RegisterItem { kind: self.role.to_string(), organisation_id, member_id, ..item })
    }

    fn check(
        tx: &mut Entering<'_>,
        point: &ServicePoint,
        before: Option<&RegisterItem>,
        after: &RegisterItem,
    ) -> Result<()> {
        hold_entries(tx.conn(), after)?;
        let Some((organisation, member)) = after.organisation_id.zip(after.member_id) else { return Ok(()) };
        let last = after.ends_on.unwrap_or(tx.today().max(after.starts_on));
        let others = register_items::memberships(tx.conn(), organisation, member)?;
        let is_twice = others.iter().any(|other| other.id != after.id && other.overlaps((after.starts_on, last)));
        if is_twice {
            return Err(Error::invalid("/member_id", "belongs_already"));
        }
        require_open(tx, &[&point.path], changed_from(before, after))
    }
}
