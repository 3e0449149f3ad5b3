//! The tree under random lives: points are opened, closed, moved, paused and renamed through the API, rightly and
//! wrongly, while the days go by. A small model says what each request must answer, and after each one every row of
//! the database is held against the model and against what must hold of any tree.
//!
//! The seeds are fixed, so a failure comes again; its message names the step.

pub mod rows;
mod steps;

use std::collections::BTreeMap;

use futures_util::future::join_all;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use self::{
    rows::{Points, Row, check, parent_on, read},
    steps::{POINTS, Step},
};
use crate::on_both;

/// Any number: other lives.
const SEED: u64 = 20261124;

fn hex(id: Id) -> String {
    id.to_string().replace('-', "")
}

/// The parents of all points, as the model has them.
fn parents(points: &Points) -> BTreeMap<String, Option<String>> {
    points.values().map(|row| (row.id.clone(), row.parent.clone())).collect()
}

on_both! {
    /// The model and the program agree on every answer and every row, and any past day can be looked at again.
    async fn random_lives_keep_the_tree_a_tree(app: TestApp) {
        let network = app.network().await;
        let mut rng = StdRng::seed_from_u64(SEED);
        let mut conn = app.conn();
        let mut model = read(&mut conn).0;
        let mut actor = app.actor(&[(Role::Admin, network.id("b"))]);
        let (mut past, mut seen) = (Vec::new(), BTreeMap::<String, u32>::new());
        for step in 0..400 {
            if rng.gen_ratio(1, 12) {
                past.push((app.today().to_string(), parents(&model)));
                app.edge.advance(rng.gen_range(1..40) * 86_400);
                actor = app.actor(&[(Role::Admin, network.id("b"))]);
            }
            let (today, asked) = (app.today(), Step::random(&mut rng, &model, app.today()));
            let current = asked.target().and_then(|id| model.get(id)).map_or(1, |row| row.version);
            let version = if rng.gen_ratio(1, 20) { current + *[-1, 1].choose(&mut rng).unwrap() } else { current };
            let when = format!("step {step}, {today}, version {version}: {asked:?}");
            let expected = asked.expected(&model, version, today);
            let reply = asked.send(&app, &actor, version).await;
            match &expected {
                Ok(()) => {
                    let opening = asked.target().is_none();
                    assert_eq!(reply.status, if opening { 201 } else { 200 }, "{when}: {}", reply.text());
                    let made = if opening { hex(reply.id()) } else { asked.target().unwrap().to_owned() };
                    asked.apply(&mut model, &made, today);
                    let row = &model[&made];
                    let shown = reply.json();
                    let stated = |name: &str| shown[name].as_str().map(str::to_owned);
                    assert_eq!(stated("parent_id").map(|id| id.replace('-', "")), row.parent, "{when}");
                    assert_eq!((stated("region_code"), stated("closed_on")), (row.code.clone(), row.closed_on.clone()), "{when}");
                    let rest = json!([row.tier, row.name, row.status, row.opened_on, row.version]);
                    let shown_rest = ["tier", "name", "status", "opened_on", "version"].map(|name| shown[name].clone());
                    assert_eq!(json!(shown_rest), rest, "{when}");
                    assert_eq!(reply.header("etag"), Some(&*format!("\"{}\"", row.version)), "{when}");
                }
                Err((status, code, faults)) => {
                    assert_eq!((reply.status, reply.code().as_str()), (*status, *code), "{when}: {}", reply.text());
                    assert_eq!(&reply.faults(), faults, "{when}");
                    let told = if *status == 412 { json!(current) } else { Value::Null };
                    assert_eq!(reply.json()["current_version"], told, "{when}");
                }
            }
            *seen.entry(expected.map_or_else(|(_, code, _)| code.to_owned(), |()| format!("{asked:?}").split(' ').next().unwrap().to_owned())).or_default() += 1;
            check(&mut conn, &when);
            let (rows, _) = read(&mut conn);
            let rows: Points = rows.into_iter().map(|(id, row)| (id, Row { path: String::new(), ..row })).collect();
            for (id, row) in &mut model {
                row.path = String::new();
                assert_eq!(rows.get(id), Some(&*row), "{when}");
            }
            assert_eq!(rows.len(), model.len(), "{when}");
            model = read(&mut conn).0;
        }
        past.push((app.today().to_string(), parents(&model)));
        let (_, spans) = read(&mut conn);
        for (day, parents) in &past {
            for (child, parent) in parents {
                assert_eq!(parent_on(&spans, child, day), parent.as_deref(), "the parent of {child} on {day}: {:?}", spans.get(child));
            }
        }
        for (id, row) in &model {
            let shown = app.get(&actor, &format!("{POINTS}/{id}/history")).await.expect(200).json()["items"].clone();
            let kept = spans.get(id).map_or(&[][..], Vec::as_slice).iter().map(|span| {
                json!({"parent_id": span.parent.parse::<Id>().unwrap(), "valid_from": span.valid_from, "valid_to": span.valid_to})
            });
            assert_eq!(shown, Value::Array(kept.collect()), "the history of {row:?}");
        }
        // A run that met only refusals, or none, would prove nothing.
        for met in ["Open", "Close", "Move", "Status", "Edit", "request.invalid", "resource.not_found", "version.stale", "resource.already_so", "service_point.ended", "service_point.open_children", "service_point.region_code_taken"] {
            assert!(seen.get(met).is_some_and(|times| *times >= 3), "{met} was hardly met: {seen:?}");
        }
    }

    /// Requests that meet each other may be refused, but never fail and never break the tree: a child is not opened
    /// under a parent that closes at the same moment, and no code is given twice.
    async fn lives_that_meet_keep_the_tree_a_tree(app: TestApp) {
        let network = app.network().await;
        let mut rng = StdRng::seed_from_u64(SEED);
        let mut conn = app.conn();
        let actor = app.actor(&[(Role::Admin, network.id("b"))]);
        let mut done = 0;
        for round in 0..40 {
            let (points, _) = read(&mut conn);
            let steps: Vec<Step> = (0..8).map(|_| Step::random(&mut rng, &points, app.today())).collect();
            let version = |step: &Step| step.target().and_then(|id| points.get(id)).map_or(1, |row| row.version);
            let replies = join_all(steps.iter().map(|step| step.send(&app, &actor, version(step)))).await;
            for (step, reply) in steps.iter().zip(&replies) {
                let allowed = [200, 201, 404, 409, 412, 422].contains(&reply.status);
                assert!(allowed, "round {round}, {step:?}: {} {}", reply.status, reply.text());
            }
            done += replies.iter().filter(|reply| reply.status < 300).count();
            check(&mut conn, &format!("round {round}: {steps:?}"));
        }
        assert!(done > 80, "only {done} of 320 steps were taken");
    }
}
