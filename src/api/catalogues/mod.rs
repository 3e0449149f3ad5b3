//! `/partners`, `/agreements`, `/platforms`, `/products`, `/campaigns` and `/opening-balances`.

mod answers;

use actix_web::http::Method;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};

use self::answers::{AgreementAnswer, BalanceAnswer, CampaignAnswer, PartnerAnswer, PlatformAnswer, ProductAnswer};
use super::{
    answer::{Changed, Created, Identified, Item, List, Versioned},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, IfMatch, Pages, PathId},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::{
        catalogues::{
            self as app, KeepAgreement, KeepCampaign, KeepOpeningBalance, KeepPartner, KeepPlatform, KeepProduct,
        },
        registers::{self, Register},
    },
    auth::{Authorized, Permission, Tx, can},
    db::{
        Cost,
        catalogue_items::{CatalogueItem, Filter},
    },
    domain::{Day, Id, Text, codes::Catalogue},
    error::Result,
};

/// A catalogue as the API shows it: the request that keeps its items.
trait CatalogueApi:
    Register<Row = CatalogueItem, Write = can::ManageCatalogues>
    + DeserializeOwned
    + ToSchema
    + Clone
    + Send
    + Sync
    + 'static
{
    /// Which one.
    const CATALOGUE: Catalogue;
    /// The path of the collection.
    const PATH: &'static str;
    /// What an item looks like.
    type Answer: Serialize + ToSchema + Versioned + Identified + Send + 'static;

    /// An item as the caller sees it.
    fn answer<P: Permission>(tx: &mut Tx<'_, P>, item: CatalogueItem) -> Result<Self::Answer>;
}

/// The rows of the table for one catalogue.
macro_rules! catalogue_endpoints {
    ($request:ty, $collection:literal, $one:literal, $many:literal, $words:literal) => {{
        let heading = |id, summary| Heading { tag: "catalogues", id, summary };
        [
            endpoint(
                Method::GET,
                concat!("/api/v1/", $collection),
                heading(
                    concat!("list_", $many),
                    concat!("List each ", $words, " of the own points, of those below and above."),
                ),
                list::<$request>,
            ),
            endpoint(
                Method::POST,
                concat!("/api/v1/", $collection),
                heading(concat!("enter_", $one), concat!("Enter one ", $words, ".")),
                enter::<$request>,
            ),
            endpoint(
                Method::GET,
                concat!("/api/v1/", $collection, "/{id}"),
                heading(concat!("get_", $one), concat!("Show one ", $words, ".")),
                get::<$request>,
            ),
            endpoint(
                Method::PUT,
                concat!("/api/v1/", $collection, "/{id}"),
                heading(concat!("edit_", $one), concat!("Write one ", $words, " anew: the whole of it.")),
                edit::<$request>,
            ),
        ]
    }};
}

macro_rules! catalogue {
    ($request:ty, $catalogue:expr, $path:literal, $answer:ty) => {
        impl CatalogueApi for $request {
            const CATALOGUE: Catalogue = $catalogue;
            const PATH: &'static str = $path;
            type Answer = $answer;

            fn answer<P: Permission>(_tx: &mut Tx<'_, P>, item: CatalogueItem) -> Result<$answer> {
                Ok(item.into())
            }
        }
    };
}
catalogue!(KeepPartner, Catalogue::Partner, "/api/v1/partners", PartnerAnswer);
catalogue!(KeepAgreement, Catalogue::Agreement, "/api/v1/agreements", AgreementAnswer);
catalogue!(KeepPlatform, Catalogue::Platform, "/api/v1/platforms", PlatformAnswer);
catalogue!(KeepProduct, Catalogue::Product, "/api/v1/products", ProductAnswer);
catalogue!(KeepOpeningBalance, Catalogue::OpeningBalance, "/api/v1/opening-balances", BalanceAnswer);

impl CatalogueApi for KeepCampaign {
    const CATALOGUE: Catalogue = Catalogue::Campaign;
    const PATH: &'static str = "/api/v1/campaigns";
    type Answer = CampaignAnswer;

    fn answer<P: Permission>(tx: &mut Tx<'_, P>, item: CatalogueItem) -> Result<CampaignAnswer> {
        let overlapping = app::overlapping(tx, &item)?;
        Ok(CampaignAnswer::of(item, overlapping))
    }
}

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    [
        catalogue_endpoints!(KeepPartner, "partners", "partner", "partners", "partner"),
        catalogue_endpoints!(KeepAgreement, "agreements", "agreement", "agreements", "agreement with a partner"),
        catalogue_endpoints!(KeepPlatform, "platforms", "platform", "platforms", "platform"),
        catalogue_endpoints!(KeepProduct, "products", "product", "products", "product"),
        catalogue_endpoints!(KeepCampaign, "campaigns", "campaign", "campaigns", "sales campaign"),
        catalogue_endpoints!(
            KeepOpeningBalance,
            "opening-balances",
            "opening_balance",
            "opening_balances",
            "opening balance"
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What a list of a catalogue is narrowed to.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct CatalogueFilters {
    /// Kept by this point only.
    service_point_id: Option<Id>,
    /// Of this kind only: a code of the catalogue's own list, a product's category, the metric of an opening balance.
    kind: Option<Text>,
    /// Of this partner only: agreements, and platforms that it runs.
    partner_id: Option<Id>,
    /// In force on this day only.
    on: Option<Day>,
}

impl Filters for CatalogueFilters {
    const NAME: &'static str = "catalogues";
}

/// The list that a cursor belongs to.
#[derive(Serialize)]
struct InCatalogue(Catalogue, CatalogueFilters);

impl Filters for InCatalogue {
    const NAME: &'static str = CatalogueFilters::NAME;
}

async fn list<C: CatalogueApi>(
    access: Authorized<can::ReadCatalogues>,
    pages: Pages<CatalogueFilters>,
) -> Result<List<C::Answer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let asked = &listing.filters;
        let filter = Filter {
            service_point_id: asked.service_point_id,
            kind: asked.kind.as_ref().map(ToString::to_string),
            parent_id: asked.partner_id,
            on: asked.on,
        };
        let listing = &listing.with(InCatalogue(C::CATALOGUE, asked.clone()));
        let want = page::want(tx, listing)?;
        let found = app::list(tx, C::CATALOGUE, &filter, &want)?;
        let page = page::list(tx, listing, found, |item| item.id, Ok)?;
        let items = page.items.into_iter().map(|item| C::answer(tx, item)).collect::<Result<_>>()?;
        Ok(List { items, next_cursor: page.next_cursor, count: page.count })
    });
    Ok(page.await?)
}

async fn enter<C: CatalogueApi>(
    access: Authorized<can::ManageCatalogues>,
    body: Body<C>,
) -> Result<Created<C::Answer>, Problem> {
    let made = access.write(body, |tx, request| registers::enter(tx, request)?.map(|item| C::answer(tx, item)));
    Ok(Created(made.await?, C::PATH))
}

async fn get<C: CatalogueApi>(access: Authorized<can::ReadCatalogues>, id: PathId) -> Result<Item<C::Answer>, Problem> {
    let item = access.read(Cost::Quick, id, |tx, id| {
        let item = app::get(tx, C::CATALOGUE, *id)?;
        C::answer(tx, item)
    });
    Ok(Item(item.await?))
}

async fn edit<C: CatalogueApi>(
    access: Authorized<can::ManageCatalogues>,
    id: PathId,
    version: IfMatch,
    body: Body<C>,
) -> Result<Changed<C::Answer>, Problem> {
    let item = access.write((id, version, body), |tx, (id, version, request)| {
        let item = registers::edit(tx, *id, *version, request)?;
        C::answer(tx, item)
    });
    Ok(Changed(item.await?))
}
