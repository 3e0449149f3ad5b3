//! Households, organisations and stores of the data set.

use std::collections::HashMap;

use super::{AT_ONCE, COUNTY, HOUSEHOLDS, MEMBERS, Place, STORES, STORES_CLOSED, catalogue::Catalogued, day};
use crate::{
    app::{members::Disability, organisations::KeepOrganisation, registers, stores::KeepStore},
    auth::{Tx, can},
    demo::{
        Counts,
        dice::{Dice, shared_out},
        network::Desk,
        people::People,
        sitting::{Act, By, Sitting},
        write,
    },
    domain::{Day, Id, Instant, Text},
    error::{Error, Result},
};

/// A household of which stores and trained persons are.
#[derive(Clone, Debug)]
pub struct Home {
    /// The household.
    pub id: Id,
    /// Its grown-up members.
    pub persons: Vec<Id>,
    /// The one with a disability who works in the workshop.
    pub in_workshop: Option<Id>,
    /// The home, and the county, by its place among the counties.
    pub point: Id,
    /// See [`Self::point`].
    pub county: usize,
}

/// A store, as far as its sales need it.
#[derive(Clone, Debug)]
pub struct Shop {
    /// What was asked to enter it.
    pub kept: KeepStore,
    /// The store.
    pub id: Id,
    /// Who works at its point.
    pub worker: Id,
    /// Whether livestreams are held on its platform.
    pub live: bool,
    /// Its last day.
    pub last: Option<Day>,
    /// How much it sells.
    pub weight: u64,
}

/// Registers the households.
///
/// # Errors
/// The database's own.
pub async fn households(place: &mut Place<'_>, told: &mut dyn FnMut(Counts)) -> Result<Vec<Home>> {
    let (mut people, mut homes, mut acts, mut taken) = (People::default(), Vec::new(), Vec::new(), 0);
    let counties = &place.bureau.below;
    let weights: Vec<u64> =
        counties.iter().map(|county| county.below.len() as u64 * county.county.households).collect();
    for (at, (county, share)) in counties.iter().zip(shared_out(HOUSEHOLDS, &weights)).enumerate() {
        let villages: Vec<&Desk> = county.below.iter().flat_map(|township| &township.below).collect();
        for number in 0..share {
            let Some(desk) = villages.get(number * villages.len() / share.max(1)) else { continue };
            let on = day("2020-03-02")?.plus_days(place.dice.below(270) as u64);
            let moment = place.moment(on);
            let id = place.id(moment);
            let mut request = people.household(id, (desk.point, &desk.name), on, &mut place.dice);
            let (mut persons, mut in_workshop) = (Vec::new(), None);
            let workshop_takes = county.county.code == COUNTY && taken < MEMBERS;
            for member in &mut request.members {
                let member_id = place.id(moment);
                member.id = Some(member_id);
                // Of whose age nothing is known but that they work.
                if member.labour_skill.as_deref().is_some_and(|skill| skill != "none" && skill != "lost") {
                    persons.push(member_id);
                    if workshop_takes && in_workshop.is_none() {
                        in_workshop = Some(member_id);
                        member.disability.get_or_insert_with(|| limbs(&mut place.dice));
                        member.health = ["disabled".to_owned()].into_iter().collect();
                    }
                }
            }
            taken += usize::from(in_workshop.is_some());
            acts.push(By(desk.worker, Act::Register(moment, Box::new(request))));
            homes.push(Home { id, persons, in_workshop, point: desk.point, county: at });
        }
    }
    for chunk in acts.chunks(AT_ONCE) {
        told(write::write(place.gate, place.past, Sitting::Write(chunk.to_vec())).await?);
    }
    Ok(homes)
}

/// A disability of the limbs.
fn limbs(dice: &mut Dice) -> Disability {
    let grade = ["2", "3", "4"][dice.below(3)];
    Disability { category: Text::new("4"), grade: Text::new(grade), certificate: None }
}

/// Enters the stores.
///
/// # Errors
/// The database's own.
pub async fn enter(
    place: &mut Place<'_>,
    catalogue: &Catalogued,
    (homes, organisations): (&[Home], &HashMap<Id, Id>),
    told: &mut dyn FnMut(Counts),
) -> Result<Vec<Shop>> {
    let mut by_point: HashMap<Id, Vec<Id>> = HashMap::new();
    for home in homes {
        by_point.entry(home.point).or_default().push(home.id);
    }
    let mut shops = Vec::with_capacity(STORES + STORES_CLOSED);
    let counties = &place.bureau.below;
    let weights: Vec<u64> = counties.iter().map(|county| county.below.len() as u64 * county.county.records).collect();
    let (open, closed) = (shared_out(STORES, &weights), shared_out(STORES_CLOSED, &weights));
    for (county, (open, closed)) in counties.iter().zip(open.into_iter().zip(closed)) {
        let (first, desks) = (shops.len(), place.desks(county));
        let shares: Vec<u64> = desks.iter().map(|(_, weight)| *weight).collect();
        for ((desk, _), share) in desks.iter().zip(shared_out(open + closed, &shares)) {
            for _ in 0..share {
                let households = by_point.get(&desk.point).map_or(&[][..], Vec::as_slice);
                shops.push(shop(place, catalogue, desk, (households, organisations.get(&desk.point).copied()))?);
            }
        }
        // As many as there are to be, spread over the county.
        for number in 0..closed {
            let days = place.dice.below(300) as u64;
            let Some(shop) = shops.get_mut(first + number * (open + closed) / closed.max(1)) else { continue };
            shop.last = Some(shop.kept.opened_on.max(day("2021-01-20")?).plus_days(days).min(day("2021-12-30")?));
        }
    }
    for chunk in shops.chunks(AT_ONCE) {
        let mut acts: Vec<By<(Instant, KeepStore)>> = Vec::with_capacity(chunk.len());
        for shop in chunk {
            let at = place.moment(shop.kept.opened_on.max(day("2020-01-03")?));
            acts.push(By(shop.worker, (at, shop.kept.clone())));
        }
        told(write::carry_out(place.gate, place.past, acts, enter_store).await?);
    }
    Ok(shops)
}

