//! `/households`: the households themselves. `acts` changes what holds of them from a day on, `file` is about the numbers
//! that name people.

mod acts;
mod file;

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Changed, Created, Identified, Item, List, Versioned},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, IfMatch, Pages, PathId},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::{
        households::{self as app, EditHousehold, RegisterHousehold},
        settled,
    },
    auth::{Authorized, Permission, Tx, can},
    db::{
        Cost,
        households::{Filter, Household},
    },
    domain::{CodeSet, Day, Id, Instant, Text, codes::HouseholdStatus, income::Income, search_keys},
    error::Result,
};

const PATH: &str = "/api/v1/households";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "households", id, summary };
    let mut rows = vec![
        endpoint(
            Method::GET,
            PATH,
            heading("list_households", "List and search households, in the order of the tree."),
            list,
        ),
        endpoint(Method::POST, PATH, heading("register_household", "Register a household with its members."), register),
        endpoint(Method::GET, "/api/v1/households/{id}", heading("get_household", "Show a household."), get),
        endpoint(Method::PATCH, "/api/v1/households/{id}", heading("edit_household", "Edit a household."), edit),
    ];
    rows.extend(acts::endpoints());
    rows.extend(file::endpoints());
    rows
}

/// A household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Household)]
pub struct HouseholdAnswer {
    /// The household.
    pub id: Id,
    /// Its home.
    pub service_point_id: Id,
    /// The name of its head; null when its identities were erased.
    pub head_name: Option<String>,
    /// Where it lives; null when its identities were erased.
    pub address: Option<String>,
    /// Its telephone number, the middle hidden.
    pub phone_masked: Option<String>,
    /// The number under which another system knows it.
    pub external_number: Option<String>,
    /// A code of the list `household_type`.
    pub household_type: String,
    /// A code of the list `monitoring_category`.
    pub monitoring_category: Option<String>,
    /// Codes of the list `risk_cause`.
    pub risk_causes: CodeSet,
    /// Whether it is still served.
    pub status: HouseholdStatus,
    /// The day of its registration.
    pub registered_on: Day,
    /// How many members are present.
    pub persons: i64,
    /// A year's income.
    pub income: Option<Income>,
    /// Net income of that year for each person, in fen.
    pub per_capita_income_fen: Option<i64>,
    /// Its consent to being registered.
    pub consent: Option<ConsentAnswer>,
    /// The day on which its identities were erased.
    pub erased_on: Option<Day>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was registered in the system.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

/// When and how a household consented to being registered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsentGiven)]
pub struct ConsentAnswer {
    /// The day.
    pub given_on: Day,
    /// A code of the list `consent_form`.
    pub how: String,
}

impl Versioned for HouseholdAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for HouseholdAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

/// A household as it is told.
///
/// # Errors
/// Its number was changed behind the program's back, or the key is another.
pub(super) fn answer<P: Permission>(tx: &Tx<'_, P>, household: Household) -> Result<HouseholdAnswer> {
    let consent = household.consent_on.zip(household.consent_form.clone());
    Ok(HouseholdAnswer {
        phone_masked: app::masked_phone(tx, &household)?,
        id: household.id,
        service_point_id: household.service_point_id,
        head_name: household.head_name,
        address: household.address,
        external_number: household.external_number,
        household_type: household.household_type,
        monitoring_category: household.monitoring_category,
        risk_causes: household.risk_causes,
        status: household.status,
        registered_on: household.registered_on,
        persons: household.persons,
        per_capita_income_fen: household.income.and_then(|income| income.per_capita_fen(household.persons)),
        income: household.income,
        consent: consent.map(|(given_on, how)| ConsentAnswer { given_on, how }),
        erased_on: household.erased_on,
        version: household.version,
        created_at: household.created_at,
        updated_at: household.updated_at,
    })
}

/// What a list of households is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct HouseholdsFilters {
    /// Homes in the subtree of this point only.
    service_point_id: Option<Id>,
    /// The beginning of a present member's name, of its pinyin or initials.
    #[param(max_length = 50)]
    q: Option<Text>,
    /// The last four digits of its telephone number, or of a present member's.
    #[param(pattern = r"^[0-9]{4}$")]
    phone_tail: Option<Text>,
    /// The number under which another system knows it.
    external_number: Option<Text>,
    /// This type only: a code of the list `household_type`.
    household_type: Option<Text>,
    /// This category only: a code of the list `monitoring_category`.
    monitoring_category: Option<Text>,
    /// With a present member who has a disability of this category: a code of the list `disability_category`.
    disability: Option<Text>,
    /// This state only.
    #[param(inline)]
    status: Option<HouseholdStatus>,
}

impl Filters for HouseholdsFilters {
    const NAME: &'static str = "households";
    const COUNTS: bool = true;
}

impl HouseholdsFilters {
    fn filter(&self) -> Filter {
        let text = |text: &Option<Text>| text.as_ref().map(ToString::to_string);
        Filter {
            prefix: self.q.as_deref().map(search_keys::normalise_query).filter(|prefix| !prefix.is_empty()),
            phone_tail: text(&self.phone_tail),
            external_number: text(&self.external_number),
            household_type: text(&self.household_type),
            monitoring_category: text(&self.monitoring_category),
            disability: text(&self.disability),
            status: self.status,
        }
    }

    /// A page of a subtree, without anything to search for, is a few look-ups.
    fn cost(pages: &Pages<Self>) -> Cost {
        let plain = |filters: &Self| {
            let searched = [&filters.q, &filters.phone_tail, &filters.external_number, &filters.household_type];
            searched.iter().all(|field| field.is_none())
                && filters.monitoring_category.is_none()
                && filters.disability.is_none()
                && filters.status.is_none()
        };
        if pages.filters().is_none_or(plain) { pages.cost() } else { Cost::Slow }
    }
}

async fn list(
    access: Authorized<can::ReadHouseholds>,
    pages: Pages<HouseholdsFilters>,
) -> Result<List<HouseholdAnswer>, Problem> {
    let page = access.read(HouseholdsFilters::cost(&pages), pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let found = app::list(tx, listing.filters.service_point_id, &listing.filters.filter(), &want)?;
        page::list(
            tx,
            listing,
            found,
            |(household, path)| (path.clone(), household.id),
            |(household, _)| answer(tx, household),
        )
    });
    Ok(page.await?)
}

async fn register(
    access: Authorized<can::WriteHouseholds>,
    body: Body<RegisterHousehold>,
) -> Result<Created<HouseholdAnswer>, Problem> {
    let made = access.write(body, |tx, request| {
        settled(app::register(tx, request)?, |made| made.map(|household| answer(tx, household)))
    });
    Ok(Created(made.await??, PATH))
}

async fn get(access: Authorized<can::ReadHouseholds>, id: PathId) -> Result<Item<HouseholdAnswer>, Problem> {
    let household = access.read(Cost::Quick, id, |tx, id| {
        let household = app::get(tx, *id)?;
        answer(tx, household)
    });
    Ok(Item(household.await?))
}

async fn edit(
    access: Authorized<can::WriteHouseholds>,
    id: PathId,
    version: IfMatch,
    body: Body<EditHousehold>,
) -> Result<Changed<HouseholdAnswer>, Problem> {
    let household = access.write((id, version, body), |tx, (id, version, request)| {
        let household = app::edit(tx, *id, *version, request)?;
        answer(tx, household)
    });
    Ok(Changed(household.await?))
}
