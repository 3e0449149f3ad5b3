//! The description of the API: the committed file is what is served and what the table of endpoints says, both ways.

use std::collections::BTreeSet;

use terrace::{
    api::{endpoints, spec},
    domain::{
        codes::{AccountStatus, HouseholdStatus, PointStatus, RecordState, Role, Tier, TransferState, VillageKind},
        policy::Need,
    },
};

use crate::{on_both, support::Actor};

fn committed() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml")).unwrap()
}

/// The lines of a block: those below the line `start` that are indented deeper than it.
fn block<'a>(yaml: &'a str, start: &str) -> Vec<&'a str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(start);
    let after = yaml.lines().skip_while(|line| *line != start).skip(1);
    // A list stands at the indent of its name.
    after
        .take_while(|line| line.trim().is_empty() || indent(line) > own || line.trim_start().starts_with("- "))
        .collect()
}

/// Each operation as its method and path, with its lines.
fn operations(yaml: &str) -> Vec<(String, Vec<&str>)> {
    let mut operations = Vec::new();
    let mut path = "";
    for line in block(yaml, "paths:") {
        let indent = line.len() - line.trim_start().len();
        let name = line.trim().trim_end_matches(':');
        match indent {
            2 => path = name,
            4 => operations.push((format!("{} {path}", name.to_uppercase()), Vec::new())),
            _ => operations.last_mut().expect("a line belongs to an operation").1.push(line),
        }
    }
    operations
}

on_both! {
    /// The file that is served is the one in the repository.
    async fn the_committed_description_is_served(app: TestApp) {
        let reply = app.get(&Actor::nobody(), "/openapi.yaml").await.expect(200);
        assert!(reply.header("content-type").unwrap().contains("yaml"), "{:?}", reply.headers);
        assert!(reply.text() == committed(), "what is served is not openapi.yaml");
    }

    /// Every address of the description answers, and asks for a token exactly where the description says so.
    async fn every_described_operation_lives_where_it_is_described(app: TestApp) {
        for (operation, lines) in operations(&committed()) {
            let (method, path) = operation.split_once(' ').unwrap();
            let path = path.replace("{id}", "0193a000-0000-7000-8000-00000000abcd");
            let reply = app.request(&Actor::nobody(), method.parse().unwrap(), &path, None, &[]).await;
            let secured = lines.iter().any(|line| line.trim() == "- access_token: []");
            if secured {
                assert_eq!(reply.status, 401, "{operation}: {}", reply.text());
            } else {
                let told = operation == "GET /api/v1/demo" && reply.status == 200;
                assert!(told || [400, 415].contains(&reply.status), "{operation}: {}", reply.text());
            }
            // Every answer that was seen is a described one.
            let status = format!("'{}':", reply.status);
            assert!(lines.iter().any(|line| line.trim() == status), "{operation} answers {} undescribed", reply.status);
        }
    }
}

/// `terrace openapi` would write the committed file again.
#[test]
fn the_committed_description_is_what_the_table_says() {
    let now = spec::yaml(&endpoints()).unwrap();
    let differs = committed().lines().zip(now.lines()).position(|(committed, now)| committed != now);
    assert!(committed() == now, "openapi.yaml is out of date, first at line {differs:?}");
}

/// Every endpoint with an operation is described, nothing else is, and what is described has a chapter.
#[test]
fn endpoints_and_description_are_the_same_set() {
    let yaml = committed();
    let described: Vec<String> = operations(&yaml).into_iter().map(|(operation, _)| operation).collect();
    let table: Vec<String> = endpoints()
        .iter()
        .filter(|endpoint| endpoint.described().is_some())
        .map(|endpoint| format!("{} {}", endpoint.method, endpoint.path))
        .collect();
    assert!(table.len() > 20, "{table:?}");
    assert_eq!(described.iter().collect::<BTreeSet<_>>(), table.iter().collect::<BTreeSet<_>>());
    assert_eq!((described.len(), table.len()), (table.len(), described.len()), "an operation stands twice");
    // What belongs to the API is described; only pages and files are not.
    for endpoint in endpoints() {
        assert_eq!(endpoint.described().is_some(), endpoint.path.starts_with("/api/"), "{}", endpoint.path);
    }
}

