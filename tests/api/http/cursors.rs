//! Pages: every row exactly once in a stable order, and cursors that cannot be made up or carried elsewhere.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{assert_problem, everyone, record};
use crate::{
    on_both,
    support::{Actor, Network, TestApp, household, livelihoods::Livelihoods, trade::Trade},
};

const VILLAGES: [&str; 4] = ["c1t1v1", "c1t1v2", "c1t2v1", "c2t1v1"];

/// The alphabet of cursors (RFC 4648, section 5).
const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Eight households in four villages, with a record from each to the first of them, a request to transfer each, and as
/// many accounts and grants. The first household.
async fn fill(app: &TestApp, network: &Network, actor: &Actor) -> Id {
    let mut first = None;
    for (village, _) in VILLAGES.iter().flat_map(|village| [(village, 1), (village, 2)]) {
        let made = add(app, network, actor, village, first).await;
        first.get_or_insert(made);
    }
    first.unwrap()
}

async fn add(app: &TestApp, network: &Network, actor: &Actor, village: &str, given_to: Option<Id>) -> Id {
    let home = network.id(village);
    let made = app.post(actor, "/api/v1/households", &household(home)).await.expect(201).id();
    let given = record(app, given_to.unwrap_or(made), home);
    app.post(actor, "/api/v1/assistance-records", &given).await.expect(201);
    let wanted = json!({ "household_id": made, "service_point_id": network.id("c2t2"), "reason": "模拟迁入" });
    app.post(actor, "/api/v1/transfer-requests", &wanted).await.expect(201);
    app.actor(&[(Role::Worker, home)]);
    let parent = network.id(&village[..4]);
    let point = json!({ "parent_id": parent, "tier": "village", "name": "模拟新村" });
    app.post(actor, "/api/v1/service-points", &point).await.expect(201);
    made
}

fn lists(network: &Network, household: Id) -> [String; 8] {
    [
        "/api/v1/households".to_owned(),
        "/api/v1/assistance-records".to_owned(),
        "/api/v1/accounts".to_owned(),
        "/api/v1/grants".to_owned(),
        "/api/v1/service-points".to_owned(),
        format!("/api/v1/service-points/{}/children", network.id("c1t1")),
        "/api/v1/transfer-requests".to_owned(),
        format!("/api/v1/households/{household}/records"),
    ]
}

fn ids(items: &[Value]) -> Vec<Id> {
    items.iter().map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect()
}

/// The cursor after the first row.
async fn cursor(app: &TestApp, actor: &Actor, path: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    let page = app.get(actor, &format!("{path}{joint}limit=1")).await.expect(200).json();
    page["next_cursor"].as_str().unwrap_or_else(|| panic!("{path} has one page only: {page}")).to_owned()
}

