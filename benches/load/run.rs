//! The order of a run.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant as Stopwatch},
};

use serde_json::json;
use terrace::{
    config::{Config, Settings},
    db::DatabaseUrl,
    domain::{Id, codes::Role},
    edge::Edge,
    server::House,
};

use crate::{
    Options,
    bare::BareInserts,
    drive::{Timings, Until, drive},
    reads::{self, PAGE, Reader},
    report::{Bar, Report},
    server::{Running, start_log},
    support::{Result, cells, households, network::Network, people, place::Place, seed::Seeded},
    writes::{self, Told, Writer},
};

/// The smaller of the two sizes at which the bureau's year is read.
const FEW_RECORDS: usize = 100_000;
/// Writers that go on while the bureau reads.
const WRITERS_BESIDE: usize = 8;
/// Readers of pages.
const PAGE_READERS: usize = 8;
/// The page down the list.
const DEEP_PAGE: usize = 10_000;
/// Bare inserts and requests take turns so often, so that whatever else the machine does falls on both.
const ROUNDS: u32 = 3;

/// Everything that the parts of a run need.
struct Run<'o> {
    options: &'o Options,
    place: Place,
    config: Config,
    house: House,
    seeded: Seeded,
    told: Told,
    written: usize,
    report: Report,
}

/// Seeds, measures, checks and reports.
pub fn run(options: &Options) -> Result<()> {
    start_log()?;
    let mut run = Run::prepare(options)?;
    let few = FEW_RECORDS.min(options.records / 2);
    run.fill(few)?;
    let server = Running::start(&run.house)?;
    let small = run.bureau_year(&server, few)?;
    run.check(&server)?;
    run.fill(options.records - few)?;
    run.write_ratio(&server)?;
    let large = run.bureau_year(&server, options.records)?;
    run.report.judge("bureau_year_growth", "its growth (p50)", large / small, "×", Bar::AtMost(1.5));
    run.pages(&server)?;
    let checked = run.check(&server).and_then(|()| run.recount());
    drop(server);
    run.report.print();
    if let Some(file) = &options.json {
        run.report.write(file)?;
    }
    checked
}

impl<'o> Run<'o> {
    fn prepare(options: &'o Options) -> Result<Self> {
        let place = Place::fresh(options.database.as_deref())?;
        let edge = Arc::new(Edge::system());
        let url = match &place.url {
            DatabaseUrl::Sqlite(file) => format!("sqlite:{}", file.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        };
        let key = terrace::domain::digest::hex(&edge.random::<32>());
        let config = Settings { database: Some(url), key: Some(key), ..Settings::default() }.resolve()?;
        let house = House::open(&config, edge)?;
        let mut conn = place.connect_for_bulk()?;
        let network = Network::import(&house, &mut conn)?;
        let clerk = people::open_account(&house, &mut conn, Role::Worker, network.bureau)?;
        let mut seeded = Seeded::new(network, clerk, house.gate.tools().edge.now().day())?;
        let begun = Stopwatch::now();
        households::register(&mut seeded, house.gate.tools(), &mut conn, options.households)?;
        progress(&format!("{} households", options.households), begun);
        let facts = json!({
            "seconds": options.seconds, "clients": options.clients, "records": options.records,
            "households": options.households, "smoke": options.smoke,
        });
        let report = Report::new(place.describe()?, facts, !options.smoke);
        Ok(Self { options, place, config, house, seeded, told: Told::default(), written: 0, report })
    }

    /// Adds records and what is counted from them.
    fn fill(&mut self, records: usize) -> Result<()> {
        let begun = Stopwatch::now();
        let mut conn = self.place.connect_for_bulk()?;
        self.seeded.records(&mut conn, (records, 2 + self.written as u64))?;
        progress(&format!("{records} records"), begun);
        let begun = Stopwatch::now();
        cells::fill(&self.house, &mut conn)?;
        drop(conn);
        self.place.settle()?;
        self.written += records;
        progress("their cells", begun);
        Ok(())
    }

    /// A part of the time for writes.
    fn part(&self, of: u32) -> Duration {
        Duration::from_secs(self.options.seconds) / of
    }

    /// What is not measured at the beginning of each part.
    fn warm_up(&self) -> Duration {
        self.part(10).min(Duration::from_secs(1))
    }

    fn writers(&self, server: &Running, number: usize, one_county: bool) -> Result<Vec<Writer<'_>>> {
        let mut conn = self.place.connect()?;
        writes::writers((&self.house, server.address), &mut conn, (&self.seeded, &self.told), (number, one_county))
    }

