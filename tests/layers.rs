//! The order of the house, read from its sources: who may lean on whom, and where the doors to the database are.
//!
//! The compiler does not see layers inside one crate, so nothing else would stop a query in a handler or a rule that
//! knows HTTP. The test reads the text of every file; what a comment says does not count. Paths are compared after
//! their `use` groups are opened, because `use crate::{auth::Tx, db::Db}` names both layers in one line.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// A file of the sources: its path from the top of the repository, and its lines without comments.
struct Source {
    path: String,
    lines: usize,
    code: String,
}

/// Every Rust file below `src`.
fn sources() -> Vec<Source> {
    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("src"), &mut files);
    files.sort();
    assert!(files.len() > 30, "the sources were not found");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let path = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        Source { path, lines: text.lines().count(), code: without_comments(&text) }
    };
    files.into_iter().map(read).collect()
}

/// The text with lines that are only a comment left empty, so that line numbers stay.
fn without_comments(text: &str) -> String {
    text.lines()
        .map(|line| if line.trim_start().starts_with("//") { "\n".to_owned() } else { format!("{line}\n") })
        .collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where a text stands by itself, not as the end or the beginning of a longer name.
fn places(code: &str, needle: &str) -> Vec<usize> {
    let alone = |(at, _): &(usize, &str)| {
        let before = code[..*at].chars().next_back();
        let after = code[at + needle.len()..].chars().next();
        let (first, last) = (needle.chars().next().unwrap(), needle.chars().next_back().unwrap());
        let joined = is_word(first) && before.is_some_and(is_word) || is_word(last) && after.is_some_and(is_word);
        !joined
    };
    code.match_indices(needle).filter(alone).map(|(at, _)| at).collect()
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// The first names of the paths that begin with `crate::` or climb by `super::`, with their lines: what a file leans
/// on. Groups in braces are opened.
fn leans_on(code: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for at in places(code, start) {
            let mut rest = at + start.len();
            while code[rest..].starts_with("super::") {
                rest += "super::".len();
            }
            match code[rest..].strip_prefix('{') {
                Some(group) => heads(group).into_iter().for_each(|(head, offset)| {
                    found.push((head, line_of(code, rest + 1 + offset)));
                }),
                None => found.push((code[rest..].chars().take_while(|c| is_word(*c)).collect(), line_of(code, rest))),
            }
        }
    }
    found
}

/// The first name of every branch of a `use` group, and where in the text it stands.
fn heads(group: &str) -> Vec<(String, usize)> {
    let (mut depth, mut found, mut expected) = (0, Vec::new(), true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expected = true,
            _ if expected && is_word(c) => {
                found.push((group[at..].chars().take_while(|c| is_word(*c)).collect(), at));
                expected = false;
            }
            _ => {}
        }
    }
    found
}

/// Fails with every finding and with what to do about them.
#[track_caller]
fn none(findings: &[String], mend: &str) {
    assert!(findings.is_empty(), "{mend}\n  {}", findings.join("\n  "));
}

/// Where `needle` stands in a file that is not allowed to hold it.
fn outside(needle: &str, allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| !allowed(&source.path)) {
        for at in places(&source.code, needle) {
            findings.push(format!("{}:{}: {needle}", source.path, line_of(&source.code, at)));
        }
    }
    findings
}

/// A finder that finds nothing would let everything pass.
#[test]
fn the_finder_sees_through_groups_and_past_comments() {
    let code = without_comments(
        "//! crate::api\nuse crate::{\n    auth::{Tx, db::x},\n    db,\n};\nuse super::super::app::open;\nlet a = crate::error::E;\nlet b = subcrate::api;\n",
    );
    let found = leans_on(&code);
    let expected = [("auth", 3), ("db", 4), ("error", 7), ("app", 6)];
    for (name, line) in expected {
        assert!(found.contains(&(name.to_owned(), line)), "{name} in line {line}: {found:?}");
    }
    assert!(!found.iter().any(|(name, _)| name == "api" || name == "Tx" || name == "x"), "{found:?}");
    assert_eq!(places("diesel::x mydiesel::y rediesel", "diesel::").len(), 1);
    assert_eq!(places("gate.authorize(x); fn authorize(", ".authorize(").len(), 1);
}