on_both! {
    /// Pages of any size show the same rows in the same order.
    async fn pages_of_any_size_show_the_same_rows_in_the_same_order(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let first = fill(&app, &network, &actor).await;
        for list in lists(&network, first) {
            let whole = app.get(&actor, &format!("{list}?limit=200")).await.expect(200).json();
            assert_eq!(whole["next_cursor"], Value::Null, "{list}");
            let whole = ids(whole["items"].as_array().unwrap());
            let mut distinct = whole.clone();
            distinct.sort_unstable();
            distinct.dedup();
            assert!(whole.len() > 3 && distinct.len() == whole.len(), "{list}");
            for limit in [1, 3, whole.len(), whole.len() + 1] {
                assert_eq!(ids(&app.all_pages(&actor, &list, limit).await), whole, "{list} by {limit}");
            }
            // A page that ends with the last row has no successor that would turn out empty.
            let page = app.get(&actor, &format!("{list}?limit={}", whole.len())).await.json();
            assert_eq!(page["next_cursor"], Value::Null, "{list}");
        }
    }

    /// Whoever turns pages while others work sees each row that was there at the beginning exactly once.
    async fn each_row_is_shown_once_while_rows_are_added(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let first = fill(&app, &network, &actor).await;
        for list in lists(&network, first) {
            let before = ids(&app.all_pages(&actor, &list, 200).await);
            let (mut seen, mut next) = (Vec::new(), None::<String>);
            #[expect(clippy::needless_range_loop, reason = "the turns outnumber the villages")]
            for turn in 0.. {
                assert!(turn < 200, "{list} does not end");
                let after = next.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
                let page = app.get(&actor, &format!("{list}?limit=3{after}")).await.expect(200).json();
                seen.extend(ids(page["items"].as_array().unwrap()));
                if turn < 3 {
                    app.edge.advance(1);
                    add(&app, &network, &actor, VILLAGES[turn], Some(first)).await;
                }
                match page["next_cursor"].as_str() {
                    Some(cursor) => next = Some(cursor.to_owned()),
                    None => break,
                }
            }
            let old: Vec<Id> = seen.iter().copied().filter(|id| before.contains(id)).collect();
            assert_eq!(old, before, "{list} lost, doubled or shifted rows");
            let mut distinct = seen.clone();
            distinct.sort_unstable();
            distinct.dedup();
            assert_eq!(distinct.len(), seen.len(), "{list} showed a new row twice");
        }
    }

    /// A cursor that was changed anywhere is none; the answer does not say where it broke.
    async fn a_cursor_changed_at_any_byte_is_refused(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        fill(&app, &network, &actor).await;
        let good = cursor(&app, &actor, "/api/v1/households").await;
        assert!(good.bytes().all(|byte| ALPHABET.contains(char::from(byte))), "{good}");
        let try_one = async |changed: &str| {
            let reply = app.get(&actor, &format!("/api/v1/households?limit=1&cursor={changed}")).await;
            assert_eq!(reply.status, 400, "{changed} was taken for {good}");
            assert_problem(&reply, 400, "request.bad_cursor");
        };
        for at in 0..good.len() {
            let place = ALPHABET.find(&good[at..=at]).unwrap();
            for other in [place ^ 1, (place + 7) % ALPHABET.len()] {
                let mut changed = good.clone();
                changed.replace_range(at..=at, &ALPHABET[other..=other]);
                try_one(&changed).await;
            }
        }
        for length in [0, 1, 4, good.len() / 2, good.len() - 1] {
            try_one(&good[..length]).await;
        }
        for changed in [
            format!("{good}A"),
            format!("{good}="),
            format!("A{good}"),
            format!("{good}{good}"),
            "x".repeat(4000),
            "%2b%2f".to_owned(),
        ] {
            try_one(&changed).await;
        }
        app.get(&actor, &format!("/api/v1/households?limit=1&cursor={good}")).await.expect(200);
    }

    /// A cursor says where a list with its filters went on; anywhere else it would skip rows silently.
    async fn a_cursor_is_good_for_its_own_list_and_filters_only(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let first = fill(&app, &network, &actor).await;
        let lists = lists(&network, first);
        for list in &lists {
            let own = cursor(&app, &actor, list).await;
            app.get(&actor, &format!("{list}?limit=2&cursor={own}")).await.expect(200);
            for other in lists.iter().filter(|other| *other != list) {
                assert_problem(&app.get(&actor, &format!("{other}?cursor={own}")).await, 400, "request.bad_cursor");
            }
        }
        let point = format!("service_point_id={}", network.id("c1t1v1"));
        let county = format!("service_point_id={}", network.id("c1"));
        let parent = format!("parent_id={}", network.id("c1t1"));
        let records = format!("/api/v1/households/{first}/records");
        for (list, filter, others) in [
            ("/api/v1/households", "", vec![point.as_str(), &county]),
            ("/api/v1/households", &county, vec!["", &point]),
            ("/api/v1/households", "q=moni", vec!["", "q=mon", "phone_tail=0001", "external_number=1"]),
            (
                "/api/v1/households",
                "household_type=general",
                vec!["", "household_type=lifted", "status=active", "monitoring_category=marginal", "disability=1"],
            ),
            ("/api/v1/transfer-requests", "", vec!["state=pending", &county]),
            ("/api/v1/transfer-requests", "state=pending", vec!["", "state=accepted"]),
            (&records, "", vec!["kind=logistics", "state=active", "from=2026-10-01"]),
            (
                "/api/v1/assistance-records",
                "",
                vec![&point, "kind=logistics", "kind=training", "subkind=buy", "state=active", "from=2026-11-02", "from=2026-10-01"],
            ),
            ("/api/v1/assistance-records", "kind=logistics", vec!["", "kind=training", "state=active"]),
            ("/api/v1/service-points", &parent, vec!["", "tier=village", "status=active", "q=a"]),
        ] {
            let own = cursor(&app, &actor, &format!("{list}?{filter}")).await;
            for other in others {
                let reply = app.get(&actor, &format!("{list}?{other}&cursor={own}").replace("?&", "?")).await;
                assert_eq!(reply.status, 400, "{list}?{filter} went on as ?{other}");
                assert_problem(&reply, 400, "request.bad_cursor");
            }
        }
    }

    /// Catalogues lie in one table, and so do registers and ledgers; a cursor of one of them is none in the next.
    async fn a_cursor_of_one_catalogue_or_ledger_is_none_in_the_next(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let made = Trade::enter(&app, &actor, network.id("c1"), network.id("c1t1v1")).await;
        Trade::enter(&app, &actor, network.id("c2"), network.id("c2t1v1")).await;
        let also = Livelihoods::enter(&app, &actor, network.id("c1"), network.id("c1t1v1")).await;
        Livelihoods::enter(&app, &actor, network.id("c2"), network.id("c2t1v1")).await;
        let lists: Vec<&str> = made.things().into_iter().chain(also.things()).map(|(list, _)| list).collect();
        let county = format!("service_point_id={}", network.id("c1"));
        for list in &lists {
            let own = cursor(&app, &actor, list).await;
            app.get(&actor, &format!("{list}?limit=2&cursor={own}")).await.expect(200);
            for other in lists.iter().filter(|other| *other != list) {
                assert_problem(&app.get(&actor, &format!("{other}?cursor={own}")).await, 400, "request.bad_cursor");
            }
            assert_problem(&app.get(&actor, &format!("{list}?{county}&cursor={own}")).await, 400, "request.bad_cursor");
        }
    }

    /// The children of two points are two lists.
    async fn a_cursor_among_the_children_of_one_point_is_none_among_those_of_another(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let children = |name: &str| format!("/api/v1/service-points/{}/children", network.id(name));
        let own = cursor(&app, &actor, &children("c1t1")).await;
        app.get(&actor, &format!("{}?cursor={own}", children("c1t1"))).await.expect(200);
        for other in ["c1t2", "c2t1", "c1", "b"] {
            let reply = app.get(&actor, &format!("{}?cursor={own}", children(other))).await;
            assert_eq!(reply.status, 400, "the cursor of c1t1 was taken for {other}: {}", reply.text());
        }
    }

    /// The records of two households are two lists.
    async fn a_cursor_among_the_records_of_one_household_is_none_among_those_of_another(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let first = fill(&app, &network, &actor).await;
        let other = add(&app, &network, &actor, VILLAGES[0], None).await;
        app.post(&actor, "/api/v1/assistance-records", &record(&app, other, network.id("c1"))).await.expect(201);
        let records = |household: Id| format!("/api/v1/households/{household}/records");
        let own = cursor(&app, &actor, &records(first)).await;
        app.get(&actor, &format!("{}?cursor={own}", records(first))).await.expect(200);
        assert_problem(&app.get(&actor, &format!("{}?cursor={own}", records(other))).await, 400, "request.bad_cursor");
    }

    /// The whole list is counted when asked, and only then; a page does not change the count.
    async fn a_list_is_counted_only_when_asked(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        fill(&app, &network, &actor).await;
        let villages = app.actor(&[(Role::Worker, network.id("c1t1v1"))]);
        for (asking, path, count) in [
            (&actor, "/api/v1/households?limit=1", 8),
            (&villages, "/api/v1/households?limit=1", 2),
            (&actor, "/api/v1/service-points?tier=village&limit=1", 16),
            (&villages, "/api/v1/service-points?limit=1", 1),
        ] {
            assert_eq!(app.get(asking, path).await.expect(200).json().get("count"), None, "{path}");
            assert_eq!(
                app.get(asking, &format!("{path}&count=false")).await.expect(200).json().get("count"),
                None,
                "{path}"
            );
            assert_eq!(
                app.get(asking, &format!("{path}&count=true")).await.expect(200).json()["count"],
                count,
                "{path}"
            );
        }
    }
}
