//! Announcements down a subtree, and who has read them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::{
        Paged, Want, audit,
        idempotence::{Made, replay, request_digest},
        input::{Faults, holds_no_number},
        reach_within,
    },
    auth::{Tx, can},
    db::{
        catalogue_items,
        notices::{self, Notice, Reader},
        service_points::{self, ServicePoint},
    },
    domain::{
        Id, PointPath, Text,
        access::{Area, Reach},
        codes::{Catalogue, NoticeKind},
        policy::{Action, Extent},
    },
    error::Result,
};

/// Something for a point and everything below it.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Announce {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The top of the subtree.
    pub service_point_id: Id,
    /// What it is about.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub title: Text,
    /// The text.
    #[validate(length(min = 1, max = 4000), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 4000)]
    pub body: Text,
    /// The policy document that is published with it: kept by the point or above it.
    pub policy_document_id: Option<Id>,
}

/// How many of the points that an announcement is for have read it: a point has, when somebody there has.
#[derive(Clone, Debug)]
pub struct Receipts {
    /// The whole subtree.
    pub total: (i64, i64),
    /// Each child of its top, with everything below that.
    pub by_child: Vec<(ServicePoint, (i64, i64))>,
}

/// Makes an announcement.
///
/// # Errors
/// The point is unknown.
pub fn announce(tx: &mut Tx<'_, can::SendNotices>, request: &Announce) -> Result<Made<Notice>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, notices::find)? {
        return Ok(made);
    }
    let point = tx
        .find(request.service_point_id, service_points::find_shared)
        .map_err(|error| error.at("/service_point_id"))?;
    let mut faults = Faults::of(request);
    faults.id(request.id);
    if let Some(document) = request.policy_document_id {
        let document = tx.find_for(Action::ReadCatalogues, document, |conn, id| {
            Ok(catalogue_items::find(conn, id)?
                .filter(|placed| placed.origin(|item| item.catalogue == Catalogue::PolicyDocument)))
        });
        let document = document.map_err(|error| error.at("/policy_document_id"))?;
        // Whoever is told sees it.
        let is_above = point.path.ids().contains(&document.service_point_id);
        faults.unless(is_above, "/policy_document_id", "not_kept_above");
    }
    faults.finish()?;
    let notice = Notice {
        id: request.id.unwrap_or_else(|| tx.new_id()),
        service_point_id: point.id,
        kind: NoticeKind::Announcement,
        month: None,
        chased_on: None,
        report_id: None,
        title: Some(request.title.to_string()),
        body: Some(request.body.to_string()),
        created_by: tx.account_id()?,
        request_digest: Some(digest.to_vec()),
        created_at: tx.now(),
        policy_document_id: request.policy_document_id,
    };
    if notices::insert(tx.conn(), std::slice::from_ref(&notice))? == 0 {
        return Err(crate::error::Conflict::Simultaneous.into());
    }
    audit::created(tx, "notice.send", &notice)?;
    Ok(Made::New(notice))
}

/// One announcement.
///
/// # Errors
/// There is none within reach.
pub fn get_announcement(tx: &mut Tx<'_, can::ReadReports>, id: Id) -> Result<Notice> {
    tx.find(id, notices::find_announcement)
}

/// The announcements that were made at points within reach, of one subtree or policy document if asked.
///
/// # Errors
/// That subtree's top is not within reach.
pub fn list_announcements(
    tx: &mut Tx<'_, can::ReadReports>,
    within: Option<Id>,
    policy_document: Option<Id>,
    want: &Want<Id>,
) -> Result<Paged<Notice>> {
    let reach = reach_within(tx, within)?;
    let rows = notices::announcements(tx.conn(), &reach, policy_document, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// How many points have read an announcement, of those that it is for now: points at work and suspended ones.
///
/// # Errors
/// There is none within reach.
pub fn receipts(tx: &mut Tx<'_, can::ReadReports>, id: Id) -> Result<Receipts> {
    let notice = get_announcement(tx, id)?;
    let top = tx.find(notice.service_point_id, service_points::find)?;
    let reach = subtree(&top.path);
    let (all, read) = (notices::standing(tx.conn(), &reach)?, notices::read_at_points(tx.conn(), id, &reach)?);
    let children = service_points::children(tx.conn(), top.id)?;
    let count = |paths: &[PointPath], top: &PointPath| {
        i64::try_from(paths.iter().filter(|path| top.contains(path)).count()).unwrap_or(i64::MAX)
    };
    let counts = |top: &PointPath| (count(&read, top), count(&all, top));
    let total = counts(&top.path);
    let by_child = children.into_iter().map(|child| (counts(&child.path), child)).map(|(n, child)| (child, n));
    Ok(Receipts { total, by_child: by_child.collect() })
}

/// Who has read an announcement, and for which point.
///
/// # Errors
/// There is none within reach.
pub fn readers(tx: &mut Tx<'_, can::ReadReports>, id: Id, want: &Want<(Id, Id)>) -> Result<Paged<Reader>> {
    get_announcement(tx, id)?;
    let reach = tx.reach()?;
    let rows = notices::readers(tx.conn(), id, &reach, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

fn subtree(top: &PointPath) -> Reach {
    Reach::new(vec![Area { path: top.clone(), extent: Extent::Subtree }])
}
