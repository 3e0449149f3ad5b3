//! `terrace demo --case-study` and `terrace report annual`: the published figures, exactly, and each of them counted a second
//! way, from the rows.

use diesel::{Connection as _, PgConnection, SqliteConnection};
use serde_json::Value;
use terrace::db::Conn;

use super::{
    Desk,
    place::{KEY, OnServer, number, rows, run, succeeds},
    server::Server,
};

/// The report as JSON.
fn report(desk: &Desk, database: &[&str], more: &[&str]) -> Value {
    let printed = succeeds(desk, &[&["report", "annual", "--format", "json"][..], more, database].concat());
    serde_json::from_str(&printed).unwrap()
}

fn headline<'r>(report: &'r Value, metric: &str) -> &'r Value {
    let headlines = report["headlines"].as_array().unwrap();
    headlines.iter().find(|headline| headline["metric"] == metric).unwrap_or_else(|| panic!("{metric}: {report}"))
}

fn value(report: &Value, metric: &str) -> i64 {
    headline(report, metric)["value"].as_i64().unwrap()
}

/// A part of a figure, by the beginning of its name.
fn part(report: &Value, metric: &str, name: &str) -> i64 {
    let breakdowns = report["breakdowns"].as_array().unwrap().iter();
    let mut parts = breakdowns.filter(|all| all["metric"] == metric).flat_map(|all| all["parts"].as_array().unwrap());
    parts.find(|part| part["zh"].as_str().unwrap().starts_with(name)).map_or(0, |part| part["value"].as_i64().unwrap())
}

fn sum(conn: &mut Conn, what: &str, from: &str) -> i64 {
    rows(conn, &format!("SELECT NULL AS text, CAST(COALESCE(SUM({what}), 0) AS BIGINT) AS n FROM {from}")).remove(0).n
}

/// Sales that count, on days between two.
fn sold(conn: &mut Conn, first: &str, last: &str, more: &str) -> i64 {
    let days = format!("CAST(on_day AS TEXT) BETWEEN '{first}' AND '{last}'");
    let from = format!("ledger_entries WHERE ledger = 'sale' AND state = 'active' AND {days} {more}");
    sum(conn, "amount_fen", &from)
}

