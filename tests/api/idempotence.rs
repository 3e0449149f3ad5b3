//! A request that is sent again makes nothing again.

use futures_util::future::join_all;
use serde_json::{Value, json};
use terrace::domain::codes::Role;

use crate::on_both;

on_both! {
    /// Fifty phones that send the same record at the same moment make one row, one event and one count.
    async fn fifty_identical_creates_make_one_row(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, village)]);
        let household = json!({
            "id": app.edge.new_id(), "service_point_id": village, "head_name": "模拟户主", "address": "模拟地址", "household_type": "general",
        });
        let record = json!({
            "id": app.edge.new_id(), "household_id": household["id"], "service_point_id": village,
            "kind": "training", "given_on": app.today(), "quantity": 2,
        });
        for (path, body) in [("/api/v1/households", &household), ("/api/v1/assistance-records", &record)] {
            let replies = join_all((0..50).map(|_| app.post(&worker, path, body))).await;
            let made = replies.iter().filter(|reply| reply.status == 201).count();
            let again = replies.iter().filter(|reply| reply.status == 200).count();
            assert_eq!((made, again), (1, 49), "{path}");
            assert!(replies.iter().all(|reply| reply.json() == replies[0].json()), "{path}");
        }
        let figures = app.get(&worker, &format!("/api/v1/service-points/{village}/statistics?period=all")).await.expect(200).json();
        assert_eq!((&figures["items"][0]["total"], &figures["items"][1]["total"]), (&json!(1), &json!(2)));
    }

    /// An id is used once: other content, or the same content from somebody else, learns only that it is taken.
    async fn an_id_is_not_used_for_two_things(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let [worker, other] = [(); 2].map(|()| app.actor(&[(Role::Worker, village)]));
        let body = |address: &str| -> Value {
            json!({ "id": "019ac0de-0000-7000-8000-000000000001", "service_point_id": village, "head_name": "模拟户主", "address": address, "household_type": "general" })
        };
        app.post(&worker, "/api/v1/households", &body("e\u{301} 1 号")).await.expect(201);
        app.post(&worker, "/api/v1/households", &body("  \u{e9} 1 号 ")).await.expect(200);
        for reply in [app.post(&worker, "/api/v1/households", &body("2 号")).await, app.post(&other, "/api/v1/households", &body("e\u{301} 1 号")).await] {
            assert_eq!(reply.expect(409).code(), "id.taken");
        }
    }

    /// A repetition after the row has changed is answered with the row as it is now; where it has moved out of scope,
    /// with its id and state alone.
    async fn a_repetition_tells_what_has_become_of_the_row(app: TestApp) {
        let network = app.network().await;
        let (village, admin) = (network.id("c1t1v1"), app.actor(&[(Role::Admin, network.id("b"))]));
        let manager = app.actor(&[(Role::Manager, network.id("c1"))]);
        let body = json!({ "id": app.edge.new_id(), "service_point_id": village, "head_name": "模拟户主", "address": "1 号", "household_type": "general" });
        let path = format!("/api/v1/households/{}", app.post(&manager, "/api/v1/households", &body).await.expect(201).id());
        app.patch(&manager, &path, 1, &json!({"address": "2 号"})).await.expect(200);
        let again = app.post(&manager, "/api/v1/households", &body).await.expect(200).json();
        assert_eq!((&again["address"], &again["version"]), (&json!("2 号"), &json!(2)));
        let to = json!({"parent_id": network.id("c2t1"), "reason": "区划调整"});
        app.post_to(&admin, &format!("/api/v1/service-points/{village}/move"), 1, Some(&to)).await.expect(200);
        let elsewhere = app.post(&manager, "/api/v1/households", &body).await.expect(200).json();
        assert_eq!(elsewhere, json!({ "id": body["id"], "state": "active" }));
    }
}
