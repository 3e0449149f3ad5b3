//! A device's queue: nothing is lost and nothing is double, however it is sent.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{change, item, outcomes, record, send};
use crate::{
    audit::events,
    on_both,
    support::{Actor, TestApp, household, identity_number, member},
};

/// Another seed gives other deliveries; a failure is reproduced by the seed that stands here.
const SEED: u64 = 8_861;
const DELIVERIES: usize = 24;

/// What a worker did in a day without network.
struct Day {
    items: Vec<Value>,
    /// Those that can never go through.
    refused: BTreeSet<usize>,
    household: Value,
    corrected: Value,
    voided: Value,
    nowhere: Vec<Value>,
}

fn a_day(app: &TestApp, village: Id, known: Id, foreign: Id) -> Day {
    let mut family = household(village);
    family["id"] = json!(app.edge.new_id());
    let registered = item(app, "register_household", &[], family.clone());
    let first = item(app, "log_assistance", &[&registered], record(app, &family["id"], village));
    let second = item(app, "log_assistance", &[], record(app, &json!(known), village));
    let why = |fields: Value| {
        let mut fields = fields;
        fields["reason"] = json!("模拟：数错了");
        fields
    };
    let more = change(app, "correct_assistance", &[&first], &first, 1, why(json!({ "quantity": 5 })));
    let dearer = change(app, "correct_assistance", &[&more], &first, 2, why(json!({ "amount_fen": 4500 })));
    let void = change(app, "void_assistance", &[&second], &second, 1, why(json!({})));
    // A household of another village, a correction of what is refused, and a day that has not come.
    let outside = item(app, "log_assistance", &[], record(app, &json!(foreign), village));
    let hanging = change(app, "correct_assistance", &[&outside], &outside, 1, why(json!({ "quantity": 2 })));
    let mut early = record(app, &json!(known), village);
    early["given_on"] = json!(app.today().plus_days(1));
    let early = item(app, "log_assistance", &[], early);
    Day {
        household: family["id"].clone(),
        corrected: first["content"]["id"].clone(),
        voided: second["content"]["id"].clone(),
        nowhere: vec![outside["content"]["id"].clone(), early["content"]["id"].clone()],
        items: vec![registered, first, second, more, dearer, void, outside, hanging, early],
        refused: [6, 8].into(),
    }
}

/// What the device knows of its items, from the replies that reached it.
#[derive(Default)]
struct Known {
    receipts: BTreeMap<usize, Value>,
    refused: BTreeSet<usize>,
}

impl Known {
    /// Learns from a reply: an item is never done and refused, and has one receipt for ever.
    fn learn(&mut self, day: &Day, reply: &Value) {
        for told in reply["items"].as_array().unwrap() {
            let at = day.items.iter().position(|item| item["id"] == told["id"]).unwrap();
            match told["outcome"].as_str().unwrap() {
                "done" => {
                    assert!(!self.refused.contains(&at), "{told}");
                    let receipt = self.receipts.entry(at).or_insert_with(|| told["receipt"].clone());
                    assert_eq!(*receipt, told["receipt"], "another receipt");
                }
                "refused" => {
                    assert!(day.refused.contains(&at), "{told}");
                    self.refused.insert(at);
                }
                _ => assert_eq!(told["problem"]["code"], "dependency.missing", "{told}"),
            }
        }
    }

    fn waits(&self, at: usize) -> bool {
        !self.receipts.contains_key(&at) && !self.refused.contains(&at)
    }
}

/// Sends the day's items in an order of the dice, some of them together, some twice at once, with replies that get lost.
async fn deliver(app: &TestApp, worker: &Actor, day: &Day, dice: &mut StdRng) {
    let mut known = Known::default();
    // What hangs on a refused item waits for ever; the device shows it beside that one.
    let hanging = 7;
    for round in 0.. {
        assert!(round < 400, "the queue does not come to an end");
        let left: Vec<usize> = (0..day.items.len()).filter(|at| known.waits(*at)).collect();
        if left.iter().all(|at| *at == hanging) {
            return;
        }
        // Whoever lost a reply sends what has been received as well.
        let mut chosen: Vec<usize> =
            (0..day.items.len()).filter(|at| dice.gen_bool(if left.contains(at) { 0.5 } else { 0.15 })).collect();
        chosen.shuffle(dice);
        if chosen.is_empty() {
            continue;
        }
        let items: Vec<&Value> = chosen.iter().map(|at| &day.items[*at]).collect();
        let at_once = if dice.gen_bool(0.25) { 2 } else { 1 };
        for reply in join_all((0..at_once).map(|_| send(app, worker, &items))).await {
            let told = reply.expect(200).json();
            if dice.gen_bool(0.6) {
                known.learn(day, &told);
            }
        }
    }
}

