//! Partners, platforms, products, campaigns and opening balances of the data set.

use super::{COUNTY, Place, SOLD_BEFORE, TRAINED_BEFORE, day};
use crate::{
    app::{
        catalogues::{KeepAgreement, KeepCampaign, KeepOpeningBalance, KeepPartner, KeepPlatform, KeepProduct},
        registers::{self, Register},
    },
    auth::{Ready, Tx, can},
    db::catalogue_items::CatalogueItem,
    demo::{dice::shared_out, network::Desk},
    domain::{Id, Instant, Text},
    error::{Error, Result},
};

/// Partners: name, kind, reach, the first year of the agreement.
const PARTNERS: [(&str, &str, &str, i32); 11] = [
    ("阿里巴巴", "platform", "national", 2014),
    ("腾讯", "platform", "national", 2016),
    ("京东", "platform", "national", 2015),
    ("拼多多", "platform", "national", 2018),
    ("快手", "platform", "national", 2019),
    ("抖音", "platform", "national", 2019),
    ("顺丰速运", "logistics", "national", 2015),
    ("德邦快递", "logistics", "national", 2016),
    ("陇南草根物流", "logistics", "local", 2015),
    ("陇南电商职业学院", "training", "local", 2015),
    ("成县核桃电商企业", "enterprise", "local", 2014),
];

/// Platforms: name, kind, the place of the partner that runs it, the weight of its stores, and whether livestreams are held on it.
const PLATFORMS: [(&str, &str, usize, u32, bool); 6] = [
    ("淘宝", "shelf", 0, 46, false),
    ("京东", "shelf", 2, 11, false),
    ("拼多多", "shelf", 3, 17, false),
    ("快手小店", "live", 4, 9, true),
    ("抖音小店", "live", 5, 11, true),
    ("微信小程序", "social", 1, 6, true),
];

/// Products: name, category, the digits of the county that they come from, the geographical indication, weight.
const PRODUCTS: [(&str, &str, &str, Option<&str>, u32); 12] = [
    ("花椒", "spice", "621202", Some("武都花椒"), 19),
    ("橄榄油", "oil", "621202", Some("武都油橄榄"), 14),
    ("核桃", "nut", "621221", Some("成县核桃"), 15),
    ("黑木耳", "fungus", "621224", Some("康县黑木耳"), 10),
    ("蜂蜜", "honey", "621228", Some("两当狼牙蜜"), 7),
    ("红芪", "medicinal", "621202", Some("米仓红芪"), 6),
    ("黄芪", "medicinal", "621223", None, 5),
    ("当归", "medicinal", "621223", Some("宕昌当归"), 5),
    ("绿茶", "tea", "621222", Some("文县绿茶"), 6),
    ("苹果", "fruit", "621226", Some("礼县苹果"), 8),
    ("竹编", "handicraft", "621202", None, 2),
    ("土豆粉条", "grain", "621225", None, 3),
];

/// What was entered.
pub struct Catalogued {
    /// Platforms, with their weights and whether livestreams are held on them.
    pub platforms: Vec<(Id, u32, bool)>,
    /// Products, with their weights.
    pub products: Vec<(Id, u32)>,
    /// The institution that trains.
    pub trainer: Id,
    /// Who runs logistics sites: two that are known everywhere, and one of the place.
    pub carriers: [Id; 3],
    /// Double Eleven, Double Twelve, the contactless months, the food festival.
    pub campaigns: [Id; 4],
}

