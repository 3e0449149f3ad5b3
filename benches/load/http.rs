//! A client of HTTP/1.1 over one connection that is kept: as little as the measurements need, so that the two cores
//! which server and load share are left to the server.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Longer than the server takes for anything.
const PATIENCE: Duration = Duration::from_secs(35);

/// Someone with a token and a connection.
pub struct Client {
    address: SocketAddr,
    head: String,
    stream: Option<BufReader<TcpStream>>,
    line: String,
    body: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub struct Reply<'c> {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: &'c [u8],
}

impl Client {
    /// Someone who has not connected yet.
    pub fn new(address: SocketAddr, token: &str) -> Self {
        let head = format!("Host: {address}\r\nAuthorization: Bearer {token}\r\n");
        Self { address, head, stream: None, line: String::new(), body: Vec::new() }
    }

    /// GET.
    pub fn get(&mut self, path: &str) -> io::Result<Reply<'_>> {
        let request = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.head);
        self.exchange(&request)
    }

    /// POST of JSON.
    pub fn post(&mut self, path: &str, json: &str) -> io::Result<Reply<'_>> {
        let request = format!(
            "POST {path} HTTP/1.1\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
            self.head,
            json.len()
        );
        self.exchange(&request)
    }

    /// Ends the connection. A server ends one by itself that says nothing for some seconds.
    pub fn hang_up(&mut self) {
        self.stream = None;
    }

    fn exchange(&mut self, request: &str) -> io::Result<Reply<'_>> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect()?,
        };
        // A connection that failed is not put back.
        stream.get_mut().write_all(request.as_bytes())?;
        let status = read_answer(&mut stream, &mut self.line, &mut self.body)?;
        self.stream = Some(stream);
        Ok(Reply { status, body: &self.body })
    }

    fn connect(&self) -> io::Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(BufReader::with_capacity(64 * 1024, stream))
    }
}

/// Reads one answer whose length is told, which those of the API are.
fn read_answer(stream: &mut BufReader<TcpStream>, line: &mut String, body: &mut Vec<u8>) -> io::Result<u16> {
    let odd = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    next_line(stream, line)?;
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(|| odd("no status line"))?;
    let mut length = None;
    loop {
        next_line(stream, line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse().ok(),
            Some(_) => {}
            None => break,
        }
    }
    body.resize(length.ok_or_else(|| odd("an answer of unknown length"))?, 0);
    stream.read_exact(body)?;
    Ok(status)
}

fn next_line(stream: &mut BufReader<TcpStream>, line: &mut String) -> io::Result<()> {
    line.clear();
    match stream.read_line(line)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}