/// What the server holds of the day in the end.
async fn held(app: &TestApp, worker: &Actor, day: &Day) -> Value {
    let get = async |path: String| app.get(worker, &path).await;
    let text = |id: &Value| id.as_str().unwrap().to_owned();
    let of_record = async |id: &Value| {
        let told = get(format!("/api/v1/assistance-records/{}", text(id))).await.expect(200).json();
        let versions = get(format!("/api/v1/assistance-records/{}/versions", text(id))).await.expect(200).json();
        json!([
            told["quantity"],
            told["amount_fen"],
            told["state"],
            told["version"],
            versions["items"].as_array().unwrap().len()
        ])
    };
    for id in &day.nowhere {
        get(format!("/api/v1/assistance-records/{}", text(id))).await.expect(404);
    }
    let family = get(format!("/api/v1/households/{}", text(&day.household))).await.expect(200).json();
    let told = events(&mut app.conn());
    let of = |id: &Value| told.iter().filter(|event| event.object_id.to_string() == text(id)).count();
    json!({
        "household": [family["persons"], family["version"], of(&day.household)],
        "corrected": [of_record(&day.corrected).await, of(&day.corrected)],
        "voided": [of_record(&day.voided).await, of(&day.voided)],
    })
}

async fn figures(app: &TestApp, reader: &Actor, point: Id) -> Vec<i64> {
    let month = app.today().month();
    let path = format!(
        "/api/v1/service-points/{point}/statistics?period={month}&metrics=assistance_count,assistance_amount,households"
    );
    let told = app.get(reader, &path).await.expect(200).json();
    told["items"].as_array().unwrap().iter().map(|item| item["total"].as_i64().unwrap()).collect()
}