/// The published figures, and what the rows say.
fn check(conn: &mut Conn, desk: &Desk, database: &[&str]) {
    let bureau = report(desk, database, &["--year", "2021"]);
    assert_eq!(bureau["simulated"], true);
    // 14,000 stores; RMB 5.21 billion, of it 99.97 million in Double Eleven and 205 million in Double Twelve.
    let open = "stores WHERE CAST(opened_on AS TEXT) <= '2021-12-31' AND (closed_on IS NULL OR CAST(closed_on AS TEXT) >= '2021-12-31')";
    assert_eq!([value(&bureau, "stores"), number(conn, open)], [14_000; 2]);
    assert_eq!([value(&bureau, "sales_amount"), sold(conn, "2021-01-01", "2021-12-31", "")], [521_000_000_000; 2]);
    let tagged = |name: &str| {
        format!(
            "AND campaign_id IN (SELECT id FROM catalogue_items WHERE catalogue = 'campaign' AND name LIKE '{name}%')"
        )
    };
    for (name, first, last, fen) in
        [("双十一", "2021-11-01", "2021-11-11", 9_997_000_000), ("双十二", "2021-12-01", "2021-12-12", 20_500_000_000)]
    {
        let counted = sold(conn, first, last, &tagged(name));
        assert_eq!([part(&bureau, "campaign_sales", name), counted], [fen; 2], "{name}");
        assert_eq!(sold(conn, "0000-01-01", "9999-12-31", &tagged(name)), fen, "{name}: none outside of its days");
    }
    assert_eq!(headline(&bureau, "campaign_sales")["part_of"], "sales_amount");
    // More than RMB 27 billion in all: opening balances and rows.
    let before =
        sum(conn, "value", "catalogue_items WHERE catalogue = 'opening_balance' AND kind = 'sales_cumulative'");
    let rows_in_all = sold(conn, "0000-01-01", "2021-12-31", "");
    assert_eq!(value(&bureau, "sales_cumulative"), before + rows_in_all);
    assert!(before + rows_in_all > 2_700_000_000_000);
    // 87 sessions, 11,219 attendances, more than 250,000 persons.
    let of = |ledger: &str| format!("ledger_entries WHERE ledger = '{ledger}' AND state = 'active'");
    assert_eq!([value(&bureau, "training_sessions"), number(conn, &of("training_session"))], [87; 2]);
    assert_eq!([value(&bureau, "training_attendances"), sum(conn, "quantity", &of("attendance"))], [11_219; 2]);
    let persons = number(
        conn,
        &format!("(SELECT DISTINCT member_id FROM {} AND member_id IS NOT NULL) persons", of("attendance")),
    );
    assert_eq!(value(&bureau, "persons_trained"), persons);
    let trained = "catalogue_items WHERE catalogue = 'opening_balance' AND kind = 'persons_trained_cumulative'";
    assert_eq!(value(&bureau, "persons_trained_cumulative"), persons + sum(conn, "value", trained));
    assert!(value(&bureau, "persons_trained_cumulative") > 250_000);
    // Active stores and conversion, from the rows.
    let active = "(SELECT DISTINCT store_id FROM ledger_entries WHERE ledger = 'sale' AND state = 'active' AND store_id IS NOT NULL) s";
    assert_eq!(value(&bureau, "stores_active"), number(conn, active));
    assert!(value(&bureau, "stores_active") < 14_620);
    let conversion = headline(&bureau, "training_conversion_share");
    assert_eq!((conversion["value"].as_i64().unwrap(), conversion["of"].as_i64()), (converted(conn), Some(persons)));
    assert!(converted(conn) > 0);
    livelihoods(conn, &bureau);
    // In 2020, in one county: the festival's RMB 320,000, and the two months' 660,000.
    let wudu = report(desk, database, &["--year", "2020", "--point", "621202000000"]);
    assert_eq!(
        [part(&wudu, "campaign_sales", "美食节"), sold(conn, "2020-05-25", "2020-06-13", &tagged("美食节"))],
        [32_000_000; 2]
    );
    let contactless = sold(conn, "2020-02-01", "2020-03-31", "AND kind = 'contactless'");
    assert_eq!([part(&wudu, "sales_amount", "无接触配送"), contactless], [66_000_000; 2]);
    assert_eq!(part(&wudu, "campaign_sales", "无接触配送"), 66_000_000);
    // Where an opening balance stands for the year before, there is nothing to compare with.
    assert_eq!(headline(&bureau, "sales_amount")["year_before"], Value::Null);
    assert!(headline(&bureau, "stores")["year_before"].as_i64().unwrap() < 14_000);
    // The counties add up to the whole.
    let by_child: i64 = bureau["breakdowns"]
        .as_array()
        .unwrap()
        .iter()
        .find(|all| all["metric"] == "stores" && all["by"] == "child")
        .unwrap()["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["value"].as_i64().unwrap())
        .sum();
    assert_eq!(by_child, 14_000);
}

/// Logistics, infrastructure, policies, the workshop, and what others have published.
fn livelihoods(conn: &mut Conn, bureau: &Value) {
    let of = |metric: &str| headline(bureau, metric)["of"].as_i64().unwrap();
    // 1,045 express stations, which cover the vast majority of the villages; more than 95 % have broadband.
    let stands =
        "CAST(starts_on AS TEXT) <= '2021-12-31' AND (ends_on IS NULL OR CAST(ends_on AS TEXT) >= '2021-12-31')";
    let items = |register: &str| format!("register_items WHERE register = '{register}' AND {stands}");
    let stations = format!("{} AND kind = 'express_station'", items("logistics_site"));
    assert_eq!([value(bureau, "logistics_sites"), number(conn, &stations)], [1_045; 2]);
    assert_eq!(part(bureau, "logistics_sites", "快递服务站"), 1_045);
    let villages = number(conn, "service_points WHERE tier = 'village'");
    let committees = "service_points WHERE tier = 'village' AND CAST(substr(region_code, 10) AS INTEGER) >= 200";
    assert_eq!((villages, number(conn, committees)), (3_290, 3_162));
    let distinct =
        |more: &str, register: &str| format!("(SELECT DISTINCT service_point_id FROM {} {more}) v", items(register));
    for (metric, register, more, least) in [
        ("villages_covered_share", "coverage", "", 90),
        ("villages_broadband_share", "infrastructure", "AND kind = 'broadband'", 95),
    ] {
        let counted = number(conn, &distinct(more, register));
        assert_eq!((value(bureau, metric), of(metric)), (counted, villages), "{metric}");
        // Of the villages by themselves, without residents' communities, as well.
        let by_committees = number(
            conn,
            &format!(
                "{} JOIN service_points p ON p.id = v.service_point_id WHERE CAST(substr(p.region_code, 10) AS INTEGER) >= 200",
                distinct(more, register)
            ),
        );
        assert!(counted * 100 > least * villages && by_committees * 100 > least * 3_162, "{metric}: {counted}");
    }
    assert!(number(conn, &items("coverage")) > value(bureau, "villages_covered_share"), "some are covered twice");
    // 47 policy documents of 2013 to 2020.
    let issued = "catalogue_items WHERE catalogue = 'policy_document' AND CAST(starts_on AS TEXT) BETWEEN '2013-01-01' AND '2020-12-31'";
    assert_eq!([value(bureau, "policy_documents"), number(conn, issued)], [47; 2]);
    assert_eq!(value(bureau, "policy_documents_issued"), 0, "none in 2021");
    // The workshop: 25 members with disabilities, 20 make and 5 sell, for RMB 2,000 to 3,000 a month.
    let members = "register_items r JOIN household_members m ON m.id = r.member_id WHERE r.register = 'membership' \
                   AND m.disability_category IS NOT NULL";
    assert_eq!([value(bureau, "members_disabled"), number(conn, members)], [25; 2]);
    assert_eq!([part(bureau, "members_disabled", "生产加工"), part(bureau, "members_disabled", "销售")], [20, 5]);
    let wages = "ledger_entries WHERE ledger = 'wage' AND state = 'active'";
    let (paid, n) = (sum(conn, "amount_fen", wages), number(conn, wages));
    assert_eq!((value(bureau, "wage_mean"), of("wage_mean")), (paid, n));
    assert_eq!(n, 25 * 12);
    let outside = format!("{wages} AND (amount_fen < 200000 OR amount_fen > 300000)");
    assert_eq!(number(conn, &outside), 0);
    assert!((200_000..=300_000).contains(&(paid / n)) && (200_000..=300_000).contains(&value(bureau, "wage_median")));
    // What households received is what was recorded, and each is lifted once.
    let benefits = "ledger_entries WHERE ledger = 'benefit' AND state = 'active'";
    assert_eq!(value(bureau, "benefit_amount"), sum(conn, "amount_fen", benefits));
    let lifted = format!("(SELECT DISTINCT household_id FROM {}) h", items("benefit_link"));
    assert_eq!(value(bureau, "households_lifted"), number(conn, &lifted));
    // Paid of budgets.
    let budgets = sum(conn, "value", "catalogue_items WHERE catalogue = 'project'");
    let payments = sum(conn, "amount_fen", "ledger_entries WHERE ledger = 'payment' AND state = 'active'");
    assert_eq!((value(bureau, "project_paid_share"), of("project_paid_share")), (payments, budgets));
    assert!(0 < payments && payments < budgets);
    // Poverty by two lines stands beside the figures, and is none of them.
    let beside = bureau["external_indicators"].as_array().unwrap();
    let told = |day: &str| -> Vec<&str> {
        let of_day = beside.iter().filter(|indicator| indicator["as_of"] == day);
        of_day.map(|indicator| indicator["definition"].as_str().unwrap()).collect()
    };
    let (first, second) = (told("2011-12-31"), told("2013-12-31"));
    assert_eq!((first.len(), second.len(), beside.len()), (2, 2, 4));
    assert!(first.iter().all(|definition| !second.contains(definition)), "{first:?} {second:?}");
    let headlines = bureau["headlines"].as_array().unwrap();
    assert!(headlines.iter().all(|headline| headline["name"]["zh"] != "贫困人口"));
}

/// Persons whose household opened a store within a year after their first training, counted one by one.
fn converted(conn: &mut Conn) -> i64 {
    let first = "SELECT member_id, MIN(CAST(on_day AS TEXT)) AS day FROM ledger_entries WHERE ledger = 'attendance' AND state = 'active' \
                 AND member_id IS NOT NULL GROUP BY member_id";
    // A text `YYYY-MM-DD` a year later: no training was on a 29th of February.
    let later = "CAST(CAST(substr(f.day, 1, 4) AS INTEGER) + 1 AS TEXT) || substr(f.day, 5)";
    let opened = format!(
        "(SELECT DISTINCT f.member_id FROM ({first}) f JOIN household_members m ON m.id = f.member_id \
         JOIN stores s ON s.household_id = m.household_id \
         WHERE CAST(s.opened_on AS TEXT) >= f.day AND CAST(s.opened_on AS TEXT) <= {later}) c"
    );
    number(conn, &opened)
}

#[test]
fn the_published_figures_are_stated_exactly() {
    let desk = Desk::new();
    let printed = succeeds(&desk, &["demo", "--case-study", "--small"]);
    assert!(printed.contains("模拟数据") && printed.contains("14620 stores"), "{printed}");
    let mut conn = Conn::Sqlite(SqliteConnection::establish(desk.path("terrace.db").to_str().unwrap()).unwrap());
    check(&mut conn, &desk, &[]);
    let verified = succeeds(&desk, &["verify"]);
    assert!(verified.contains("14620 stores") && !verified.contains("1 findings"), "{verified}");

    let text = succeeds(&desk, &["report", "annual", "--year", "2021"]);
    for words in [
        "物流站点数：1,045 个",
        "有效政策文件数：47 份",
        "残疾成员数：25 人",
        "外部指标",
        "网店数：14,000 家",
        "销售额：5,210,000,000.00 元",
        "（模拟） 99,970,000.00 元",
        "培训人次：11,219 人次",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let page = succeeds(&desk, &["report", "annual", "--year", "2021", "--format", "html"]);
    assert!(
        page.contains("<td class=\"n\">5,210,000,000.00 元</td>")
            && page.contains("审核人")
            && page.contains("模拟数据")
    );
    let unknown = run(&desk, &["report", "annual", "--year", "2021", "--point", "000000000000"]);
    assert!(
        !unknown.status.success() && String::from_utf8_lossy(&unknown.stderr).contains("000000000000"),
        "{unknown:?}"
    );
    the_same_through_http(&desk, &printed);
}

/// A manager reads it, and follows a figure to its records.
fn the_same_through_http(desk: &Desk, printed: &str) {
    let server = Server::start_with(desk, &["serve"], &[("TERRACE_KEY", KEY)]);
    let line = printed.lines().find(|line| line.contains("county.liangdang.manager")).unwrap();
    let password = line.split_whitespace().nth(3).unwrap();
    let body = serde_json::json!({"username": "county.liangdang.manager", "password": password});
    let token =
        server.call("POST", "/api/v1/auth/sign-in", None, Some(&body)).1["access_token"].as_str().unwrap().to_owned();
    let points = server.call("GET", "/api/v1/service-points?limit=1", Some(&token), None).1;
    let point = points["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/service-points/{point}/annual-report?year=2021");
    let (status, report) = server.call("GET", &path, Some(&token), None);
    assert_eq!(status, 200, "{report}");
    let sessions = headline(&report, "training_sessions");
    let rows = server.call("GET", sessions["rows"].as_str().unwrap(), Some(&token), None).1;
    assert_eq!(rows["items"].as_array().unwrap().len() as i64, sessions["value"].as_i64().unwrap());
    assert_eq!(server.signal("TERM").status.code(), Some(0));
}

#[test]
fn the_same_figures_on_postgresql() {
    let Some(place) = OnServer::find() else { return };
    let desk = Desk::new();
    let database = ["--database", &place.url];
    succeeds(&desk, &[&["demo", "--case-study", "--small"][..], &database].concat());
    check(&mut Conn::Pg(PgConnection::establish(&place.url).unwrap()), &desk, &database);
    succeeds(&desk, &[&["verify"][..], &database].concat());
}
