//! Partners and their agreements. A partner counts while any of its agreements is in force.

use super::{KeepAgreement, KeepPartner, Keeping, find_in, item, kept_in, partner, text};
use crate::{
    app::{
        input::Faults,
        registers::{Kept, Register},
        roll_up,
    },
    auth::can,
    db::{
        Conn, QueryResult,
        catalogue_items::{self, CatalogueItem},
        service_points::ServicePoint,
    },
    domain::{
        Id,
        access::Placed,
        codes::{Catalogue, PARTNER_KINDS, PARTNER_REACHES},
        roll_up::Tally,
    },
    error::Result,
};

impl Register for KeepPartner {
    kept_in!(Catalogue::Partner);

    const ACTIONS: [&'static str; 2] = ["partner.enter", "partner.edit"];

    fn row(
        &self,
        _tx: &mut Keeping<'_>,
        faults: &mut Faults,
        kept: Kept,
        _before: Option<&CatalogueItem>,
    ) -> Result<CatalogueItem> {
        let today = kept.updated_at.day();
        faults.code(&PARTNER_KINDS, &self.kind, today, "/kind");
        faults.code(&PARTNER_REACHES, &self.reach, today, "/reach");
        let (kind, mark, note) = (Some(self.kind.to_string()), Some(self.reach.to_string()), text(&self.note));
        let item = item(Catalogue::Partner, self.service_point_id, &self.name, kept);
        Ok(CatalogueItem { kind, mark, note, ..item })
    }

    /// A partner of another kind is counted under that kind.
    fn count(
        tx: &mut Keeping<'_>,
        point: &ServicePoint,
        before: Option<&CatalogueItem>,
        after: &CatalogueItem,
    ) -> Result<()> {
        let Some(before) = before else { return Ok(()) };
        let agreements = catalogue_items::below(tx.conn(), Catalogue::Agreement, after.id)?;
        let tally = |partner| roll_up::partner_with(partner, &agreements).tally();
        tx.count(tally(after).since(tally(before)), [(point.id, point.path.clone())]);
        Ok(())
    }
}

impl Register for KeepAgreement {
    kept_in!(Catalogue::Agreement);

    const ACTIONS: [&'static str; 2] = ["agreement.enter", "agreement.edit"];

    fn row(
        &self,
        tx: &mut Keeping<'_>,
        faults: &mut Faults,
        kept: Kept,
        before: Option<&CatalogueItem>,
    ) -> Result<CatalogueItem> {
        // Whoever changes what a partner counts in holds this lock.
        catalogue_items::lock(tx.conn(), self.partner_id)?;
        let partner = partner(tx, self.partner_id)?;
        faults.unless(partner.service_point_id == self.service_point_id, "/service_point_id", "not_of_partner");
        let is_same = before.is_none_or(|before| before.parent_id == Some(partner.id));
        faults.unless(is_same, "/partner_id", "fixed");
        faults.unless(self.ends_on.is_none_or(|last| self.starts_on <= last), "/ends_on", "before_from");
        let (starts_on, ends_on, note) = (Some(self.starts_on), self.ends_on, text(&self.note));
        let item = item(Catalogue::Agreement, self.service_point_id, &self.name, kept);
        Ok(CatalogueItem { parent_id: Some(partner.id), starts_on, ends_on, note, ..item })
    }

    fn count(
        tx: &mut Keeping<'_>,
        point: &ServicePoint,
        before: Option<&CatalogueItem>,
        after: &CatalogueItem,
    ) -> Result<()> {
        let Some(partner) = after.parent_id else { return Ok(()) };
        let Some(partner) = catalogue_items::find(tx.conn(), partner)? else { return Ok(()) };
        let partner = partner.origin(CatalogueItem::clone);
        let is = catalogue_items::below(tx.conn(), Catalogue::Agreement, partner.id)?;
        let others = is.iter().filter(|agreement| agreement.id != after.id).cloned();
        let was: Vec<CatalogueItem> = others.chain(before.cloned()).collect();
        let tally = |agreements: &[CatalogueItem]| -> Tally { roll_up::partner_with(&partner, agreements).tally() };
        tx.count(tally(&is).since(tally(&was)), [(point.id, point.path.clone())]);
        Ok(())
    }
}
