//! Projects. What is paid for one is a ledger, see [`crate::app::payments`].

use super::{KeepProject, Keeping, find_in, item, kept_in, text};
use crate::{
    app::{
        input::Faults,
        registers::{Kept, Register},
        roll_up,
    },
    auth::{Permission, Tx, can},
    db::{
        Conn, QueryResult,
        catalogue_items::{self, CatalogueItem},
        ledger_entries::{self, Owner},
        service_points::{self, ServicePoint},
    },
    domain::{
        CodeSet, Id,
        access::Placed,
        codes::{Catalogue, FUNDING_SOURCES, Tier},
        policy::Action,
    },
    error::{Conflict, Error, Result},
};

impl Register for KeepProject {
    kept_in!(Catalogue::Project);

    const ACTIONS: [&'static str; 2] = ["project.enter", "project.edit"];

    fn row(
        &self,
        tx: &mut Keeping<'_>,
        faults: &mut Faults,
        kept: Kept,
        before: Option<&CatalogueItem>,
    ) -> Result<CatalogueItem> {
        faults.code(&FUNDING_SOURCES, &self.funding_source, kept.updated_at.day(), "/funding_source");
        faults.unless(self.ends_on.is_none_or(|last| self.starts_on <= last), "/ends_on", "before_from");
        for (at, id) in self.village_ids.iter().enumerate() {
            let pointer = format!("/village_ids/{at}");
            // What was named before stays right, wherever it lies now.
            let text = id.to_string();
            if before.and_then(|before| before.villages.as_ref()).is_some_and(|known| known.iter().any(|id| id == text))
            {
                continue;
            }
            let village = tx.find_for(Action::ReadPoints, *id, service_points::find);
            let village = village.map_err(|error| error.at(&pointer))?;
            faults.unless(village.tier == Tier::Village, &pointer, "not_a_village");
            faults.unless(village.path.ids().contains(&self.service_point_id), &pointer, "not_below");
        }
        let villages: CodeSet = self.village_ids.iter().map(Id::to_string).collect();
        Ok(CatalogueItem {
            kind: Some(self.funding_source.to_string()),
            value: Some(self.budget_fen),
            starts_on: Some(self.starts_on),
            ends_on: self.ends_on,
            villages: Some(villages).filter(|villages| villages.iter().next().is_some()),
            note: text(&self.note),
            ..item(Catalogue::Project, self.service_point_id, &self.name, kept)
        })
    }

    /// What was paid lies within the budget, and not before the beginning.
    fn check(
        tx: &mut Keeping<'_>,
        _point: &ServicePoint,
        before: Option<&CatalogueItem>,
        after: &CatalogueItem,
    ) -> Result<()> {
        let Some(before) = before else { return Ok(()) };
        let paid = paid(tx.conn(), after.id, None)?;
        if after.value.is_none_or(|budget| budget < paid) {
            return Err(Error::invalid("/budget_fen", "paid_more"));
        }
        // What was paid came from where the budget did.
        if paid > 0 && before.kind != after.kind {
            return Err(Error::invalid("/funding_source", "fixed"));
        }
        match ledger_entries::first_end_and_last_begin(tx.conn(), Owner::Project(after.id))? {
            Some((first, _)) if after.starts_on.is_some_and(|starts_on| first < starts_on) => {
                Err(Conflict::EntriesOutside.into())
            }
            _ => Ok(()),
        }
    }

    fn count(
        tx: &mut Keeping<'_>,
        point: &ServicePoint,
        before: Option<&CatalogueItem>,
        after: &CatalogueItem,
    ) -> Result<()> {
        let was = before.map(roll_up::budget).unwrap_or_default();
        tx.count(roll_up::budget(after).since(was), [(point.id, point.path.clone())]);
        Ok(())
    }
}

/// What was paid for a project, which is locked, in fen; beside one payment, if one is named.
///
/// # Errors
/// The database's own.
pub fn paid(conn: &mut Conn, project: Id, but: Option<Id>) -> Result<i64> {
    let amounts = ledger_entries::paid(conn, project, but)?;
    amounts.into_iter().try_fold(0_i64, i64::checked_add).ok_or(Error::Conflict(Conflict::SumTooLarge))
}

/// The villages that a project is for, those that the caller sees.
///
/// # Errors
/// The database's own.
pub fn villages_seen<P: Permission>(tx: &mut Tx<'_, P>, project: &CatalogueItem) -> Result<Vec<Id>> {
    let ids: Vec<Id> = project.villages.iter().flat_map(CodeSet::iter).filter_map(|id| id.parse().ok()).collect();
    let reach = tx.actor().reach(Action::ReadPoints);
    let mut seen = service_points::reached(tx.conn(), &reach, &ids)?;
    seen.sort_unstable();
    Ok(seen)
}
