//! The end: what the clients were told, against what the server says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use terrace::domain::Id;

use crate::{
    acts::{Book, Doubt, Record},
    desk::Desk,
    http::{Call, Http},
    office::{Office, id},
};

/// Looks whether something happened that nobody was told of, and enters it in the book if so.
pub fn settle(office: &Office, book: &mut Book, doubt: Doubt) -> bool {
    let mut http = office.connect();
    let happened = match doubt.call.version {
        None => match http.send(&Call::get(&doubt.look)).unwrap() {
            reply if reply.status == 200 => true,
            reply => {
                assert_eq!(reply.status, 404, "{doubt:?}: {}", reply.body);
                false
            }
        },
        Some(version) => {
            let now = http.get(&doubt.look)["version"].as_i64().unwrap();
            assert!(now == version || now == version + 1, "it happened more than once, {now}: {doubt:?}");
            now > version
        }
    };
    if happened {
        book.enter(doubt.effect);
    }
    happened
}

/// Fails the test unless everything in the book is there as it says, and nothing else.
pub fn everything(office: &Office, desk: &Desk, book: &Book) {
    let mut http = office.connect();
    households(&mut http, book);
    records(&mut http, office, book);
    requests(&mut http, book);
    for point in office.villages.iter().chain([&office.bureau]) {
        statistics(&mut http, office, *point, book);
    }
    events(desk, book);
}

fn households(http: &mut Http, book: &Book) {
    let listed = all_pages(http, "/households?count=true");
    same_ids(&listed, book.households.keys());
    for household in book.households.values() {
        let path = format!("/households/{}", household.id);
        let mut expected = household.fixed.clone();
        expected["service_point_id"] = json!(household.home);
        expected["persons"] = json!(household.members.len());
        expected["version"] = json!(household.version);
        says(&http.get(&path), &expected);
        says(listed.iter().find(|listed| listed["id"] == expected["id"]).unwrap(), &expected);
        let members = items(&http.get(&format!("{path}/members")));
        same_ids(&members, household.members.iter().map(|member| &member.0));
        for member in &household.members {
            says(members.iter().find(|listed| listed["id"] == json!(member.0)).unwrap(), &member.1);
        }
        let last = items(&http.get(&format!("{path}/history"))).pop().unwrap();
        says(&last, &json!({ "service_point_id": household.home, "status": "active", "valid_to": null }));
    }
}

fn records(http: &mut Http, office: &Office, book: &Book) {
    let window = format!("from={}&to={}", office.today.minus_days(200), office.today);
    same_ids(&all_pages(http, &format!("/assistance-records?{window}")), book.records.keys());
    for record in book.records.values() {
        let path = format!("/assistance-records/{}", record.id);
        let mut expected = record.now().clone();
        let reason = expected.as_object_mut().unwrap().remove("reason").unwrap();
        expected["void_reason"] = if record.counts() { Value::Null } else { reason };
        expected["household_id"] = json!(record.household);
        expected["member_id"] = json!(record.member);
        expected["service_point_id"] = json!(record.giver);
        expected["version"] = json!(record.version());
        says(&http.get(&path), &expected);
        let versions = items(&http.get(&format!("{path}/versions")));
        assert_eq!(versions.len(), record.versions.len(), "{path}: {versions:?}");
        for (number, (version, said)) in versions.iter().zip(&record.versions).enumerate() {
            assert_eq!(version["version"], json!(number + 1), "{path}");
            says(version, said);
        }
    }
}

/// A granted request and the move of its household are one thing: the book has both or neither.
fn requests(http: &mut Http, book: &Book) {
    same_ids(&all_pages(http, "/transfer-requests"), book.requests.keys());
    for request in book.requests.values() {
        let (state, version) = if request.granted.is_some() { ("accepted", 2) } else { ("pending", 1) };
        let expected = json!({
            "household_id": request.household, "service_point_id": request.to, "state": state, "version": version,
            "effective_on": request.granted,
        });
        says(&http.get(&format!("/transfer-requests/{}", request.id)), &expected);
    }
}