/// Only the outermost rooms know HTTP; `commands` needs the runtime to run a use case on.
#[test]
fn actix_stays_at_the_door() {
    let allowed =
        |path: &str| path.starts_with("src/api/") || path == "src/server.rs" || path.starts_with("src/commands/");
    for needle in ["actix_web", "actix_http", "actix_rt", "actix"] {
        none(
            &outside(needle, allowed),
            "actix is for src/api, src/server.rs and src/commands; return a value or an error::Error and let the API answer:",
        );
    }
    let runtime_only = |path: &str| !path.starts_with("src/commands/");
    let in_commands: Vec<String> =
        outside("actix_web::", runtime_only).into_iter().filter(|finding| !finding.is_empty()).collect();
    let runtime = outside("actix_web::rt::System", runtime_only);
    assert_eq!(
        in_commands.len(),
        runtime.len(),
        "src/commands may use actix_web::rt::System to run a use case, and nothing else of actix: {in_commands:?}"
    );
}

/// A query outside `db` would escape its reviewers, and would be written for one database.
#[test]
fn diesel_stays_in_the_cellar() {
    for needle in ["diesel::", "diesel_migrations", "diesel"] {
        none(
            &outside(needle, |path| path.starts_with("src/db/")),
            "diesel is for src/db; write a query function there, in the file of its table, and call it:",
        );
    }
}

/// Dependencies point down only.
#[test]
fn no_layer_leans_on_one_above_it() {
    let rules: &[(&str, &[&str])] = &[
        // architecture.md and src/lib.rs: `error` is below them all.
        ("src/error.rs", &["domain", "edge", "db", "auth", "app", "api", "config", "demo", "commands", "server"]),
        ("src/edge.rs", &["db", "auth", "app", "api", "config", "demo", "commands", "server"]),
        ("src/domain/", &["edge", "db", "auth", "app", "api", "config", "demo", "commands", "server"]),
        ("src/db/", &["auth", "app", "api", "config", "demo", "commands", "server"]),
        ("src/auth/", &["app", "api", "config", "demo", "commands", "server"]),
        ("src/app/", &["api", "config", "demo", "commands", "server"]),
        ("src/api/", &["config", "demo", "commands", "server"]),
        ("src/demo/", &["api", "config", "commands", "server"]),
    ];
    let mut findings = Vec::new();
    for (layer, above) in rules {
        let files: Vec<Source> = sources().into_iter().filter(|source| source.path.starts_with(layer)).collect();
        assert!(!files.is_empty(), "{layer} is gone; change this test with it");
        for source in &files {
            for (name, line) in leans_on(&source.code) {
                if above.contains(&name.as_str()) {
                    findings.push(format!("{}:{line}: {name}", source.path));
                }
            }
        }
    }
    none(&findings, "a lower layer uses one above it; hand the value down as an argument, or move the rule up:");
}

/// The gate is opened in two places: for a request by the extractor, for a command by the first steps, the import and the recount.
#[test]
fn the_gate_has_two_doors() {
    none(
        &outside(".authorize(", |path| path == "src/api/extract/mod.rs"),
        "only the extractor authorizes a request; take Authorized<Permission> as an argument of the handler:",
    );
    none(
        &outside("operator::<", |path| {
            ["src/app/setup.rs", "src/app/points_import.rs", "src/app/verify.rs", "src/app/maintenance.rs"]
                .contains(&path)
        }),
        "only commands on the server's own machine act as the operator; take Authorized<Permission> instead:",
    );
    for needle in ["stand_in::<", "operator_in::<", ".turn_to("] {
        none(
            &outside(needle, |path| path.starts_with("src/demo/")),
            "only the simulation chooses who acts and when; everybody else is who they are, now:",
        );
        assert!(
            sources().iter().any(|source| !places(&source.code, needle).is_empty()),
            "nobody calls {needle}; if it was renamed, this test must look for the new name"
        );
    }
    let doors = sources().iter().map(|source| places(&source.code, ".authorize(").len()).sum::<usize>();
    assert_eq!(
        doors, 1,
        "src/api/extract/mod.rs calls Gate::authorize once; if it was renamed, this test must look for the new name"
    );
}

/// A long file is a room in which nobody finds anything. Tables and catalogues are looked up, not read.
#[test]
fn no_file_is_longer_than_a_sitting() {
    const LONGEST: usize = 400;
    let catalogue =
        |path: &str| path.ends_with("/schema.rs") || path.ends_with("/words.rs") || path.contains("/words/");
    let mut findings = String::new();
    for source in sources().iter().filter(|source| source.lines > LONGEST && !catalogue(&source.path)) {
        writeln!(findings, "  {}: {} lines", source.path, source.lines).unwrap();
    }
    assert!(findings.is_empty(), "a file of more than {LONGEST} lines becomes a folder of files by topic:\n{findings}");
}

/// `main` reads the command line and nothing more, so that everything it does can be tested without it.
#[test]
fn main_is_thin() {
    let main = sources().into_iter().find(|source| source.path == "src/main.rs").unwrap();
    assert!(main.lines < 100, "src/main.rs has {} lines; move what it does to src/commands", main.lines);
}
