//! Reading: a bureau's year while others write, and pages of households.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use serde_json::Value;
use terrace::{
    db::Conn,
    domain::{Id, codes::Role},
    server::House,
};

use crate::{
    drive::{Timings, Until, drive},
    http::Client,
    support::{Result, people},
    writes::Writer,
};

/// What a page of the API's longest size and of the usual size have.
const LONGEST_PAGE: usize = 200;
/// Rows on a page.
pub const PAGE: usize = 50;

/// Someone who reads.
pub struct Reader {
    client: Client,
    path: String,
}

impl Reader {
    /// Someone with this role at this point, signed in.
    pub fn sign_in(
        (house, address): (&House, SocketAddr),
        conn: &mut Conn,
        (role, point): (Role, Id),
        path: impl Into<String>,
    ) -> Result<Self> {
        let account = people::open_account(house, conn, role, point)?;
        let token = people::sign_in(house, conn, account)?;
        Ok(Self { client: Client::new(address, &token), path: path.into() })
    }

    /// Reads, and looks at the answer's length only.
    fn read(&mut self) -> Result<()> {
        let reply = self.client.get(&self.path)?;
        match reply.status {
            200 => Ok(()),
            status => Err(format!("{status} {}", String::from_utf8_lossy(reply.body)).into()),
        }
    }

    /// Reads something else, whole.
    pub fn json(&mut self, path: &str) -> Result<Value> {
        let reply = self.client.get(path)?;
        match reply.status {
            200 => Ok(serde_json::from_slice(reply.body)?),
            status => Err(format!("GET {path}: {status} {}", String::from_utf8_lossy(reply.body)).into()),
        }
    }

    /// The total of a metric at a point.
    pub fn total(&mut self, point: Id, period: &str, metric: &str) -> Result<i64> {
        let answer =
            self.json(&format!("/api/v1/service-points/{point}/statistics?period={period}&metrics={metric}"))?;
        let item = answer["items"].as_array().and_then(|items| items.iter().find(|item| item["metric"] == metric));
        Ok(item.and_then(|item| item["total"].as_i64()).ok_or_else(|| format!("no {metric} in {answer}"))?)
    }
}

/// Lets one reader read while the writers write. Returns what the reads and the writes took.
pub fn read_while_writing(
    reader: &mut Reader,
    writers: &mut [Writer<'_>],
    warm_up: Duration,
    length: Duration,
) -> Result<(Timings, Timings)> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let writing = scope.spawn(|| drive(writers, warm_up, Until::Told(&stop), Writer::log));
        let reads = drive(std::slice::from_mut(reader), warm_up, Until::Over(length), Reader::read);
        stop.store(true, Ordering::Relaxed);
        let writes = writing.join().map_err(|_| "the writers panicked")??;
        Ok((reads?, writes))
    })
}

/// Lets readers read their paths.
pub fn read(readers: &mut [Reader], warm_up: Duration, length: Duration) -> Result<Timings> {
    drive(readers, warm_up, Until::Over(length), Reader::read)
}

/// Walks down the list of households to a page and returns its number, from 1, and its path. Where the list ends sooner,
/// that is its last whole page.
pub fn walk_to(reader: &mut Reader, page: usize) -> Result<(usize, String)> {
    let (mut at, mut path) = (0, format!("/api/v1/households?limit={PAGE}"));
    let mut walked = format!("/api/v1/households?limit={LONGEST_PAGE}");
    while at + LONGEST_PAGE <= (page - 1) * PAGE {
        let answer = reader.json(&walked)?;
        let Some(cursor) = answer["next_cursor"].as_str() else { break };
        at += LONGEST_PAGE;
        walked = format!("/api/v1/households?limit={LONGEST_PAGE}&cursor={cursor}");
        path = format!("/api/v1/households?limit={PAGE}&cursor={cursor}");
    }
    // The remaining pages of the usual size.
    while at + PAGE <= (page - 1) * PAGE {
        let answer = reader.json(&path)?;
        let Some(cursor) = answer["next_cursor"].as_str() else { break };
        at += PAGE;
        path = format!("/api/v1/households?limit={PAGE}&cursor={cursor}");
    }
    Ok((at / PAGE + 1, path))
}

impl Reader {
    /// The same person, reading another path from now on.
    pub fn turn_to(&mut self, path: &str) {
        path.clone_into(&mut self.path);
    }
}