/// The ids of operations name them in generated clients, so no two are the same; and each names what it needs.
#[test]
fn operations_have_names_and_say_what_they_need() {
    let mut names = BTreeSet::new();
    for endpoint in endpoints() {
        let Some(described) = endpoint.described() else { continue };
        let operation = &described.operation;
        let name = operation.operation_id.clone().unwrap();
        assert!(names.insert(name.clone()), "{name} stands twice");
        assert!(operation.summary.as_ref().is_some_and(|words| !words.is_empty()), "{name}");
        assert_eq!(operation.security.is_some(), endpoint.need != Need::Nothing, "{name}");
        if let Need::Grant(action) = endpoint.need {
            assert!(operation.description.as_ref().is_some_and(|words| words.contains(action.code())), "{name}");
        }
    }
}

/// The words of a description are the words that the API writes and reads, or a generated client sends none that is
/// understood.
#[test]
fn enumerated_words_are_the_ones_on_the_wire() {
    let yaml = committed();
    let words = |all: &[&str]| all.iter().map(|word| (*word).to_owned()).collect::<BTreeSet<String>>();
    for (schema, wire) in [
        ("AccountStatus", AccountStatus::ALL.iter().map(|word| word.code()).collect::<Vec<_>>()),
        ("HouseholdStatus", HouseholdStatus::ALL.iter().map(|word| word.code()).collect()),
        ("PointStatus", PointStatus::ALL.iter().map(|word| word.code()).collect()),
        ("RecordState", RecordState::ALL.iter().map(|word| word.code()).collect()),
        ("Role", Role::ALL.iter().map(|word| word.code()).collect()),
        ("TransferState", TransferState::ALL.iter().map(|word| word.code()).collect()),
        ("Tier", Tier::ALL.iter().map(|word| word.code()).collect()),
        ("VillageKind", VillageKind::ALL.iter().map(|word| word.code()).collect()),
    ] {
        let lines = block(&yaml, &format!("    {schema}:"));
        let described: Vec<&str> = lines.iter().filter_map(|line| line.trim().strip_prefix("- ")).collect();
        assert_eq!(words(&described), words(&wire), "{schema}");
    }
}

/// Every list that goes on after its first page says how to ask for the next one.
#[test]
fn lists_describe_their_pages() {
    let yaml = committed();
    let parameters = |operation: &str| {
        let (_, lines) = operations(&yaml).into_iter().find(|(name, _)| name == operation).unwrap();
        lines.iter().filter_map(|line| line.trim().strip_prefix("- name: ")).map(str::to_owned).collect::<Vec<_>>()
    };
    for (list, counted) in [
        ("GET /api/v1/accounts", false),
        ("GET /api/v1/agreements", false),
        ("GET /api/v1/assistance-records", false),
        ("GET /api/v1/attendances", false),
        ("GET /api/v1/campaigns", false),
        ("GET /api/v1/doubtful-items", false),
        ("GET /api/v1/grants", false),
        ("GET /api/v1/households", true),
        ("GET /api/v1/households/{id}/records", false),
        ("GET /api/v1/livestreams", false),
        ("GET /api/v1/opening-balances", false),
        ("GET /api/v1/organisations", false),
        ("GET /api/v1/partners", false),
        ("GET /api/v1/platforms", false),
        ("GET /api/v1/products", false),
        ("GET /api/v1/sales", false),
        ("GET /api/v1/service-points", true),
        ("GET /api/v1/service-points/{id}/children", false),
        ("GET /api/v1/stores", false),
        ("GET /api/v1/training-sessions", false),
        ("GET /api/v1/transfer-requests", false),
    ] {
        let named = parameters(list);
        for wanted in ["limit", "cursor"].into_iter().chain(counted.then_some("count")) {
            assert!(named.iter().any(|name| name == wanted), "{list} does not describe {wanted}, only {named:?}");
        }
    }
}
