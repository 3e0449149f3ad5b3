//! Registering a household with its members.

use futures_util::future::join_all;
use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{
    HOUSEHOLDS, NOTHING, Reply, assert_faults, assert_not_found, assert_problem, at, cells, events, family, faults_of,
    figure, husband, members, register, rows, wife, with, without,
};
use crate::{
    on_both,
    support::{head, household, identity_number, member},
};

/// A text of so many characters, each of which takes three bytes.
fn long(characters: usize) -> Value {
    json!("长".repeat(characters))
}

on_both! {
    /// Everything that was said is answered, and what follows from it: masks, sex and birth, persons, income for each.
    async fn what_is_registered_is_answered(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let reply = app.post(&worker, HOUSEHOLDS, &family(home)).await.expect(201);
        let answer = reply.json();
        assert_eq!(reply.header("etag"), Some("\"1\""));
        assert_eq!(reply.header("location"), Some(at(&answer).as_str()));
        let body = family(home);
        let mut expected = json!({
            "id": answer["id"], "head_name": "模拟张三", "phone_masked": "139****5678", "status": "active", "persons": 3,
            "per_capita_income_fen": 1_290_000, "erased_on": null, "version": 1,
            "created_at": answer["created_at"], "updated_at": answer["created_at"],
        });
        for field in ["service_point_id", "address", "external_number", "household_type", "monitoring_category", "risk_causes", "registered_on", "income", "consent"] {
            expected[field] = body[field].clone();
        }
        assert_eq!(answer, expected);
        assert_eq!(app.get(&worker, &at(&answer)).await.expect(200).json(), expected);
        let mut people = members(&app, &worker, &answer).await;
        people.sort_by_key(|person| person["relation"].as_str().unwrap().to_owned());
        let person = |at: usize, name: &str, relation: &str, sex: &str, birth_on: &str| json!({
            "id": people[at]["id"], "household_id": answer["id"], "name": name, "relation": relation, "sex": sex, "birth_on": birth_on,
            "identity_masked": null, "no_identity_reason": null, "ethnicity": null, "education": null, "health": [],
            "labour_skill": null, "disability": null, "phone_masked": null, "joined_on": "2026-03-01", "left_on": null,
            "version": 1, "created_at": answer["created_at"], "updated_at": answer["created_at"],
        });
        let masked = |number: &str| format!("{}********{}", &number[..6], &number[14..]);
        let mut he = person(0, "模拟张三", "02", "1", "1970-02-28");
        for (field, value) in [
            ("identity_masked", json!(masked(&husband()))), ("ethnicity", json!("01")), ("education", json!("primary")),
            ("health", json!(["chronic_illness", "disabled"])), ("labour_skill", json!("weak")), ("phone_masked", json!("139****1234")),
            ("disability", json!({ "category": "4", "grade": "2", "certificate_masked": format!("999999**********{}42", &husband()[16..]) })),
        ] {
            he[field] = value;
        }
        assert_eq!(people[0], he);
        assert_eq!(people[1], with(person(1, "模拟李四", "10", "2", "1972-03-04"), "identity_masked", json!(masked(&wife()))));
        assert_eq!(people[2], with(person(2, "模拟张小", "30", "2", "2026-01-15"), "no_identity_reason", json!("infant")));
        let history = app.get(&worker, &format!("{}/history", at(&answer))).await.expect(200).json();
        assert_eq!(history["items"], json!([{
            "service_point_id": home, "household_type": "monitored", "status": "active", "valid_from": "2026-03-01", "valid_to": null,
        }]));
    }

    /// What is left out is null or a default: today, nobody's income, nothing known of the head but the name.
    async fn what_is_left_out_is_null_or_a_default(app: TestApp) {
        let network = app.network().await;
        let worker = app.actor(&[(Role::Worker, network.id("c1t1v1"))]);
        let answer = register(&app, &worker, &household(network.id("c1t1v1"))).await;
        for field in ["phone_masked", "external_number", "monitoring_category", "income", "per_capita_income_fen", "consent", "erased_on"] {
            assert_eq!(answer[field], Value::Null, "{field}");
        }
        assert_eq!((&answer["registered_on"], &answer["risk_causes"], &answer["persons"]), (&json!(app.today()), &json!([]), &json!(1)));
        let person = &members(&app, &worker, &answer).await[0];
        assert_eq!((&person["sex"], &person["birth_on"], &person["joined_on"]), (&json!("0"), &Value::Null, &json!(app.today())));
        // Written out, null says the same.
        let mut body = family(network.id("c1t1v1"));
        for field in ["phone", "external_number", "monitoring_category", "registered_on", "income", "consent", "id"] {
            body[field] = Value::Null;
        }
        for field in ["ethnicity", "education", "labour_skill", "disability", "phone", "no_identity_reason", "sex", "birth_on", "joined_on", "id"] {
            body["members"][0][field] = Value::Null;
        }
        assert_eq!(register(&app, &worker, &body).await["registered_on"], json!(app.today()));
    }

    /// Every wrong field by itself, with its place and what is wrong with it; and nothing is registered.
    async fn every_field_is_checked(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let tomorrow = json!(app.today().plus_days(1));
        let before = (rows(&app), cells(&app));
        for (place, value, code) in [
            ("/address", json!(" "), "length"), ("/address", long(201), "length"), ("/address", json!("1\u{7}号"), "non_control_character"),
            ("/phone", json!("无电话无电话无"), "phone"), ("/phone", json!("123456"), "phone"),
            ("/external_number", json!(""), "length"), ("/external_number", long(33), "length"),
            ("/monitoring_category", json!("poor"), "unknown_code"),
            ("/registered_on", tomorrow.clone(), "in_future"), ("/members/0/joined_on", tomorrow.clone(), "in_future"),
            ("/income/year", json!(1989), "range"), ("/income/wages_fen", json!(-1), "range"),
            ("/income/transfers_fen", json!(1_000_000_000_001_i64), "range"),
            ("/consent/given_on", tomorrow.clone(), "in_future"), ("/consent/how", json!("shouted"), "unknown_code"),
            ("/members/1/name", json!("  "), "length"), ("/members/1/name", long(51), "length"),
            ("/members/1/relation", json!("11"), "unknown_code"), ("/members/2/sex", json!("3"), "unknown_code"),
            ("/members/2/no_identity_reason", json!("lazy"), "unknown_code"),
            ("/members/1/identity_number", json!(&wife()[..17]), "identity_length"),
            ("/members/1/identity_number", json!("11010519491231002Y"), "identity_length"),
            ("/members/1/identity_number", json!("110105194912310021"), "identity_checksum"),
            ("/members/1/identity_number", json!(identity_number("20250229", 1)), "identity_birth_date"),
            ("/members/1/identity_number", json!(identity_number("19060101", 1)), "identity_birth_date"),
            ("/members/1/identity_number", json!(identity_number("20261125", 1)), "identity_birth_date"),
            ("/members/0/ethnicity", json!("57"), "unknown_code"), ("/members/0/education", json!("doctor"), "unknown_code"),
            ("/members/0/labour_skill", json!("strong"), "unknown_code"),
            ("/members/0/disability/certificate", json!(husband()), "certificate_length"),
            ("/members/0/disability/certificate", json!(format!("{}421", husband())), "certificate_length"),
            ("/members/0/disability/certificate", json!("11010519491231002142"), "certificate_checksum"),
            ("/members/0/disability/certificate", json!(format!("{}43", husband())), "certificate_category"),
            ("/members/0/disability/certificate", json!(format!("{}42", wife())), "certificate_identity"),
            ("/members/0/phone", json!("139abc1234"), "phone"),
        ] {
            let body = with(family(home), place, value);
            assert_faults(app.post(&worker, HOUSEHOLDS, &body).await, &[(place, code)]);
        }
        assert_eq!((rows(&app), cells(&app)), before);
        assert!(events(&app, "household.register").is_empty());
    }

    /// Codes in lists, days that do not fit one another, and what goes only with something else.
    async fn what_does_not_fit_together_is_told(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let refuse = async |body: Value, place: &str, code: &str| {
            let told = faults_of(app.post(&worker, HOUSEHOLDS, &body).await);
            assert!(told.len() == 1 && told[0].0.starts_with(place) && told[0].1 == code, "{told:?} and not {place} {code}");
        };
        refuse(with(family(home), "risk_causes", json!(["illness", "idleness"])), "/risk_causes", "unknown_code").await;
        refuse(with(family(home), "/members/0/health", json!(["healthy", "fit"])), "/members/0/health", "unknown_code").await;
        refuse(with(household(home), "household_type", json!("poor")), "/household_type", "unknown_code").await;
        refuse(with(household(home), "household_type", json!("General")), "/household_type", "unknown_code").await;
        let disabled = |category: &str, grade: &str| with(household(home), "/members/0/disability", json!({ "category": category, "grade": grade }));
        refuse(disabled("8", "1"), "/members/0/disability/category", "unknown_code").await;
        refuse(disabled("7", "5"), "/members/0/disability/grade", "unknown_code").await;
        refuse(with(family(home), "household_type", json!("lifted")), "/monitoring_category", "only_monitored").await;
        refuse(with(family(home), "/members/0/no_identity_reason", json!("lost")), "/members/0/", "identity_or_reason").await;
        refuse(without(family(home), "/members/1", "identity_number"), "/members/1/", "identity_or_reason").await;
        refuse(with(family(home), "/members/1/joined_on", json!(app.today().plus_days(1))), "/members/1/joined_on", "in_future").await;
        refuse(with(family(home), "/members/2/joined_on", json!("2026-01-14")), "/members/2/", "before_birth").await;
        refuse(with(family(home), "members", json!([])), "/members", "length").await;
        let crowd: Vec<Value> = std::iter::once(head()).chain((0..30).map(|_| json!({ "name": "模拟", "relation": "99", "no_identity_reason": "unknown" }))).collect();
        refuse(with(household(home), "members", json!(crowd)), "/members", "length").await;
        assert_eq!(register(&app, &worker, &with(household(home), "members", json!(crowd[..30]))).await["persons"], 30);
    }

    /// Everything that is wrong is told at once.
    async fn all_faults_are_told_at_once(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let mut body = family(home);
        for (place, value) in [
            ("/address", json!("")), ("/household_type", json!("poor")), ("/consent/how", json!("shouted")), ("/income/year", json!(1)),
            ("/members/0/relation", json!("10")), ("/members/1/name", json!("")), ("/members/1/identity_number", json!("110105194912310021")),
            ("/members/2/no_identity_reason", json!("lazy")),
        ] {
            body = with(body, place, value);
        }
        let reply = app.post(&worker, HOUSEHOLDS, &body).await;
        let told = faults_of(reply);
        for expected in [
            ("/address", "length"), ("/household_type", "unknown_code"), ("/consent/how", "unknown_code"), ("/income/year", "range"),
            ("/members", "one_head"), ("/members/1/name", "length"), ("/members/1/identity_number", "identity_checksum"),
            ("/members/2/no_identity_reason", "unknown_code"),
        ] {
            assert!(told.contains(&(expected.0.to_owned(), expected.1.to_owned())), "{expected:?} is not among {told:?}");
        }
    }

    /// A household has exactly one head, and each number in it once.
    async fn a_household_has_one_head_and_each_number_once(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let none = with(family(home), "/members/0/relation", json!("51"));
        assert_faults(app.post(&worker, HOUSEHOLDS, &none).await, &[("/members", "one_head")]);
        let two = with(family(home), "/members/1/relation", json!("02"));
        assert_faults(app.post(&worker, HOUSEHOLDS, &two).await, &[("/members", "one_head")]);
        let number = "11010519491231002";
        let twins = with(household(home), "members", json!([
            head(), member("模拟甲", "71", &format!("{number}X")), member("模拟乙", "73", &format!("{number}x")),
        ]));
        assert_faults(app.post(&worker, HOUSEHOLDS, &twins).await, &[("/members/2/identity_number", "duplicate_in_request")]);
        assert_eq!(rows(&app)["households"], 0);
    }

    /// Numbers of any region will do, among them those that were issued here before 2004, and the youngest and the oldest.
    async fn numbers_of_every_region_are_taken(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        // The numbers of `support` are all of region 999999.
        let number = |region: &str, born: &str| {
            let digits = format!("{region}{born}001");
            let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
            let sum: u32 = digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
            format!("{digits}{}", b"10X98765432"[sum as usize % 11] as char)
        };
        for (region, born) in [("622621", "19530101"), ("622626", "19530101"), ("621202", "20261124"), ("000000", "19061124")] {
            let body = with(household(home), "/members/0", member("模拟户主", "02", &number(region, born)));
            let answer = register(&app, &worker, &body).await;
            assert_eq!(members(&app, &worker, &answer).await[0]["identity_masked"].as_str().unwrap()[..6], *region);
        }
        let small = with(household(home), "/members/0", member("模拟户主", "02", " 11010519491231002x "));
        let answer = register(&app, &worker, &small).await;
        assert_eq!(members(&app, &worker, &answer).await[0]["identity_masked"], "110105********002X");
    }

    /// A certificate may be a reissued one, may be missing, and is there without an identity number too.
    async fn certificates_of_disability_are_taken(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let number = identity_number("19850101", 7);
        for (certificate, masked) in [
            (json!(format!("{number}11")), json!(format!("999999**********{}11", &number[16..]))),
            (json!(format!("{number}1101")), json!("999999************1101")),
            (json!(format!("{number}11b1")), json!("999999************11B1")),
            (Value::Null, Value::Null),
        ] {
            let mut body = household(home);
            body["members"][0]["disability"] = json!({ "category": "1", "grade": "1", "certificate": certificate });
            let answer = register(&app, &worker, &body).await;
            let expected = json!({ "category": "1", "grade": "1", "certificate_masked": masked });
            assert_eq!(members(&app, &worker, &answer).await[0]["disability"], expected);
        }
    }

    /// A home is a point at work within reach; whoever may not write households learns nothing about the request.
    async fn a_home_is_a_point_at_work_within_reach(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let (admin, worker) = (app.actor(&[(Role::Admin, network.id("b"))]), app.actor(&[(Role::Worker, network.id("c1t1"))]));
        for elsewhere in [json!(network.id("c2t1v1")), json!(network.id("c1")), json!(NOTHING)] {
            let body = with(household(home), "service_point_id", elsewhere);
            assert_not_found(app.post(&worker, HOUSEHOLDS, &body).await, "/service_point_id");
        }
        for role in [Role::Reviewer, Role::Auditor, Role::Admin] {
            let reply = app.post(&app.actor(&[(role, network.id("b"))]), HOUSEHOLDS, &json!({})).await.expect(403);
            assert_eq!(reply.json()["permission"], "households.write");
        }
        let both = app.actor(&[(Role::Worker, network.id("c2t1v1")), (Role::Reviewer, home)]);
        assert_eq!(app.post(&both, HOUSEHOLDS, &household(home)).await.expect(403).json()["permission"], "households.write");
        let point = format!("/api/v1/service-points/{home}");
        app.post_to(&admin, &format!("{point}/suspend"), 1, None).await.expect(200);
        assert_problem(app.post(&worker, HOUSEHOLDS, &household(home)).await, 409, "service_point.not_active");
        app.post_to(&admin, &format!("{point}/close"), 2, Some(&json!({ "reason": "模拟关闭" }))).await.expect(200);
        assert_problem(app.post(&worker, HOUSEHOLDS, &household(home)).await, 409, "service_point.not_active");
        assert_eq!(rows(&app)["households"], 0);
        for tier in ["c1t1", "c1", "b"] {
            let manager = app.actor(&[(Role::Manager, network.id("b"))]);
            register(&app, &manager, &household(network.id(tier))).await;
        }
    }

    /// Fifty phones that send the same family at the same moment make one household and one set of members.
    async fn fifty_identical_creates_make_one_family(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let mut body = with(family(home), "id", json!(app.edge.new_id()));
        body["members"][1]["id"] = json!(app.edge.new_id());
        let replies = join_all((0..50).map(|_| app.post(&worker, HOUSEHOLDS, &body))).await;
        let of = |status: u16| replies.iter().filter(|reply| reply.status == status).count();
        assert_eq!((of(201), of(200)), (1, 49), "{}", replies.iter().map(Reply::text).collect::<String>());
        assert!(replies.iter().all(|reply| reply.json() == replies[0].json()));
        let counted = rows(&app);
        assert_eq!((counted["households"], counted["household_members"], counted["household_spans"]), (1, 3, 1));
        assert_eq!(events(&app, "household.register").len(), 1);
        assert_eq!(figure(&app, &worker, home, "persons", "2026-11").await, 3);
        assert!(members(&app, &worker, &replies[0].json()).await.iter().any(|person| person["id"] == body["members"][1]["id"]));
        // Other content under that id learns nothing, be it only a member's name.
        let other = with(body.clone(), "/members/1/name", json!("模拟王五"));
        assert_problem(app.post(&worker, HOUSEHOLDS, &other).await, 409, "id.taken");
        let somebody = app.actor(&[(Role::Worker, home)]);
        assert_problem(app.post(&somebody, HOUSEHOLDS, &body).await, 409, "id.taken");
    }

    /// The id of a member belongs to one member.
    async fn the_id_of_a_member_is_used_once(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let id = json!(app.edge.new_id());
        let body = with(household(home), "/members/0/id", id.clone());
        register(&app, &worker, &body).await;
        assert_problem(app.post(&worker, HOUSEHOLDS, &body).await, 409, "id.taken");
        let mut twice = with(family(home), "/members/0/id", json!(app.edge.new_id()));
        twice["members"][1]["id"] = twice["members"][0]["id"].clone();
        let reply = app.post(&worker, HOUSEHOLDS, &twice).await;
        assert!((400..500).contains(&reply.status), "{}", reply.text());
        assert_eq!((rows(&app)["households"], rows(&app)["household_members"]), (1, 1));
    }
}
