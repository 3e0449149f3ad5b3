//! Sales and livestreams of the data set. The amounts are shared out, so that they add up to the published sums exactly.

use super::{
    BESIDES, CONTACTLESS, DOUBLE_ELEVEN, DOUBLE_TWELVE, Detail, FESTIVAL, Place, SALES,
    catalogue::{Catalogued, county},
    day,
    stores::Shop,
};
use crate::{
    app::{
        idempotence::request_digest,
        ledger::Logbook,
        sales::{Livestreams, LogLivestream, LogSale, Sales, Seller},
    },
    auth::{Tx, can},
    demo::{Counts, dice::shared_out, sitting::By, write},
    domain::{Day, Id, Instant, Month, Text},
    error::{Error, Result},
};

/// So many entries are logged in a transaction, about.
const AT_ONCE: usize = 15_000;
/// How much is sold in each month, January first: most before the spring festival and at harvest.
const MONTHS: [u64; 12] = [110, 70, 80, 84, 92, 96, 90, 96, 112, 118, 124, 128];
/// An order is worth so much, about, in fen.
const ORDER_FEN: i64 = 8_800;

/// What one seller reports.
struct Page {
    seller: Seller,
    entries: Vec<(Instant, LogSale)>,
}

/// The sales of 2020 of the county that the case study tells of: contactless deliveries, the food festival, and all else.
///
/// # Errors
/// The database's own.
pub async fn of_2020(place: &mut Place<'_>, catalogue: &Catalogued, told: &mut dyn FnMut(Counts)) -> Result<()> {
    let desk = county(place.bureau)?;
    let [_, _, contactless, festival] = catalogue.campaigns;
    let mut entries = Vec::new();
    let spread = |first: &str, days: u64| -> Result<Vec<Day>> {
        let first = day(first)?;
        Ok((0..days).map(|offset| first.plus_days(offset)).collect())
    };
    for (days, total, channel, campaign) in [
        (spread("2020-02-01", 60)?, CONTACTLESS, "contactless", contactless),
        (spread("2020-05-25", 20)?, FESTIVAL / 4 * 3, "online", festival),
        (spread("2020-05-25", 20)?, FESTIVAL / 4, "offline", festival),
    ] {
        let weights: Vec<u64> = days.iter().map(|_| place.dice.among(60..=140).unsigned_abs()).collect();
        for (on, share) in days.into_iter().zip(shared_out(total, &weights)) {
            let product = product(place, catalogue);
            let sale =
                sale(Seller::Point(desk.point), (Some(on), None), channel, share, (Some(product), Some(campaign)))?;
            entries.push((place.moment(on), sale));
        }
    }
    for (month, share) in (1..=12).zip(shared_out(BESIDES, &MONTHS)) {
        let month: Month = format!("2020-{month:02}").parse().map_err(Error::internal)?;
        let sale = sale(Seller::Point(desk.point), (None, Some(month)), "online", share, (None, None))?;
        entries.push((place.moment(month.last_day()), sale));
    }
    entries.sort_by_key(|(at, _)| *at);
    let page = Page { seller: Seller::Point(desk.point), entries };
    told(write::carry_out(place.gate, place.past, vec![By(desk.worker, page)], log).await?);
    Ok(())
}

/// The sales of 2021 of every store: in the two campaigns by days, all else by months.
///
/// # Errors
/// The database's own.
pub async fn of_2021(
    place: &mut Place<'_>,
    catalogue: &Catalogued,
    shops: &[Shop],
    told: &mut dyn FnMut(Counts),
) -> Result<()> {
    let months = monthly(place, shops)?;
    let weights: Vec<u64> = months
        .iter()
        .map(|(at, month)| shops[*at].weight * MONTHS[(month.key() % 100 - 1).unsigned_abs() as usize])
        .collect();
    let mut by_shop: Vec<Vec<(Instant, LogSale)>> = vec![Vec::new(); shops.len()];
    for ((at, month), share) in months.iter().zip(shared_out(SALES - DOUBLE_ELEVEN - DOUBLE_TWELVE, &weights)) {
        let channel = ["online", "offline", "contactless"][place.dice.weighed(&[93, 6, 1])];
        let product = place.dice.often(930).then(|| product(place, catalogue));
        let sale = sale(Seller::Store(shops[*at].id), (None, Some(*month)), channel, share, (product, None))?;
        by_shop[*at].push((place.moment(month.last_day()), sale));
    }
    let [eleven, twelve, ..] = catalogue.campaigns;
    for (first, days, total, campaign) in
        [("2021-11-01", 11, DOUBLE_ELEVEN, eleven), ("2021-12-01", 12, DOUBLE_TWELVE, twelve)]
    {
        let first = day(first)?;
        let mut taking_part = Vec::new();
        for (at, shop) in shops.iter().enumerate() {
            let on = first.plus_days(place.dice.below(days) as u64);
            let is_open = shop.kept.opened_on <= on && shop.last.is_none_or(|last| on <= last);
            if is_open && place.dice.often(if place.detail == Detail::Monthly { 260 } else { 120 }) {
                taking_part.push((at, on));
            }
        }
        let weights: Vec<u64> = taking_part.iter().map(|(at, _)| shops[*at].weight).collect();
        for ((at, on), share) in taking_part.iter().zip(shared_out(total, &weights)) {
            let product = product(place, catalogue);
            let seller = Seller::Store(shops[*at].id);
            let sale = sale(seller, (Some(*on), None), "online", share, (Some(product), Some(campaign)))?;
            by_shop[*at].push((place.moment(*on), sale));
        }
    }
    let mut pages: Vec<By<Page>> = Vec::new();
    let mut waiting = 0;
    for (shop, mut entries) in shops.iter().zip(by_shop).filter(|(_, entries)| !entries.is_empty()) {
        entries.sort_by_key(|(at, _)| *at);
        waiting += entries.len();
        pages.push(By(shop.worker, Page { seller: Seller::Store(shop.id), entries }));
        if waiting >= AT_ONCE {
            waiting = 0;
            told(write::carry_out(place.gate, place.past, std::mem::take(&mut pages), log).await?);
        }
    }
    if !pages.is_empty() {
        told(write::carry_out(place.gate, place.past, pages, log).await?);
    }
    livestreams(place, shops, told).await
}