/// The counts of all time, of a village or of everything.
fn statistics(http: &mut Http, office: &Office, point: Id, book: &Book) {
    let here = |at: Id| point == office.bureau || point == at;
    let homes: Vec<_> = book.households.values().filter(|household| here(household.home)).collect();
    let counted: Vec<&Record> = book.records.values().filter(|record| record.counts()).collect();
    let given: Vec<&Record> = counted.iter().copied().filter(|record| here(record.giver)).collect();
    let sum = |field: &str| given.iter().filter_map(|record| record.now()[field].as_i64()).sum::<i64>();
    // By kind: records given, and households at home here that were given any by anybody.
    let (mut records, mut households) = (BTreeMap::<&str, usize>::new(), BTreeMap::<&str, BTreeSet<Id>>::new());
    for record in &given {
        *records.entry(record.kind()).or_default() += 1;
    }
    for record in counted.iter().filter(|record| here(book.households[&record.household].home)) {
        households.entry(record.kind()).or_default().insert(record.household);
    }
    let assisted: BTreeSet<Id> = households.values().flatten().copied().collect();
    let households = households.into_iter().map(|(kind, ids)| (kind, ids.len())).collect();
    let expected = [
        ("assistance_count", json!(given.len())),
        ("assistance_quantity", json!(sum("quantity"))),
        ("assistance_amount", json!(sum("amount_fen"))),
        ("households", json!(homes.len())),
        ("households_registered", json!(homes.len())),
        ("persons", json!(homes.iter().map(|household| household.members.len()).sum::<usize>())),
        ("households_assisted", json!(assisted.len())),
    ];
    let told = http.get(&format!("/service-points/{point}/statistics?period=all"));
    let figures = items(&told);
    let figure = |metric: &str| figures.iter().find(|figure| figure["metric"] == metric).unwrap();
    for (metric, value) in &expected {
        assert_eq!(figure(metric)["total"], *value, "{metric} of {point}: {told}");
    }
    for (metric, expected) in [("assistance_count", records), ("households_assisted", households)] {
        let rows = items_of(&figure(metric)["by_kind"]);
        let told: BTreeMap<&str, usize> = rows
            .iter()
            .map(|row| (row["kind"].as_str().unwrap(), row["value"].as_u64().unwrap().try_into().unwrap()))
            .collect();
        assert_eq!(told, expected, "{metric} of {point} by kind");
    }
}

/// One event for each thing that was done: a repeated request did nothing.
fn events(desk: &Desk, book: &Book) {
    let households = book.households.values();
    let moves: i64 = households.clone().map(|household| household.version - 1).sum();
    let members: usize = households.map(|household| household.members.len()).sum();
    let voided = book.records.values().filter(|record| !record.counts()).count();
    let changes: usize = book.records.values().map(|record| record.versions.len() - 1).sum();
    let granted = book.requests.values().filter(|request| request.granted.is_some()).count();
    let expected = [
        ("household.register", book.households.len()),
        ("household_member.add", members),
        ("household.transfer", moves.try_into().unwrap()),
        ("transfer_request.make", book.requests.len()),
        ("transfer_request.accept", granted),
        ("assistance_record.log", book.records.len()),
        ("assistance_record.correct", changes - voided),
        ("assistance_record.void", voided),
    ];
    for (action, n) in expected {
        let query = format!("SELECT count(*) AS n FROM audit_events WHERE action = '{action}'");
        assert_eq!(desk.count(&query), i64::try_from(n).unwrap(), "events of {action}");
    }
}

/// Everything that a list has; its count, where it tells one, is the number of them.
fn all_pages(http: &mut Http, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    let joint = if path.contains('?') { '&' } else { '?' };
    loop {
        let page = http.get(&format!("{path}{joint}limit=200{cursor}"));
        rows.extend(items(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => {
                assert!(page["count"].as_u64().is_none_or(|count| count == rows.len() as u64), "{path}");
                return rows;
            }
        }
    }
}

fn items(list: &Value) -> Vec<Value> {
    items_of(&list["items"]).to_vec()
}

fn items_of(items: &Value) -> &[Value] {
    items.as_array().unwrap_or_else(|| panic!("no list: {items}"))
}

/// Each of these once, and nothing else.
#[track_caller]
fn same_ids<'a>(listed: &[Value], known: impl Iterator<Item = &'a Id>) {
    let mut listed: Vec<Id> = listed.iter().map(|row| id(&row["id"])).collect();
    let mut known: Vec<Id> = known.copied().collect();
    listed.sort();
    known.sort();
    let missing: Vec<&Id> = known.iter().filter(|id| !listed.contains(id)).collect();
    assert!(listed == known, "{} listed, {} known; missing: {missing:?}", listed.len(), known.len());
}

/// Everything that is expected stands there.
#[track_caller]
fn says(told: &Value, expected: &Value) {
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(told.get(name), Some(value), "{name} of {told}, expected {expected}");
    }
}
