//! Announcements, and who has read them.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::codes::Role;

use crate::{
    on_both,
    reports::{Desk, refused},
    support::{Actor, Reply, TestApp},
};

const PATH: &str = "/api/v1/announcements";

async fn seen(app: &TestApp, who: &Actor) -> Vec<Value> {
    app.all_pages(who, "/api/v1/notices?kind=announcement", 1).await
}

async fn read(app: &TestApp, who: &Actor, id: &str) -> Reply {
    app.request(who, Method::POST, &format!("/api/v1/notices/{id}/read"), None, &[]).await
}

on_both! {
    /// An announcement reaches what lies below its point when it is read, and a point has read it when somebody there has.
    async fn an_announcement_goes_down_the_subtree(app: TestApp) {
        let desk = Desk::new(app).await;
        let app = &desk.app;
        let text = json!({ "id": app.edge.new_id(), "service_point_id": desk.id("c1"), "title": "模拟通知", "body": "第一行\n第二行" });
        let manager = desk.who(Role::Manager, "c1");
        let made = app.post(&manager, PATH, &text).await.expect(201).json();
        app.post(&manager, PATH, &text).await.expect(200);
        let id = made["id"].as_str().unwrap();
        let reviewer = desk.who(Role::Reviewer, "c2");
        let mut foreign = text.clone();
        foreign["id"] = json!(app.edge.new_id());
        refused(&app.post(&reviewer, PATH, &foreign).await, 404, "resource.not_found");
        refused(&app.post(&desk.who(Role::Worker, "c1"), PATH, &foreign).await, 403, "permission.denied");

        let [village, other, both] = [
            desk.who(Role::Worker, "c1t1v1"),
            desk.who(Role::Worker, "c2t1v1"),
            app.actor(&[(Role::Worker, desk.id("c1t2v1")), (Role::Reviewer, desk.id("c1t2"))]),
        ];
        let found = seen(app, &village).await;
        assert_eq!((found.len(), &found[0]["title"], &found[0]["body"]), (1, &json!("模拟通知"), &json!("第一行\n第二行")));
        assert_eq!(found[0]["service_point_id"], Value::Null, "what lies above is not named");
        assert_eq!([seen(app, &manager).await.len(), seen(app, &other).await.len(), seen(app, &desk.who(Role::Manager, "b")).await.len()], [1, 0, 0]);
        refused(&read(app, &other, id).await, 404, "resource.not_found");
        for who in [&village, &both, &village] {
            read(app, who, id).await.expect(200);
        }
        let counts = async |id: &str| {
            let told = app.get(&manager, &format!("{PATH}/{id}/receipts")).await.expect(200).json();
            let pair = |told: &Value| (told["read"].as_i64().unwrap(), told["of"].as_i64().unwrap());
            (pair(&told), told["by_child"].as_array().unwrap().iter().map(pair).collect::<Vec<_>>())
        };
        assert_eq!(counts(id).await, ((3, 7), vec![(1, 3), (2, 3)]));
        let readers = app.all_pages(&manager, &format!("{PATH}/{id}/readers"), 1).await;
        let at: Vec<Value> = readers.iter().map(|reader| reader["service_point_id"].clone()).collect();
        assert_eq!(at.len(), 3);
        assert!(["c1t1v1", "c1t2v1", "c1t2"].iter().all(|point| at.contains(&json!(desk.id(point)))));
        refused(&app.get(&village, &format!("{PATH}/{id}/receipts")).await, 404, "resource.not_found");

        // A township that is moved there reads it as well, and one that has left does not.
        let admin = desk.who(Role::Admin, "b");
        let body = json!({ "parent_id": desk.id("c1"), "reason": "区划调整" });
        app.post_to(&admin, &format!("/api/v1/service-points/{}/move", desk.id("c2t1")), 1, Some(&body)).await.expect(200);
        assert_eq!(seen(app, &other).await.len(), 1);
        read(app, &other, id).await.expect(200);
        let ((read_by, of), by_child) = counts(id).await;
        assert_eq!((read_by, of, by_child.len()), (4, 10, 3));
        let body = json!({ "parent_id": desk.id("c2"), "reason": "区划调整" });
        app.post_to(&admin, &format!("/api/v1/service-points/{}/move", desk.id("c1t1")), 1, Some(&body)).await.expect(200);
        assert_eq!(seen(app, &village).await.len(), 0);
        assert_eq!(counts(id).await.0, (3, 7));
    }

    /// Numbers of persons are kept out of announcements, and a repetition with another text is refused.
    async fn an_announcement_is_checked(app: TestApp) {
        let desk = Desk::new(app).await;
        let manager = desk.who(Role::Manager, "c1");
        let id = desk.app.edge.new_id();
        let text = |title: &str, body: &str| json!({ "id": id, "service_point_id": desk.id("c1"), "title": title, "body": body });
        desk.app.post(&manager, PATH, &text("", "模拟")).await.expect(422);
        desk.app.post(&manager, PATH, &text("模拟", "请联系 13900001234")).await.expect(422);
        desk.app.post(&manager, PATH, &text("模拟", "一")).await.expect(201);
        refused(&desk.app.post(&manager, PATH, &text("模拟", "二")).await, 409, "id.taken");
    }
}
