//! Catalogues: what managers at a county or the bureau keep lists of. Whoever works below sees them.

mod balances;
mod indicators;
mod partners;
mod policies;
mod projects;
mod requests;

pub use policies::{MEDIA_TYPES, bring_file, file, media_type};
pub use projects::{paid, villages_seen};
pub use requests::{
    KeepAgreement, KeepCampaign, KeepIndicator, KeepOpeningBalance, KeepPartner, KeepPlatform, KeepPolicyDocument,
    KeepProduct, KeepProject,
};

use super::{
    Paged, Want,
    input::Faults,
    registers::{Kept, Register, row},
};
use crate::{
    auth::{Permission, Tx, can},
    db::{
        Conn, QueryResult,
        catalogue_items::{self, CatalogueItem, Filter},
        ledger_entries,
        service_points::{self, ServicePoint},
    },
    domain::{
        Id, Text,
        access::Placed,
        codes::{Catalogue, PLATFORM_KINDS, PRODUCT_CATEGORIES},
        policy::Action,
        region::is_county_code,
    },
    error::{Conflict, Error, Result},
};

row!(CatalogueItem);

/// The transaction of whoever keeps a catalogue.
type Keeping<'a> = Tx<'a, can::ManageCatalogues>;

/// The item with an id, if it is one of this catalogue.
pub(super) fn find_in(conn: &mut Conn, id: Id, catalogue: Catalogue) -> QueryResult<Option<Placed<CatalogueItem>>> {
    Ok(catalogue_items::find(conn, id)?.filter(|placed| placed.origin(|item| item.catalogue == catalogue)))
}

fn text(text: &Option<Text>) -> Option<String> {
    text.as_deref().map(str::to_owned)
}

/// An item that says nothing but what it is called.
fn item(catalogue: Catalogue, service_point_id: Id, name: &Text, kept: Kept) -> CatalogueItem {
    let Kept { id, version, created_by, request_digest, created_at, updated_at } = kept;
    CatalogueItem {
        id,
        catalogue,
        service_point_id,
        name: name.to_string(),
        kind: None,
        parent_id: None,
        place_code: None,
        starts_on: None,
        ends_on: None,
        value: None,
        mark: None,
        note: None,
        version,
        created_by,
        request_digest,
        created_at,
        updated_at,
        source: None,
        decimals: None,
        file_digest: None,
        villages: None,
    }
}

/// The partner that an item names, which the caller sees.
fn partner(tx: &mut Keeping<'_>, id: Id) -> Result<CatalogueItem> {
    let partner = tx.find_for(Action::ReadCatalogues, id, |conn, id| find_in(conn, id, Catalogue::Partner));
    partner.map_err(|error| error.at("/partner_id"))
}

/// What is the same for the requests of every catalogue.
macro_rules! kept_in {
    ($catalogue:expr) => {
        type Row = CatalogueItem;
        type Write = can::ManageCatalogues;

        fn id(&self) -> Option<Id> {
            self.id
        }

        fn service_point_id(&self) -> Id {
            self.service_point_id
        }

        fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<CatalogueItem>>> {
            find_in(conn, id, $catalogue)
        }

        fn find_any(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<CatalogueItem>>> {
            catalogue_items::find(conn, id)
        }

        fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
            catalogue_items::lock(conn, id)
        }

        fn write(conn: &mut Conn, before: Option<&CatalogueItem>, after: &CatalogueItem) -> QueryResult<()> {
            match before {
                None => catalogue_items::insert(conn, after),
                Some(_) => catalogue_items::update(conn, after),
            }
        }
    };
}
use kept_in;

impl Register for KeepPlatform {
    kept_in!(Catalogue::Platform);

