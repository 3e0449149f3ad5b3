//! `/partners`, `/agreements`, `/platforms`, `/products`, `/campaigns`, `/opening-balances`, `/policy-documents`, `/projects` and
//! `/indicators`.

mod answers;
mod files;
mod works;

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

pub(super) use self::works::IndicatorAnswer;
use self::{
    answers::{AgreementAnswer, BalanceAnswer, CampaignAnswer, PartnerAnswer, PlatformAnswer, ProductAnswer},
    works::{PolicyAnswer, ProjectAnswer},
};
use super::{
    endpoint::Endpoint,
    page::Filters,
    registers::{RegisterApi, register_endpoints},
};
use crate::{
    app::{
        Paged, Want,
        catalogues::{
            self as app, KeepAgreement, KeepCampaign, KeepIndicator, KeepOpeningBalance, KeepPartner, KeepPlatform,
            KeepPolicyDocument, KeepProduct, KeepProject,
        },
    },
    auth::{Permission, Tx, can},
    db::catalogue_items::{CatalogueItem, Filter},
    domain::{Day, Id, Text, codes::Catalogue},
    error::Result,
};

macro_rules! catalogue {
    ($request:ty, $catalogue:expr, $path:literal, $answer:ty, $answered:expr) => {
        impl RegisterApi for $request {
            type Read = can::ReadCatalogues;
            const PATH: &'static str = $path;
            type Answer = $answer;
            type Filters = CatalogueFilters;

            fn list(
                tx: &mut Tx<'_, can::ReadCatalogues>,
                asked: &CatalogueFilters,
                want: &Want<Id>,
            ) -> Result<Paged<CatalogueItem>> {
                let filter = Filter {
                    service_point_id: asked.service_point_id,
                    kind: asked.kind.as_ref().map(ToString::to_string),
                    parent_id: asked.partner_id,
                    on: asked.on,
                    from: asked.from,
                    to: asked.to,
                    village_id: asked.village_id,
                };
                app::list(tx, $catalogue, &filter, want)
            }

            fn answer<P: Permission>(tx: &mut Tx<'_, P>, item: CatalogueItem) -> Result<$answer> {
                let answered: fn(&mut Tx<'_, P>, CatalogueItem) -> Result<$answer> = $answered;
                answered(tx, item)
            }
        }
    };
    ($request:ty, $catalogue:expr, $path:literal, $answer:ty) => {
        catalogue!($request, $catalogue, $path, $answer, |_, item| Ok(item.into()));
    };
}
catalogue!(KeepPartner, Catalogue::Partner, "/api/v1/partners", PartnerAnswer);
catalogue!(KeepAgreement, Catalogue::Agreement, "/api/v1/agreements", AgreementAnswer);
catalogue!(KeepPlatform, Catalogue::Platform, "/api/v1/platforms", PlatformAnswer);
catalogue!(KeepProduct, Catalogue::Product, "/api/v1/products", ProductAnswer);
catalogue!(KeepOpeningBalance, Catalogue::OpeningBalance, "/api/v1/opening-balances", BalanceAnswer);
catalogue!(KeepProject, Catalogue::Project, "/api/v1/projects", ProjectAnswer, |tx, item| {
    let (paid, villages) = (app::paid(tx.conn(), item.id, None)?, app::villages_seen(tx, &item)?);
    Ok(ProjectAnswer::of(item, paid, villages))
});
catalogue!(KeepIndicator, Catalogue::Indicator, "/api/v1/indicators", IndicatorAnswer);
catalogue!(KeepCampaign, Catalogue::Campaign, "/api/v1/campaigns", CampaignAnswer, |tx, item| {
    let overlapping = app::overlapping(tx, &item)?;
    Ok(CampaignAnswer::of(item, overlapping))
});
catalogue!(KeepPolicyDocument, Catalogue::PolicyDocument, "/api/v1/policy-documents", PolicyAnswer, |tx, item| {
    let media_type = app::media_type(tx, &item)?;
    Ok(PolicyAnswer::of(item, media_type))
});

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    macro_rules! endpoints {
        ($(($request:ty, $collection:literal, $one:literal, $many:literal, $words:literal),)+) => {
            [$(register_endpoints!($request, "catalogues", $collection, $one, $many, $words),)+].concat()
        };
    }
    let catalogues = endpoints![
        (KeepPartner, "partners", "partner", "partners", "partner"),
        (KeepAgreement, "agreements", "agreement", "agreements", "agreement with a partner"),
        (KeepPlatform, "platforms", "platform", "platforms", "platform"),
        (KeepProduct, "products", "product", "products", "product"),
        (KeepCampaign, "campaigns", "campaign", "campaigns", "sales campaign"),
        (KeepOpeningBalance, "opening-balances", "opening_balance", "opening_balances", "opening balance"),
        (KeepPolicyDocument, "policy-documents", "policy_document", "policy_documents", "policy document"),
        (KeepProject, "projects", "project", "projects", "project"),
        (KeepIndicator, "indicators", "indicator", "indicators", "external indicator"),
    ];
    [catalogues, files::endpoints()].concat()
}

/// What a list of a catalogue is narrowed to.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct CatalogueFilters {
    /// Kept by this point only.
    service_point_id: Option<Id>,
    /// Of this kind only: a code of the catalogue's own list, a product's category, the metric of an opening
    /// balance, the topic of a policy document, the source of a project's funds.
    kind: Option<Text>,
    /// Of this partner only: agreements, and platforms that it runs.
    partner_id: Option<Id>,
    /// In force on this day only.
    on: Option<Day>,
    /// Beginning on this day or later: the day on which a policy document was issued, of which an indicator tells.
    from: Option<Day>,
    /// Beginning on this day or before.
    to: Option<Day>,
    /// For this village only: projects.
    village_id: Option<Id>,
}

impl Filters for CatalogueFilters {
    const NAME: &'static str = "catalogues";
}
