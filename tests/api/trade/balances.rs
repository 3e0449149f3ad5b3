//! Opening balances: cumulative figures go on from them, and nothing is counted twice.

use serde_json::{Value, json};

use super::{Shop, fault, refused, with};
use crate::{on_both, support::trade};

on_both! {
    /// A cumulative figure is its opening balances and what was entered since, from the month that a balance begins with.
    async fn a_figure_goes_on_from_its_balance(app: TestApp) {
        let shop = Shop::new(app).await;
        let store = shop.opened("c1t1v1").await;
        shop.enter("sales", &shop.sale(store, "2026-11-20", 100)).await;
        let body = with(trade::balance(shop.id("c1")), json!({ "value": 10_000 }));
        let made = shop.post("opening-balances", &body).await.expect(201).json();
        let mut right = with(body.clone(), json!({ "version": 1 }));
        for field in ["id", "created_at", "updated_at"] {
            right[field] = made[field].clone();
        }
        assert_eq!(made, right);
        let balance = made["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(shop.branch("2026-10", "sales_cumulative").await, [0; 4]);
        for period in ["2026-11", "2026-Q4", "2026", "2027", "all"] {
            assert_eq!(shop.branch(period, "sales_cumulative").await, [10_100, 10_100, 100, 100], "{period}");
        }
        assert_eq!(shop.branch("2026-11", "sales_amount").await, [100; 4]);
        assert_eq!(shop.figures("c1", "2026-11", "sales_cumulative").await["own"], 10_000);
        // Another value moves the figure, and an earlier day begins it earlier.
        shop.put("opening-balances", balance, 1, &with(body.clone(), json!({ "value": 7_000 }))).await.expect(200);
        assert_eq!(shop.branch("2026-11", "sales_cumulative").await, [7_100, 7_100, 100, 100]);
        let earlier = with(body.clone(), json!({ "value": 7_000, "as_of": "2026-10-01" }));
        shop.put("opening-balances", balance, 2, &earlier).await.expect(200);
        assert_eq!(shop.branch("2026-10", "sales_cumulative").await, [7_000, 7_000, 0, 0]);
        assert_eq!(shop.branch("2026-11", "sales_cumulative").await, [7_100, 7_100, 100, 100]);
        // The bureau may have had sales of its own.
        shop.enter("opening-balances", &with(trade::balance(shop.id("b")), json!({ "value": 5 }))).await;
        assert_eq!(shop.branch("all", "sales_cumulative").await, [7_105, 7_100, 100, 100]);
    }

    /// It is of a cumulative metric, from the first of a month that has begun; point and metric stay.
    async fn what_a_balance_says_is_checked(app: TestApp) {
        let shop = Shop::new(app).await;
        let body = trade::balance(shop.id("c1"));
        for (fields, pointer, code) in [
            (json!({ "metric": "sales_amount" }), "/metric", "unknown_code"),
            (json!({ "metric": "rainfall" }), "/metric", "unknown_code"),
            (json!({ "as_of": "2026-11-02" }), "/as_of", "not_first_of_month"),
            (json!({ "as_of": "2026-12-01" }), "/as_of", "in_future"),
            (json!({ "value": -1 }), "/value", "range"),
        ] {
            fault(&shop.post("opening-balances", &with(body.clone(), fields)).await, pointer, code);
        }
        let balance = shop.enter("opening-balances", &body).await;
        refused(&shop.post("opening-balances", &with(body.clone(), json!({ "value": 7 }))).await, 409, "resource.already_so");
        shop.enter("opening-balances", &trade::balance(shop.id("c2"))).await;
        shop.enter("opening-balances", &with(body.clone(), json!({ "metric": "persons_trained_cumulative" }))).await;
        for (field, value) in [("metric", json!("persons_trained_cumulative")), ("service_point_id", json!(shop.id("b")))] {
            let reply = shop.put("opening-balances", balance, 1, &with(body.clone(), json!({ field: value }))).await;
            fault(&reply, &format!("/{field}"), "fixed");
        }
    }

    /// Nothing is entered for the time that a balance stands for, in the subtree of its point.
    async fn what_a_balance_stands_for_is_not_entered_again(app: TestApp) {
        let shop = Shop::new(app).await;
        let old = |point: &str| with(shop.store(point), json!({ "opened_on": "2026-09-01" }));
        let (here, there) = (shop.enter("stores", &old("c1t1v1")).await, shop.enter("stores", &old("c2t1v1")).await);
        let sale = shop.enter("sales", &shop.sale(here, "2026-11-01", 100)).await;
        shop.enter("opening-balances", &trade::balance(shop.id("c1"))).await;
        let month = json!({ "on": null, "month": "2026-10" });
        let own = |point: &str| trade::sale(shop.id(point), "2026-10-31".parse().unwrap());
        for body in [
            shop.sale(here, "2026-10-31", 100),
            shop.sale(here, "2026-09-01", 100),
            with(shop.sale(here, "2026-10-31", 100), month.clone()),
            own("c1"),
            own("c1t2v2"),
        ] {
            refused(&shop.post("sales", &body).await, 409, "opening_balance.covers");
        }
        for fields in [json!({ "on": "2026-10-31" }), json!({ "month": "2026-10" })] {
            refused(&shop.correct("sales", sale, 1, fields).await, 409, "opening_balance.covers");
        }
        shop.enter("sales", &shop.sale(there, "2026-10-31", 100)).await;
        shop.enter("sales", &own("b")).await;
        // What a livestream sold is a part of sales.
        let stream = |store| trade::livestream(store, "2026-10-31".parse().unwrap());
        refused(&shop.post("livestreams", &stream(here)).await, 409, "opening_balance.covers");
        shop.enter("livestreams", &stream(there)).await;
        shop.enter("sales", &shop.sale(here, "2026-11-01", 100)).await;
    }

    /// None is entered, or put later, for a time of which something is there already; what was taken back is not.
    async fn a_balance_stands_for_nothing_that_is_there(app: TestApp) {
        let shop = Shop::new(app).await;
        let old = with(shop.store("c1t1v1"), json!({ "opened_on": "2026-09-01" }));
        let store = shop.enter("stores", &old).await;
        let sale = shop.enter("sales", &shop.sale(store, "2026-10-31", 100)).await;
        let as_of = |point: &str, day: &str| with(trade::balance(shop.id(point)), json!({ "as_of": day }));
        for point in ["c1", "b"] {
            refused(&shop.post("opening-balances", &as_of(point, "2026-11-01")).await, 409, "opening_balance.covers");
        }
        let balance = shop.enter("opening-balances", &as_of("c1", "2026-10-01")).await;
        shop.enter("opening-balances", &as_of("c2", "2026-11-01")).await;
        refused(&shop.put("opening-balances", balance, 1, &as_of("c1", "2026-11-01")).await, 409, "opening_balance.covers");
        assert_eq!(shop.branch("all", "sales_cumulative").await, [300, 200, 100, 100]);
        shop.void("sales", sale, 1).await.expect(200);
        shop.put("opening-balances", balance, 1, &as_of("c1", "2026-11-01")).await.expect(200);
        assert_eq!(shop.branch("2026-10", "sales_cumulative").await, [0; 4]);
        assert_eq!(shop.branch("all", "sales_cumulative").await, [200, 100, 0, 0]);
    }

    /// The same of persons trained, at the homes of their households: heads are no persons, and may be told of any time.
    async fn a_balance_of_persons_trained_stands_for_persons(app: TestApp) {
        let shop = Shop::new(app).await;
        let (_, [person, other]) = shop.household("c1t1v1").await;
        let early = trade::session(shop.id("c2t1"), "2026-11-05".parse().unwrap());
        let early = shop.enter("training-sessions", &early).await;
        let by = |session, member| json!({ "session_id": session, "member_id": member });
        let attends = shop.enter("attendances", &by(early, person)).await;
        assert_eq!(shop.branch("2026-11", "persons_trained_cumulative").await, [1; 4]);
        let body = |day: &str| with(trade::balance(shop.id("c1")), json!({ "metric": "persons_trained_cumulative", "as_of": day, "value": 50 }));
        // November is the first month of which there is something.
        let balance = shop.enter("opening-balances", &body("2026-11-01")).await;
        assert_eq!(shop.branch("2026-11", "persons_trained_cumulative").await, [51, 51, 1, 1]);
        assert_eq!(shop.branch("2026-11", "persons_trained").await, [1; 4]);
        let october = shop.enter("training-sessions", &trade::session(shop.id("c2t1"), "2026-10-31".parse().unwrap())).await;
        fault(&shop.post("attendances", &by(october, other)).await, "/member_id", "before_registration");
        shop.enter("attendances", &trade::attendance(october)).await;
        shop.void("attendances", attends, 1).await.expect(200);
        assert_eq!(shop.branch("2026-11", "persons_trained_cumulative").await, [50, 50, 0, 0]);
        assert_eq!(shop.get("opening-balances", balance).await["value"], json!(50));
        assert_eq!(shop.figures("c1", "2026-11", "persons_trained_cumulative").await["of"], Value::Null);
    }

    /// A month later: a person who attended before the balance begins is in it already, wherever the session was.
    async fn a_person_of_the_time_before_is_not_counted_again(app: TestApp) {
        let shop = Shop::later(app, 10).await;
        let (_, [person, _]) = shop.household("c1t1v1").await;
        let (_, [stranger, _]) = shop.household("c2t1v1").await;
        let session = shop.enter("training-sessions", &trade::session(shop.id("c2t1"), "2026-11-30".parse().unwrap())).await;
        let balance = json!({ "metric": "persons_trained_cumulative", "as_of": "2026-12-01", "value": 50 });
        shop.enter("opening-balances", &with(trade::balance(shop.id("c1")), balance.clone())).await;
        let by = |member| json!({ "session_id": session, "member_id": member });
        refused(&shop.post("attendances", &by(person)).await, 409, "opening_balance.covers");
        shop.enter("attendances", &by(stranger)).await;
        refused(&shop.post("opening-balances", &with(trade::balance(shop.id("c2")), balance)).await, 409, "opening_balance.covers");
    }
}
