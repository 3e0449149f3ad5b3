//! The ledgers of trade and training, and what they stand on: what was acknowledged lies there once, as it was sent last.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use terrace::domain::Id;

use super::{
    super::recount::{Book, Entry, Item, Registered, Store},
    step::{Act, Step},
};
use crate::support::Reply;

/// An entry that was acknowledged, as it was sent and as it is.
#[derive(Clone, Debug)]
pub struct Entered {
    pub sent: Value,
    now: Value,
    creator: Id,
    voided: bool,
    version: i64,
}

/// Everything that was acknowledged.
#[derive(Default)]
pub struct Ledgers {
    pub entries: BTreeMap<Id, Entered>,
    /// Stores, organisations and items of catalogues: as each was written last, and its version.
    pub wholes: BTreeMap<Id, (Value, i64)>,
}

impl Ledgers {
    /// Learns from an answer what must be there.
    pub fn learn(&mut self, step: &Step, reply: &Reply, creator: Id) {
        let sent = step.body.clone().unwrap_or_default();
        match (&step.act, reply.status) {
            (Act::LogEntry(id), 201) => {
                let kept = Entered { sent: sent.clone(), now: sent, creator, voided: false, version: 1 };
                assert!(self.entries.insert(*id, kept).is_none(), "{id} was made twice");
            }
            // Said again, and by the same person.
            (Act::LogEntry(id), 200) => {
                let kept = &self.entries[id];
                assert_eq!((&kept.sent, kept.creator), (&sent, creator));
            }
            (Act::CorrectEntry(id), 200) => {
                let kept = self.entries.get_mut(id).unwrap();
                let now = kept.now.as_object_mut().unwrap();
                // A day takes the place of a month, and a month that of a day.
                if sent.get("on").or(sent.get("month")).is_some() {
                    now.remove("on");
                    now.remove("month");
                }
                now.extend(sent.as_object().unwrap().clone());
                kept.version += 1;
                assert_eq!(reply.json()["version"], kept.version);
            }
            (Act::VoidEntry(id), 200) => {
                let kept = self.entries.get_mut(id).unwrap();
                kept.version += 1;
                assert!(!std::mem::replace(&mut kept.voided, true), "{id} was voided twice");
            }
            (Act::Enter(id), 201) => {
                assert!(self.wholes.insert(*id, (sent, 1)).is_none(), "{id} was entered twice");
            }
            (Act::Rewrite(id), 200) => {
                let (now, version) = self.wholes.get_mut(id).unwrap();
                (*now, *version) = (sent, *version + 1);
                assert_eq!(reply.json()["version"], *version);
            }
            _ => {}
        }
    }

    pub fn check(&self, book: &Book) {
        assert!(book.entries.keys().eq(self.entries.keys()), "an entry was lost or invented");
        for (id, kept) in &self.entries {
            let row = &book.entries[id];
            assert_says(&kept.now, entry_says(book, row));
            let state = if kept.voided { "voided" } else { "active" };
            assert_eq!((row.created_by, row.state.as_str()), (kept.creator, state));
            // The reason of one that was taken back goes when the household of whom it names is erased.
            let household = row.member_id.map(|member| &book.households[&book.members[&member].household_id]);
            let lifted = row.item_id.and_then(|item| book.registered[&item].household_id);
            let household = household.or(lifted.map(|lifted| &book.households[&lifted]));
            let erased = kept.voided && household.is_some_and(|household| household.erased_on.is_some());
            assert!(
                row.version == kept.version || (erased && row.version == kept.version + 1),
                "{row:?} {}",
                kept.version
            );
        }
        let mut rows = BTreeMap::<Id, (i64, Value)>::new();
        let kept = |says: Value, version| (version, says);
        rows.extend(book.stores.iter().map(|(id, row)| (*id, kept(store_says(row), row.version))));
        rows.extend(book.items.iter().map(|(id, row)| (*id, kept(item_says(row), row.version))));
        rows.extend(book.registered.iter().map(|(id, row)| (*id, kept(registered_says(row), row.version))));
        let owner = |point: Id| json!({ "service_point_id": point });
        rows.extend(book.organisations.iter().map(|(id, row)| (*id, kept(owner(row.service_point_id), row.version))));
        assert!(rows.keys().eq(self.wholes.keys()), "a store or an item was lost or invented");
        for (id, (now, version)) in &self.wholes {
            let (kept, says) = rows.remove(id).unwrap();
            assert_says(now, says);
            assert_eq!(kept, *version, "{now}");
        }
    }
}

/// Each field of a row is what was sent, or nothing where nothing was.
fn assert_says(now: &Value, says: Value) {
    for (field, value) in says.as_object().unwrap() {
        assert_eq!(value, now.get(field).unwrap_or(&Value::Null), "{field} of {now}");
    }
}

