//! `/notices`: what the own point is told. `/reports/chase`: reminding points.

mod announcements;

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{List, Plain},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, Pages, PathId},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::notices::{self as app, Chase},
    auth::{Authorized, can},
    db::{
        Cost,
        notices::{Filter, Notice},
    },
    domain::{Id, Instant, Month, codes::NoticeKind},
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "notices", id, summary };
    let mut rows = vec![
        endpoint(
            Method::GET,
            "/api/v1/notices",
            heading("list_notices", "List what the points of the own grants are told, the newest first."),
            list,
        ),
        endpoint(
            Method::GET,
            "/api/v1/notices/unread",
            heading("count_unread_notices", "Count what has not been read."),
            unread,
        ),
        endpoint(
            Method::POST,
            "/api/v1/notices/{id}/read",
            heading(
                "read_notice",
                "Note that a notice or an announcement has been read. Doing so again changes nothing.",
            ),
            read,
        ),
        endpoint(
            Method::POST,
            "/api/v1/reports/chase",
            heading("chase_reports", "Remind points whose reports are due, each at most once for a month and day."),
            chase,
        ),
    ];
    rows.extend(announcements::endpoints());
    rows
}

/// Something that a point is told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
struct NoticeAnswer {
    /// The notice.
    id: Id,
    /// What it is about.
    kind: NoticeKind,
    /// The point that is told; for an announcement the point that it was made at, none when that lies above the own ones.
    service_point_id: Option<Id>,
    /// About the report for which month; null for an announcement.
    month: Option<Month>,
    /// About which report, if it was begun.
    report_id: Option<Id>,
    /// What is announced.
    title: Option<String>,
    /// The text of an announcement, or the reason for a return.
    body: Option<String>,
    /// The policy document that an announcement publishes.
    policy_document_id: Option<Id>,
    /// When it was sent.
    created_at: Instant,
    /// When the caller first read it; null until then.
    read_at: Option<Instant>,
}

impl NoticeAnswer {
    fn of((notice, read_at): (Notice, Option<Instant>), own: &[Id]) -> Self {
        let Notice { id, kind, month, report_id, title, body, policy_document_id, created_at, .. } = notice;
        let service_point_id = Some(notice.service_point_id).filter(|id| own.contains(id));
        Self { id, kind, service_point_id, month, report_id, title, body, policy_document_id, created_at, read_at }
    }
}

/// How much has not been read.
#[derive(Debug, Serialize, ToSchema)]
struct UnreadNotices {
    /// How much.
    unread: i64,
}

/// Whom a reminder reached.
#[derive(Debug, Serialize, ToSchema)]
struct ChasedPoints {
    /// How many points were reminded now.
    new: i64,
    /// How many had been reminded of that month today, and were not again.
    before: i64,
    /// How many need no reminding: nothing is due or expected, or the report is with the reviewer.
    not_due: i64,
}

/// What the list is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct NoticesFilters {
    /// Those that have not been read, or those that have.
    unread: Option<bool>,
    /// This kind only.
    #[param(inline)]
    kind: Option<NoticeKind>,
}

impl Filters for NoticesFilters {
    const NAME: &'static str = "notices";
}

async fn list(
    access: Authorized<can::ReadNotices>,
    pages: Pages<NoticesFilters>,
) -> Result<List<NoticeAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let filter = Filter { unread: listing.filters.unread, kind: listing.filters.kind };
        let found = app::list(tx, filter, &want)?;
        let own = app::own_ids(tx)?;
        let key = |row: &(Notice, Option<Instant>)| (row.0.created_at.unix_micros(), row.0.id);
        page::list(tx, listing, found, key, |row| Ok(NoticeAnswer::of(row, &own)))
    });
    Ok(page.await?)
}

async fn unread(access: Authorized<can::ReadNotices>) -> Result<Plain<UnreadNotices>, Problem> {
    let unread = access.read(Cost::Slow, (), |tx, ()| app::unread(tx)).await?;
    Ok(Plain(UnreadNotices { unread }))
}

async fn read(access: Authorized<can::ReadNotices>, id: PathId) -> Result<Plain<NoticeAnswer>, Problem> {
    let notice = access.write(id, |tx, id| {
        let row = app::read(tx, *id)?;
        Ok(NoticeAnswer::of(row, &app::own_ids(tx)?))
    });
    Ok(Plain(notice.await?))
}

async fn chase(access: Authorized<can::SendNotices>, body: Body<Chase>) -> Result<Plain<ChasedPoints>, Problem> {
    let app::Chased { new, before, not_due } = access.write(body, app::chase).await?;
    Ok(Plain(ChasedPoints { new, before, not_due }))
}
