//! Training sessions and attendances of the data set.

use super::{ATTENDANCES, ATTENDANCES_BY_NAME, Place, SESSIONS, catalogue::Catalogued, day, stores::Home};
use crate::{
    app::{
        ledger,
        training::{Attendances, LogAttendance, LogTrainingSession, Sessions},
    },
    auth::{Tx, can},
    demo::{Counts, dice::shared_out, sitting::By, write},
    domain::{Id, Instant, Text},
    error::{Error, Result},
};

/// So many attendances are logged in a transaction.
const AT_ONCE: usize = 3_000;

/// Holds the sessions, each at a county centre, for persons of the county.
///
/// # Errors
/// The database's own.
pub async fn hold(
    place: &mut Place<'_>,
    catalogue: &Catalogued,
    homes: &[Home],
    told: &mut dyn FnMut(Counts),
) -> Result<()> {
    let counties = &place.bureau.below;
    let weights: Vec<u64> = counties.iter().map(|county| county.below.len() as u64).collect();
    let (mut sessions, mut attended) = (Vec::new(), Vec::new());
    let shares = shared_out(SESSIONS, &weights);
    let (by_name, heads) = (even(ATTENDANCES_BY_NAME), even(ATTENDANCES - ATTENDANCES_BY_NAME));
    let mut sizes = by_name.into_iter().zip(heads);
    for (at, (county, share)) in counties.iter().zip(shares).enumerate() {
        let persons: Vec<Id> =
            homes.iter().filter(|home| home.county == at).flat_map(|home| home.persons.clone()).collect();
        for number in 0..share {
            let days = (number * 290 / share.max(1)) as u64 + place.dice.below(4) as u64;
            let on = day("2021-02-22")?.plus_days(days);
            let topic = ["store", "livestream", "photography", "logistics", "brand", "management"]
                [place.dice.weighed(&[26, 34, 14, 9, 10, 7])];
            let at = place.moment(on);
            let id = place.id(at);
            let session = LogTrainingSession {
                id: Some(id),
                service_point_id: county.point,
                name: Text::new(&format!("模拟电商培训班第{}期", number + 1)),
                topic: Text::new(topic),
                starts_on: on,
                ends_on: Some(on.plus_days(2)),
                partner_id: Some(catalogue.trainer),
                minutes: Some(18 * 60),
                note: None,
            };
            sessions.push(By(county.worker, (at, session)));
            let (named, heads) = sizes.next().unwrap_or_default();
            // Whoever comes early in the list of one session comes later in that of the next: some come twice.
            let first = place.dice.below(persons.len());
            let mut attend = |member_id: Option<Id>, heads: Option<i64>, late: i64| {
                let request = LogAttendance { id: None, session_id: id, member_id, heads, minutes: Some(18 * 60) };
                attended.push(By(county.worker, (at.plus_seconds(late), request)));
            };
            let known = named.min(persons.len());
            for number in 0..known {
                attend(persons.get((first + number) % persons.len()).copied(), None, 60 + number as i64);
            }
            let unknown = heads + named - known;
            if unknown > 0 {
                attend(None, Some(i64::try_from(unknown).map_err(Error::internal)?), 3_600);
            }
        }
    }
    told(
        write::carry_out(place.gate, place.past, sessions, |tx: &mut Tx<'_, can::LogAssistance>, by, thing, counts| {
            let (at, session): &(Instant, LogTrainingSession) = thing;
            tx.turn_to(by, *at)?;
            counts.entries += 1;
            ledger::log::<Sessions>(tx, session).map(drop)
        })
        .await?,
    );
    while !attended.is_empty() {
        let rest = attended.split_off(AT_ONCE.min(attended.len()));
        told(write::carry_out(place.gate, place.past, std::mem::replace(&mut attended, rest), attend).await?);
    }
    Ok(())
}

fn attend(
    tx: &mut Tx<'_, can::LogAssistance>,
    by: Id,
    (at, request): &(Instant, LogAttendance),
    counts: &mut Counts,
) -> Result<()> {
    tx.turn_to(by, *at)?;
    counts.entries += 1;
    ledger::log::<Attendances>(tx, request).map(drop)
}

/// A number shared out over the sessions.
fn even(total: usize) -> Vec<usize> {
    shared_out(total, &[1; SESSIONS])
}
