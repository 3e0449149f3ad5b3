//! Chasing (催报): reminding points whose reports are due.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::{audit, input::Faults, timeliness::Book},
    auth::{Tx, can},
    db::{
        notices::{self, Notice},
        service_points,
    },
    domain::{Id, Month, PointPath, codes::NoticeKind},
    error::{Error, Result},
};

/// Whom to remind, of which month. Either some points or a whole subtree.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Chase {
    /// The month.
    pub month: Month,
    /// These points.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_items = 1, max_items = 200)]
    pub service_point_ids: Option<Vec<Id>>,
    /// This point, and everything below it.
    pub within: Option<Id>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chased {
    /// How many points were reminded now.
    pub new: i64,
    /// How many had been reminded of that month today.
    pub before: i64,
    /// How many need no reminding: nothing is due, or the report is with the reviewer.
    pub not_due: i64,
}

/// Reminds points whose reports are due and not with the reviewer, each at most once for a month and day.
///
/// # Errors
/// A point is unknown; both points and a subtree were named, or neither.
pub fn chase(tx: &mut Tx<'_, can::SendNotices>, request: &Chase) -> Result<Chased> {
    let reach = tx.reach()?;
    let mut asked: Vec<PointPath> = Vec::new();
    for (at, id) in request.service_point_ids.iter().flatten().enumerate() {
        let found = tx.find(*id, service_points::find);
        asked.push(found.map_err(|error| error.at(&format!("/service_point_ids/{at}")))?.path);
    }
    let top = match request.within {
        Some(id) => Some(tx.find(id, service_points::find).map_err(|error| error.at("/within"))?.path),
        None => None,
    };
    let mut faults = Faults::of(request);
    faults.unless(request.service_point_ids.is_some() != top.is_some(), "/within", "one_of");
    faults.finish()?;
    let reach = top.map_or(reach.clone(), |top| reach.narrowed_to(&top));
    let (today, now, account) = (tx.today(), tx.now(), tx.account_id()?);
    let book = Book::read(tx.conn(), &reach, (request.month, request.month), today)?;
    let before: BTreeSet<Id> = notices::chased(tx.conn(), &reach, request.month, today)?.into_iter().collect();
    let asked: BTreeSet<PointPath> = asked.into_iter().collect();
    let mut chased = Chased { new: 0, before: 0, not_due: 0 };
    let mut rows = Vec::new();
    for place in book.places.iter().filter(|place| asked.is_empty() || asked.contains(&place.path)) {
        if !book.is_outstanding(place, request.month) {
            chased.not_due += 1;
        } else if before.contains(&place.id) {
            chased.before += 1;
        } else {
            chased.new += 1;
            rows.push(Notice {
                id: tx.new_id(),
                service_point_id: place.id,
                kind: NoticeKind::Chase,
                month: Some(request.month),
                chased_on: Some(today),
                report_id: book.report(place.id, request.month),
                title: None,
                body: None,
                created_by: account,
                request_digest: None,
                created_at: now,
                policy_document_id: None,
            });
        }
    }
    if notices::insert(tx.conn(), &rows)? != rows.len() {
        // Somebody else reminded one of them at this moment: begun again, the transaction sees it.
        return Err(Error::Collision("a point was reminded twice at once".to_owned()));
    }
    for notice in &rows {
        audit::created(tx, "notice.send", notice)?;
    }
    Ok(chased)
}