fn entry_says(book: &Book, row: &Entry) -> Value {
    let mut says = Map::new();
    let mut say = |field: &str, value: Value| drop(says.insert(field.to_owned(), value));
    match row.ledger.as_str() {
        "sale" => {
            say("store_id", json!(row.store_id));
            say("service_point_id", json!(Some(row.service_point_id).filter(|_| row.store_id.is_none())));
            say("on", json!(Some(row.on_day).filter(|_| !row.whole_month)));
            let month = row.on_day.to_string()[..7].to_owned();
            say("month", json!(Some(month).filter(|_| row.whole_month)));
            say("channel", json!(row.kind));
            say("product_id", json!(row.product_id));
            say("campaign_id", json!(row.campaign_id));
            say("orders", json!(row.quantity));
            say("amount_fen", json!(row.amount_fen));
            let platform = row.store_id.map(|store| book.stores[&store].platform_id);
            assert_eq!(row.platform_id, platform, "a sale is made where its store is");
        }
        "livestream" => {
            say("store_id", json!(row.store_id));
            say("on", json!(row.on_day));
            say("platform_id", json!(row.platform_id));
            say("orders", json!(row.quantity));
            say("amount_fen", json!(row.amount_fen));
            say("minutes", json!(row.minutes));
        }
        "training_session" => {
            say("service_point_id", json!(row.service_point_id));
            say("topic", json!(row.kind));
            say("starts_on", json!(row.on_day));
            say("ends_on", json!(row.ends_on));
            say("partner_id", json!(row.partner_id));
            say("minutes", json!(row.minutes));
        }
        "parcel" | "wage" => {
            assert!(row.whole_month);
            say("month", json!(row.on_day.to_string()[..7]));
            let item = &book.registered[&row.item_id.unwrap()];
            assert_eq!(row.member_id, item.member_id, "a wage is whose the membership is");
            if row.ledger == "parcel" {
                say("site_id", json!(item.id));
                say("direction", json!(row.kind));
                say("parcels", json!(row.quantity));
            } else {
                say("membership_id", json!(item.id));
                say("amount_fen", json!(row.amount_fen));
            }
        }
        "benefit" | "payment" => {
            say("on", json!(row.on_day));
            say("link_id", json!(row.item_id));
            say("project_id", json!(row.project_id));
            say("amount_fen", json!(row.amount_fen));
        }
        _ => {
            say("session_id", json!(row.session_id));
            say("member_id", json!(row.member_id));
            say("heads", json!(Some(row.quantity).filter(|_| row.member_id.is_none())));
            say("minutes", json!(row.minutes));
            assert!(row.member_id.is_none() || row.quantity == 1, "somebody is one");
        }
    }
    // Where an entry counts is where its store, its session, its item or its project is.
    let place = row.store_id.map(|id| book.stores[&id].service_point_id);
    let place = place.or(row.session_id.map(|id| book.entries[&id].service_point_id));
    let place = place.or(row.item_id.map(|id| book.registered[&id].service_point_id));
    let place = place.or(row.project_id.map(|id| book.items[&id].service_point_id));
    assert!(place.is_none_or(|point| point == row.service_point_id), "{row:?}");
    Value::Object(says)
}

fn store_says(row: &Store) -> Value {
    json!({
        "service_point_id": row.service_point_id, "platform_id": row.platform_id, "household_id": row.household_id,
        "organisation_id": row.organisation_id, "opened_on": row.opened_on, "closed_on": row.closed_on,
    })
}

fn item_says(row: &Item) -> Value {
    let mut says = json!({ "service_point_id": row.service_point_id });
    let fields: &[(&str, Value)] = match row.catalogue.as_str() {
        "partner" => &[("kind", json!(row.kind))],
        "agreement" => &[
            ("partner_id", json!(row.parent_id)),
            ("starts_on", json!(row.starts_on)),
            ("ends_on", json!(row.ends_on)),
        ],
        "platform" => &[("kind", json!(row.kind)), ("ends_on", json!(row.ends_on))],
        "product" => &[("category", json!(row.kind)), ("ends_on", json!(row.ends_on))],
        "campaign" => &[("starts_on", json!(row.starts_on)), ("ends_on", json!(row.ends_on))],
        "policy_document" => {
            &[("topic", json!(row.kind)), ("issued_on", json!(row.starts_on)), ("ends_on", json!(row.ends_on))]
        }
        "project" => &[
            ("funding_source", json!(row.kind)),
            ("budget_fen", json!(row.value)),
            ("starts_on", json!(row.starts_on)),
            ("ends_on", json!(row.ends_on)),
        ],
        _ => &[("metric", json!(row.kind)), ("as_of", json!(row.starts_on)), ("value", json!(row.value))],
    };
    for (field, value) in fields {
        says[*field] = value.clone();
    }
    says
}

fn registered_says(row: &Registered) -> Value {
    let mut says = json!({ "service_point_id": row.service_point_id });
    let days = [("starts_on", json!(row.starts_on)), ("ends_on", json!(row.ends_on))];
    let fields: &[(&str, Value)] = match row.register.as_str() {
        "logistics_site" => &[
            ("kind", json!(row.kind)),
            ("partner_id", json!(row.partner_id)),
            ("opened_on", json!(row.starts_on)),
            ("closed_on", json!(row.ends_on)),
        ],
        "coverage" => &[("site_id", json!(row.site_id))],
        "infrastructure" => &[("kind", json!(row.kind))],
        "membership" => &[
            ("role", json!(row.kind)),
            ("organisation_id", json!(row.organisation_id)),
            ("member_id", json!(row.member_id)),
        ],
        _ => &[
            ("mode", json!(row.kind)),
            ("store_id", json!(row.store_id)),
            ("organisation_id", json!(row.organisation_id)),
            ("household_id", json!(row.household_id)),
        ],
    };
    let days = days.iter().filter(|_| row.register != "logistics_site");
    for (field, value) in fields.iter().chain(days) {
        says[*field] = value.clone();
    }
    says
}
