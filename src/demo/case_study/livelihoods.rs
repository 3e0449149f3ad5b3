//! The workshop with its members and their wages, households that organisations lift, policy documents, projects, and what others
//! have published.

use std::collections::HashMap;

use super::{
    MAKERS, POLICIES, Place,
    catalogue::{county, keep},
    day, enter_in_parts,
    stores::Home,
};
use crate::{
    app::{
        catalogues::{self, KeepIndicator, KeepPolicyDocument, KeepProject},
        ledger,
        livelihoods::{Benefits, KeepBenefitLink, KeepMembership, LogBenefit, LogWage, Wages},
        notices::{self, Announce},
        organisations::KeepOrganisation,
        payments::{LogPayment, Payments},
    },
    auth::{Ready, Tx, can},
    demo::{Counts, dice::shared_out, network::Desk, sitting::By, write},
    domain::{Day, Id, Instant, Month, Text},
    error::{Error, Result},
};

/// One page that says that it is simulated, for the file of a policy document.
const PAGE: &[u8] = include_bytes!("policy.pdf");

/// Enters all of it.
///
/// # Errors
/// The database's own.
pub async fn enter(
    place: &mut Place<'_>,
    homes: &[Home],
    organisations: &HashMap<Id, Id>,
    told: &mut dyn FnMut(Counts),
) -> Result<()> {
    workshop(place, homes, told).await?;
    lifted(place, homes, organisations, told).await?;
    policies(place).await?;
    projects(place, told).await?;
    indicators(place).await
}

/// The workshop: twenty make, five sell.
async fn workshop(place: &mut Place<'_>, homes: &[Home], told: &mut dyn FnMut(Counts)) -> Result<()> {
    let desk = county(place.bureau)?;
    let dawn = place.moment(day("2020-01-06")?);
    let organisation_id = place.id(dawn);
    let workshop = KeepOrganisation {
        id: Some(organisation_id),
        service_point_id: desk.point,
        kind: Text::new("workshop"),
        name: Text::new("模拟帮扶车间"),
        credit_code: None,
        founded_on: Some(day("2019-03-01")?),
        ended_on: None,
    };
    enter_in_parts(place, vec![By(desk.worker, (dawn, workshop))], told).await?;
    let (mut members, mut wages) = (Vec::new(), Vec::new());
    for (at, member_id) in homes.iter().filter_map(|home| home.in_workshop).enumerate() {
        let id = place.id(dawn);
        let role = if at < MAKERS { "maker" } else { "seller" };
        let starts_on = day("2020-12-01")?;
        let membership = KeepMembership {
            id: Some(id),
            service_point_id: desk.point,
            organisation_id,
            member_id,
            role: Text::new(role),
            starts_on,
            ends_on: None,
        };
        members.push(By(desk.worker, (place.moment(starts_on), membership)));
        for number in 1..=12 {
            let month: Month = format!("2021-{number:02}").parse().map_err(Error::internal)?;
            let amount_fen = place.dice.among(2_000..=3_000) * 100;
            let wage = LogWage { id: None, membership_id: id, month, amount_fen };
            wages.push(By(desk.worker, (place.moment(month.last_day()), wage)));
        }
    }
    enter_in_parts(place, members, told).await?;
    let log = |tx: &mut Tx<'_, can::LogAssistance>, by: Id, (at, wage): &(Instant, LogWage), counts: &mut Counts| {
        tx.turn_to(by, *at)?;
        counts.entries += 1;
        ledger::log::<Wages>(tx, wage).map(drop)
    };
    told(write::carry_out(place.gate, place.past, wages, log).await?);
    Ok(())
}

