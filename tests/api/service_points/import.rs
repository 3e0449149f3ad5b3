//! The import of a tree: the real one whole, a bad one not at all and with every fault at once.

use diesel::{RunQueryDsl as _, sql_types::BigInt};
use serde_json::json;
use terrace::{
    app::points_import::{ImportError, Outcome, import},
    db::{Conn, service_points},
    domain::codes::Role,
};

use super::{POINTS, close, item};
use crate::{on_both, support::TestApp, tree::rows};

const HEADER: &str = "code,name,parent_code,tier\n";
/// A bureau and a county, in lines 2 and 3.
const TOP: &str = "999900000000,模拟市,,city\n999901000000,模拟县,999900000000,county\n";

/// Faults one by one: what is added after the top, and the lines and words that it must be told with.
#[expect(clippy::type_complexity, reason = "a table that is read once")]
const BAD_LINES: &[(&str, &str, &[(u64, &str)])] = &[
    ("bad tier", "999902000000,模拟县二,999900000000,hamlet\n", &[(4, "tier")]),
    ("no tier", "999902000000,模拟县二,999900000000,\n", &[(4, "tier")]),
    ("short code", "99990200000,模拟县二,999900000000,county\n", &[(4, "99990200000")]),
    ("code with a letter", "99990200000x,模拟县二,999900000000,county\n", &[(4, "99990200000x")]),
    ("no code", ",模拟县二,999900000000,county\n", &[(4, "code")]),
    ("code twice", "999901000000,模拟县二,999900000000,county\n", &[(4, "line 3")]),
    ("unknown parent", "999902001000,模拟镇,999902000000,township\n", &[(4, "999902000000")]),
    ("no parent", "999902000000,模拟县二,,county\n", &[(4, "parent")]),
    ("wrong tier of the parent", "999901001201,模拟村,999901000000,village\n", &[(4, "999901000000")]),
    ("under itself", "999902000000,模拟县二,999902000000,county\n", &[(4, "999902000000")]),
    ("two roots", "999800000000,模拟市二,,bureau\n", &[(4, "root")]),
    ("three columns", "999902000000,模拟县二,999900000000\n", &[(4, "3 columns")]),
    ("five columns", "999902000000,模拟县二,999900000000,county,\n", &[(4, "5 columns")]),
    ("no name", "999902000000,,999900000000,county\n", &[(4, "name")]),
    ("a name of spaces", "999902000000,\u{3000} ,999900000000,county\n", &[(4, "name")]),
    ("U+0000 in a name", "999902000000,模\0拟,999900000000,county\n", &[(4, "name")]),
    (
        "a name of two lines",
        "999902000000,\"模\n拟\",999900000000,county\n999903000000,,999900000000,county\n",
        &[(4, "name"), (6, "name")],
    ),
    (
        "a child of a bad line",
        "99990200000,模拟县二,999900000000,county\n999902001000,模拟镇,99990200000,township\n",
        &[(4, "code")],
    ),
    ("after an empty line", "\n\n999902000000,,999900000000,county\n", &[(6, "name")]),
];

fn outcome(opened: usize, renamed: usize, unchanged: usize) -> Outcome {
    Outcome { opened, renamed, unchanged }
}

async fn take(app: &TestApp, file: impl AsRef<[u8]>) -> Result<Outcome, Vec<(u64, String)>> {
    match import(&app.house.gate, file.as_ref(), false).await {
        Ok(outcome) => Ok(outcome),
        Err(ImportError::Faults(faults)) => Err(faults.into_iter().map(|fault| (fault.line, fault.message)).collect()),
        Err(ImportError::Other(error)) => panic!("{error}"),
    }
}

/// Fails unless the file is refused with exactly these faults, each in its line and with its word.
#[track_caller]
fn has_faults(about: &str, taken: Result<Outcome, Vec<(u64, String)>>, expected: &[(u64, &str)]) {
    let faults = taken.expect_err(about);
    let all = || format!("{about}: {faults:#?}");
    assert_eq!(
        faults.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
        expected.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
        "{}",
        all()
    );
    for ((line, message), (_, word)) in faults.iter().zip(expected) {
        assert!(message.contains(word), "line {line} does not tell of {word:?} in {}", all());
        assert!(!message.contains(['\n', '\0']), "not one line: {}", all());
    }
}

fn events(conn: &mut Conn) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    diesel::sql_query("SELECT count(*) AS n FROM audit_events").get_result::<Count>(conn).unwrap().n
}

