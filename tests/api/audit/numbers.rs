//! The numbers that name people: sealed wherever they are kept, masked wherever they are shown, and clear in two answers
//! alone, which are told of.

use std::sync::{Mutex, OnceLock};

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::{codes::Role, digest::hex};

use super::{world::build, *};
use crate::{
    http::dump::dump,
    on_both,
    support::{Reply, identity_number},
};

/// Everything that was logged, with all that a record carries.
struct Log(Mutex<Vec<String>>);

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        struct Fields(String);
        impl<'kvs> log::kv::VisitSource<'kvs> for Fields {
            fn visit_pair(
                &mut self,
                key: log::kv::Key<'kvs>,
                value: log::kv::Value<'kvs>,
            ) -> Result<(), log::kv::Error> {
                self.0.push_str(&format!(" {key}={value}"));
                Ok(())
            }
        }
        let mut fields = Fields(record.args().to_string());
        record.key_values().visit(&mut fields).unwrap();
        self.0.lock().unwrap().push(fields.0);
    }

    fn flush(&self) {}
}

/// The log of this process, from now on.
fn log_of_everything() -> &'static Log {
    static LOG: OnceLock<&'static Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let kept: &'static Log = Box::leak(Box::new(Log(Mutex::new(Vec::new()))));
        log::set_logger(kept).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        kept
    })
}

/// The numbers of everybody in the world, in clear, and of some who are not.
fn numbers() -> BTreeSet<String> {
    let of = |n: u32| {
        let number = identity_number("19700101", n);
        [format!("{number}42"), number, format!("1390000{n:04}")]
    };
    (1..60).flat_map(of).chain(["0939-8210000".to_owned(), "13900009999".to_owned()]).collect()
}

#[track_caller]
fn holds_none(place: &str, text: &str, numbers: &BTreeSet<String>) {
    for number in numbers {
        assert!(!text.contains(number), "{number} is in {place}: {text}");
        assert!(!text.contains(&hex(number.as_bytes())), "{number} is in {place} as bytes: {text}");
    }
}

on_both! {
    /// Every change is made, rightly and wrongly; then the whole database, every answer, every cursor and the log are
    /// searched for the numbers that went in.
    async fn no_number_is_in_clear_where_it_need_not_be(app: TestApp) {
        let log = log_of_everything();
        let world = build(&app).await;
        let numbers = numbers();
        let clear = ["/api/v1/households/{id}/identity", "/api/v1/households/{id}/export"];
        let mut answers: Vec<(String, Reply)> = Vec::new();
        let number = identity_number("19700101", 1);
        for (at, change) in world.changes.iter().enumerate() {
            app.edge.advance(1);
            let mut wrong = change.clone();
            if let Some(body) = &mut wrong.body {
                // Where free text goes, as people paste it; and where nothing goes.
                let texts: Vec<&str> = ["reason", "note"].into_iter().filter(|field| !body[*field].is_null()).collect();
                for field in if texts.is_empty() { vec!["unheard_of"] } else { texts } {
                    body[field] = json!(format!("证号 {number}"));
                }
            }
            if wrong.body.is_some() {
                let refused = wrong.send(&app, "wrong").await;
                assert!([400, 422].contains(&refused.status), "{wrong:?} {}", refused.text());
                answers.push((format!("the refusal of {}", change.route), refused));
            }
            let reply = change.send(&app, &format!("change-{at}")).await;
            assert_eq!(reply.status, change.status, "{} {}", change.route, reply.text());
            if !clear.contains(&change.route) {
                answers.push((format!("the answer to {}", change.route), reply));
            }
        }
        // Whoever pastes a number into an address or a search.
        for path in [
            format!("/api/v1/households/{number}"),
            format!("/api/v1/households?q={number}"),
            format!("/api/v1/households?phone_tail={number}"),
            format!("/api/v1/members/{number}"),
            format!("/{number}"),
        ] {
            let reply = app.get(&world.manager, &path).await;
            answers.push((format!("the answer to {}", path.replace(&number, "…")), reply));
        }
        let reader = app.actor(&[(Role::Auditor, world.network.id("b"))]);
        for list in ["/api/v1/households", "/api/v1/transfer-requests", "/api/v1/assistance-records"] {
            let page = app.get(&reader, &format!("{list}?limit=1")).await.expect(200);
            let cursor = page.json()["next_cursor"].as_str().unwrap().to_owned();
            answers.push((format!("the first page of {list}"), page));
            answers.push((format!("the next page of {list}"), app.get(&reader, &format!("{list}?limit=200&cursor={cursor}")).await.expect(200)));
        }
        for household in app.all_pages(&reader, "/api/v1/households", 200).await {
            for part in ["members", "history", "records"] {
                let path = format!("/api/v1/households/{}/{part}", household["id"].as_str().unwrap());
                answers.push((path.clone(), app.get(&reader, &path).await.expect(200)));
            }
        }
        for (place, reply) in &answers {
            holds_none(place, &reply.text(), &numbers);
            for (name, value) in &reply.headers {
                holds_none(place, &format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())), &numbers);
            }
        }
        let written = dump(&app);
        assert!(written["household_members"].len() > 20 && written["audit_events"].len() > 40);
        for (table, rows) in &written {
            rows.iter().for_each(|row| holds_none(table, row, &numbers));
        }
        let lines = log.0.lock().unwrap().clone();
        assert!(lines.iter().any(|line| line.contains("/api/v1/households/{id}/identity")), "nothing was logged");
        lines.iter().for_each(|line| holds_none("the log", line, &numbers));
    }

    /// What the two answers show is what went in, and only there; the log and the event of them hold none of it either,
    /// which the search above says.
    async fn two_answers_show_the_numbers_whole(app: TestApp) {
        let world = build(&app).await;
        let change = world.changes.iter().find(|change| change.route == "/api/v1/households").unwrap();
        let household = change.send(&app, "registered").await.expect(201);
        let body = change.body.as_ref().unwrap();
        let expected: Vec<Value> = body["members"].as_array().unwrap().iter().map(|member| json!({
            "member_id": member["id"], "name": member["name"], "identity_number": member["identity_number"],
            "phone": member["phone"], "disability_certificate": member["disability"]["certificate"],
        })).collect();
        let reason = json!({ "reason": "核对身份" });
        let path = format!("/api/v1/households/{}", household.id());
        let shown = app.post(&world.manager, &format!("{path}/identity"), &reason).await.expect(200);
        assert_eq!(shown.json(), json!({ "phone": body["phone"], "members": expected }));
        let file = app.post(&world.manager, &format!("{path}/export"), &reason).await.expect(200);
        assert_eq!(file.json()["identity"], shown.json());
        for reply in [&shown, &file] {
            assert_eq!(reply.header("cache-control"), Some("no-store"));
            assert_eq!(reply.header("etag"), None);
        }
        // Masked, the numbers keep so much that a person knows one's own again.
        let members = app.request(&world.manager, Method::GET, &format!("{path}/members"), None, &[]).await.expect(200).json();
        for (shown, kept) in members["items"].as_array().unwrap().iter().zip(&expected) {
            let (masked, clear) = (shown["identity_masked"].as_str().unwrap(), kept["identity_number"].as_str().unwrap());
            assert_eq!(masked, format!("{}********{}", &clear[..6], &clear[14..]));
            assert!(shown["phone_masked"].as_str().unwrap().ends_with(&kept["phone"].as_str().unwrap()[7..]));
        }
    }
}
