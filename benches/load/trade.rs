//! The case study's data set under load: the bureau's annual report, and what logging a sale costs beside logging assistance.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant as Stopwatch},
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;
use terrace::{
    config::Settings,
    db::{Conn, DatabaseUrl, households, service_points, stores},
    demo::{SEED, case_study},
    domain::{Id, codes::Role},
    edge::Edge,
    server::House,
};

use crate::{
    Options,
    drive::{Timings, Until, drive},
    http::Client,
    reads::{self, Reader},
    report::{Bar, Report},
    run::progress,
    server::{Running, start_log},
    support::{Result, people, place::Place, seed::KINDS},
};

/// Sales and assistance take turns so often, so that whatever else the machine does falls on both.
const ROUNDS: u32 = 3;
/// So many rows are read at a time.
const BATCH: i64 = 5_000;

/// Makes the data set, measures, checks and reports.
pub fn run(options: &Options) -> Result<()> {
    start_log()?;
    let place = Place::fresh(options.database.as_deref())?;
    let house = open(&place)?;
    let detail = if options.smoke { case_study::Detail::Once } else { case_study::Detail::Monthly };
    let begun = Stopwatch::now();
    let making = case_study::simulate(&house.gate, detail, SEED, |_| {});
    let made = actix_web::rt::System::new().block_on(making)?;
    place.settle()?;
    progress(&format!("{} stores, {} entries", made.counts.stores, made.counts.entries), begun);
    let facts = json!({
        "seconds": options.seconds, "clients": options.clients, "stores": made.counts.stores,
        "entries": made.counts.entries, "smoke": options.smoke,
    });
    let mut report = Report::new(place.describe()?, facts, !options.smoke);
    let server = Running::start(&house)?;
    let mut conn = place.connect()?;
    let bureau = service_points::root(&mut conn)?.ok_or("the tree is empty")?.id;
    let path = format!("/api/v1/service-points/{bureau}/annual-report?year=2021");
    let mut reader = Reader::sign_in((&house, server.address), &mut conn, (Role::Manager, bureau), path)?;
    let part = Duration::from_secs(options.seconds) / ROUNDS;
    let warm_up = (part / 10).min(Duration::from_secs(1));
    let read = reads::read(std::slice::from_mut(&mut reader), warm_up, part)?;
    report.judge("annual_report_p50", "the bureau's annual report: p50", read.percentile(50), "ms", Bar::AtMost(50.0));
    report.add("annual_report_p99", "  p99", read.percentile(99), "ms");
    progress("annual report", begun);
    let sold = Arc::new(AtomicU64::new(0));
    let before = reader.total(bureau, "all", "sales_amount")?;
    let (homes, shops) = (homes(&mut conn)?, shops(&mut conn)?);
    let mut desks = Vec::with_capacity(options.clients);
    for _ in 0..options.clients {
        let account = people::open_account(&house, &mut conn, Role::Worker, bureau)?;
        let client = Client::new(server.address, &people::sign_in(&house, &mut conn, account)?);
        let rng = StdRng::from_seed(house.gate.tools().edge.random());
        desks.push(Desk { client, rng, homes: &homes, shops: &shops, sold: &sold });
    }
    let (mut sales, mut assistance) = (Timings::default(), Timings::default());
    for _ in 0..ROUNDS {
        assistance = assistance.and(drive(&mut desks, warm_up, Until::Over(part / 2), Desk::assist)?);
        sales = sales.and(drive(&mut desks, warm_up, Until::Over(part / 2), Desk::sell)?);
    }
    let clients = options.clients;
    report.add("assist", format!("log assistance through HTTP, {clients} clients"), assistance.per_second(), "/s");
    report.add("sell", format!("log a sale through HTTP, {clients} clients"), sales.per_second(), "/s");
    let cost = assistance.per_second() / sales.per_second();
    report.judge("sale_cost", "  cost of a sale ÷ cost of assistance", cost, "×", Bar::AtMost(1.3));
    report.add("sell_p50", "  p50", sales.percentile(50), "ms");
    report.add("sell_p99", "  p99", sales.percentile(99), "ms");
    for (why, count) in [&read, &sales, &assistance].into_iter().flat_map(|timings| timings.failures()) {
        report.note(format!("{count} × {why}"));
    }
    // The first one's connection has been idle for too long.
    let mut reader = Reader::sign_in((&house, server.address), &mut conn, (Role::Auditor, bureau), "")?;
    let (counted, told) = (reader.total(bureau, "all", "sales_amount")?, sold.load(Ordering::SeqCst));
    drop(server);
    report.print();
    if let Some(file) = &options.json {
        report.write(file)?;
    }
    if counted == before + i64::try_from(told)? {
        Ok(())
    } else {
        Err(format!("LOST OR DOUBLED: {before} fen before, {told} acknowledged, {counted} counted by the API").into())
    }
}

fn open(place: &Place) -> Result<House> {
    let edge = Arc::new(Edge::system());
    let url = match &place.url {
        DatabaseUrl::Sqlite(file) => format!("sqlite:{}", file.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let key = terrace::domain::digest::hex(&edge.random::<32>());
    let config = Settings { database: Some(url), key: Some(key), ..Settings::default() }.resolve()?;
    Ok(House::open(&config, edge)?)
}

/// Every household and its home.
fn homes(conn: &mut Conn) -> Result<Vec<(Id, Id)>> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let batch = households::after(conn, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(found) };
        after = Some(last.id);
        found.extend(batch.into_iter().map(|household| (household.id, household.service_point_id)));
    }
}

/// Every store that is open.
fn shops(conn: &mut Conn) -> Result<Vec<Id>> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let batch = stores::after(conn, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(found) };
        after = Some(last.id);
        found.extend(batch.into_iter().filter(|store| store.closed_on.is_none()).map(|store| store.id));
    }
}

/// Someone who logs sales and assistance.
struct Desk<'s> {
    client: Client,
    rng: StdRng,
    homes: &'s [(Id, Id)],
    shops: &'s [Id],
    sold: &'s AtomicU64,
}

impl Desk<'_> {
    fn assist(&mut self) -> Result<()> {
        let (household, home) = self.homes[self.rng.gen_range(0..self.homes.len())];
        let body = format!(
            r#"{{"household_id":"{household}","service_point_id":"{home}","kind":"{}","given_on":"2022-{:02}-{:02}","quantity":{},"amount_fen":{}}}"#,
            KINDS[self.rng.gen_range(0..KINDS.len())],
            self.rng.gen_range(1..13),
            self.rng.gen_range(1..29),
            self.rng.gen_range(1..20),
            self.rng.gen_range(1..100_000),
        );
        self.post("/api/v1/assistance-records", &body)
    }

    fn sell(&mut self) -> Result<()> {
        let amount = self.rng.gen_range(1..10_000_000_u64);
        let body = format!(
            r#"{{"store_id":"{}","on":"2022-{:02}-{:02}","channel":"online","orders":{},"amount_fen":{amount}}}"#,
            self.shops[self.rng.gen_range(0..self.shops.len())],
            self.rng.gen_range(1..13),
            self.rng.gen_range(1..29),
            self.rng.gen_range(1..200),
        );
        self.post("/api/v1/sales", &body)?;
        self.sold.fetch_add(amount, Ordering::SeqCst);
        Ok(())
    }

    fn post(&mut self, path: &str, body: &str) -> Result<()> {
        let reply = self.client.post(path, body)?;
        match reply.status {
            201 => Ok(()),
            status => Err(format!("{status} {}", String::from_utf8_lossy(reply.body)).into()),
        }
    }
}