    fn reader(&self, server: &Running, role: Role, point: Id, path: &str) -> Result<Reader> {
        Reader::sign_in((&self.house, server.address), &mut self.place.connect()?, (role, point), path)
    }

    /// The bureau's year by county and kind, read by one client while others write; returns its p50.
    fn bureau_year(&mut self, server: &Running, records: usize) -> Result<f64> {
        let begun = Stopwatch::now();
        let bureau = self.seeded.network.bureau;
        let year = self.house.gate.tools().edge.now().day().to_string()[..4].to_owned();
        let path = format!("/api/v1/service-points/{bureau}/statistics?period={year}&metrics=assistance_count");
        let mut reader = self.reader(server, Role::Manager, bureau, &path)?;
        let mut writers = self.writers(server, WRITERS_BESIDE, false)?;
        let (reads, writes) = reads::read_while_writing(&mut reader, &mut writers, self.warm_up(), self.part(3))?;
        drop(writers);
        let what = format!("bureau's year by county and kind, {records} records, beside {WRITERS_BESIDE} writers");
        let (p50, p99) = if self.place.is_sqlite() { (3.0, 15.0) } else { (6.0, 40.0) };
        let large = records == self.options.records;
        let codes =
            if large { ("bureau_year_p50", "bureau_year_p99") } else { ("bureau_year_few_p50", "bureau_year_few_p99") };
        self.report.judge(codes.0, format!("{what}: p50"), reads.percentile(50), "ms", Bar::AtMost(p50));
        self.report.judge(codes.1, format!("{what}: p99"), reads.percentile(99), "ms", Bar::AtMost(p99));
        self.report.add(
            if large { "bureau_year_writes" } else { "bureau_year_few_writes" },
            "  what the writers did meanwhile",
            writes.per_second(),
            "/s",
        );
        self.refusals("bureau's year", &[&reads, &writes]);
        progress("bureau's year", begun);
        Ok(reads.percentile(50))
    }

    /// Bare inserts and logging through HTTP, in turns.
    fn write_ratio(&mut self, server: &Running) -> Result<()> {
        let begun = Stopwatch::now();
        let clients = self.options.clients;
        let (mut bare, mut http) = (Timings::default(), Timings::default());
        {
            let mut inserts = BareInserts::prepare((&self.place, &self.config, &self.house), &self.seeded, clients)?;
            let mut writers = self.writers(server, clients, false)?;
            for _ in 0..ROUNDS {
                bare = bare.and(inserts.run(self.warm_up(), self.part(2 * ROUNDS))?);
                writers.iter_mut().for_each(Writer::hang_up);
                http = http.and(drive(&mut writers, self.warm_up(), Until::Over(self.part(ROUNDS)), Writer::log)?);
            }
            inserts.take_away(&self.place)?;
        }
        let mut crowd = self.writers(server, clients, true)?;
        let crowded = drive(&mut crowd, self.warm_up(), Until::Over(self.part(6)), Writer::log)?;
        drop(crowd);
        let bar = if self.place.is_sqlite() { 0.22 } else { 0.17 };
        let report = &mut self.report;
        report.add("bare_insert", format!("bare insert, {clients} threads"), bare.per_second(), "/s");
        report.add("log", format!("log assistance through HTTP, {clients} clients"), http.per_second(), "/s");
        report.judge("log_ratio", "  ÷ bare insert", http.per_second() / bare.per_second(), "×", Bar::AtLeast(bar));
        report.add("log_p50", "  p50", http.percentile(50), "ms");
        report.judge("log_p99", "  p99", http.percentile(99), "ms", Bar::AtMost(40.0));
        report.add("log_longest", "  longest", http.longest(), "ms");
        report.add("log_one_county", "  all clients in one county", crowded.per_second(), "/s");
        report.add("log_one_county_p99", "  all clients in one county: p99", crowded.percentile(99), "ms");
        self.refusals("writes", &[&bare, &http, &crowded]);
        progress("writes", begun);
        Ok(())
    }