/// Each township's organisation lifts a third of the households there that are in the data set, and each of them receives something
/// in the autumn.
async fn lifted(
    place: &mut Place<'_>,
    homes: &[Home],
    organisations: &HashMap<Id, Id>,
    told: &mut dyn FnMut(Counts),
) -> Result<()> {
    let mut township_of: HashMap<Id, &Desk> = HashMap::new();
    for township in place.bureau.below.iter().flat_map(|county| &county.below) {
        township_of.extend(township.below.iter().map(|village| (village.point, township)));
    }
    let (mut links, mut benefits) = (Vec::new(), Vec::new());
    for home in homes {
        let Some(township) = township_of.get(&home.point) else { continue };
        let Some(organisation) = organisations.get(&township.point).filter(|_| place.dice.often(330)) else { continue };
        let starts_on = day("2020-12-05")?.plus_days(place.dice.below(200) as u64);
        let at = place.moment(starts_on);
        let id = place.id(at);
        let mode = ["employment", "purchase", "agency_sales", "dividend", "land_rent"]
            [place.dice.weighed(&[20, 42, 18, 12, 8])];
        let link = KeepBenefitLink {
            id: Some(id),
            service_point_id: township.point,
            store_id: None,
            organisation_id: Some(*organisation),
            household_id: home.id,
            mode: Text::new(mode),
            starts_on,
            ends_on: None,
        };
        links.push(By(township.worker, (at, link)));
        let on = day("2021-09-01")?.plus_days(place.dice.below(100) as u64);
        let amount_fen = place.dice.among(120..=4_800) * 100;
        benefits.push(By(township.worker, (place.moment(on), LogBenefit { id: None, link_id: id, on, amount_fen })));
    }
    enter_in_parts(place, links, told).await?;
    let log =
        |tx: &mut Tx<'_, can::LogAssistance>, by: Id, (at, benefit): &(Instant, LogBenefit), counts: &mut Counts| {
            tx.turn_to(by, *at)?;
            counts.entries += 1;
            ledger::log::<Benefits>(tx, benefit).map(drop)
        };
    told(write::carry_out(place.gate, place.past, benefits, log).await?);
    Ok(())
}

/// The documents of 2013 to 2020; the last one has its file, and is published to everybody.
async fn policies(place: &mut Place<'_>) -> Result<()> {
    const TOPICS: [&str; 7] =
        ["development", "organisation", "funding", "logistics", "infrastructure", "training", "brand"];
    let bureau = place.bureau;
    let dawn = place.moment(day("2020-12-30")?);
    let mut last = None;
    for (year, share) in (2013..=2020).zip(shared_out(POLICIES, &[2, 5, 7, 7, 7, 7, 6, 6])) {
        for number in 1..=share {
            let id = place.id(dawn);
            let topic = TOPICS[place.dice.below(TOPICS.len())];
            let document = KeepPolicyDocument {
                id: Some(id),
                service_point_id: bureau.point,
                name: Text::new(&format!("模拟文件：关于电子商务工作的意见（{year} 年第 {number} 件）")),
                number: Text::new(&format!("模拟电商发〔{year}〕{number}号")),
                issuer: Text::new("模拟市电子商务发展局"),
                topic: Text::new(topic),
                issued_on: issued(year, number, share)?,
                ends_on: None,
                note: None,
            };
            keep(place, bureau, dawn, document).await?;
            last = Some(id);
        }
    }
    let Some(document) = last else { return Ok(()) };
    let by = bureau.worker;
    let bring = move |tx: &mut Tx<'_, can::ManageCatalogues>, _: &()| {
        tx.turn_to(by, dawn)?;
        catalogues::bring_file(tx, document, 1, PAGE).map(drop)
    };
    place.gate.stand_in::<can::ManageCatalogues>(by, place.past).write(Ready(Ok(())), bring).await?;
    let announcement = Announce {
        id: Some(place.id(dawn)),
        service_point_id: bureau.point,
        title: Text::new("模拟公告：印发电子商务工作文件"),
        body: Text::new("请各级机构阅读并按文件执行。（模拟数据）"),
        policy_document_id: Some(document),
    };
    let announce = move |tx: &mut Tx<'_, can::SendNotices>, announcement: &Announce| {
        tx.turn_to(by, dawn)?;
        notices::announce(tx, announcement).map(drop)
    };
    place.gate.stand_in::<can::SendNotices>(by, place.past).write(Ready(Ok(announcement)), announce).await
}

