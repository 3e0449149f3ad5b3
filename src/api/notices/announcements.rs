//! `/announcements`: what is told to a point and everything below it, and who has read it.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        answer::{Created, Identified, Item, List, Plain, Versioned},
        endpoint::{Endpoint, Heading, endpoint},
        extract::{Body, Pages, PathId},
        page::{self, Filters},
        problem::Problem,
    },
    app::notices::{self as app, Announce, Receipts},
    auth::{Authorized, can},
    db::{
        Cost,
        notices::{Notice, Reader},
    },
    domain::{Id, Instant},
};

const PATH: &str = "/api/v1/announcements";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "notices", id, summary };
    vec![
        endpoint(Method::GET, PATH, heading("list_announcements", "List announcements."), list),
        endpoint(
            Method::POST,
            PATH,
            heading("announce", "Announce something to a point and everything below it."),
            announce,
        ),
        endpoint(Method::GET, "/api/v1/announcements/{id}", heading("get_announcement", "Show an announcement."), get),
        endpoint(
            Method::GET,
            "/api/v1/announcements/{id}/receipts",
            heading("get_receipts", "Show how many points have read an announcement, of those that it is for now."),
            receipts,
        ),
        endpoint(
            Method::GET,
            "/api/v1/announcements/{id}/readers",
            heading("list_readers", "List who has read an announcement, for which point, and when."),
            readers,
        ),
    ]
}

/// Something that is told to a subtree. It is for every point that lies there when it is read, those that came later too.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Announcement)]
struct AnnouncementAnswer {
    /// The announcement.
    id: Id,
    /// The top of the subtree.
    service_point_id: Id,
    /// What it is about.
    title: String,
    /// The text.
    body: String,
    /// The policy document that is published with it.
    policy_document_id: Option<Id>,
    /// When it was made.
    created_at: Instant,
}

impl From<Notice> for AnnouncementAnswer {
    fn from(notice: Notice) -> Self {
        let Notice { id, service_point_id, title, body, policy_document_id, created_at, .. } = notice;
        let (title, body) = (title.unwrap_or_default(), body.unwrap_or_default());
        Self { id, service_point_id, title, body, policy_document_id, created_at }
    }
}

impl Versioned for AnnouncementAnswer {
    fn version(&self) -> i64 {
        1
    }
}

impl Identified for AnnouncementAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

/// How many points have read an announcement: a point has, when somebody with a grant there has.
#[derive(Debug, Serialize, ToSchema)]
struct AnnouncementReceipts {
    /// How many have read it.
    read: i64,
    /// Of how many, the top itself among them; closed and planned points do not count.
    of: i64,
    /// Each point just below, with everything below that.
    by_child: Vec<ChildReceipts>,
}

/// How many points of a child's subtree have read it.
#[derive(Debug, Serialize, ToSchema)]
struct ChildReceipts {
    /// The child.
    service_point_id: Id,
    /// Its name.
    name: String,
    /// How many have read it.
    read: i64,
    /// Of how many.
    of: i64,
}

/// Somebody who has read an announcement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reader)]
struct ReaderAnswer {
    /// For which point.
    service_point_id: Id,
    /// Its name.
    name: String,
    /// The person's name.
    display_name: String,
    /// When.
    read_at: Instant,
}

/// What a list of announcements is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AnnouncementsFilters {
    /// Those made at points in the subtree of this point only.
    service_point_id: Option<Id>,
    /// Those that publish this policy document only.
    policy_document_id: Option<Id>,
}

impl Filters for AnnouncementsFilters {
    const NAME: &'static str = "announcements";
}

/// The readers of an announcement, from their beginning.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ReadersFilters {}

impl Filters for ReadersFilters {
    const NAME: &'static str = "announcement-readers";
}

/// The readers of this announcement: so that a cursor is of this list alone.
#[derive(Debug, Serialize)]
struct ReadersOf {
    announcement: Id,
}

impl Filters for ReadersOf {
    const NAME: &'static str = "announcement-readers";
}

async fn list(
    access: Authorized<can::ReadReports>,
    pages: Pages<AnnouncementsFilters>,
) -> Result<List<AnnouncementAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let found =
            app::list_announcements(tx, listing.filters.service_point_id, listing.filters.policy_document_id, &want)?;
        page::list(tx, listing, found, |notice| notice.id, |notice| Ok(notice.into()))
    });
    Ok(page.await?)
}

async fn announce(
    access: Authorized<can::SendNotices>,
    body: Body<Announce>,
) -> Result<Created<AnnouncementAnswer>, Problem> {
    let made = access.write(body, |tx, asked| app::announce(tx, asked)?.map(|notice| Ok(notice.into())));
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ReadReports>, id: PathId) -> Result<Item<AnnouncementAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| app::get_announcement(tx, *id)).await?.into()))
}

async fn receipts(access: Authorized<can::ReadReports>, id: PathId) -> Result<Plain<AnnouncementReceipts>, Problem> {
    let Receipts { total: (read, of), by_child } = access.read(Cost::Slow, id, |tx, id| app::receipts(tx, *id)).await?;
    let child = |(point, (read, of)): (crate::db::service_points::ServicePoint, (i64, i64))| ChildReceipts {
        service_point_id: point.id,
        name: point.name,
        read,
        of,
    };
    Ok(Plain(AnnouncementReceipts { read, of, by_child: by_child.into_iter().map(child).collect() }))
}

async fn readers(
    access: Authorized<can::ReadReports>,
    id: PathId,
    pages: Pages<ReadersFilters>,
) -> Result<List<ReaderAnswer>, Problem> {
    let page = access.read(Cost::Slow, (id, pages), |tx, (id, listing)| {
        let listing = listing.with(ReadersOf { announcement: *id });
        let want = page::want(tx, &listing)?;
        let found = app::readers(tx, *id, &want)?;
        page::list(
            tx,
            &listing,
            found,
            |reader| (reader.service_point_id, reader.account_id),
            |reader| {
                let Reader { service_point_id, name, display_name, read_at, .. } = reader;
                Ok(ReaderAnswer { service_point_id, name, display_name, read_at })
            },
        )
    });
    Ok(page.await?)
}
