//! The command line, run as people run it: the program itself, in a folder of its own, with a bare environment.
//!
//! Whoever mistypes something on a server at night reads one line. So every failure is held to the same form: a
//! non-zero exit, exactly one line of standard error that names the matter, nothing on standard output, no panic.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "cli/case_study.rs"]
mod case_study;
#[path = "cli/counts.rs"]
mod counts;
#[path = "cli/demo.rs"]
mod demo;
#[path = "cli/place.rs"]
mod place;
#[path = "cli/safekeeping.rs"]
mod safekeeping;
#[path = "cli/server.rs"]
mod server;

use std::{
    ffi::OsStr,
    fs,
    net::TcpListener,
    os::unix::{ffi::OsStrExt as _, fs::PermissionsExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use diesel::{
    Connection as _, RunQueryDsl as _, SqliteConnection, connection::SimpleConnection as _, sql_types::BigInt,
};

/// Nothing here takes a tenth of it; a program that hangs fails its test instead of stopping all of them.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with whatever one test needs in it.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path(name), content).unwrap();
        self
    }

    /// The program, in this folder. The settings of whoever runs the tests stay out of it, and backtraces are asked
    /// for, so that a panic cannot pass for one line.
    fn terrace(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_terrace"));
        command.args(arguments).current_dir(self.0.path()).env_clear().env("RUST_BACKTRACE", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn succeeds(&self, arguments: &[&str]) -> String {
        let output = finish(self.terrace(arguments).spawn().unwrap());
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn fails(&self, arguments: &[&str], words: &[&str]) -> String {
        one_line(self.terrace(arguments), words)
    }
}

/// Waits for the end of a program, but not for ever, and reads what it says meanwhile: a full pipe would stop it.
fn finish(child: Child) -> Output {
    finish_within(PATIENCE, child)
}

/// The same, for what takes longer.
fn finish_within(patience: Duration, mut child: Child) -> Output {
    fn read(pipe: Option<impl std::io::Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.map(|mut pipe| pipe.read_to_end(&mut bytes)).transpose().unwrap();
            bytes
        })
    }
    let (stdout, stderr) = (read(child.stdout.take()), read(child.stderr.take()));
    let begun = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break Some(status),
            None if begun.elapsed() > patience => break None,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    if status.is_none() {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
    let status = status.unwrap_or_else(|| panic!("it never ended: {}", String::from_utf8_lossy(&stderr)));
    Output { status, stdout, stderr }
}

/// The one line of a failure, which holds all these words.
#[track_caller]
fn one_line(mut command: Command, words: &[&str]) -> String {
    let output = finish(command.spawn().unwrap());
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let about = format!("{command:?}\nstdout: {stdout}\nstderr: {stderr}");
    assert!(output.status.code().is_some_and(|code| code != 0 && code != 101), "{:?}: {about}", output.status);
    assert_eq!(stderr.lines().count(), 1, "not one line: {about}");
    assert_eq!(stdout, "", "a failure has no result: {about}");
    for word in words {
        assert!(stderr.contains(word), "does not name {word:?}: {about}");
    }
    for noise in ["panicked", "backtrace", "Internal(", "Error {", "\\n"] {
        assert!(!stderr.contains(noise), "{noise:?} is not for people: {about}");
    }
    stderr.into_owned()
}

#[test]
fn help_and_version_are_answers_not_failures() {
    let desk = Desk::new();
    for arguments in [&["--help"][..], &["help"], &["admin", "create", "--help"], &["points", "import", "--help"]] {
        assert!(desk.succeeds(arguments).contains("Usage: terrace"), "{arguments:?}");
    }
    assert_eq!(desk.succeeds(&["--version"]).trim(), format!("terrace {}", env!("CARGO_PKG_VERSION")));
    assert_eq!(fs::read_dir(desk.0.path()).unwrap().count(), 0, "asking made a file");
}

#[test]
fn bad_flags_are_named() {
    let desk = Desk::new();
    desk.fails(&["--no-such-flag"], &["--no-such-flag"]);
    desk.fails(&["no-such-command"], &["no-such-command"]);
    desk.fails(&["serve", "extra"], &["extra"]);
    desk.fails(&["serve", "--workers", "many"], &["--workers", "many"]);
    desk.fails(&["serve", "--workers", "0"], &["workers"]);
    desk.fails(&["serve", "--log-format", "xml"], &["--log-format", "xml"]);
    desk.fails(&["serve", "--trusted-proxies", "somewhere"], &["--trusted-proxies", "somewhere"]);
    desk.fails(&["serve", "--listen"], &["--listen"]);
    desk.fails(&["serve", "--workers", "1", "--workers", "2"], &["--workers"]);
    let mut not_text = desk.terrace(&["--database"]);
    not_text.arg(OsStr::from_bytes(b"\xff\xfe"));
    one_line(not_text, &["UTF-8"]);
    assert_eq!(fs::read_dir(desk.0.path()).unwrap().count(), 0, "a refused command made a file");
}

/// What is missing is the matter, and it stands on the second line of what the parser says.
#[test]
fn missing_arguments_are_named() {
    let desk = Desk::new();
    desk.fails(&["admin", "create"], &["--username"]);
    desk.fails(&["points", "import"], &["FILE"]);
    desk.fails(&["admin"], &["create"]);
    desk.fails(&["points"], &["import"]);
}

#[test]
fn a_database_that_cannot_be_is_named() {
    let desk = Desk::new();
    let admin =
        |url: &str, words: &[&str]| desk.fails(&["--database", url, "admin", "create", "--username", "a1"], words);
    admin("mysql://root@127.0.0.1/terrace", &["mysql"]);
    admin("", &["database"]);
    admin("sqlite::memory:", &["memory"]);
    // Nobody listens on port 1.
    let line = admin("postgres://terrace:s3cret@127.0.0.1:1/terrace", &["127.0.0.1", "1"]);
    assert!(!line.contains("s3cret"), "the password is shown: {line}");
    admin("sqlite:no/such/folder/terrace.db", &["no/such/folder/terrace.db"]);
    fs::create_dir(desk.path("folder")).unwrap();
    admin("sqlite:folder", &["folder"]);
}

#[test]
fn a_corrupt_file_is_named_and_left_alone() {
    let desk = Desk::new();
    let garbage: Vec<u8> = (0..8192_u32).map(|n| u8::try_from(n * 31 % 251).unwrap()).collect();
    let half = [b"SQLite format 3\0".as_slice(), &garbage].concat();
    for (name, content) in [("noise.db", &garbage), ("half.db", &half)] {
        desk.write(name, content);
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["admin", "create", "--username", "a1"]] {
            desk.fails(&[&["--database", name], arguments].concat(), &[name]);
            assert!(fs::read(desk.path(name)).unwrap() == *content, "{name} was written to");
        }
    }
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    let desk = Desk::new();
    desk.succeeds(&["admin", "create", "--username", "first"]);
    let mut conn = SqliteConnection::establish(desk.path("terrace.db").to_str().unwrap()).unwrap();
    conn.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')").unwrap();
    drop(conn);
    desk.fails(&["serve", "--listen", "127.0.0.1:0"], &["newer program", "9999"]);
}

/// Two migrations of the first programs were replaced before anything was released: their tables are not these.
#[test]
fn a_database_of_the_first_programs_is_refused_and_left_alone() {
    let desk = Desk::new();
    let mut conn = SqliteConnection::establish(desk.path("terrace.db").to_str().unwrap()).unwrap();
    conn.batch_execute(
        "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP); \
         INSERT INTO __diesel_schema_migrations (version) VALUES ('0001'), ('0002'), ('0003'), ('0004'); \
         CREATE TABLE households (id BLOB NOT NULL PRIMARY KEY, head_name TEXT NOT NULL) STRICT",
    )
    .unwrap();
    drop(conn);
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["verify"], &["repair", "--apply"]] {
        desk.fails(arguments, &["before the first release", "0004", "empty database"]);
    }
    let mut conn = SqliteConnection::establish(desk.path("terrace.db").to_str().unwrap()).unwrap();
    let count = diesel::dsl::sql::<BigInt>("SELECT count(*) FROM sqlite_master WHERE type = 'table'");
    assert_eq!(count.get_result::<i64>(&mut conn), Ok(2), "tables were made");
}

