//! Training: sessions, attendances and persons are three different figures.

use serde_json::{Value, json};
use terrace::domain::Id;

use super::{Shop, fault, parts, refused, with};
use crate::{on_both, support::trade};

fn by(session: Id, member: Id) -> Value {
    json!({ "session_id": session, "member_id": member })
}

/// A session that a point held on a day.
async fn held(shop: &Shop, host: &str, day: &str) -> Id {
    shop.enter("training-sessions", &trade::session(shop.id(host), day.parse().unwrap())).await
}

on_both! {
    /// Either a person is named or heads are counted; a person attends a session once.
    async fn an_attendance_is_a_person_or_heads(app: TestApp) {
        let shop = Shop::new(app).await;
        let (_, [person, other]) = shop.household("c1t1v1").await;
        let session = held(&shop, "c1t1", "2026-11-10").await;
        for body in [with(by(session, person), json!({ "heads": 1 })), json!({ "session_id": session })] {
            fault(&shop.post("attendances", &body).await, "/member_id", "either_or");
        }
        fault(&shop.post("attendances", &json!({ "session_id": session, "heads": 0 })).await, "/heads", "range");
        let named = shop.post("attendances", &with(by(session, person), json!({ "minutes": 45 }))).await.expect(201).json();
        let right = json!({
            "id": named["id"], "session_id": session, "service_point_id": shop.id("c1t1"), "on": "2026-11-10",
            "member_id": person, "heads": 1, "minutes": 45, "state": "active", "void_reason": null,
            "logged_by": shop.clerk.account, "version": 1, "created_at": named["created_at"], "updated_at": named["created_at"],
        });
        assert_eq!(named, right);
        fault(&shop.post("attendances", &by(session, person)).await, "/member_id", "attends_already");
        shop.enter("attendances", &by(session, other)).await;
        let heads = shop.enter("attendances", &trade::attendance(session)).await;
        shop.enter("attendances", &trade::attendance(session)).await;
        let id: Id = named["id"].as_str().unwrap().parse().unwrap();
        fault(&shop.correct("attendances", id, 1, json!({ "heads": 2 })).await, "/heads", "either_or");
        shop.correct("attendances", id, 1, json!({ "minutes": null })).await.expect(200);
        shop.correct("attendances", heads, 1, json!({ "heads": 5 })).await.expect(200);
        assert_eq!(shop.branch("2026-11", "training_attendances").await, [10, 10, 10, 0]);
        // Taken back, the person may attend again.
        shop.void("attendances", id, 2).await.expect(200);
        shop.enter("attendances", &by(session, person)).await;
        let before = held(&shop, "c1t1", "2026-10-31").await;
        fault(&shop.post("attendances", &by(before, person)).await, "/member_id", "before_registration");
        let list = async |query: String| shop.app.all_pages(&shop.clerk, &format!("/api/v1/attendances?{query}"), 2).await.len();
        assert_eq!(list(format!("session_id={session}")).await, 5);
        assert_eq!(list(format!("session_id={session}&state=active")).await, 4);
        assert_eq!(list(format!("member_id={other}")).await, 1);
    }

    /// Days, topic and partner of a session; once somebody has attended, day and topic stay and it is not taken back.
    async fn an_attended_session_stays(app: TestApp) {
        let shop = Shop::new(app).await;
        let partner = shop.enter("partners", &trade::partner(shop.id("b"))).await;
        let body = with(
            trade::session(shop.id("c1t1"), "2026-11-10".parse().unwrap()),
            json!({ "ends_on": "2026-11-12", "partner_id": partner, "minutes": 480, "note": "模拟说明" }),
        );
        for (fields, pointer, code) in [
            (json!({ "topic": "unheard_of" }), "/topic", "unknown_code"),
            (json!({ "starts_on": "2026-11-25", "ends_on": "2026-11-26" }), "/starts_on", "in_future"),
            (json!({ "ends_on": "2026-11-09" }), "/ends_on", "before_from"),
        ] {
            fault(&shop.post("training-sessions", &with(body.clone(), fields)).await, pointer, code);
        }
        let made = shop.post("training-sessions", &body).await.expect(201).json();
        assert_eq!([&made["ends_on"], &made["partner_id"], &made["minutes"]], [&json!("2026-11-12"), &json!(partner), &json!(480)]);
        let session: Id = made["id"].as_str().unwrap().parse().unwrap();
        shop.correct("training-sessions", session, 1, json!({ "starts_on": "2026-11-09", "topic": "brand" })).await.expect(200);
        let figure = shop.figures("c1", "2026-11", "training_sessions").await;
        assert_eq!(parts(&figure, "by_kind", "kind"), [("brand".to_owned(), 1)]);
        let attendance = shop.enter("attendances", &trade::attendance(session)).await;
        for fields in [json!({ "starts_on": "2026-11-10" }), json!({ "topic": "store" })] {
            refused(&shop.correct("training-sessions", session, 2, fields).await, 409, "training_session.attended");
        }
        refused(&shop.void("training-sessions", session, 2).await, 409, "training_session.attended");
        let renamed = json!({ "name": "模拟新名", "ends_on": null, "partner_id": null, "note": null });
        let corrected = shop.correct("training-sessions", session, 2, renamed).await.expect(200).json();
        assert_eq!([&corrected["name"], &corrected["ends_on"], &corrected["partner_id"]], [&json!("模拟新名"), &json!("2026-11-09"), &Value::Null]);
        shop.void("attendances", attendance, 1).await.expect(200);
        shop.void("training-sessions", session, 3).await.expect(200);
        assert_eq!(shop.branch("2026-11", "training_sessions").await, [0; 4]);
        assert_eq!(shop.post("attendances", &trade::attendance(session)).await.status, 409);
        let versions = format!("/api/v1/training-sessions/{session}/versions");
        assert_eq!(shop.app.get(&shop.clerk, &versions).await.expect(200).json()["items"].as_array().unwrap().len(), 4);
    }

    /// A person counts once in each period, at home; each attendance counts, at the session's host.
    async fn sessions_attendances_and_persons_are_counted(app: TestApp) {
        let shop = Shop::new(app).await;
        let (_, [first, second]) = shop.household("c1t1v1").await;
        let (_, [third, _]) = shop.household("c2t1v1").await;
        let (here, there) = (held(&shop, "c1t1", "2026-11-05").await, held(&shop, "c2t1", "2026-11-20").await);
        let mut attendances = Vec::new();
        for (session, person) in [(here, first), (here, second), (there, first), (there, third)] {
            attendances.push(shop.enter("attendances", &by(session, person)).await);
        }
        shop.enter("attendances", &trade::attendance(here)).await;
        for (metric, branch, next) in [
            ("training_sessions", [2, 1, 1, 0], 1),
            ("training_attendances", [7, 5, 5, 0], 2),
            ("persons_trained", [3, 2, 2, 2], 1),
            ("persons_trained_cumulative", [3, 2, 2, 2], 1),
        ] {
            for period in ["2026-11", "2026-Q4", "2026", "all"] {
                assert_eq!(shop.branch(period, metric).await, branch, "{metric} in {period}");
                assert_eq!(shop.total("c2", period, metric).await, next, "{metric} in {period}");
            }
            assert_eq!(shop.branch("2026-10", metric).await, [0; 4], "{metric}");
        }
        let persons = shop.figures("b", "2026-11", "persons_trained").await;
        assert_eq!(parts(&persons, "by_type", "type"), [("general".to_owned(), 3)]);
        // Two of the first person's attendances: one by one they go, and the person with the last.
        shop.void("attendances", attendances[0], 1).await.expect(200);
        assert_eq!(shop.branch("2026-11", "persons_trained").await, [3, 2, 2, 2]);
        assert_eq!(shop.branch("2026-11", "training_attendances").await, [6, 4, 4, 0]);
        shop.void("attendances", attendances[2], 1).await.expect(200);
        assert_eq!(shop.branch("2026-11", "persons_trained").await, [2, 1, 1, 1]);
        assert_eq!(shop.branch("all", "persons_trained_cumulative").await, [2, 1, 1, 1]);
    }

    /// Persons are cumulated from the first month in which they attended.
    async fn a_person_is_cumulated_from_the_first_month(app: TestApp) {
        let shop = Shop::later(app, 40).await;
        let (_, [person, _]) = shop.household("c1t1v1").await;
        let (november, december) = (held(&shop, "c1", "2026-11-20").await, held(&shop, "c1", "2026-12-20").await);
        let late = shop.enter("attendances", &by(december, person)).await;
        assert_eq!(shop.total("c1", "2026-11", "persons_trained_cumulative").await, 0);
        assert_eq!(shop.total("c1", "2026-12", "persons_trained_cumulative").await, 1);
        let early = shop.enter("attendances", &by(november, person)).await;
        assert_eq!(shop.total("c1", "2026-11", "persons_trained_cumulative").await, 1);
        for (period, persons) in [("2026-11", 1), ("2026-12", 1), ("2026-Q4", 1), ("2027-01", 0), ("all", 1)] {
            assert_eq!(shop.branch(period, "persons_trained").await, [persons; 4], "{period}");
        }
        shop.void("attendances", early, 1).await.expect(200);
        assert_eq!(shop.total("c1", "2026-11", "persons_trained_cumulative").await, 0);
        shop.void("attendances", late, 1).await.expect(200);
        assert_eq!(shop.total("c1", "2027-01", "persons_trained_cumulative").await, 0);
    }

    /// A trained person counts whose household opens a store within twelve months after the first training in the period.
    async fn training_is_followed_by_a_store(app: TestApp) {
        let shop = Shop::later(app, 400).await;
        let (household, [first, second]) = shop.household("c1t1v1").await;
        let (slow, [third, _]) = shop.household("c1t1v1").await;
        let (_, [never, _]) = shop.household("c2t1v1").await;
        let session = held(&shop, "c1", "2026-11-10").await;
        for person in [first, second, third, never] {
            shop.enter("attendances", &by(session, person)).await;
        }
        let share = async |point: &str, period: &str| {
            let figure = shop.figures(point, period, "training_conversion_share").await;
            (figure["total"].as_i64().unwrap(), figure["of"].as_i64().unwrap())
        };
        assert_eq!([share("b", "2026-11").await, share("c1", "2026-11").await], [(0, 4), (0, 3)]);
        let store = |household: Id, day: &str| with(shop.store("c1"), json!({ "household_id": household, "opened_on": day }));
        // Before the training, and more than twelve months after it.
        let early = shop.enter("stores", &store(household, "2026-11-09")).await;
        let late = shop.enter("stores", &store(slow, "2027-11-11")).await;
        assert_eq!(share("b", "2026-11").await, (0, 4));
        shop.put("stores", early, 1, &store(household, "2026-11-10")).await.expect(200);
        assert_eq!([share("b", "2026-11").await, share("c1", "2026-11").await], [(2, 4), (2, 3)]);
        shop.put("stores", late, 1, &store(slow, "2027-11-10")).await.expect(200);
        for period in ["2026-11", "2026-Q4", "2026", "all"] {
            assert_eq!([share("b", period).await, share("c2", period).await], [(3, 4), (0, 1)], "{period}");
        }
        assert_eq!(share("c1t1v1", "2026-11").await, (3, 3));
        assert_eq!(shop.figures("b", "2026-11", "training_conversion_share").await["rate_bp"], 7500);
        assert_eq!(share("b", "2026-12").await, (0, 0));
        // Another training in the next year counts from its own first day.
        let again = held(&shop, "c1", "2027-11-12").await;
        shop.enter("attendances", &by(again, third)).await;
        assert_eq!([share("c1", "2027").await, share("c1", "all").await], [(0, 1), (3, 3)]);
    }

    /// Figures of persons are not for whoever sees no persons; those of sessions are.
    async fn figures_of_persons_are_not_for_everybody(app: TestApp) {
        let shop = Shop::new(app).await;
        let admin = shop.app.actor(&[(terrace::domain::codes::Role::Admin, shop.id("b"))]);
        let metrics = "training_sessions,persons_trained,persons_trained_cumulative,training_conversion_share,stores";
        let path = format!("/api/v1/service-points/{}/statistics?period=2026-11&metrics={metrics}", shop.id("b"));
        let figures = shop.app.get(&admin, &path).await.expect(200).json();
        let mut told: Vec<&str> =
            figures["items"].as_array().unwrap().iter().map(|figure| figure["metric"].as_str().unwrap()).collect();
        told.sort_unstable();
        assert_eq!(told, ["stores", "training_sessions"]);
    }
}
