//! One frame and one seed give one sample: on SQLite, on PostgreSQL, and by the script.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::json;

use super::Office;
use crate::support::{Backend, TestApp};

const SEED: &str = "模拟 07 12 e\u{301}";

/// What a frame and its sample are: the frame's text, its digest, and the records in the order of the draw.
type Drawn = (String, String, Vec<String>);

async fn drawn(app: TestApp, method: &str) -> Drawn {
    let office = Office::open(app).await;
    for (number, point) in ["c1t1v1", "c1t2", "c2", "c2t2v2", "b"].iter().cycle().take(40).enumerate() {
        let amount = if number % 3 == 0 { 10_000 * number } else { 777 * number };
        let day = if number % 4 == 0 { "2026-09-01" } else { "2026-11-02" };
        office.given(point, json!({ "amount_fen": amount, "given_on": day })).await;
    }
    let mut body = office.body("b", method, 13);
    body["period_from"] = json!("2026-01-01");
    let inspection = office.drawn(&body, SEED).await;
    let text = office.frame_text(&inspection).await;
    let records = office.items(&inspection).await;
    let records = records.iter().map(|item| item["record_id"].as_str().unwrap().to_owned()).collect();
    (text, inspection["frame_digest"].as_str().unwrap().to_owned(), records)
}

/// What the script makes of a frame; none where there is no Python.
fn by_script(frame: &str, method: &str, size: usize) -> Option<(String, Vec<String>)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/inspection-draw.py");
    let mut run = Command::new("python3")
        .arg(script)
        .args(["-", SEED, method, &size.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    run.stdin.take().unwrap().write_all(frame.as_bytes()).unwrap();
    let output = run.wait_with_output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{err}");
    Some((err.trim().to_owned(), out.lines().map(str::to_owned).collect()))
}

#[actix_web::test]
async fn one_seed_gives_one_sample_everywhere() {
    for method in ["proportional", "equal", "risk"] {
        let here = drawn(TestApp::start(Backend::Sqlite).await.unwrap(), method).await;
        assert_eq!(here.2.len(), 13);
        if let Some(postgres) = TestApp::start(Backend::Postgres).await {
            assert_eq!(drawn(postgres, method).await, here, "{method}");
        }
        if let Some((digest, records)) = by_script(&here.0, method, 13) {
            assert_eq!(digest, format!("frame {}", here.1), "{method}");
            assert_eq!(records, here.2, "{method}");
        }
    }
}
