//! Members: how they come, change, leave and become heads.

use futures_util::future::join_all;
use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{
    MEMBERS, NOTHING, assert_faults, assert_not_found, assert_problem, at, events, family, faults_of, figure, husband,
    members, register, rows, wife, with,
};
use crate::{
    on_both,
    support::{Actor, TestApp, household, identity_number, member},
};

fn path(member: &Value) -> String {
    format!("{MEMBERS}/{}", member["id"].as_str().unwrap())
}

/// The member of a household who is this to the head.
async fn who(app: &TestApp, actor: &Actor, household: &Value, relation: &str) -> Value {
    members(app, actor, household).await.into_iter().find(|person| person["relation"] == relation).unwrap()
}

fn child() -> Value {
    json!({ "name": "模拟孩子", "relation": "20", "no_identity_reason": "infant", "birth_on": "2026-11-01" })
}

on_both! {
    /// A member comes today unless said otherwise, counts at once, and the household keeps its version.
    async fn a_member_is_added(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let household = register(&app, &worker, &with(household(home), "registered_on", json!("2026-01-01"))).await;
        let list = format!("{}/members", at(&household));
        let reply = app.post(&worker, &list, &child()).await.expect(201);
        assert_eq!(reply.header("etag"), Some("\"1\""));
        let added = reply.json();
        assert_eq!(reply.header("location"), Some(path(&added).as_str()));
        assert_eq!((&added["joined_on"], &added["household_id"], &added["sex"]), (&json!(app.today()), &household["id"], &json!("0")));
        assert_eq!(app.get(&worker, &path(&added)).await.expect(200).json(), added);
        let full = json!({
            "name": "模拟妻子", "relation": "10", "identity_number": wife(), "ethnicity": "04", "education": "university", "health": ["healthy"],
            "labour_skill": "skilled", "disability": { "category": "7", "grade": "4", "certificate": format!("{}74", wife()) },
            "phone": "13900009999", "joined_on": "2026-02-01",
        });
        let spouse = app.post(&worker, &list, &full).await.expect(201).json();
        assert_eq!((&spouse["sex"], &spouse["birth_on"], &spouse["joined_on"]), (&json!("2"), &json!("1972-03-04"), &json!("2026-02-01")));
        assert_eq!(spouse["phone_masked"], "139****9999");
        let now = app.get(&worker, &at(&household)).await.json();
        assert_eq!((&now["persons"], &now["version"]), (&json!(3), &json!(1)));
        for (period, persons) in [("2026-01", 1), ("2026-02", 2), ("2026-10", 2), ("2026-11", 3), ("all", 3)] {
            assert_eq!(figure(&app, &worker, home, "persons", period).await, persons, "{period}");
        }
        assert_eq!(events(&app, "household_member.add").len(), 3);
    }

    /// What a new member must be; and what is refused adds nobody.
    async fn a_new_member_is_checked(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let list = format!("{}/members", at(&first));
        let kept = rows(&app);
        let mut wrong = child();
        for (field, value) in [("name", json!("")), ("sex", json!("x")), ("ethnicity", json!("99")), ("joined_on", json!(app.today().plus_days(1))), ("phone", json!("12"))] {
            wrong[field] = value;
        }
        assert_faults(app.post(&worker, &list, &wrong).await, &[
            ("/name", "length"), ("/sex", "unknown_code"), ("/ethnicity", "unknown_code"), ("/joined_on", "in_future"), ("/phone", "phone"),
        ]);
        assert_faults(app.post(&worker, &list, &member("模拟某人", "20", "110105194912310021")).await, &[("/identity_number", "identity_checksum")]);
        assert_faults(app.post(&worker, &list, &member("模拟二户主", "02", &identity_number("19800101", 1))).await, &[("/relation", "head_relation")]);
        let early = with(child(), "joined_on", json!("2026-10-31"));
        assert_faults(app.post(&worker, &list, &early).await, &[("/joined_on", "before_birth")]);
        assert_eq!(rows(&app), kept);
        let reviewer = app.actor(&[(Role::Reviewer, home)]);
        assert_eq!(app.post(&reviewer, &list, &child()).await.expect(403).json()["permission"], "households.write");
        let stranger = app.actor(&[(Role::Manager, network.id("c2"))]);
        app.post(&stranger, &list, &child()).await.expect(404);
        app.get(&stranger, &list).await.expect(404);
        app.get(&stranger, &path(&who(&app, &worker, &first, "02").await)).await.expect(404);
        let gone = json!({ "status": "moved_away", "reason": "模拟迁出" });
        app.post_to(&worker, &format!("{}/status", at(&first)), 1, Some(&gone)).await.expect(200);
        assert_problem(app.post(&worker, &list, &child()).await, 409, "household.not_active");
        assert_eq!(rows(&app)["household_members"], kept["household_members"]);
    }

    /// Fifty at once make one member; other content under the id is refused.
    async fn the_same_member_is_added_once(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let household = register(&app, &worker, &household(home)).await;
        let list = format!("{}/members", at(&household));
        let body = with(member("模拟妻", "10", &wife()), "id", json!(app.edge.new_id()));
        let replies = join_all((0..50).map(|_| app.post(&worker, &list, &body))).await;
        let of = |status: u16| replies.iter().filter(|reply| reply.status == status).count();
        assert_eq!((of(201), of(200)), (1, 49));
        assert!(replies.iter().all(|reply| reply.json() == replies[0].json()));
        assert_problem(app.post(&worker, &list, &with(body.clone(), "name", json!("模拟别人"))).await, 409, "id.taken");
        let elsewhere = format!("{}/members", at(&register(&app, &worker, &self::household(home)).await));
        assert_problem(app.post(&worker, &elsewhere, &body).await, 409, "id.taken");
        assert_eq!((rows(&app)["household_members"], app.get(&worker, &at(&household)).await.json()["persons"].clone()), (3, json!(2)));
        assert_eq!(figure(&app, &worker, home, "persons", "all").await, 3);
    }

    /// An edit changes what it names and empties what is null; the head's name is the household's at once.
    async fn an_edit_changes_only_what_it_names(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let he = who(&app, &worker, &first, "02").await;
        let same = app.patch(&worker, &path(&he), 1, &json!({})).await.expect(200).json();
        assert_eq!(same["version"], 2);
        assert_eq!(with(with(same.clone(), "version", json!(1)), "updated_at", he["updated_at"].clone()), he);
        let edited = app.patch(&worker, &path(&he), 2, &json!({ "name": "模拟张四", "education": "university" })).await.expect(200).json();
        let mut expected = same.clone();
        for (field, value) in [("name", json!("模拟张四")), ("education", json!("university")), ("version", json!(3)), ("updated_at", edited["updated_at"].clone())] {
            expected[field] = value;
        }
        assert_eq!(edited, expected);
        let household = app.get(&worker, &at(&first)).await.json();
        assert_eq!((&household["head_name"], &household["version"]), (&json!("模拟张四"), &json!(1)));
        let empty = json!({ "ethnicity": null, "education": null, "labour_skill": null, "disability": null, "phone": null, "health": [] });
        let emptied = app.patch(&worker, &path(&he), 3, &empty).await.expect(200).json();
        for field in ["ethnicity", "education", "labour_skill", "disability", "phone_masked"] {
            assert_eq!(emptied[field], Value::Null, "{field}");
        }
        assert_eq!((&emptied["health"], &emptied["identity_masked"]), (&json!([]), &he["identity_masked"]));
        // What cannot be empty cannot be emptied.
        for field in ["name", "relation", "sex"] {
            app.patch(&worker, &path(&he), 4, &json!({ field: null })).await.expect(400);
        }
        app.patch(&worker, &path(&he), 4, &json!({ "joined_on": "2026-01-01" })).await.expect(400);
    }

    /// A number is corrected, given up with a reason, and found again.
    async fn a_number_is_changed_and_emptied(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let (she, infant) = (who(&app, &worker, &first, "10").await, who(&app, &worker, &first, "30").await);
        for faulty in [json!({ "identity_number": null }), json!({ "no_identity_reason": "lost" })] {
            let told = faults_of(app.patch(&worker, &path(&she), 1, &faulty).await);
            assert!(told.len() == 1 && told[0].1 == "identity_or_reason", "{told:?}");
        }
        let lost = app.patch(&worker, &path(&she), 1, &json!({ "identity_number": null, "no_identity_reason": "lost" })).await.expect(200).json();
        assert_eq!((&lost["identity_masked"], &lost["no_identity_reason"]), (&Value::Null, &json!("lost")));
        // The number is free now. A number that is filled in takes the place of the reason.
        let number = identity_number("20260115", 2);
        let issued = app.patch(&worker, &path(&infant), 1, &json!({ "identity_number": number, "no_identity_reason": null })).await.expect(200).json();
        assert_eq!((&issued["no_identity_reason"], &issued["birth_on"]), (&Value::Null, &json!("2026-01-15")));
        assert_faults(app.patch(&worker, &path(&infant), 2, &json!({ "identity_number": "110105194912310021" })).await, &[("/identity_number", "identity_checksum")]);
        let body = with(household(home), "/members/0", member("模拟李四", "02", &wife()));
        register(&app, &worker, &body).await;
        // A certificate has to fit the number that the person has afterwards, and a birth the day of joining.
        let he = who(&app, &worker, &first, "02").await;
        let certificate = |certificate: String| json!({ "disability": { "category": "4", "grade": "2", "certificate": certificate } });
        assert_faults(
            app.patch(&worker, &path(&he), 1, &certificate(format!("{}42", wife()))).await, &[("/disability/certificate", "certificate_identity")],
        );
        let other = with(certificate(format!("{}42", husband())), "identity_number", json!(identity_number("19700301", 1)));
        assert_faults(app.patch(&worker, &path(&he), 1, &other).await, &[("/disability/certificate", "certificate_identity")]);
        let unborn = json!({ "identity_number": identity_number("20260302", 1) });
        assert_faults(app.patch(&worker, &path(&infant), 2, &unborn).await, &[("/birth_on", "after_joining")]);
        assert_eq!(app.get(&worker, &path(&he)).await.json(), he);
    }

    /// Every wrong field of an edit is told, and nothing is changed.
    async fn an_edit_is_checked(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let (he, she) = (who(&app, &worker, &first, "02").await, who(&app, &worker, &first, "10").await);
        let wrong = json!({ "name": " ", "sex": "x", "birth_on": "2026-03-02", "education": "doctor", "labour_skill": "x", "phone": "1" });
        let told = faults_of(app.patch(&worker, &path(&she), 1, &wrong).await);
        for expected in [("/name", "length"), ("/sex", "unknown_code"), ("/birth_on", "after_joining"), ("/education", "unknown_code"), ("/labour_skill", "unknown_code"), ("/phone", "phone")] {
            assert!(told.contains(&(expected.0.to_owned(), expected.1.to_owned())), "{expected:?} is not among {told:?}");
        }
        assert_faults(app.patch(&worker, &path(&she), 1, &json!({ "relation": "02" })).await, &[("/relation", "head_relation")]);
        assert_faults(app.patch(&worker, &path(&he), 1, &json!({ "relation": "10" })).await, &[("/relation", "head_relation")]);
        assert_faults(app.patch(&worker, &path(&she), 1, &json!({ "relation": "11" })).await, &[("/relation", "unknown_code")]);
        assert_faults(app.patch(&worker, &path(&he), 1, &json!({ "relation": "02" })).await, &[("/relation", "head_relation")]);
        assert_eq!(app.get(&worker, &path(&she)).await.json(), she);
        assert_problem(app.patch(&worker, &path(&she), 7, &json!({})).await, 412, "version.stale");
    }

    /// Who leaves counts no more from that day on; the head stays, and nobody leaves twice.
    async fn a_member_leaves(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let [he, she, infant] = [who(&app, &worker, &first, "02").await, who(&app, &worker, &first, "10").await, who(&app, &worker, &first, "30").await];
        let leave = |on: Value| json!({ "left_on": on, "reason": "外出务工" });
        let path_of = |person: &Value| format!("{}/leave", path(person));
        assert_faults(app.post_to(&worker, &path_of(&she), 1, Some(&leave(json!(app.today().plus_days(1))))).await, &[("/left_on", "in_future")]);
        assert_faults(app.post_to(&worker, &path_of(&she), 1, Some(&leave(json!("2026-02-28")))).await, &[("/left_on", "before_joining")]);
        for reason in [String::new(), "长".repeat(201)] {
            assert_faults(app.post_to(&worker, &path_of(&she), 1, Some(&json!({ "reason": reason }))).await, &[("/reason", "length")]);
        }
        assert_problem(app.post_to(&worker, &path_of(&he), 1, Some(&leave(Value::Null))).await, 409, "household.head_needed");
        let left = app.post_to(&worker, &path_of(&she), 1, Some(&leave(json!("2026-06-01")))).await.expect(200).json();
        assert_eq!((&left["left_on"], &left["version"], &left["name"]), (&json!("2026-06-01"), &json!(2), &json!("模拟李四")));
        let now = app.get(&worker, &at(&first)).await.json();
        assert_eq!((&now["persons"], &now["version"], &now["per_capita_income_fen"]), (&json!(2), &json!(1), &json!(1_935_000)));
        for (period, persons) in [("2026-02", 0), ("2026-03", 3), ("2026-05", 3), ("2026-06", 2), ("2026-Q2", 2), ("all", 2)] {
            assert_eq!(figure(&app, &worker, home, "persons", period).await, persons, "{period}");
        }
        assert_problem(app.post_to(&worker, &path_of(&she), 2, Some(&leave(Value::Null))).await, 409, "household_member.not_present");
        assert_problem(app.patch(&worker, &path(&she), 2, &json!({ "name": "模拟李五" })).await, 409, "household_member.not_present");
        assert_faults(
            app.post_to(&worker, &path_of(&infant), 1, Some(&json!({ "reason": "电话 13900001234" }))).await, &[("/reason", "personal_number")],
        );
        // She is still in the list, and may come back as somebody new.
        assert_eq!(members(&app, &worker, &first).await.len(), 3);
        app.post(&worker, &format!("{}/members", at(&first)), &member("模拟李四", "10", &wife())).await.expect(201);
        assert_eq!(app.get(&worker, &at(&first)).await.json()["persons"], 3);
        assert_eq!(events(&app, "household_member.leave").len(), 1);
    }

    /// Who joined before the household was registered counts from its registration on.
    async fn a_member_joined_before_the_registration(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let household = register(&app, &worker, &with(household(home), "registered_on", json!("2026-05-10"))).await;
        let early = with(member("模拟妻", "10", &wife()), "joined_on", json!("2025-01-01"));
        let person = app.post(&worker, &format!("{}/members", at(&household)), &early).await.expect(201).json();
        for (period, persons) in [("2025-12", 0), ("2026-04", 0), ("2026-05", 2), ("all", 2)] {
            assert_eq!(figure(&app, &worker, home, "persons", period).await, persons, "{period}");
        }
        // Who left again before it was registered never counted.
        let leave = json!({ "left_on": "2026-05-01", "reason": "模拟离开" });
        app.post_to(&worker, &format!("{}/leave", path(&person)), 1, Some(&leave)).await.expect(200);
        for (period, persons) in [("2026-04", 0), ("2026-05", 1), ("all", 1)] {
            assert_eq!(figure(&app, &worker, home, "persons", period).await, persons, "{period}");
        }
    }

    /// On the day of joining somebody may leave again, and was then never a member for a day.
    async fn a_member_leaves_on_the_day_of_joining(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let household = register(&app, &worker, &with(household(home), "registered_on", json!("2026-01-01"))).await;
        let person = app.post(&worker, &format!("{}/members", at(&household)), &child()).await.expect(201).json();
        app.post_to(&worker, &format!("{}/leave", path(&person)), 1, Some(&json!({ "reason": "误登" }))).await.expect(200);
        for period in ["2026-10", "2026-11", "all"] {
            assert_eq!(figure(&app, &worker, home, "persons", period).await, 1, "{period}");
        }
    }

    /// Another present member becomes the head; the former one gets the relation that is named.
    async fn another_member_becomes_the_head(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let (first, second) = (register(&app, &worker, &family(home)).await, register(&app, &worker, &household(home)).await);
        let head = format!("{}/head", at(&first));
        let [he, she, infant] = [who(&app, &worker, &first, "02").await, who(&app, &worker, &first, "10").await, who(&app, &worker, &first, "30").await];
        let change = |id: &Value, relation: &str| json!({ "member_id": id, "former_relation": relation });
        assert_faults(app.post_to(&worker, &head, 1, Some(&change(&she["id"], "11"))).await, &[("/former_relation", "unknown_code")]);
        assert_faults(app.post_to(&worker, &head, 1, Some(&change(&she["id"], "02"))).await, &[("/former_relation", "head_relation")]);
        assert_not_found(app.post_to(&worker, &head, 1, Some(&change(&json!(NOTHING), "10"))).await, "/member_id");
        let stranger = &who(&app, &worker, &second, "02").await["id"];
        assert_not_found(app.post_to(&worker, &head, 1, Some(&change(stranger, "10"))).await, "/member_id");
        assert_problem(app.post_to(&worker, &head, 1, Some(&change(&he["id"], "10"))).await, 409, "resource.already_so");
        app.post_to(&worker, &format!("{}/leave", path(&infant)), 1, Some(&json!({ "reason": "送养" }))).await.expect(200);
        assert_problem(app.post_to(&worker, &head, 1, Some(&change(&infant["id"], "10"))).await, 409, "household_member.not_present");
        let changed = app.post_to(&worker, &head, 1, Some(&change(&she["id"], "10"))).await.expect(200).json();
        assert_eq!((&changed["head_name"], &changed["version"], &changed["persons"]), (&json!("模拟李四"), &json!(2), &json!(2)));
        let people = members(&app, &worker, &first).await;
        let relation = |id: &Value| people.iter().find(|person| person["id"] == *id).unwrap()["relation"].clone();
        assert_eq!((relation(&she["id"]), relation(&he["id"])), (json!("02"), json!("10")));
        app.post_to(&worker, &format!("{}/leave", path(&he)), 2, Some(&json!({ "reason": "病故" }))).await.expect(200);
        assert_problem(app.post_to(&worker, &head, 1, Some(&change(&she["id"], "10"))).await, 412, "version.stale");
    }
}