    /// Pages of households: in the scope of a county, and over the whole network, at its beginning and far down.
    fn pages(&mut self, server: &Running) -> Result<()> {
        let begun = Stopwatch::now();
        let first = format!("/api/v1/households?limit={PAGE}");
        let network = &self.seeded.network;
        let in_county =
            |at: usize| self.reader(server, Role::Worker, network.counties[at % network.counties.len()], &first);
        let mut workers = (0..PAGE_READERS).map(in_county).collect::<Result<Vec<_>>>()?;
        let scoped = reads::read(&mut workers, self.warm_up(), self.part(6))?;
        let at_bureau = |_| self.reader(server, Role::Reviewer, network.bureau, &first);
        let mut reviewers = (0..PAGE_READERS).map(at_bureau).collect::<Result<Vec<_>>>()?;
        let (page, path) = reads::walk_to(&mut reviewers[0], DEEP_PAGE)?;
        let (mut begin, mut deep) = (Timings::default(), Timings::default());
        for _ in 0..ROUNDS {
            reviewers.iter_mut().for_each(|reader| reader.turn_to(&first));
            begin = begin.and(reads::read(&mut reviewers, self.warm_up(), self.part(6 * ROUNDS))?);
            reviewers.iter_mut().for_each(|reader| reader.turn_to(&path));
            deep = deep.and(reads::read(&mut reviewers, self.warm_up(), self.part(6 * ROUNDS))?);
        }
        let what = format!("page of {PAGE} households of a county, {PAGE_READERS} clients");
        let report = &mut self.report;
        if self.place.is_sqlite() {
            report.judge("page", what, scoped.per_second(), "/s", Bar::AtLeast(6_000.0));
        } else {
            report.add("page", what, scoped.per_second(), "/s");
        }
        report.add("page_p99", "  p99", scoped.percentile(99), "ms");
        report.add("page_first", "  of the whole network, first page", begin.per_second(), "/s");
        report.add("page_deep", format!("  of the whole network, page {page}"), deep.per_second(), "/s");
        let ratio = begin.per_second() / deep.per_second();
        report.judge("page_depth", "  cost of the deep page ÷ the first", ratio, "×", Bar::AtMost(1.25));
        self.refusals("pages", &[&scoped, &begin, &deep]);
        progress("pages", begun);
        Ok(())
    }

    /// Whatever was not answered as it should be.
    fn refusals(&mut self, part: &str, timings: &[&Timings]) {
        for (why, count) in timings.iter().flat_map(|timings| timings.failures()) {
            self.report.note(format!("{part}: {count} × {why}"));
        }
    }

    /// Whether the API counts exactly what was written and acknowledged.
    fn check(&mut self, server: &Running) -> Result<()> {
        let bureau = self.seeded.network.bureau;
        let mut reader = self.reader(server, Role::Auditor, bureau, "")?;
        let counted = reader.total(bureau, "all", "assistance_count")?;
        let (acknowledged, unknown) =
            (self.told.acknowledged.load(Ordering::SeqCst), self.told.unknown.load(Ordering::SeqCst));
        let least = i64::try_from(self.written as u64 + acknowledged)?;
        let words = format!("{} seeded + {acknowledged} acknowledged, {counted} counted by the API", self.written);
        if (least..=least + i64::try_from(unknown)?).contains(&counted) {
            progress(&words, Stopwatch::now());
            Ok(())
        } else {
            Err(format!("LOST OR DOUBLED: {words}, {unknown} without an answer").into())
        }
    }

    /// Whether every cell is what the records say.
    fn recount(&mut self) -> Result<()> {
        let begun = Stopwatch::now();
        let found = cells::recount(&self.house)?;
        let what = format!("verify: {} records, {} households, {} cells", found.records, found.households, found.cells);
        progress(&what, begun);
        self.report.add("verify", what, begun.elapsed().as_secs_f64(), "s");
        match found.differences.first() {
            None => Ok(()),
            Some(first) => Err(format!("{} differences, such as: {}", found.differences.len(), first.line()).into()),
        }
    }
}

/// Says on standard error what has been done and how long it took.
pub fn progress(what: &str, begun: Stopwatch) {
    eprintln!("{:>7.1} s  {what}", begun.elapsed().as_secs_f64());
}