/// Days of a year, spread over it.
fn issued(year: i32, number: usize, of: usize) -> Result<Day> {
    Ok(day(&format!("{year}-01-15"))?.plus_days((number * 320 / (of + 1)) as u64))
}

/// One project in each county and two of the bureau, paid in parts.
async fn projects(place: &mut Place<'_>, told: &mut dyn FnMut(Counts)) -> Result<()> {
    let bureau = place.bureau;
    let mut payments = Vec::new();
    let own = [("模拟农村宽带补贴项目", "central"), ("模拟电商公共服务体系项目", "provincial")];
    let desks = own.into_iter().map(|(name, source)| (bureau, name.to_owned(), source));
    let counties = bureau.below.iter().map(|county| (county, format!("模拟{}快递进村项目", county.name), "county"));
    let all: Vec<(&Desk, String, &str)> = desks.chain(counties).collect();
    for (desk, name, source) in all {
        let dawn = place.moment(day("2020-12-31")?);
        let project_id = place.id(dawn);
        let budget_fen = place.dice.among(80..=900) * 1_000_000;
        let villages = villages(desk);
        let project = KeepProject {
            id: Some(project_id),
            service_point_id: desk.point,
            name: Text::new(&name),
            funding_source: Text::new(source),
            budget_fen,
            starts_on: day("2021-01-01")?,
            ends_on: None,
            village_ids: villages.into_iter().take(12).collect(),
            note: None,
        };
        keep(place, desk, dawn, project).await?;
        for month in [3, 6, 9, 12] {
            let on = day(&format!("2021-{month:02}-20"))?;
            // In the end nine tenths at most.
            let amount_fen = budget_fen / 1_000 * place.dice.among(140..=225);
            let payment = LogPayment { id: None, project_id, on, amount_fen, note: None };
            payments.push(By(desk.worker, (place.moment(on), payment)));
        }
    }
    let log =
        |tx: &mut Tx<'_, can::LogAssistance>, by: Id, (at, payment): &(Instant, LogPayment), counts: &mut Counts| {
            tx.turn_to(by, *at)?;
            counts.entries += 1;
            ledger::log::<Payments>(tx, payment).map(drop)
        };
    told(write::carry_out(place.gate, place.past, payments, log).await?);
    Ok(())
}

/// The villages below a desk, in the order of the tree.
fn villages(desk: &Desk) -> Vec<Id> {
    desk.below
        .iter()
        .flat_map(|below| if below.below.is_empty() { vec![below.point] } else { villages(below) })
        .collect()
}

/// What was published about poverty, by lines that are not the same: of 2011 in the case study, of 2013 in the press.
async fn indicators(place: &mut Place<'_>) -> Result<()> {
    const OF_2011: &str = "2011 年公布的扶贫标准；与 2013 年建档立卡口径不同，两者不可相减";
    const OF_2013: &str = "2013 年建档立卡识别口径；与 2011 年口径不同，两者不可相减";
    const STUDY: &str = "案例：陇南电商扶贫";
    const PRESS: &str = "公开报道，未经核实";
    let (bureau, dawn) = (place.bureau, place.moment(day("2020-12-31")?));
    for (name, value, decimals, unit, as_of, source, definition) in [
        ("贫困人口", 130, 0, "万人以上", "2011-12-31", STUDY, OF_2011),
        ("贫困发生率", 53, 0, "%", "2011-12-31", STUDY, OF_2011),
        ("贫困人口", 8_394, 2, "万人", "2013-12-31", PRESS, OF_2013),
        ("贫困发生率", 341, 1, "%", "2013-12-31", PRESS, OF_2013),
    ] {
        let indicator = KeepIndicator {
            id: Some(place.id(dawn)),
            service_point_id: bureau.point,
            name: Text::new(name),
            value,
            decimals,
            unit: Text::new(unit),
            as_of: day(as_of)?,
            source: Text::new(source),
            definition: Text::new(definition),
        };
        keep(place, bureau, dawn, indicator).await?;
    }
    Ok(())
}