/// Which stores report which months: those in which they are open all along, or one of these.
fn monthly(place: &mut Place<'_>, shops: &[Shop]) -> Result<Vec<(usize, Month)>> {
    let all: Vec<Month> =
        (1..=12).map(|month| format!("2021-{month:02}").parse().map_err(Error::internal)).collect::<Result<_>>()?;
    let mut months = Vec::new();
    for (at, shop) in shops.iter().enumerate() {
        let is_open = |month: &&Month| {
            shop.kept.opened_on <= month.last_day() && shop.last.is_none_or(|last| month.first_day() <= last)
        };
        let open: Vec<Month> = all.iter().filter(is_open).copied().collect();
        // A store in ten sells nothing, and one that sells rests now and then.
        if open.is_empty() || place.dice.often(100) {
            continue;
        }
        match place.detail {
            Detail::Once => months.push((at, open[place.dice.below(open.len())])),
            Detail::Monthly => {
                months.extend(open.into_iter().filter(|_| !place.dice.often(20)).map(|month| (at, month)))
            }
        }
    }
    Ok(months)
}

fn product(place: &mut Place<'_>, catalogue: &Catalogued) -> Id {
    let weights: Vec<u32> = catalogue.products.iter().map(|(_, weight)| *weight).collect();
    catalogue.products[place.dice.weighed(&weights)].0
}

fn sale(
    seller: Seller,
    (on, month): (Option<Day>, Option<Month>),
    channel: &str,
    fen: usize,
    (product_id, campaign_id): (Option<Id>, Option<Id>),
) -> Result<LogSale> {
    let amount_fen = i64::try_from(fen).map_err(Error::internal)?;
    let (store_id, service_point_id) = match seller {
        Seller::Store(store) => (Some(store), None),
        Seller::Point(point) => (None, Some(point)),
    };
    let orders = (amount_fen / ORDER_FEN).max(1);
    let channel = Text::new(channel);
    let (id, note) = (None, None);
    Ok(LogSale {
        id,
        store_id,
        service_point_id,
        on,
        month,
        channel,
        product_id,
        campaign_id,
        orders,
        amount_fen,
        note,
    })
}

fn log(tx: &mut Tx<'_, can::LogAssistance>, by: Id, page: &Page, counts: &mut Counts) -> Result<()> {
    let Some((begin, _)) = page.entries.first() else { return Ok(()) };
    tx.turn_to(by, *begin)?;
    let mut book = Logbook::<Sales>::open(tx, page.seller)?;
    for (at, request) in &page.entries {
        tx.turn_to(by, *at)?;
        let digest = request_digest(tx, request)?;
        book.log(tx, request, digest)?;
    }
    counts.entries += page.entries.len();
    book.close(tx)
}

/// Livestreams of some of the stores on platforms that have them.
async fn livestreams(place: &mut Place<'_>, shops: &[Shop], told: &mut dyn FnMut(Counts)) -> Result<()> {
    let mut acts = Vec::new();
    for shop in shops.iter().filter(|shop| shop.live) {
        if !place.dice.often(400) {
            continue;
        }
        let first = shop.kept.opened_on.max(day("2021-01-05")?);
        let last = shop.last.unwrap_or(day("2021-12-28")?);
        let on = first.plus_days(place.dice.among(0..=last.days_since(first).max(0)).unsigned_abs());
        let orders = place.dice.among(3..=240);
        let request = LogLivestream {
            id: None,
            store_id: shop.id,
            on,
            platform_id: None,
            host_member_id: None,
            minutes: Some(place.dice.among(30..=240)),
            viewers: Some(place.dice.among(40..=9_000)),
            orders,
            amount_fen: orders * place.dice.among(4_000..=9_000),
            note: None,
        };
        acts.push(By(shop.worker, (place.moment(on), request)));
    }
    let log =
        |tx: &mut Tx<'_, can::LogAssistance>, by: Id, (at, request): &(Instant, LogLivestream), counts: &mut Counts| {
            tx.turn_to(by, *at)?;
            counts.entries += 1;
            crate::app::ledger::log::<Livestreams>(tx, request).map(drop)
        };
    told(write::carry_out(place.gate, place.past, acts, log).await?);
    Ok(())
}