#[test]
fn an_address_that_cannot_be_had_is_named() {
    let desk = Desk::new();
    desk.succeeds(&["admin", "create", "--username", "first"]);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    desk.fails(&["serve", "--listen", &address], &[&address, "in use"]);
    for address in ["nowhere", "127.0.0.1", "127.0.0.1:99999", "127.0.0.1:http"] {
        desk.fails(&["serve", "--listen", address], &[address]);
    }
}

#[test]
fn an_import_that_cannot_be_is_named() {
    let desk = Desk::new();
    desk.fails(&["points", "import", "nowhere.csv"], &["nowhere.csv"]);
    fs::create_dir(desk.path("folder")).unwrap();
    desk.fails(&["points", "import", "folder"], &["folder"]);
}

/// The faults come first, a line each with its place, and the last line sums up.
#[test]
fn a_faulty_import_tells_every_fault_with_its_line() {
    let desk = Desk::new();
    desk.write(
        "tree.csv",
        "code,name,parent_code,tier\n999900000000,模拟市,,city\n12,模拟,,county\n999901000000,,999900000000,hamlet\n",
    );
    let output = finish(desk.terrace(&["points", "import", "tree.csv"]).spawn().unwrap());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    let places: Vec<&str> = stderr.lines().filter_map(|line| line.split(": ").next()).collect();
    assert!(places.contains(&"tree.csv:3") && places.contains(&"tree.csv:4"), "{stderr}");
    assert!(stderr.lines().last().unwrap().contains("nothing was imported"), "{stderr}");
    assert!(!stderr.contains("tree.csv:2:"), "the good line is blamed: {stderr}");
}

