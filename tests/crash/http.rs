//! As much HTTP/1.1 as a client needs that does not trust its connection: an answer came whole, or it did not come.

use std::{
    io::{self, BufRead as _, BufReader, Error, ErrorKind, Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

/// Longer than the server lets a request take.
const LONGEST: Duration = Duration::from_secs(40);

/// A request that can be sent again as it is.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method.
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// The version that is to be changed.
    pub version: Option<i64>,
    /// The body.
    pub body: Option<Value>,
}

impl Call {
    /// A look.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), version: None, body: None }
    }

    /// Something to be made.
    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self { method: "POST", path: path.into(), version: None, body: Some(body) }
    }
}

/// A whole answer.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body; null when there was none.
    pub body: Value,
}

/// A client with one connection, which is kept while it works.
pub struct Http {
    address: String,
    token: Option<String>,
    stream: Option<BufReader<TcpStream>>,
}

impl Http {
    /// A client that has not signed in.
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), token: None, stream: None }
    }

    /// A client with this access token.
    pub fn with_token(address: &str, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::new(address) }
    }

    /// Sends a request once.
    ///
    /// # Errors
    /// No whole answer came. Nobody knows then whether the request was carried out.
    pub fn send(&mut self, call: &Call) -> io::Result<Reply> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(&self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(LONGEST))?;
                BufReader::new(stream)
            }
        };
        stream.get_mut().write_all(&self.bytes(call))?;
        let (reply, keep) = read(&mut stream)?;
        self.stream = keep.then_some(stream);
        Ok(reply)
    }

    /// Sends a request to a server that is there, and expects this status. A connection that lay idle for too long is
    /// opened again.
    #[track_caller]
    pub fn expect(&mut self, call: &Call, status: u16) -> Value {
        let first = self.send(call);
        let reply = first.or_else(|_| self.send(call)).unwrap_or_else(|error| panic!("{call:?}: {error}"));
        assert_eq!(reply.status, status, "{call:?}: {}", reply.body);
        reply.body
    }

    /// What there is under a path.
    #[track_caller]
    pub fn get(&mut self, path: &str) -> Value {
        self.expect(&Call::get(path), 200)
    }

    fn bytes(&self, call: &Call) -> Vec<u8> {
        let mut text = format!("{} /api/v1{} HTTP/1.1\r\nhost: {}\r\n", call.method, call.path, self.address);
        if let Some(token) = &self.token {
            text += &format!("authorization: Bearer {token}\r\n");
        }
        if let Some(version) = call.version {
            text += &format!("if-match: \"{version}\"\r\n");
        }
        let body = call.body.as_ref().map(Value::to_string);
        if let Some(body) = &body {
            text += &format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
        }
        text += "\r\n";
        text += &body.unwrap_or_default();
        text.into_bytes()
    }
}

/// An answer, and whether the connection can be used again.
fn read(stream: &mut BufReader<TcpStream>) -> io::Result<(Reply, bool)> {
    let cut_off = |what: &str| Error::new(ErrorKind::InvalidData, format!("cut off: {what:?}"));
    let mut line = || {
        let mut text = String::new();
        stream.read_line(&mut text)?;
        text.strip_suffix("\r\n").map(str::to_owned).ok_or_else(|| cut_off(&text))
    };
    let first = line()?;
    let status = first.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(|| cut_off(&first))?;
    let (mut length, mut keep) = (0, true);
    loop {
        let header = line()?.to_ascii_lowercase();
        match header.split_once(':').map(|(name, value)| (name, value.trim())) {
            None if header.is_empty() => break,
            Some(("content-length", value)) => length = value.parse().map_err(|_| cut_off(value))?,
            Some(("transfer-encoding", value)) => panic!("this client does not know {value}"),
            Some(("connection", "close")) => keep = false,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body)? };
    Ok((Reply { status, body }, keep))
}
