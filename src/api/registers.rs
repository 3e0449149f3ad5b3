//! What every collection has in common whose items stay and are edited as a whole: catalogues, registers, organisations, stores.

use serde::{Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Changed, Created, Identified, Item, List, Versioned},
    extract::{Body, IfMatch, Pages, PathId},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::{
        Paged, Want,
        registers::{self, Register, Row as _},
    },
    auth::{Authorized, Permission, Tx},
    db::Cost,
    domain::Id,
    error::Result,
};

/// Such a collection: the request that keeps its items.
pub(super) trait RegisterApi: Register + DeserializeOwned + ToSchema + Clone + Send + Sync + 'static {
    /// The permission to read.
    type Read: Permission;
    /// The path of the collection.
    const PATH: &'static str;
    /// What an item looks like.
    type Answer: Serialize + ToSchema + Versioned + Identified + Send + 'static;
    /// What a list is narrowed to.
    type Filters: Filters + Clone + DeserializeOwned + IntoParams + Send + Sync + 'static;

    /// The items within reach.
    fn list(tx: &mut Tx<'_, Self::Read>, filters: &Self::Filters, want: &Want<Id>) -> Result<Paged<Self::Row>>;

    /// An item as the caller sees it.
    fn answer<P: Permission>(tx: &mut Tx<'_, P>, row: Self::Row) -> Result<Self::Answer>;
}

/// The list that a cursor belongs to.
#[derive(Serialize)]
struct InCollection<F>(&'static str, F);

impl<F: Filters> Filters for InCollection<F> {
    const NAME: &'static str = F::NAME;
}

pub(super) async fn list<R: RegisterApi>(
    access: Authorized<R::Read>,
    pages: Pages<R::Filters>,
) -> Result<List<R::Answer>, Problem>
where
    R::Row: Send,
{
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let listing = &listing.with(InCollection(R::PATH, listing.filters.clone()));
        let want = page::want(tx, listing)?;
        let found = R::list(tx, &listing.filters.1, &want)?;
        let page = page::list(tx, listing, found, |row| row.kept().id, Ok)?;
        let items = page.items.into_iter().map(|row| R::answer(tx, row)).collect::<Result<_>>()?;
        Ok(List { items, next_cursor: page.next_cursor, count: page.count })
    });
    Ok(page.await?)
}

pub(super) async fn enter<R: RegisterApi>(
    access: Authorized<R::Write>,
    body: Body<R>,
) -> Result<Created<R::Answer>, Problem> {
    let made = access.write(body, |tx, request| registers::enter(tx, request)?.map(|row| R::answer(tx, row)));
    Ok(Created(made.await?, R::PATH))
}

pub(super) async fn get<R: RegisterApi>(access: Authorized<R::Read>, id: PathId) -> Result<Item<R::Answer>, Problem> {
    let item = access.read(Cost::Quick, id, |tx, id| {
        let row = tx.find(*id, R::find)?;
        R::answer(tx, row)
    });
    Ok(Item(item.await?))
}

pub(super) async fn edit<R: RegisterApi>(
    access: Authorized<R::Write>,
    id: PathId,
    version: IfMatch,
    body: Body<R>,
) -> Result<Changed<R::Answer>, Problem> {
    let item = access.write((id, version, body), |tx, (id, version, request)| {
        let row = registers::edit(tx, *id, *version, request)?;
        R::answer(tx, row)
    });
    Ok(Changed(item.await?))
}

/// The rows of the table for a collection: its request, the chapter, the last part of its path, what one and many of its items are called
/// in ids of operations, and in words.
macro_rules! register_endpoints {
    ($request:ty, $tag:literal, $collection:literal, $one:literal, $many:literal, $words:literal) => {{
        use actix_web::http::Method;
        use $crate::api::{
            endpoint::{Heading, endpoint},
            registers,
        };
        let heading = |id, summary| Heading { tag: $tag, id, summary };
        vec![
            endpoint(
                Method::GET,
                concat!("/api/v1/", $collection),
                heading(concat!("list_", $many), concat!("List each ", $words, " within reach.")),
                registers::list::<$request>,
            ),
            endpoint(
                Method::POST,
                concat!("/api/v1/", $collection),
                heading(concat!("enter_", $one), concat!("Enter one ", $words, ".")),
                registers::enter::<$request>,
            ),
            endpoint(
                Method::GET,
                concat!("/api/v1/", $collection, "/{id}"),
                heading(concat!("get_", $one), concat!("Show one ", $words, ".")),
                registers::get::<$request>,
            ),
            endpoint(
                Method::PUT,
                concat!("/api/v1/", $collection, "/{id}"),
                heading(concat!("edit_", $one), concat!("Write one ", $words, " anew: the whole of it.")),
                registers::edit::<$request>,
            ),
        ]
    }};
}
pub(super) use register_endpoints;
