//! Finding one's way: searches, the points below, the points above. Only what is in scope is ever found.

use serde_json::{Value, json};
use terrace::{
    app::points_import,
    db::service_points,
    domain::{Id, codes::Role},
};

use super::{POINTS, admin, close, item, refused, verb};
use crate::{
    on_both,
    support::{Actor, TestApp},
};

/// Two counties whose names are read in more than one way, and what hangs below them.
const PLACES: &str = "code,name,parent_code,tier
999900000000,陇南市,,city
999902000000,武都区,999900000000,county
999923000000,宕昌县,999900000000,county
999902001000,钟楼街道,999902000000,township
999902101000,安化镇,999902000000,township
999923100000,城关镇,999923000000,township
999923101000,哈达铺镇,999923000000,township
999902101201,马家沟村,999902101000,village
999902101202,马家沟新村,999902101000,village
999923101203,马家沟村,999923101000,village
";

async fn places(app: &TestApp) -> impl Fn(&str) -> Id {
    points_import::import(&app.house.gate, PLACES.as_bytes(), false).await.unwrap();
    let mut conn = app.conn();
    let mut found = std::collections::HashMap::new();
    for code in PLACES.lines().skip(1).map(|line| &line[..12]) {
        found.insert(code.to_owned(), service_points::by_region_code(&mut conn, code).unwrap().unwrap().id);
    }
    move |code| found[code]
}