fn enter_store(
    tx: &mut Tx<'_, can::LogAssistance>,
    by: Id,
    (at, store): &(Instant, KeepStore),
    counts: &mut Counts,
) -> Result<()> {
    tx.turn_to(by, *at)?;
    counts.stores += 1;
    registers::enter(tx, store).map(drop)
}

/// Enters an organisation in each township, and tells which.
///
/// # Errors
/// The database's own.
pub async fn organisations(place: &mut Place<'_>) -> Result<HashMap<Id, Id>> {
    let (mut ids, mut acts) = (HashMap::new(), Vec::new());
    for township in place.bureau.below.iter().flat_map(|county| &county.below) {
        let at = place.moment(day("2020-01-02")?);
        let id = place.id(at);
        let kind = ["cooperative", "workshop", "enterprise"][place.dice.weighed(&[60, 25, 15])];
        let organisation = KeepOrganisation {
            id: Some(id),
            service_point_id: township.point,
            kind: Text::new(kind),
            name: Text::new(&format!("模拟{}电商合作社", township.name)),
            credit_code: None,
            founded_on: Some(day("2015-01-01")?.plus_days(place.dice.below(1_500) as u64)),
            ended_on: None,
        };
        ids.insert(township.point, id);
        acts.push(By(township.worker, (at, organisation)));
    }
    let enter = |tx: &mut Tx<'_, can::LogAssistance>,
                 by: Id,
                 (at, organisation): &(Instant, KeepOrganisation),
                 _: &mut Counts| {
        tx.turn_to(by, *at)?;
        registers::enter(tx, organisation).map(drop)
    };
    write::carry_out(place.gate, place.past, acts, enter).await?;
    Ok(ids)
}

/// A store of a household of the same village, of the township's organisation, or of the point itself.
fn shop(
    place: &mut Place<'_>,
    catalogue: &Catalogued,
    desk: &Desk,
    (households, organisation): (&[Id], Option<Id>),
) -> Result<Shop> {
    let weights: Vec<u32> = catalogue.platforms.iter().map(|(_, weight, _)| *weight).collect();
    let (platform_id, _, live) = catalogue.platforms[place.dice.weighed(&weights)];
    // The network grew until it was stable: a tenth of the stores are of the last year.
    let opened_on = match place.dice.weighed(&[62, 28, 10]) {
        0 => day("2014-04-01")?.plus_days(place.dice.below(1_730) as u64),
        1 => day("2019-01-01")?.plus_days(place.dice.below(730) as u64),
        _ => day("2021-01-04")?.plus_days(place.dice.below(300) as u64),
    };
    let household = households.get(place.dice.below(households.len())).copied();
    let household_id = household.filter(|_| place.dice.often(600));
    let organisation_id = organisation.filter(|_| household_id.is_none() && place.dice.often(500));
    let id = place.id(day("2020-01-01")?.begins_at());
    let name = Text::new(&format!("模拟{}网店{}", desk.name, place.dice.among(1..=9_999)));
    let kept = KeepStore {
        id: Some(id),
        service_point_id: desk.point,
        platform_id,
        household_id,
        organisation_id,
        name,
        link: None,
        opened_on,
        closed_on: None,
    };
    let weight = [40, 120, 400, 2_500][place.dice.weighed(&[50, 34, 13, 3])] + place.dice.among(0..=60).unsigned_abs();
    Ok(Shop { kept, id, worker: desk.worker, live, last: None, weight })
}

/// Closes the stores that end, once everything of them has been logged.
///
/// # Errors
/// The database's own.
pub async fn close(place: &mut Place<'_>, shops: &[Shop], told: &mut dyn FnMut(Counts)) -> Result<()> {
    let mut acts = Vec::new();
    for (shop, last) in shops.iter().filter_map(|shop| Some((shop, shop.last?))) {
        let closed = KeepStore { closed_on: Some(last), ..shop.kept.clone() };
        acts.push(By(shop.worker, (place.moment(day("2021-12-31")?), closed)));
    }
    let edit = |tx: &mut Tx<'_, can::LogAssistance>, by: Id, (at, store): &(Instant, KeepStore), _: &mut Counts| {
        tx.turn_to(by, *at)?;
        let id = store.id.ok_or_else(|| Error::internal("a store without an id"))?;
        registers::edit(tx, id, 1, store).map(drop)
    };
    told(write::carry_out(place.gate, place.past, acts, edit).await?);
    Ok(())
}
