//! A server, from its start to its end.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Output},
    sync::mpsc::{Receiver, channel},
};

use serde_json::Value;

use super::{Desk, PATIENCE, finish};

/// A server, ended with its test.
pub struct Server {
    child: Option<Child>,
    log: Receiver<String>,
    address: String,
}

impl Server {
    pub fn start(desk: &Desk, arguments: &[&str]) -> Self {
        Self::start_with(desk, arguments, &[])
    }

    /// The same with variables in its environment.
    pub fn start_with(desk: &Desk, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = desk.terrace(&[arguments, &["--listen", "127.0.0.1:0"]].concat());
        let mut child = command.envs(environment.iter().copied()).spawn().unwrap();
        let (line, log) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        // Read to the end, or a server that logs much would wait for its reader.
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).all(|text| line.send(text).is_ok()));
        let mut server = Self { child: Some(child), log, address: String::new() };
        let said = server.until("listening on http://");
        let address = said.split_once("http://").unwrap().1;
        server.address = address.chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
        server
    }

    /// The next line of the log with these words.
    fn until(&self, words: &str) -> String {
        loop {
            let line = self.log.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("the log never said {words:?}"));
            if line.contains(words) {
                return line;
            }
        }
    }

    pub fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends a request, as whoever the token is for, and returns the status and the body.
    pub fn call(&self, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> (u16, Value) {
        let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        self.send(method, path, &token, body)
    }

    /// The same upon a version of something.
    pub fn call_upon(&self, path: &str, token: &str, version: &Value, body: Option<&Value>) -> (u16, Value) {
        self.send("POST", path, &format!("authorization: Bearer {token}\r\nif-match: \"{version}\"\r\n"), body)
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: Option<&Value>) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let body = body.map(ToString::to_string).unwrap_or_default();
        let (address, length) = (&self.address, body.len());
        let request = format!(
            "{method} {path} HTTP/1.0\r\nhost: {address}\r\n{headers}content-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        (status, serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}")))
    }

    pub fn signal(mut self, name: &str) -> Output {
        let child = self.child.take().unwrap();
        let told = Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status().unwrap();
        assert!(told.success());
        finish(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

#[test]
fn a_server_answers_and_ends_cleanly_when_told() {
    let desk = Desk::new();
    // Without a command it serves, too.
    for (arguments, signal) in [(&["serve"][..], "TERM"), (&[], "INT")] {
        let server = Server::start(&desk, arguments);
        let health = server.get("/healthz");
        assert!(health.starts_with("HTTP/1.1 200 "), "{health}");
        assert!(server.get("/readyz").starts_with("HTTP/1.1 200 "));
        let (address, output) = (server.address.clone(), server.signal(signal));
        assert_eq!(output.status.code(), Some(0), "SIG{signal}: {output:?}");
        assert!(TcpStream::connect(address).is_err(), "somebody still listens");
    }
    // The lock and the journal of SQLite are gone with it: another program can have the file.
    desk.succeeds(&["admin", "create", "--username", "after"]);
}

#[test]
fn a_log_in_json_is_json_on_every_line() {
    let desk = Desk::new();
    let server = Server::start(&desk, &["--log-format", "json", "serve"]);
    server.get("/healthz");
    let line = server.until("/healthz");
    let parsed: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert_eq!(parsed["level"], "info", "{line}");
    assert_eq!(server.signal("TERM").status.code(), Some(0));
}