fn texts(items: &[Value], field: &str) -> Vec<String> {
    items.iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

/// The region codes that a search finds, sorted, read a page of two at a time.
async fn find(app: &TestApp, actor: &Actor, query: &[(&str, &str)]) -> Vec<String> {
    let path = format!("{POINTS}?{}", serde_urlencoded::to_string(query).unwrap());
    let mut codes = texts(&app.all_pages(actor, &path, 2).await, "region_code");
    codes.sort();
    codes
}

on_both! {
    /// People type the beginning of a name, of its pinyin or of its initials, in the reading that they use, or a code.
    async fn a_point_is_found_by_how_its_name_begins(app: TestApp) {
        let id = places(&app).await;
        let auditor = app.actor(&[(Role::Auditor, id("999900000000"))]);
        let (tanchang, wudu) = ("999923000000", "999902000000");
        let cases: &[(&str, &[&str])] = &[
            ("宕昌县", &[tanchang]), ("宕", &[tanchang]), ("tanchang", &[tanchang]), ("tanchangxian", &[tanchang]), ("tcx", &[tanchang]),
            ("tc", &[tanchang]), ("TanChang", &[tanchang]), (" tan chang ", &[tanchang]), ("ｔｃｘ", &[tanchang]), ("dangchang", &[tanchang]),
            ("武都", &[wudu]), ("wudu", &[wudu]), ("wd", &[wudu]), ("wdq", &[wudu]), ("WDQ", &[wudu]),
            ("majiagou", &["999902101201", "999902101202", "999923101203"]), ("mjgc", &["999902101201", "999923101203"]), ("马家沟新", &["999902101202"]),
            ("9999023", &[]), ("999923", &[tanchang, "999923100000", "999923101000", "999923101203"]), ("999902101201", &["999902101201"]),
            // A prefix is not a part: what stands in the middle of a name is not found.
            ("昌县", &[]), ("chang", &[]), ("gou", &[]), ("02101", &[]),
            // What a pattern would take for any text is itself here.
            ("%", &[]), ("_", &[]), ("马%", &[]), ("'", &[]), ("tanchangxianx", &[]),
        ];
        for (q, expected) in cases {
            assert_eq!(&find(&app, &auditor, &[("q", q)]).await, expected, "q={q}");
        }
        assert_eq!(find(&app, &auditor, &[("q", "马家沟"), ("tier", "village"), ("parent_id", &id("999923101000").to_string())]).await, ["999923101203"]);
        assert_eq!(find(&app, &auditor, &[("q", "马家沟"), ("tier", "county")]).await, Vec::<String>::new());
        assert_eq!(find(&app, &auditor, &[("q", " ")]).await.len(), 10, "an empty search is none");
    }

    /// Under another name or code a point is found, and under the old one no more; a closed one is found by its state.
    async fn a_search_follows_what_changes(app: TestApp) {
        let id = places(&app).await;
        let admin = app.actor(&[(Role::Admin, id("999900000000"))]);
        let village = id("999902101201");
        app.patch(&admin, &item(village), 1, &json!({"name": "重阳村", "region_code": "999902101299"})).await.expect(200);
        for q in ["重阳", "chongyang", "zhongyang", "cyc", "999902101299"] {
            assert_eq!(find(&app, &admin, &[("q", q)]).await, ["999902101299"], "q={q}");
        }
        assert_eq!(find(&app, &admin, &[("q", "mjgc")]).await, ["999923101203"]);
        assert_eq!(find(&app, &admin, &[("q", "999902101201")]).await, Vec::<String>::new());
        app.patch(&admin, &item(village), 2, &json!({"address": "模拟地址"})).await.expect(200);
        close(&app, &admin, village, 3, Value::Null).await.expect(200);
        assert_eq!(find(&app, &admin, &[("q", "chongyang"), ("status", "closed")]).await, ["999902101299"]);
        assert_eq!(find(&app, &admin, &[("q", "chongyang"), ("status", "active")]).await, Vec::<String>::new());
    }

    /// What lies outside the scope is not found, not counted, and not told by a filter.
    async fn a_search_stays_in_scope(app: TestApp) {
        let id = places(&app).await;
        let worker = app.actor(&[(Role::Worker, id("999902000000"))]);
        assert_eq!(find(&app, &worker, &[("q", "mjg")]).await, ["999902101201", "999902101202"]);
        assert_eq!(find(&app, &worker, &[("q", "tcx")]).await, Vec::<String>::new());
        assert_eq!(find(&app, &worker, &[("q", "陇南")]).await, Vec::<String>::new());
        let count = async |actor: &Actor, query: &str| app.get(actor, &format!("{POINTS}?{query}")).await.expect(200).json()["count"].clone();
        assert_eq!(count(&worker, "count=true&limit=1").await, 5);
        assert_eq!(count(&worker, "q=mjg&count=true&limit=1").await, 2);
        assert_eq!(count(&worker, "q=mjg&limit=1").await, Value::Null, "a count is made only when asked for");
        let outside = app.get(&worker, &format!("{POINTS}?parent_id={}", id("999923101000"))).await;
        refused(&outside, 404, "resource.not_found", &[("parent_id", "not_found")]);
        // Grants that overlap, and one in another county: each point once.
        let several = [(Role::Worker, id("999902000000")), (Role::Reviewer, id("999902101000")), (Role::Auditor, id("999923101203"))];
        let several = app.actor(&several);
        assert_eq!(find(&app, &several, &[("q", "mjg")]).await, ["999902101201", "999902101202", "999923101203"]);
        assert_eq!(count(&several, "count=true&limit=1").await, 6);
    }

    /// The points below come in the order in which they were made, page by page, each once, the closed ones too.
    async fn the_points_below_are_paged_in_order(app: TestApp) {
        let network = app.network().await;
        let (admin, township) = (admin(&app, &network), network.id("c1t1"));
        let mut made = texts(&app.all_pages(&admin, &verb(township, "children"), 200).await, "id");
        assert_eq!(made, [network.id("c1t1v1"), network.id("c1t1v2")].map(|id| id.to_string()));
        for n in 0..7 {
            app.edge.advance(1);
            let body = json!({"parent_id": township, "tier": "village", "name": format!("模拟{}村", 9 - n)});
            made.push(app.post(&admin, POINTS, &body).await.expect(201).id().to_string());
        }
        close(&app, &admin, made[4].parse().unwrap(), 1, Value::Null).await.expect(200);
        for limit in [1, 2, 3, 9, 200] {
            assert_eq!(texts(&app.all_pages(&admin, &verb(township, "children"), limit).await, "id"), made, "limit={limit}");
        }
        let listed = app.all_pages(&admin, &format!("{POINTS}?parent_id={township}"), 4).await;
        assert_eq!(texts(&listed, "id"), made, "the list narrowed to a parent is the same");
        assert_eq!(app.get(&admin, &format!("{POINTS}?parent_id={township}&count=true")).await.json()["count"], 9);

        // A point that appears while somebody turns the pages moves no other across the turn.
        let first = app.get(&admin, &format!("{}?limit=4", verb(township, "children"))).await.expect(200).json();
        let cursor = first["next_cursor"].as_str().unwrap();
        app.edge.advance(1);
        let last = app.post(&admin, POINTS, &json!({"parent_id": township, "tier": "village", "name": "模拟末村"})).await.expect(201).id();
        let second = app.get(&admin, &format!("{}?limit=50&cursor={cursor}", verb(township, "children"))).await.expect(200).json();
        made.push(last.to_string());
        assert_eq!([texts(first["items"].as_array().unwrap(), "id"), texts(second["items"].as_array().unwrap(), "id")].concat(), made);
        assert_eq!(second["next_cursor"], Value::Null);

        // A page of one point's children is no page of another's.
        let other = app.get(&admin, &format!("{}?cursor={cursor}", verb(network.id("c1t2"), "children"))).await;
        refused(&other, 400, "request.bad_cursor", &[]);
        refused(&app.get(&admin, &format!("{POINTS}?cursor={cursor}")).await, 400, "request.bad_cursor", &[]);
        for limit in ["0", "201", "-1"] {
            refused(&app.get(&admin, &format!("{}?limit={limit}", verb(township, "children"))).await, 422, "request.invalid", &[("limit", "range")]);
        }
        assert_eq!(app.get(&admin, &verb(made[0].as_str(), "children")).await.expect(200).json(), json!({"items": [], "next_cursor": null}));
    }

    /// A list of everything is the tree from the top, each subtree together.
    async fn a_list_is_in_the_order_of_the_tree(app: TestApp) {
        let network = app.network().await;
        let admin = admin(&app, &network);
        let listed = app.all_pages(&admin, POINTS, 3).await;
        let tree = ["b", "c1", "c1t1", "c1t1v1", "c1t1v2", "c1t2", "c1t2v1", "c1t2v2", "c2", "c2t1", "c2t1v1", "c2t1v2", "c2t2", "c2t2v1", "c2t2v2"];
        assert_eq!(texts(&listed, "id"), tree.map(|name| network.id(name).to_string()));
    }

    /// The points above come root first, and begin where the scope begins.
    async fn the_points_above_are_shown_as_far_as_they_are_in_scope(app: TestApp) {
        let network = app.network().await;
        let ids = |names: &[&str]| names.iter().map(|name| network.id(name).to_string()).collect::<Vec<_>>();
        let above = async |actor: &Actor, point: &str| {
            let reply = app.get(actor, &verb(network.id(point), "ancestors")).await.expect(200).json();
            texts(reply["items"].as_array().unwrap(), "id")
        };
        let auditor = app.actor(&[(Role::Auditor, network.id("b"))]);
        assert_eq!(above(&auditor, "c1t1v1").await, ids(&["b", "c1", "c1t1"]));
        assert_eq!(above(&auditor, "c1").await, ids(&["b"]));
        assert_eq!(above(&auditor, "b").await, Vec::<String>::new());

        let worker = app.actor(&[(Role::Worker, network.id("c1t1")), (Role::Worker, network.id("c2t1v1"))]);
        assert_eq!(above(&worker, "c1t1v1").await, ids(&["c1t1"]));
        assert_eq!(above(&worker, "c1t1").await, Vec::<String>::new());
        assert_eq!(above(&worker, "c2t1v1").await, Vec::<String>::new());
        app.get(&worker, &verb(network.id("c1"), "ancestors")).await.expect(404);
        app.get(&worker, &verb(network.id("c2t1v2"), "ancestors")).await.expect(404);
        let parent = async |point: &str| app.get(&worker, &item(network.id(point))).await.expect(200).json()["parent_id"].clone();
        assert_eq!(parent("c1t1v1").await, json!(network.id("c1t1")));
        assert_eq!(parent("c1t1").await, Value::Null, "what lies above the scope is not told");
        assert_eq!(parent("c2t1v1").await, Value::Null);
    }
}