on_both! {
    /// Every order, every repetition, at once or with lost replies: the state is the one that the day's own order gives, each
    /// thing is there once, and each item has one receipt.
    async fn every_delivery_of_a_queue_gives_the_same_state(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        let neighbour = app.actor(&[(Role::Worker, network.id("c2t1v1"))]);
        let foreign = app.post(&neighbour, "/api/v1/households", &household(network.id("c2t1v1"))).await.expect(201).id();
        let mut dice = StdRng::seed_from_u64(SEED);
        let mut first = None;
        for delivery in 0..DELIVERIES {
            let worker = app.actor(&[(Role::Worker, village)]);
            let known = app.post(&worker, "/api/v1/households", &household(village)).await.expect(201).id();
            let day = a_day(&app, village, known, foreign);
            let before = figures(&app, &manager, village).await;
            if delivery == 0 {
                // In the day's own order, one by one.
                for item in &day.items {
                    send(&app, &worker, &[item]).await.expect(200);
                }
            } else {
                deliver(&app, &worker, &day, &mut dice).await;
            }
            let state = held(&app, &worker, &day).await;
            assert_eq!(&state, first.get_or_insert(state.clone()), "delivery {delivery}");
            let after = figures(&app, &manager, village).await;
            let moved: Vec<i64> = before.iter().zip(&after).map(|(before, after)| after - before).collect();
            assert_eq!(moved, [1, 4500, 1], "delivery {delivery}");
        }
        assert_eq!(
            first.unwrap(),
            json!({
                "household": [1, 1, 1],
                "corrected": [[5, 4500, "active", 3, 3], 3],
                "voided": [[1, null, "voided", 2, 2], 2],
            }),
        );
    }

    /// A whole day in one batch, backwards: what is waited for is carried out first.
    async fn a_batch_is_carried_out_in_the_order_of_what_waits_for_what(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, village)]);
        let known = app.post(&worker, "/api/v1/households", &household(village)).await.expect(201).id();
        let mut day = a_day(&app, village, known, app.edge.new_id());
        day.items.reverse();
        let reply = send(&app, &worker, &day.items.iter().collect::<Vec<_>>()).await.expect(200);
        let wanted = [
            "refused request.invalid", "waiting dependency.missing", "refused resource.not_found",
            "done", "done", "done", "done", "done", "done",
        ];
        assert_eq!(outcomes(&reply), wanted);
    }

    /// Twenty sendings of an item at the same moment: one record, one receipt.
    async fn twenty_at_once_are_one(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, village)]);
        let known = app.post(&worker, "/api/v1/households", &household(village)).await.expect(201).id();
        let log = item(&app, "log_assistance", &[], record(&app, &json!(known), village));
        let more = json!({ "quantity": 7, "reason": "模拟" });
        let correct = change(&app, "correct_assistance", &[&log], &log, 1, more);
        for item in [&log, &correct] {
            let items = [item];
            let replies = join_all((0..20).map(|_| send(&app, &worker, &items))).await;
            let told: BTreeSet<String> = replies.iter().map(|reply| reply.json()["items"][0]["receipt"].to_string()).collect();
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(!told.contains("null"));
        }
        let path = format!("/api/v1/assistance-records/{}", log["content"]["id"].as_str().unwrap());
        let record = app.get(&worker, &path).await.expect(200).json();
        assert_eq!((record["quantity"].as_i64(), record["version"].as_i64()), (Some(7), Some(2)));
    }

    /// An id is its account's own; with other content it is refused, and the first stays.
    async fn an_item_keeps_its_content_and_its_account(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let (worker, other) = (app.actor(&[(Role::Worker, village)]), app.actor(&[(Role::Worker, village)]));
        let known = app.post(&worker, "/api/v1/households", &household(village)).await.expect(201).id();
        let log = item(&app, "log_assistance", &[], record(&app, &json!(known), village));
        send(&app, &worker, &[&log]).await.expect(200);
        let mut changed = log.clone();
        changed["content"]["quantity"] = json!(9);
        assert_eq!(outcomes(&send(&app, &worker, &[&changed, &log]).await), ["refused id.taken", "done"]);
        // Another account's item of the same id is another item; what it waits for are items of its own.
        let mut theirs = item(&app, "log_assistance", &[], record(&app, &json!(known), village));
        theirs["id"] = log["id"].clone();
        let waiting = item(&app, "log_assistance", &[&log], record(&app, &json!(known), village));
        assert_eq!(outcomes(&send(&app, &other, &[&waiting]).await), ["waiting dependency.missing"]);
        assert_eq!(outcomes(&send(&app, &other, &[&theirs]).await), ["done"]);
        assert_eq!(outcomes(&send(&app, &other, &[&waiting]).await), ["done"]);
    }

    /// A household that was moved away meanwhile: the entry is refused with its reason, and nothing of it is written.
    async fn a_household_moved_meanwhile_is_told(app: TestApp) {
        let network = app.network().await;
        let (village, elsewhere) = (network.id("c1t1v1"), network.id("c2t1v1"));
        let worker = app.actor(&[(Role::Worker, village)]);
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        let known = app.post(&worker, "/api/v1/households", &household(village)).await.expect(201).id();
        let log = item(&app, "log_assistance", &[], record(&app, &json!(known), village));
        let transfer = json!({ "service_point_id": elsewhere, "reason": "模拟搬迁" });
        app.post_to(&manager, &format!("/api/v1/households/{known}/transfer"), 1, Some(&transfer)).await.expect(200);
        let reply = send(&app, &worker, &[&log]).await.expect(200);
        assert_eq!(outcomes(&reply), ["refused resource.not_found"]);
        assert_eq!(reply.json()["items"][0]["problem"]["errors"][0]["pointer"], "/household_id");
        assert_eq!(figures(&app, &manager, village).await[0], 0);
    }

    /// A person found elsewhere: the refusal leaves its trace and no receipt, so that the same item goes through when the person
    /// has left there.
    async fn a_refusal_is_no_receipt(app: TestApp) {
        let network = app.network().await;
        let (village, elsewhere) = (network.id("c1t1v1"), network.id("c2t1v1"));
        let (worker, other) = (app.actor(&[(Role::Worker, village)]), app.actor(&[(Role::Worker, elsewhere)]));
        let person = member("模拟配偶", "10", &identity_number("19850101", 2));
        let with_person = |home: Id| {
            let mut family = household(home);
            family["id"] = json!(app.edge.new_id());
            family["members"].as_array_mut().unwrap().push(person.clone());
            family
        };
        let there = app.post(&other, "/api/v1/households", &with_person(elsewhere)).await.expect(201).id();
        let here = item(&app, "register_household", &[], with_person(village));
        for _ in 0..2 {
            assert_eq!(outcomes(&send(&app, &worker, &[&here]).await), ["refused household.duplicate_identity"]);
        }
        let found = events(&mut app.conn()).iter().filter(|event| event.action == "household.duplicate_found").count();
        assert_eq!(found, 2);
        let gone = json!({ "status": "dissolved", "reason": "模拟" });
        app.post_to(&other, &format!("/api/v1/households/{there}/status"), 1, Some(&gone)).await.expect(200);
        assert_eq!(outcomes(&send(&app, &worker, &[&here]).await), ["done"]);
    }

    /// One item that says nothing sensible stops no other; a batch that is none is refused whole.
    async fn a_bad_item_stops_no_other(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, village)]);
        let known = app.post(&worker, "/api/v1/households", &household(village)).await.expect(201).id();
        let good = item(&app, "log_assistance", &[], record(&app, &json!(known), village));
        let mut unknown = item(&app, "log_assistance", &[], record(&app, &json!(known), village));
        unknown["content"]["unheard_of"] = json!(1);
        let mut nameless = item(&app, "log_assistance", &[], record(&app, &json!(known), village));
        nameless["content"].as_object_mut().unwrap().remove("id");
        let loose = item(&app, "void_assistance", &[], json!({ "reason": "模拟" }));
        let reply = send(&app, &worker, &[&unknown, &nameless, &loose, &good]).await.expect(200);
        let refused = "refused request.malformed";
        assert_eq!(outcomes(&reply), [refused, refused, refused, "done"]);
        let pointers: Vec<Value> =
            (0..3).map(|at| reply.json()["items"][at]["problem"]["errors"][0]["pointer"].clone()).collect();
        assert_eq!(pointers, [json!("/unheard_of"), json!("/id"), json!("/object_id")]);
        send(&app, &worker, &[]).await.expect(422);
        let many: Vec<&Value> = std::iter::repeat_n(&good, 51).collect();
        send(&app, &worker, &many).await.expect(422);
    }
}
