//! Creating something twice with the same request makes one thing.
//!
//! A client may choose the id of what it creates. When the id exists already, the same creator with the same
//! content is answered with the row as it is now, whatever has become of it since; anybody else, or the same
//! person with other content, learns only that the id is taken. This is decided before the request is checked, so
//! that a repeated request never fails for what has changed in between.

use serde::Serialize;

use crate::{
    auth::{Permission, Tx, keys::Purpose},
    db::{
        Conn, QueryResult,
        accounts::Account,
        assistance_records::AssistanceRecord,
        catalogue_items::CatalogueItem,
        doubtful_items::Explanation,
        grants::Grant,
        household_members::Member,
        households::Household,
        inspection_findings::Finding,
        inspections::Inspection,
        ledger_entries::LedgerEntry,
        notices::Notice,
        organisations::Organisation,
        period_exceptions::PeriodException,
        register_items::RegisterItem,
        reporting_rules::ReportingRule,
        reports::{Report, Waiver},
        service_points::ServicePoint,
        stores::Store,
        transfer_requests::TransferRequest,
    },
    domain::{
        Id,
        access::Placed,
        digest::{Digest, content},
    },
    error::{Conflict, Error, Result},
};

/// What became of a create.
#[derive(Clone, Debug)]
pub enum Made<T> {
    /// It was made now.
    New(T),
    /// It had been made before by the same request.
    Again(T),
    /// The same, but it now lies where the caller may not see it.
    Elsewhere {
        /// Its id.
        id: Id,
        /// Its state now.
        state: &'static str,
    },
}

/// A row that remembers which request made it.
pub trait Origin {
    /// Who made it.
    fn created_by(&self) -> Option<Id>;
    /// The digest of the request.
    fn request_digest(&self) -> Option<&[u8]>;
    /// Its id.
    fn id(&self) -> Id;
    /// Its state now, as a code.
    fn state(&self) -> &'static str;
}

macro_rules! origin {
    ($type:ty, $row:ident => $created_by:expr, $digest:expr, $state:expr) => {
        impl Origin for $type {
            fn created_by(&self) -> Option<Id> {
                let $row = self;
                $created_by
            }
            fn request_digest(&self) -> Option<&[u8]> {
                let $row = self;
                $digest
            }
            fn id(&self) -> Id {
                self.id
            }
            fn state(&self) -> &'static str {
                let $row = self;
                $state
            }
        }
    };
}
origin!(ServicePoint, row => row.created_by, row.request_digest.as_deref(), row.status.code());
origin!(Account, row => row.created_by, row.request_digest.as_deref(), row.status.code());
origin!(Grant, row => row.created_by, row.request_digest.as_deref(), if row.revoked_at.is_some() { "revoked" } else { "active" });
origin!(Household, row => Some(row.created_by), Some(&row.request_digest), row.status.code());
origin!(Member, row => Some(row.created_by), row.request_digest.as_deref(), if row.present { "present" } else { "absent" });
origin!(TransferRequest, row => Some(row.created_by), Some(&row.request_digest), row.state.code());
origin!(Inspection, row => Some(row.created_by), Some(&row.request_digest), row.state.code());
origin!(Finding, row => Some(row.created_by), Some(&row.request_digest), row.state.code());
origin!(AssistanceRecord, row => Some(row.created_by), Some(&row.request_digest), row.state.code());
origin!(Report, row => Some(row.created_by), Some(&row.request_digest), row.state.code());
origin!(Waiver, row => Some(row.created_by), Some(&row.request_digest), if row.revoked_at.is_some() { "revoked" } else { "active" });
origin!(Explanation, _row => Some(_row.created_by), Some(&_row.request_digest), "active");
origin!(ReportingRule, row => Some(row.created_by), Some(&row.request_digest), row.tier.code());
origin!(PeriodException, row => Some(row.created_by), Some(&row.request_digest), if row.revoked_at.is_some() { "revoked" } else { "active" });
origin!(CatalogueItem, row => Some(row.created_by), Some(&row.request_digest), row.catalogue.code());
origin!(Organisation, row => Some(row.created_by), Some(&row.request_digest), if row.ended_on.is_some() { "ended" } else { "active" });
origin!(Store, row => Some(row.created_by), Some(&row.request_digest), if row.closed_on.is_some() { "closed" } else { "open" });
origin!(RegisterItem, row => Some(row.created_by), Some(&row.request_digest), if row.ends_on.is_some() { "ended" } else { "active" });
origin!(LedgerEntry, row => Some(row.created_by), Some(&row.request_digest), row.state.code());
origin!(Notice, row => Some(row.created_by), row.request_digest.as_deref(), row.kind.code());

/// The keyed digest of a request after trimming and normalisation, which its types have done. Fields that are left out do
/// not count, so a request stays the same when a later version of the program knows more fields.
///
/// # Errors
/// When the request cannot be written as JSON.
pub fn request_digest<P: Permission>(tx: &Tx<'_, P>, request: &impl Serialize) -> Result<Digest> {
    let content = content(request).map_err(Error::internal)?;
    Ok(tx.tools().keys.mac(Purpose::Request, &[content.as_bytes()]))
}

/// What a create is answered when the chosen id exists already; none when it does not, or none was chosen.
///
/// # Errors
/// [`Conflict::IdTaken`].
pub fn replay<P: Permission, T: Origin>(
    tx: &mut Tx<'_, P>,
    id: Option<Id>,
    digest: &Digest,
    find: impl FnOnce(&mut Conn, Id) -> QueryResult<Option<Placed<T>>>,
) -> Result<Option<Made<T>>> {
    let found = id.map(|id| find(tx.conn(), id)).transpose()?.flatten();
    let Some(placed) = found else { return Ok(None) };
    let (same, id, state) = placed.origin(|row| {
        let same_creator = row.created_by().is_some() && row.created_by() == tx.actor().account_id();
        (same_creator && row.request_digest() == Some(digest), row.id(), row.state())
    });
    if !same {
        return Err(Conflict::IdTaken.into());
    }
    Ok(Some(tx.admit(Some(placed)).map_or(Made::Elsewhere { id, state }, Made::Again)))
}