    const ACTIONS: [&'static str; 2] = ["platform.enter", "platform.edit"];

    fn row(
        &self,
        tx: &mut Keeping<'_>,
        faults: &mut Faults,
        kept: Kept,
        _before: Option<&CatalogueItem>,
    ) -> Result<CatalogueItem> {
        faults.code(&PLATFORM_KINDS, &self.kind, kept.updated_at.day(), "/kind");
        let parent_id = self.partner_id.map(|id| partner(tx, id)).transpose()?.map(|partner| partner.id);
        let (kind, ends_on, note) = (Some(self.kind.to_string()), self.ends_on, text(&self.note));
        let item = item(Catalogue::Platform, self.service_point_id, &self.name, kept);
        Ok(CatalogueItem { kind, parent_id, ends_on, note, ..item })
    }

    /// Whoever sees the platform sees who runs it.
    fn check(
        tx: &mut Keeping<'_>,
        point: &ServicePoint,
        _before: Option<&CatalogueItem>,
        after: &CatalogueItem,
    ) -> Result<()> {
        let Some(partner) = after.parent_id else { return Ok(()) };
        let is_above = point.path.ids().contains(&self::partner(tx, partner)?.service_point_id);
        if is_above { Ok(()) } else { Err(Error::invalid("/partner_id", "not_kept_above")) }
    }
}

impl Register for KeepProduct {
    kept_in!(Catalogue::Product);

    const ACTIONS: [&'static str; 2] = ["product.enter", "product.edit"];

    fn row(
        &self,
        _tx: &mut Keeping<'_>,
        faults: &mut Faults,
        kept: Kept,
        _before: Option<&CatalogueItem>,
    ) -> Result<CatalogueItem> {
        faults.code(&PRODUCT_CATEGORIES, &self.category, kept.updated_at.day(), "/category");
        faults.unless(self.origin_code.as_deref().is_none_or(is_county_code), "/origin_code", "not_a_county");
        let (kind, ends_on, note) = (Some(self.category.to_string()), self.ends_on, text(&self.note));
        let (place_code, mark) = (text(&self.origin_code), text(&self.geographical_indication));
        let item = item(Catalogue::Product, self.service_point_id, &self.name, kept);
        Ok(CatalogueItem { kind, place_code, mark, ends_on, note, ..item })
    }
}

impl Register for KeepCampaign {
    kept_in!(Catalogue::Campaign);

    const ACTIONS: [&'static str; 2] = ["campaign.enter", "campaign.edit"];

    fn row(
        &self,
        _tx: &mut Keeping<'_>,
        faults: &mut Faults,
        kept: Kept,
        _before: Option<&CatalogueItem>,
    ) -> Result<CatalogueItem> {
        faults.unless(self.starts_on <= self.ends_on, "/ends_on", "before_from");
        let (starts_on, ends_on, note) = (Some(self.starts_on), Some(self.ends_on), text(&self.note));
        let item = item(Catalogue::Campaign, self.service_point_id, &self.name, kept);
        Ok(CatalogueItem { starts_on, ends_on, note, ..item })
    }

    /// The sales of a campaign lie within its days.
    fn check(
        tx: &mut Keeping<'_>,
        _point: &ServicePoint,
        before: Option<&CatalogueItem>,
        after: &CatalogueItem,
    ) -> Result<()> {
        let days = after.starts_on.zip(after.ends_on).filter(|_| before.is_some());
        match days {
            Some(days) if ledger_entries::is_sold_outside(tx.conn(), after.id, days)? => {
                Err(Conflict::EntriesOutside.into())
            }
            _ => Ok(()),
        }
    }
}

/// The items of a catalogue within reach.
///
/// # Errors
/// The point that is to keep them is not within reach.
pub fn list(
    tx: &mut Tx<'_, can::ReadCatalogues>,
    catalogue: Catalogue,
    filter: &Filter,
    want: &Want<Id>,
) -> Result<Paged<CatalogueItem>> {
    let reach = tx.reach()?;
    if let Some(point) = filter.service_point_id {
        tx.find(point, service_points::find).map_err(|error| error.at("service_point_id"))?;
    }
    let rows = catalogue_items::page(tx.conn(), &reach, (catalogue, filter), want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// The other campaigns that the caller sees and whose days overlap with those of a campaign: sales count for the one that they
/// name, never for both.
///
/// # Errors
/// The database's own.
pub fn overlapping<P: Permission>(tx: &mut Tx<'_, P>, campaign: &CatalogueItem) -> Result<Vec<Id>> {
    let reach = tx.actor().reach(Action::ReadCatalogues);
    let others = catalogue_items::all(tx.conn(), &reach, Catalogue::Campaign)?;
    let overlaps = |other: &&CatalogueItem| other.id != campaign.id && other.overlaps(campaign);
    Ok(others.iter().filter(overlaps).map(|other| other.id).collect())
}