on_both! {
    /// The tree of Longnan goes in whole and keeps its shape; going in again it changes nothing, and one name that
    /// changed is all that changes.
    async fn the_real_tree_goes_in_whole(app: TestApp) {
        let file = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/longnan_divisions.csv")).unwrap();
        assert_eq!(take(&app, &file).await, Ok(outcome(3499, 0, 0)));
        let mut conn = app.conn();
        rows::check(&mut conn, "after the import");
        let points = rows::read(&mut conn).0;
        let of_tier = |tier: &str| points.values().filter(|row| row.tier == tier).count();
        assert_eq!(rows::TIERS.map(of_tier), [1, 9, 199, 3290]);
        // Every row of the file is the point that it names, under the point that it names.
        let code = |id: &Option<String>| id.as_ref().and_then(|id| points[id].code.clone()).unwrap_or("620000000000".to_owned());
        let mut stored: Vec<String> = points.values().map(|row| {
            let tier = if row.tier == "bureau" { "city" } else { &row.tier };
            format!("{},{},{},{tier}", row.code.as_ref().unwrap(), row.name, code(&row.parent))
        }).collect();
        let mut given: Vec<&str> = file.lines().skip(1).collect();
        stored.sort_unstable();
        given.sort_unstable();
        assert_eq!(stored, given);
        assert_eq!(events(&mut conn), 3499, "each opening has its event");

        let bureau = service_points::by_region_code(&mut conn, "621200000000").unwrap().unwrap();
        let auditor = app.actor(&[(Role::Auditor, bureau.id)]);
        let villages = app.all_pages(&auditor, &format!("{POINTS}?tier=village"), 200).await;
        let of_kind = |kind: &str| villages.iter().filter(|village| village["village_kind"] == kind).count();
        assert_eq!((of_kind("community"), of_kind("committee"), villages.len()), (128, 3162, 3290));

        assert_eq!(take(&app, &file).await, Ok(outcome(0, 0, 3499)));
        assert_eq!(rows::read(&mut conn).0, points, "the second import changed something");
        assert_eq!(events(&mut conn), 3499, "the second import wrote events");
        let renamed = file.replace("621223000000,宕昌县,", "621223000000,宕昌新县,");
        assert_eq!(take(&app, &renamed).await, Ok(outcome(0, 1, 3498)));
        assert_eq!(events(&mut conn), 3500);
    }

    /// Each fault alone is told with its line, and nothing is written.
    async fn a_bad_line_is_told_with_its_number(app: TestApp) {
        let long = format!("{HEADER}{TOP}999902000000,{},999900000000,county\n", "长".repeat(101));
        has_faults("too long a name", take(&app, long).await, &[(4, "name")]);
        let mut bytes = format!("{HEADER}{TOP}999902000000,模拟").into_bytes();
        bytes.extend(b"\xff\xfe,999900000000,county\n999903000000,,999900000000,county\n");
        has_faults("invalid UTF-8", take(&app, bytes).await, &[(4, "UTF-8"), (5, "name")]);
        for (about, lines, expected) in BAD_LINES {
            has_faults(about, take(&app, format!("{HEADER}{TOP}{lines}")).await, expected);
        }
        assert!(rows::read(&mut app.conn()).0.is_empty() && events(&mut app.conn()) == 0, "a refused file wrote something");
    }

    /// The real file ends its lines as Windows does, and an editor counts them all the same.
    async fn a_bad_line_has_the_same_number_however_lines_end(app: TestApp) {
        for (about, lines, expected) in BAD_LINES {
            let file = format!("{HEADER}{TOP}{lines}").replace('\n', "\r\n");
            has_faults(&format!("{about}, CRLF"), take(&app, file).await, expected);
        }
    }

    /// Whoever mends a file of thousands of lines wants to hear of every fault before trying again, of whatever kind.
    async fn every_fault_of_a_file_is_told_at_once(app: TestApp) {
        let mut file = format!("{HEADER}{TOP}").into_bytes();
        file.extend("999902000000,模拟县二,999900000000,hamlet\n99990,模拟县三,999900000000,county\n".bytes());
        file.extend("999901000000,模拟县四,999900000000,county\n999903001000,模拟镇,999903000000,township\n".bytes());
        file.extend("999901001201,模拟村,999901000000,village\n999800000000,模拟市二,,city\n999904000000,三列,999900000000\n".bytes());
        file.extend(b"999905000000,\xff,999900000000,county\n");
        file.extend("999906000000,,999900000000,county\n999907000000,模\0拟,999900000000,county\n".bytes());
        let expected =
            [(4, "tier"), (5, "99990"), (6, "line 3"), (7, "999903000000"), (8, "999901000000"), (9, "root"), (10, "3 columns"), (11, "UTF-8"), (12, "name"), (13, "name")];
        has_faults("all at once", take(&app, file).await, &expected);
        assert!(rows::read(&mut app.conn()).0.is_empty(), "a refused file wrote something");
    }

    /// A file that is no such file is refused by its first line.
    async fn a_file_without_the_header_is_refused(app: TestApp) {
        let rows = TOP;
        for (about, file) in [
            ("empty", String::new()),
            ("no header", rows.to_owned()),
            ("another order", format!("name,code,parent_code,tier\n{rows}")),
            ("a column more", format!("code,name,parent_code,tier,note\n{rows}")),
            ("a column less", format!("code,name,parent_code\n{rows}")),
            ("another separator", format!("{HEADER}{rows}").replace(',', ";")),
        ] {
            has_faults(about, take(&app, file).await, &[(1, "code,name,parent_code,tier")]);
        }
        assert!(rows::read(&mut app.conn()).0.is_empty());
        // Spreadsheets put this mark before the header.
        assert_eq!(take(&app, format!("\u{feff}{HEADER}{rows}")).await, Ok(outcome(2, 0, 0)));
    }

    /// A file that contradicts the tree that is there is refused: an import neither moves a point nor changes its tier.
    async fn a_file_that_contradicts_the_tree_is_refused(app: TestApp) {
        app.network().await;
        let before = rows::read(&mut app.conn()).0;
        let cases: &[(&str, &str, &str)] = &[
            ("another parent", "999901001000,模拟c1t1,999902000000,township\n", "another parent"),
            ("another tier", "999901001000,模拟c1t1,999900000000,county\n", "township"),
            ("another root", "999800000000,模拟市二,,city\n", "root"),
            ("a parent of the wrong tier", "999901009201,模拟村,999901000000,village\n", "999901000000"),
        ];
        for (about, line, word) in cases {
            // A good line first, which must not be taken either.
            let file = format!("{HEADER}999909000000,模拟县九,999900000000,county\n{line}");
            let faults = take(&app, file).await.expect_err(about);
            assert!(faults.iter().all(|(line, _)| *line == 3) && faults.iter().any(|(_, text)| text.contains(word)), "{about}: {faults:#?}");
        }
        assert_eq!(rows::read(&mut app.conn()).0, before, "a refused file wrote something");
    }

    /// A file may hang points under those that are there, renames what has another name, and leaves the rest alone.
    async fn an_import_adds_and_renames(app: TestApp) {
        let network = app.network().await;
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        app.patch(&admin, &item(network.id("c1t1v1")), 1, &json!({"address": "模拟地址"})).await.expect(200);
        let file = format!("{HEADER}999901001203,模拟新村,999901001000,village\n999901001201,模拟改名村,999901001000,village\n999901001202,模拟c1t1v2,999901001000,village\n");
        let dry = import(&app.house.gate, file.as_bytes(), true).await.unwrap();
        assert_eq!(dry, outcome(1, 1, 1));
        let shown = async || app.get(&admin, &item(network.id("c1t1v1"))).await.expect(200).json();
        assert_eq!(json!([shown().await["name"], shown().await["version"]]), json!(["模拟c1t1v1", 2]), "a dry run wrote something");
        assert_eq!(take(&app, &file).await, Ok(dry));
        assert_eq!(json!([shown().await["name"], shown().await["version"], shown().await["address"]]), json!(["模拟改名村", 3, "模拟地址"]));
        let found = app.get(&admin, &format!("{POINTS}?q=mngmc")).await.expect(200).json();
        assert_eq!(found["items"][0]["id"], json!(network.id("c1t1v1")), "it is found under the new name");
        assert_eq!(app.get(&admin, &item(network.id("c1t1v2"))).await.expect(200).json()["version"], 1);
        assert_eq!(take(&app, &file).await, Ok(outcome(0, 0, 3)));
        rows::check(&mut app.conn(), "after the import");
    }

    /// Children may stand before their parents, more than one transaction away.
    async fn the_order_of_the_lines_does_not_matter(app: TestApp) {
        let villages: Vec<String> = (200..900).map(|n| format!("999901001{n},模拟{n}村,999901001000,village")).collect();
        let file = format!("{HEADER}{}\n999901001000,模拟镇,999901000000,township\n{TOP}", villages.join("\n"));
        assert_eq!(take(&app, file).await, Ok(outcome(703, 0, 0)));
        rows::check(&mut app.conn(), "after the import");
    }

    /// The code of a closed point stands for a new one; the closed one stays as it was.
    async fn a_closed_point_is_not_opened_again(app: TestApp) {
        let network = app.network().await;
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        close(&app, &admin, network.id("c1t1v1"), 1, json!(null)).await.expect(200);
        let file = format!("{HEADER}999901001201,模拟后来村,999901001000,village\n");
        assert_eq!(take(&app, file).await, Ok(outcome(1, 0, 0)));
        let old = app.get(&admin, &item(network.id("c1t1v1"))).await.expect(200).json();
        assert_eq!(json!([old["status"], old["name"]]), json!(["closed", "模拟c1t1v1"]));
        rows::check(&mut app.conn(), "after the import");
    }

    /// The first administrator comes before the tree: the root that was made for them takes its code from the file.
    async fn a_nameless_root_takes_the_name_of_the_file(app: TestApp) {
        terrace::app::setup::create_admin(&app.house.gate, "first-admin", "模拟管理员").await.unwrap();
        assert_eq!(take(&app, format!("{HEADER}{TOP}")).await, Ok(outcome(1, 1, 0)));
        let points = rows::read(&mut app.conn()).0;
        let root = points.values().find(|row| row.parent.is_none()).unwrap();
        assert_eq!((root.name.as_str(), root.code.as_deref(), root.version), ("模拟市", Some("999900000000"), 2));
        assert_eq!(take(&app, format!("{HEADER}{TOP}")).await, Ok(outcome(0, 0, 2)));
        rows::check(&mut app.conn(), "after the import");
    }
}
