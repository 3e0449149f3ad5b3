//! Logging assistance through HTTP.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering},
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use terrace::{
    db::Conn,
    domain::{Day, Id, codes::Role},
    server::House,
};

use crate::{
    http::Client,
    support::{
        Result, people,
        seed::{KINDS, Seeded, days_before},
    },
};

/// What writers were told.
#[derive(Default)]
pub struct Told {
    /// Records that the server said were logged.
    pub acknowledged: AtomicU64,
    /// Records of which it said nothing: the connection ended first.
    pub unknown: AtomicU64,
}

/// Someone who logs assistance in one county.
pub struct Writer<'s> {
    client: Client,
    rng: StdRng,
    house: &'s House,
    seeded: &'s Seeded,
    county: usize,
    today: Day,
    told: &'s Told,
}

/// Opens accounts for writers and signs them in: each a worker of a county, the counties in turn, or all of the first.
pub fn writers<'s>(
    (house, address): (&'s House, SocketAddr),
    conn: &mut Conn,
    (seeded, told): (&'s Seeded, &'s Told),
    (number, one_county): (usize, bool),
) -> Result<Vec<Writer<'s>>> {
    let edge = &house.gate.tools().edge;
    let counties = seeded.counties_with_households();
    let open = |at: usize| -> Result<Writer<'s>> {
        let county =
            *counties.get(if one_county { 0 } else { at % counties.len() }).ok_or("there are no households")?;
        let account = people::open_account(house, conn, Role::Worker, seeded.network.counties[county])?;
        let token = people::sign_in(house, conn, account)?;
        Ok(Writer {
            client: Client::new(address, &token),
            rng: StdRng::from_seed(edge.random()),
            house,
            seeded,
            county,
            today: edge.now().day(),
            told,
        })
    };
    (0..number).map(open).collect()
}

impl Writer<'_> {
    /// Ends the connection; the next record makes another.
    pub fn hang_up(&mut self) {
        self.client.hang_up();
    }

    /// Logs one record: mostly of today, for any household of the county, given by its village. The client chooses the id,
    /// as one does that may have to ask again.
    pub fn log(&mut self) -> Result<()> {
        let home = self.seeded.any_of_county(self.county, &mut self.rng);
        let back = if self.rng.gen_ratio(4, 5) { 0 } else { self.rng.gen_range(1..30) };
        let day = days_before(self.today, back)?;
        let body = format!(
            r#"{{"id":"{}","household_id":"{}","service_point_id":"{}","kind":"{}","given_on":"{day}","quantity":{},"amount_fen":{}}}"#,
            Id::from_parts(self.house.gate.tools().edge.now(), self.rng.r#gen()),
            home.id,
            home.village,
            KINDS[self.rng.gen_range(0..KINDS.len())],
            self.rng.gen_range(1..20),
            self.rng.gen_range(1..100_000),
        );
        match self.client.post("/api/v1/assistance-records", &body) {
            Ok(reply) if reply.status == 201 => {
                self.told.acknowledged.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Ok(reply) => Err(format!("{} {}", reply.status, String::from_utf8_lossy(reply.body)).into()),
            Err(error) => {
                self.told.unknown.fetch_add(1, Ordering::Relaxed);
                Err(error.into())
            }
        }
    }
}
