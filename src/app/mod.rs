//! Use cases, one file per resource.
//!
//! Each takes a transaction that carries its permission, authorizes the row that it loads, checks the request,
//! and changes rows together with their audit events. Whatever a use case does is committed whole or not at all.

pub mod accounts;
pub mod annual_report;
pub mod assistance_records;
pub mod audit;
pub mod audit_events;
pub mod backup;
pub mod batches;
pub mod catalogues;
pub mod changes;
pub mod closing;
mod conversion;
pub mod doubtful_items;
mod employment;
pub mod entries;
pub mod figure_rows;
pub mod grants;
pub mod households;
pub mod idempotence;
pub mod input;
pub mod inspection_findings;
pub mod inspection_items;
pub mod inspections;
pub mod integrity;
mod item_books;
pub mod ledger;
pub mod livelihoods;
pub mod logistics;
pub mod maintenance;
pub mod members;
pub mod notices;
pub mod organisations;
pub mod payments;
pub mod period_exceptions;
pub mod points_import;
pub mod recount;
pub mod register_items;
pub mod registers;
pub mod reporting_rules;
pub mod reports;
mod roll_up;
pub mod sales;
mod sealed;
pub mod service_points;
pub mod sessions;
pub mod setup;
pub mod statistics;
pub mod stores;
pub mod timeliness;
pub mod training;
pub mod transfer_requests;
pub mod verifications;
pub mod verify;

use crate::{
    auth::{Permission, Tx},
    db::service_points as service_points_db,
    domain::{Id, access::Reach},
    error::{Error, Result},
};

/// What became of a request whose refusal leaves a trace: the inner error is told to the caller, and the transaction, which
/// counted the try and noted it, stands all the same.
pub type Settled<T> = Result<std::result::Result<T, Error>>;

/// The same outcome with another value; a refusal stays one.
///
/// # Errors
/// The conversion's own.
pub fn settled<T, U>(outcome: std::result::Result<T, Error>, convert: impl FnOnce(T) -> Result<U>) -> Settled<U> {
    match outcome {
        Ok(value) => convert(value).map(Ok),
        Err(refused) => Ok(Err(refused)),
    }
}

/// Where the caller has the permission, within the subtree of a point if one is named by the parameter `service_point_id`.
fn reach_within<P: Permission>(tx: &mut Tx<'_, P>, top: Option<Id>) -> Result<Reach> {
    let reach = tx.reach()?;
    match top {
        None => Ok(reach),
        Some(top) => {
            let top = tx.find(top, service_points_db::find).map_err(|error| error.at("service_point_id"))?;
            Ok(reach.narrowed_to(&top.path))
        }
    }
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Paged<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Whether more follow.
    pub more: bool,
    /// How many rows the whole list has, if that was asked.
    pub count: Option<i64>,
}

/// How much of a list is wanted.
#[derive(Clone, Debug)]
pub struct Want<K> {
    /// The key of the last row that was shown.
    pub after: Option<K>,
    /// At most so many rows.
    pub limit: i64,
    /// Whether the whole list is to be counted.
    pub count: bool,
}

impl<K> Want<K> {
    /// One row more than wanted tells whether more follow.
    fn fetch(&self) -> i64 {
        self.limit + 1
    }

    fn page<T>(&self, mut rows: Vec<T>, count: Option<i64>) -> Paged<T> {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        Paged { items: rows, more, count }
    }
}

/// A change names the version that it changes, so that nobody overwrites what they have not seen.
fn expect_version(current: i64, expected: i64) -> Result<()> {
    if current == expected { Ok(()) } else { Err(Error::Stale { current }) }
}
