//! What a device of a point keeps: the households whose home it is and the records that it gave lately, first as they are, then
//! what changes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    auth::{Tx, can},
    db::{assistance_records::AssistanceRecord, audit_seals, changes as db, households::Household, service_points},
    domain::{Day, Id},
    error::Result,
};

/// How far a device has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Place {
    /// It takes the households, and has come to this one. What changes meanwhile is told after this place in the chain.
    Households {
        /// The last one that it was told of.
        after: Option<Id>,
        /// The place in the chain.
        seq: i64,
    },
    /// It takes the records given since a day, and has come to this one.
    Records {
        /// The day.
        from: Day,
        /// The last one that it was told of.
        after: Option<(Day, Id)>,
        /// The place in the chain.
        seq: i64,
    },
    /// It has everything up to this place in the chain.
    Since {
        /// The place.
        seq: i64,
    },
}

/// A household as a device keeps it.
#[derive(Clone, Debug)]
pub struct Card {
    /// The household.
    pub household: Household,
    /// The last four digits of its telephone numbers.
    pub phone_tails: Vec<String>,
}

/// Something that is, or is no more, at the point.
#[derive(Clone, Debug)]
pub enum Change {
    /// A household as it is now.
    Household(Box<Card>),
    /// A household that has its home elsewhere.
    Gone(Id),
    /// A record as it is now.
    Record(Box<AssistanceRecord>),
}

/// What is told to a device, how far it has come then, and whether more waits.
#[derive(Clone, Debug)]
pub struct Told {
    /// What is told.
    pub changes: Vec<Change>,
    /// How far the device has come.
    pub place: Place,
    /// Whether more waits.
    pub more: bool,
}

/// At most `limit` changes at a point after a place; from the beginning when there is none.
///
/// # Errors
/// The point is not within reach.
pub fn since(tx: &mut Tx<'_, can::ReadHouseholds>, point: Id, place: Option<Place>, limit: i64) -> Result<Told> {
    tx.reach()?;
    let point = tx.find(point, service_points::find).map_err(|error| error.at("service_point_id"))?.id;
    let end = audit_seals::last(tx.conn())?.map_or(0, |seal| seal.seq);
    let mut place = place.unwrap_or(Place::Households { after: None, seq: end });
    let mut changes = Vec::new();
    loop {
        let room = limit - changes.len() as i64;
        if room <= 0 {
            return Ok(Told { changes, place, more: true });
        }
        place = match place {
            Place::Households { after, seq } => {
                let homes = db::homes(tx.conn(), point, after, room)?;
                let last = homes.last().map(|household| household.id).filter(|_| homes.len() as i64 == room);
                changes.extend(cards(tx, homes)?);
                // This month and the one before: what may still be corrected on the phone.
                let from = tx.today().month().previous().first_day();
                last.map_or(Place::Records { from, after: None, seq }, |id| Place::Households { after: Some(id), seq })
            }
            Place::Records { from, after, seq } => {
                let given = db::given(tx.conn(), point, from, after, room)?;
                let last = given.last().map(|record| (record.given_on, record.id));
                let last = last.filter(|_| given.len() as i64 == room);
                changes.extend(given.into_iter().map(|record| Change::Record(Box::new(record))));
                last.map_or(Place::Since { seq }, |after| Place::Records { from, after: Some(after), seq })
            }
            Place::Since { seq } => {
                let events = db::after(tx.conn(), point, seq, room)?;
                let more = events.len() as i64 == room;
                // The snapshot holds nothing of the point between the last event and the end.
                let seq = events.last().map(|(seq, ..)| *seq).filter(|_| more).unwrap_or(end.max(seq));
                changes.extend(changed(tx, point, events)?);
                return Ok(Told { changes, place: Place::Since { seq }, more });
            }
        };
    }
}

/// What has become of the objects of some events. A household is told of by its members' events too.
fn changed(tx: &mut Tx<'_, can::ReadHouseholds>, point: Id, events: Vec<(i64, String, Id)>) -> Result<Vec<Change>> {
    let of = |kind: &str| -> Vec<Id> {
        events.iter().filter(|(_, object_type, _)| object_type == kind).map(|(.., id)| *id).collect()
    };
    let (members, records) = (of(db::MEMBER), of(db::RECORD));
    let mut households: BTreeSet<Id> = of(db::HOUSEHOLD).into_iter().collect();
    households.extend(db::households_of(tx.conn(), &members)?);
    let households: Vec<Id> = households.into_iter().collect();
    let rows = db::households(tx.conn(), &households)?;
    let (here, elsewhere): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.service_point_id == point);
    let mut changes: Vec<Change> = elsewhere.into_iter().map(|household| Change::Gone(household.id)).collect();
    changes.extend(cards(tx, here)?);
    let records: BTreeSet<Id> = records.into_iter().collect();
    let records = db::records(tx.conn(), &records.into_iter().collect::<Vec<_>>())?;
    changes.extend(records.into_iter().map(|record| Change::Record(Box::new(record))));
    Ok(changes)
}

fn cards(tx: &mut Tx<'_, can::ReadHouseholds>, households: Vec<Household>) -> Result<Vec<Change>> {
    let ids: Vec<Id> = households.iter().map(|household| household.id).collect();
    let mut tails = db::phone_tails(tx.conn(), &ids)?;
    let card = |household: Household| {
        let members = tails.remove(&household.id).unwrap_or_default();
        let mut phone_tails: Vec<String> = household.phone_tail.iter().cloned().chain(members).collect();
        phone_tails.sort();
        phone_tails.dedup();
        Change::Household(Box::new(Card { household, phone_tails }))
    };
    Ok(households.into_iter().map(card).collect())
}
