//! A working folder with a database and a port, and the program in it: its commands, and a server that can be killed.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    os::unix::process::ExitStatusExt as _,
    process::{Child, Command, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering::SeqCst},
        mpsc::{Receiver, channel},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use diesel::{QueryableByName, RunQueryDsl as _, sql_query, sql_types::BigInt};
use terrace::db::DatabaseUrl;

use crate::database::{Backend, Database};

/// Nothing here takes a tenth of it; a program that hangs fails its test.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A folder, a database and a port that stay the same while servers come and go.
pub struct Desk {
    folder: tempfile::TempDir,
    database: Database,
    url: String,
    /// Where the server listens.
    pub address: String,
}

impl Desk {
    /// On an empty database. None, and a word about it, when there is no PostgreSQL to test on.
    pub fn set_up(backend: Backend) -> Option<Self> {
        let database = Database::fresh(backend)?;
        let url = match &database.url {
            DatabaseUrl::Sqlite(file) => format!("sqlite:{}", file.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        };
        Some(Self { folder: tempfile::tempdir().unwrap(), database, url, address: free_address() })
    }

    /// The program, with the same database and key each time, and without the settings of whoever runs the tests.
    fn terrace(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_terrace"));
        command.args(["--database", &self.url, "--key-file", "the.keys"]).args(arguments);
        command.current_dir(self.folder.path()).env_clear().env("RUST_BACKTRACE", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command that succeeds; what it printed.
    #[track_caller]
    pub fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.terrace(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Puts a file into the folder.
    pub fn write(&self, name: &str, content: &str) {
        std::fs::write(self.folder.path().join(name), content).unwrap();
    }

    /// Recounts everything and finds no difference; how many households and counted records there are.
    #[track_caller]
    pub fn verify(&self) -> (usize, usize) {
        let said = self.succeeds(&["verify"]);
        let last = said.lines().next().unwrap();
        let clean = said.lines().skip(1).all(|line| line.ends_with(": 0 findings"));
        assert!(last.ends_with(" cells: 0 differences") && clean && said.lines().count() == 3, "{said}");
        let before = |word: &str| {
            let words: Vec<&str> = last.split([' ', ',']).collect();
            let at = words.iter().position(|known| *known == word).unwrap();
            words[at - 1].parse().unwrap()
        };
        (before("households"), before("records"))
    }

    /// How many rows a query counts, as `n`. Asked around the program, for what the API does not show.
    pub fn count(&self, query: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Counted {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let counted: Counted = sql_query(query).get_result(&mut self.database.connect()).unwrap();
        counted.n
    }

    /// Waits until nobody else is connected to a PostgreSQL database. The backends of a killed server notice it when
    /// they next read or write, and end what they had begun before.
    pub fn wait_for_silence(&self) {
        if matches!(self.database.url, DatabaseUrl::Sqlite(_)) {
            return;
        }
        let others = "SELECT count(*) AS n FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
        let begun = Instant::now();
        while self.count(others) > 0 {
            assert!(begun.elapsed() < PATIENCE, "connections of the dead server are left");
            sleep(Duration::from_millis(10));
        }
    }
}

/// An address that is free and stays so while nobody listens there: below the ports that the system gives away by
/// itself, for listening at port 0 and for the near end of every connection.
fn free_address() -> String {
    // Tests that run side by side look in different places, whether they share a process or not.
    static LOOKED: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id() + LOOKED.fetch_add(1, SeqCst) * 5_000;
    let mut addresses = (first..first + 5_000).map(|n| format!("127.0.0.1:{}", 20_000 + n % 10_000));
    addresses.find(|address| TcpListener::bind(address).is_ok()).unwrap()
}

/// A server, killed at the latest with its test.
pub struct Server {
    child: Child,
    log: Receiver<String>,
}

impl Server {
    /// Starts one, and returns when it listens.
    #[track_caller]
    pub fn start(desk: &Desk) -> Self {
        let server = Self::spawn(desk);
        let mut said = Vec::new();
        while let Ok(line) = server.log.recv_timeout(PATIENCE) {
            if line.contains("listening on http://") {
                return server;
            }
            said.push(line);
        }
        panic!("it does not listen: {said:#?}");
    }

    /// Starts one, and leaves it to itself.
    pub fn spawn(desk: &Desk) -> Self {
        let mut command = desk.terrace(&["serve", "--listen", &desk.address, "--workers", "2"]);
        // Not a line for each request.
        let mut child = command.env("RUST_LOG", "warn,terrace::server=info").spawn().unwrap();
        let (line, log) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for text in stderr.lines().map_while(Result::ok) {
                if text.contains("ERROR") || text.contains("panicked") {
                    eprintln!("the server: {text}");
                }
                // Read to the end all the same, or a server that says much would wait for its reader.
                drop(line.send(text));
            }
        });
        Self { child, log }
    }

    /// SIGKILL, to a process that was alive.
    #[track_caller]
    pub fn kill(mut self) {
        assert!(self.child.try_wait().unwrap().is_none(), "it ended by itself");
        self.child.kill().unwrap();
        assert_eq!(self.child.wait().unwrap().signal(), Some(9), "it did not die of the kill");
    }

    /// The same after a moment, which it may have spent on starting.
    #[track_caller]
    pub fn kill_after(self, moment: Duration) {
        sleep(moment);
        self.kill();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
