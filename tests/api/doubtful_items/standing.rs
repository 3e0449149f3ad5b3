//! The rules about households and members.

use diesel::{RunQueryDsl as _, sql_types::Binary};
use serde_json::{Value, json};
use terrace::{
    auth::seal::{Place, seal},
    db::types::Uid,
    domain::{Id, identity::completed},
};

use super::{Desk, HOUSEHOLDS, income};
use crate::{
    on_both,
    support::{head, identity_number, member},
};

/// Somebody of whom this is known.
fn person(fields: Value) -> Value {
    let mut body = json!({ "name": "模拟成员", "relation": "20", "no_identity_reason": "unknown" });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Changes a member behind the program's back.
fn alter(desk: &Desk, member: Id, column: &str, value: &[u8]) {
    let statement = format!("UPDATE household_members SET {column} = $1 WHERE id = $2");
    let mut conn = desk.app.conn();
    diesel::sql_query(statement).bind::<Binary, _>(value).bind::<Uid, _>(member).execute(&mut conn).unwrap();
}

/// A number, sealed for a member as the program would.
fn sealed(desk: &Desk, member: Id, number: &str) -> Vec<u8> {
    let place = Place { table: "household_members", column: "identity_number", row: member };
    seal(&desk.app.house.gate.tools().keys, &desk.app.edge, place, number).unwrap()
}

async fn members(desk: &Desk, household: Id) -> Vec<Id> {
    let path = format!("{HOUSEHOLDS}/{household}/members");
    let items = desk.app.get(&desk.manager, &path).await.expect(200).json()["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect()
}

on_both! {
    /// What no entry lets in is found all the same when it was put there behind the program's back: a number with a wrong check
    /// digit, one that cannot be opened, one that is not what it is found by, and one that somebody else has.
    async fn a_bad_or_repeated_identity_number_is_an_error(app: TestApp) {
        let desk = Desk::new(app).await;
        let mut people = Vec::new();
        for (n, home) in ["c1t1v1", "c1t1v2", "c1t2v1", "c1t2v2", "c2t1v1"].into_iter().enumerate() {
            let number = identity_number("19800101", u32::try_from(n).unwrap() + 1);
            let id = desk.household(home, json!({ "members": [member("模拟户主", "02", &number)] })).await;
            people.push(members(&desk, id).await[0]);
        }
        desk.same(desk.found("identity_invalid", "").await, vec![]);
        let wrong = "999999198001010020";
        assert_ne!(completed(&wrong[..17]), wrong);
        alter(&desk, people[0], "identity_number", &sealed(&desk, people[0], wrong));
        alter(&desk, people[1], "identity_number", &[0; 40]);
        alter(&desk, people[2], "identity_hash", &[7; 32]);
        // The last of them gets the number of the fourth, who alone is found by it.
        let repeated = identity_number("19800101", 4);
        alter(&desk, people[4], "identity_number", &sealed(&desk, people[4], &repeated));
        desk.same(desk.found("identity_invalid", "").await, people[..3].to_vec());
        let twice = desk.items("identity_duplicate", "").await;
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0]["subject_id"], json!(people[4]));
        assert_eq!(twice[0]["severity"], "error");
        let other = json!([{ "service_point_id": desk.network.id("c1t2v2"), "county": "模拟c1" }]);
        assert_eq!(twice[0]["elsewhere"], other);
        assert!(!twice[0].to_string().contains("999999"), "{}", twice[0]);
    }

    /// A household without a head, and one with two.
    async fn a_household_has_one_head(app: TestApp) {
        let desk = Desk::new(app).await;
        let two = json!({ "members": [head(), person(json!({}))] });
        let [headless, double, right] =
            [desk.household("c1t1v1", two.clone()).await, desk.household("c1t1v1", two.clone()).await, desk.household("c1t1v1", two).await];
        desk.same(desk.found("head_not_one", "").await, vec![]);
        let mut conn = desk.app.conn();
        diesel::sql_query("DROP INDEX household_members_one_head").execute(&mut conn).unwrap();
        for (household, relation) in [(headless, "97"), (double, "02")] {
            let statement = format!("UPDATE household_members SET relation = '{relation}' WHERE household_id = $1");
            diesel::sql_query(statement).bind::<Uid, _>(household).execute(&mut conn).unwrap();
        }
        desk.same(desk.found("head_not_one", "").await, vec![headless, double]);
        let values: Vec<Value> = desk.items("head_not_one", "").await.iter().map(|item| item["value"].clone()).collect();
        assert!(values.contains(&json!(0)) && values.contains(&json!(2)), "{values:?} {right}");
    }

    /// One spouse is right, two are an error; who has left is none any more.
    async fn there_is_one_spouse(app: TestApp) {
        let desk = Desk::new(app).await;
        let spouse = || person(json!({ "relation": "10" }));
        let one = desk.household("c1t1v1", json!({ "members": [head(), spouse()] })).await;
        let two = desk.household("c1t1v1", json!({ "members": [head(), spouse(), spouse()] })).await;
        desk.same(desk.found("two_spouses", "").await, vec![two]);
        let path = format!("{HOUSEHOLDS}/{two}/members");
        let all = desk.app.get(&desk.manager, &path).await.expect(200).json();
        let gone = all["items"].as_array().unwrap().iter().find(|item| item["relation"] == "10").unwrap();
        let leave = format!("/api/v1/members/{}/leave", gone["id"].as_str().unwrap());
        desk.app.post_to(&desk.manager, &leave, 1, Some(&json!({ "reason": "模拟原因" }))).await.expect(200);
        desk.same(desk.found("two_spouses", "").await, vec![]);
        assert_ne!(one, two);
    }

    /// From the sixteenth birthday on, up to the day before the sixtieth.
    async fn of_working_age_and_healthy_yet_no_worker(app: TestApp) {
        let desk = Desk::new(app).await;
        let none = |born: &str| person(json!({ "birth_on": born, "health": ["healthy"], "labour_skill": "none" }));
        let others = [
            person(json!({ "birth_on": "1990-01-01", "health": ["chronic_illness"], "labour_skill": "none" })),
            person(json!({ "birth_on": "1990-01-01", "health": ["healthy"], "labour_skill": "weak" })),
            person(json!({ "birth_on": "1990-01-01", "health": ["healthy"] })),
            person(json!({ "birth_on": "1990-01-01", "labour_skill": "none" })),
            person(json!({ "health": ["healthy"], "labour_skill": "none" })),
        ];
        let people = [vec![head(), none("2010-11-24"), none("2010-11-25"), none("1966-11-25"), none("1966-11-24")], others.to_vec()].concat();
        desk.household("c1t1v1", json!({ "members": people })).await;
        let items = desk.items("idle_of_working_age", "").await;
        let mut ages: Vec<i64> = items.iter().map(|item| item["value"].as_i64().unwrap()).collect();
        ages.sort_unstable();
        assert_eq!(ages, [16, 59]);
        assert!(items.iter().all(|item| item["subject"] == "household_member" && item["month"].is_null()));
    }

    /// Eleven digits, the country's prefix and marks between them aside; of the household and of its members.
    async fn a_telephone_number_has_eleven_digits(app: TestApp) {
        let desk = Desk::new(app).await;
        let mut wrong = Vec::new();
        for phone in ["8210000", "093982100001"] {
            wrong.push(desk.household("c1t1v1", json!({ "phone": phone })).await);
        }
        let theirs = json!({ "phone": "13800001111", "members": [head(), person(json!({ "phone": "0939-821000" }))] });
        wrong.push(desk.household("c1t1v1", theirs).await);
        for phone in ["13800002222", "+86 138-0000-3333", "0939-8210000"] {
            desk.household("c1t1v1", json!({ "phone": phone })).await;
        }
        desk.household("c1t1v1", json!({})).await;
        desk.same(desk.found("phone_malformed", "").await, wrong);
    }

    /// The same number in two households, however it is written, is told of both; the same last digits are no number.
    async fn several_households_have_one_telephone(app: TestApp) {
        let desk = Desk::new(app).await;
        let one = desk.household("c1t1v1", json!({ "phone": "13800001234" })).await;
        desk.household("c1t1v1", json!({ "phone": "13900001234" })).await;
        let own = json!({ "phone": "13700009999", "members": [head(), person(json!({ "phone": "13700009999" }))] });
        desk.household("c1t1v1", own).await;
        desk.same(desk.found("phone_shared", "").await, vec![]);
        let theirs = json!({ "members": [head(), person(json!({ "phone": "138 0000 1234" }))] });
        let two = desk.household("c2t1v1", theirs).await;
        desk.same(desk.found("phone_shared", "").await, vec![one, two]);
        let there = format!("&service_point_id={}", desk.network.id("c1"));
        desk.same(desk.found("phone_shared", &there).await, vec![one]);
        // It moves away: nobody else has the number then.
        let path = format!("{HOUSEHOLDS}/{two}/status");
        let body = json!({ "status": "moved_away", "reason": "模拟原因" });
        desk.app.post_to(&desk.manager, &path, 1, Some(&body)).await.expect(200);
        desk.same(desk.found("phone_shared", "").await, vec![]);
    }

    /// 500 yuan are too little and 30,000 are not too much.
    async fn an_income_is_unusual_beyond_its_limits(app: TestApp) {
        let desk = Desk::new(app).await;
        let mut found = Vec::new();
        for (fen, unusual) in [(50_000, true), (50_001, false), (3_000_000, false), (3_000_001, true)] {
            let id = desk.household("c1t1v1", json!({ "income": income(fen) })).await;
            found.extend(unusual.then_some(id));
        }
        // 500 yuan each, of two persons.
        let two = json!({ "income": income(100_001), "members": [head(), person(json!({}))] });
        found.push(desk.household("c1t1v1", two).await);
        desk.household("c1t1v1", json!({})).await;
        desk.same(desk.found("income_unusual", "").await, found);
    }

    /// More than 31 days on the register and nothing that counts.
    async fn registered_and_never_assisted(app: TestApp) {
        let desk = Desk::new(app).await;
        let today = desk.app.today();
        let on = |days| json!({ "registered_on": today.minus_days(days) });
        let late = desk.household("c1t1v1", on(32)).await;
        desk.household("c1t1v1", on(31)).await;
        let assisted = desk.household("c1t1v1", on(32)).await;
        let record = desk.record("c1", assisted, today, json!({})).await;
        desk.same(desk.found("never_assisted", "").await, vec![late]);
        let path = format!("/api/v1/assistance-records/{record}/void");
        desk.app.post_to(&desk.manager, &path, 1, Some(&json!({ "reason": "模拟原因" }))).await.expect(200);
        desk.same(desk.found("never_assisted", "").await, vec![late, assisted]);
    }
}