/// Enters all of it.
///
/// # Errors
/// The database's own.
pub async fn enter(place: &mut Place<'_>) -> Result<Catalogued> {
    let bureau = place.bureau;
    let dawn = place.moment(day("2020-01-02")?);
    let text = |text: &str| Text::new(&format!("{text}（模拟）"));
    let mut partners = Vec::new();
    for (name, kind, reach, year) in PARTNERS {
        let (partner_id, agreement_id) = (place.id(dawn), place.id(dawn));
        let (kind, reach) = (Text::new(kind), Text::new(reach));
        let partner = KeepPartner {
            id: Some(partner_id),
            service_point_id: bureau.point,
            name: text(name),
            kind,
            reach,
            note: None,
        };
        keep(place, bureau, dawn, partner).await?;
        let agreement = KeepAgreement {
            id: Some(agreement_id),
            service_point_id: bureau.point,
            partner_id,
            name: text("战略合作"),
            starts_on: day(&format!("{year}-03-01"))?,
            ends_on: None,
            note: None,
        };
        keep(place, bureau, dawn, agreement).await?;
        partners.push(partner_id);
    }
    let mut platforms = Vec::new();
    for (name, kind, partner, weight, live) in PLATFORMS {
        let id = place.id(dawn);
        let platform = KeepPlatform {
            id: Some(id),
            service_point_id: bureau.point,
            name: text(name),
            kind: Text::new(kind),
            partner_id: partners.get(partner).copied(),
            ends_on: None,
            note: None,
        };
        keep(place, bureau, dawn, platform).await?;
        platforms.push((id, weight, live));
    }
    let mut products = Vec::new();
    for (name, category, county, mark, weight) in PRODUCTS {
        let id = place.id(dawn);
        let product = KeepProduct {
            id: Some(id),
            service_point_id: bureau.point,
            name: text(name),
            category: Text::new(category),
            origin_code: Some(Text::new(&format!("{county}000000"))),
            geographical_indication: mark.map(Text::new),
            ends_on: None,
            note: None,
        };
        keep(place, bureau, dawn, product).await?;
        products.push((id, weight));
    }
    let campaigns = campaigns(place, dawn).await?;
    balances(place).await?;
    let trainer = partners.get(9).copied().ok_or_else(|| Error::internal("nobody trains"))?;
    let carrier = |at: usize| partners.get(at).copied().ok_or_else(|| Error::internal("nobody carries"));
    let carriers = [carrier(6)?, carrier(7)?, carrier(8)?];
    Ok(Catalogued { platforms, products, trainer, carriers, campaigns })
}

async fn campaigns(place: &mut Place<'_>, at: Instant) -> Result<[Id; 4]> {
    let county = county(place.bureau)?;
    let mut ids = [(); 4].map(|()| place.id(at));
    let all = [
        (place.bureau, "双十一", "2021-11-01", "2021-11-11"),
        (place.bureau, "双十二", "2021-12-01", "2021-12-12"),
        (county, "无接触配送", "2020-02-01", "2020-03-31"),
        (county, "美食节", "2020-05-25", "2020-06-13"),
    ];
    for (id, (desk, name, first, last)) in ids.iter_mut().zip(all) {
        let campaign = KeepCampaign {
            id: Some(*id),
            service_point_id: desk.point,
            name: Text::new(&format!("{name}（模拟）")),
            starts_on: day(first)?,
            ends_on: day(last)?,
            note: None,
        };
        keep(place, desk, at, campaign).await?;
    }
    Ok(ids)
}

/// What was before there are rows: of sales at each county, of persons trained at the bureau.
async fn balances(place: &mut Place<'_>) -> Result<()> {
    let at = place.moment(day("2021-01-04")?);
    let bureau = place.bureau;
    let weights: Vec<u64> =
        bureau.below.iter().map(|county| county.below.len() as u64 * county.county.records).collect();
    let mut balances: Vec<(&Desk, &str, &str, i64)> = Vec::new();
    for (desk, share) in bureau.below.iter().zip(shared_out(SOLD_BEFORE, &weights)) {
        // The county that the case study tells of has rows of 2020.
        let as_of = if desk.county.code == COUNTY { "2020-01-01" } else { "2021-01-01" };
        balances.push((desk, "sales_cumulative", as_of, i64::try_from(share).map_err(Error::internal)?));
    }
    balances.push((bureau, "persons_trained_cumulative", "2021-01-01", TRAINED_BEFORE));
    for (desk, metric, as_of, value) in balances {
        let balance = KeepOpeningBalance {
            id: Some(place.id(at)),
            service_point_id: desk.point,
            metric: Text::new(metric),
            as_of: day(as_of)?,
            value,
            source: Text::new("模拟数据：系统启用前的累计数"),
        };
        keep(place, desk, at, balance).await?;
    }
    Ok(())
}

/// The county that the case study tells of.
pub fn county(bureau: &Desk) -> Result<&Desk> {
    let county = bureau.below.iter().find(|desk| desk.county.code == COUNTY);
    county.ok_or_else(|| Error::internal("the tree has no such county"))
}

/// Enters one item, as who keeps the catalogue there.
///
/// # Errors
/// The database's own.
pub async fn keep<R>(place: &Place<'_>, desk: &Desk, at: Instant, item: R) -> Result<()>
where
    R: Register<Row = CatalogueItem, Write = can::ManageCatalogues> + Send + Sync + 'static,
{
    let by = desk.worker;
    let enter = move |tx: &mut Tx<'_, can::ManageCatalogues>, item: &R| {
        tx.turn_to(by, at)?;
        registers::enter(tx, item).map(drop)
    };
    place.gate.stand_in::<can::ManageCatalogues>(by, place.past).write(Ready(Ok(item)), enter).await
}