#[test]
fn an_import_says_what_it_did_and_a_dry_run_what_it_would() {
    let desk = Desk::new();
    desk.write(
        "tree.csv",
        "code,name,parent_code,tier\n999900000000,模拟市,,city\n999901000000,模拟县,999900000000,county\n",
    );
    let dry = desk.succeeds(&["points", "import", "--dry-run", "tree.csv"]);
    assert_eq!(dry.trim(), "2 would be opened, 0 would be renamed, 0 unchanged");
    assert_eq!(desk.succeeds(&["points", "import", "tree.csv"]).trim(), "2 opened, 0 renamed, 0 unchanged");
    assert_eq!(desk.succeeds(&["points", "import", "tree.csv"]).trim(), "0 opened, 0 renamed, 2 unchanged");
}

/// The writer of SQLite is a thread of its own, and the end of a command is a race with it: whoever lets go of the
/// database last ends the thread. Many ends in a row meet each order of the two.
#[test]
fn a_command_that_did_its_work_says_so_every_time() {
    let desk = Desk::new();
    desk.write("tree.csv", "code,name,parent_code,tier\n999900000000,模拟市,,city\n");
    for run in 0..25 {
        let database = format!("terrace{run}.db");
        let output = finish(desk.terrace(&["--database", &database, "points", "import", "tree.csv"]).spawn().unwrap());
        assert_eq!(output.status.code(), Some(0), "run {run}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "run {run}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_bad_key_is_named_and_not_shown() {
    let desk = Desk::new();
    let secret = "8f3a1c5e7d9b2046f1e8c3a5b7d90264e6f8a1c3b5d7092846fae1c3957b2d08";
    desk.write("shared.keys", secret);
    fs::set_permissions(desk.path("shared.keys"), fs::Permissions::from_mode(0o640)).unwrap();
    let serve = |key: &str| ["--key-file", key, "serve", "--listen", "127.0.0.1:0"].map(str::to_owned);
    let fails = |key: &str, words: &[&str]| {
        let arguments = serve(key);
        desk.fails(&arguments.each_ref().map(String::as_str), words)
    };
    let line = fails("shared.keys", &["shared.keys", "chmod 600"]);
    assert!(!line.contains(&secret[..16]), "the key is shown: {line}");
    desk.write("empty.keys", "");
    fs::set_permissions(desk.path("empty.keys"), fs::Permissions::from_mode(0o600)).unwrap();
    fails("empty.keys", &["empty.keys"]);
    fails("no/such/folder.keys", &["no/such/folder.keys"]);
    for key in ["", "short", &"0".repeat(64), &secret.replace('8', "g")] {
        let mut command = desk.terrace(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("TERRACE_KEY", key);
        let line = one_line(command, &["TERRACE_KEY"]);
        assert!(key.len() < 64 || !line.contains(key), "the key is shown: {line}");
    }
}

#[test]
fn a_bad_config_file_is_named() {
    let desk = Desk::new();
    let files = [
        ("unknown.toml", "nosuchkey = \"x\"\n", "nosuchkey"),
        ("type.toml", "workers = \"many\"\n", "workers"),
        ("syntax.toml", "listen = [\n", ""),
    ];
    for (name, content, word) in files {
        desk.write(name, content);
        desk.fails(&["--config", name, "serve"], &[name, word]);
    }
    desk.fails(&["--config", "nowhere.toml", "serve"], &["nowhere.toml"]);
    let mut command = desk.terrace(&["serve"]);
    command.env("TERRACE_CONFIG", "nowhere.toml");
    one_line(command, &["nowhere.toml"]);
}

#[test]
fn an_administrator_is_made_once_and_gets_a_password() {
    let desk = Desk::new();
    let printed = desk.succeeds(&["admin", "create", "--username", "first"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "username: first");
    let password = lines[1].strip_prefix("password: ").unwrap();
    assert!(password.chars().count() >= 12 && lines.len() == 2, "{printed}");
    let line = desk.fails(&["admin", "create", "--username", "first"], &["name"]);
    assert!(line.contains("taken") || line.contains("already"), "{line}");
    desk.fails(&["admin", "create", "--username", "not a name"], &["username"]);
    let second = desk.succeeds(&["admin", "create", "--username", "second", "--name", "模拟管理员"]);
    assert!(second.starts_with("username: second\npassword: ") && !second.contains(password), "{second}");
    let mode = fs::metadata(desk.path("terrace.keys")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "the key beside the database is for its owner only");
}

#[test]
fn the_committed_description_is_what_the_program_prints() {
    let desk = Desk::new();
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.yaml");
    desk.succeeds(&["openapi", "--check", committed.to_str().unwrap()]);
    assert!(desk.succeeds(&["openapi"]) == fs::read_to_string(committed).unwrap(), "printed and committed differ");
    desk.write("other.yaml", "openapi: 3.1.0\n");
    desk.fails(&["openapi", "--check", "other.yaml"], &["other.yaml"]);
    desk.fails(&["openapi", "--check", "nowhere.yaml"], &["nowhere.yaml"]);
    assert!(!desk.path("terrace.db").exists(), "describing needs no database");
}
