//! Express stations, the villages that they cover, what villages are equipped with, and parcels.

use super::{BROADBAND, COVERED, Detail, MOBILE, PAVED, Place, STATIONS, catalogue::Catalogued, day, enter_in_parts};
use crate::{
    app::{
        ledger,
        logistics::{KeepCoverage, KeepInfrastructure, KeepSite, LogParcels, ParcelBook},
    },
    auth::{Tx, can},
    demo::{Counts, dice::shared_out, network::Desk, sitting::By, write},
    domain::{Id, Instant, Month, Text},
    error::{Error, Result},
};

/// So many entries are logged in a transaction.
const AT_ONCE: usize = 5_000;

/// Enters all of it.
///
/// # Errors
/// The database's own.
pub async fn enter(place: &mut Place<'_>, catalogue: &Catalogued, told: &mut dyn FnMut(Counts)) -> Result<()> {
    let townships: Vec<&Desk> = place.bureau.below.iter().flat_map(|county| &county.below).collect();
    let weights: Vec<u64> = townships.iter().map(|township| township.below.len() as u64).collect();
    // Each township has one, and the larger ones more.
    let shares = shared_out(STATIONS - townships.len(), &weights).into_iter().map(|more| more + 1);
    let covered = chosen(COVERED, weights.iter().sum::<u64>() as usize);
    let (mut sites, mut coverages, mut workers) = (Vec::new(), Vec::new(), Vec::new());
    let mut number = 0;
    for (township, share) in townships.iter().zip(shares) {
        let mut own = Vec::new();
        for station in 0..share {
            let (site, worker) = site(place, catalogue, township, station)?;
            own.extend(site.id);
            workers.push((worker, site.id.ok_or_else(|| Error::internal("a site without an id"))?, site.opened_on));
            sites.push(By(worker, (place.moment(site.opened_on.max(day("2020-01-03")?)), site)));
        }
        for (at, village) in township.below.iter().enumerate() {
            number += 1;
            if !covered(number - 1) || own.is_empty() {
                continue;
            }
            // One village in seven is served by two stations, and counts once all the same.
            let stations = if own.len() > 1 && place.dice.often(140) { 2 } else { 1 };
            for station in 0..stations {
                let starts_on = day("2018-03-01")?.plus_days(place.dice.below(1_200) as u64);
                let coverage = KeepCoverage {
                    id: None,
                    service_point_id: village.point,
                    site_id: own[(at + station) % own.len()],
                    starts_on,
                    ends_on: None,
                };
                coverages.push(By(township.worker, (place.moment(starts_on.max(day("2020-01-04")?)), coverage)));
            }
        }
    }
    enter_in_parts(place, sites, told).await?;
    enter_in_parts(place, coverages, told).await?;
    infrastructure(place, &townships, told).await?;
    parcels(place, &workers, told).await
}

/// A station of a township: the first one in its own house, the others in villages.
fn site(place: &mut Place<'_>, catalogue: &Catalogued, township: &Desk, station: usize) -> Result<(KeepSite, Id)> {
    let desk = match station.checked_sub(1) {
        Some(at) if !township.below.is_empty() => &township.below[at % township.below.len()],
        _ => township,
    };
    let opened_on = day("2014-05-01")?.plus_days(place.dice.below(1_300) as u64);
    let id = place.id(day("2020-01-01")?.begins_at());
    let name = Text::new(&format!("模拟{}快递服务站{}", desk.name, station + 1));
    let partner_id = catalogue.carriers[place.dice.weighed(&[24, 12, 64])];
    let kind = Text::new("express_station");
    let site =
        KeepSite { id: Some(id), service_point_id: desk.point, kind, name, partner_id, opened_on, closed_on: None };
    Ok((site, desk.worker))
}

/// Whether a village, by its place among all, is one of so many that are spread evenly.
fn chosen(many: usize, all: usize) -> impl Fn(usize) -> bool {
    move |at| (at + 1) * many / all > at * many / all
}

async fn infrastructure(place: &mut Place<'_>, townships: &[&Desk], told: &mut dyn FnMut(Counts)) -> Result<()> {
    let villages: Vec<&Desk> = townships.iter().flat_map(|township| &township.below).collect();
    let mut acts = Vec::new();
    for (kind, many, first) in [
        ("broadband", BROADBAND, "2015-06-01"),
        ("mobile_network", MOBILE, "2016-06-01"),
        ("paved_road", PAVED, "2014-06-01"),
    ] {
        let has = chosen(many, villages.len());
        for (at, village) in villages.iter().enumerate().filter(|(at, _)| has(*at)) {
            let days = (at * 7 + place.dice.below(400)) % 1_900;
            let starts_on = day(first)?.plus_days(days as u64);
            let item = KeepInfrastructure {
                id: None,
                service_point_id: village.point,
                kind: Text::new(kind),
                starts_on,
                ends_on: None,
                source: Some(Text::new("模拟数据")),
            };
            acts.push(By(village.worker, (place.moment(starts_on.max(day("2020-01-04")?)), item)));
        }
    }
    enter_in_parts(place, acts, told).await
}

/// What came and went in 2021: each month, or in one.
async fn parcels(
    place: &mut Place<'_>,
    sites: &[(Id, Id, crate::domain::Day)],
    told: &mut dyn FnMut(Counts),
) -> Result<()> {
    let mut acts: Vec<By<(Instant, LogParcels)>> = Vec::new();
    for (worker, site_id, _) in sites {
        let months = match place.detail {
            Detail::Monthly => 1..=12,
            Detail::Once => 11..=11,
        };
        let busy = place.dice.among(1..=9);
        for number in months {
            let month: Month = format!("2021-{number:02}").parse().map_err(Error::internal)?;
            for (direction, scale) in [("in", 190), ("out", 120)] {
                let parcels = busy * place.dice.among(scale / 2..=scale);
                let direction = Text::new(direction);
                let log = LogParcels { id: None, site_id: *site_id, month, direction, parcels };
                acts.push(By(*worker, (place.moment(month.last_day()), log)));
            }
        }
    }
    let log = |tx: &mut Tx<'_, can::LogAssistance>, by: Id, (at, log): &(Instant, LogParcels), counts: &mut Counts| {
        tx.turn_to(by, *at)?;
        counts.entries += 1;
        ledger::log::<ParcelBook>(tx, log).map(drop)
    };
    while !acts.is_empty() {
        let rest = acts.split_off(AT_ONCE.min(acts.len()));
        told(write::carry_out(place.gate, place.past, std::mem::replace(&mut acts, rest), log).await?);
    }
    Ok(())
}
