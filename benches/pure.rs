//! The pure parts, and the queries and use cases on a SQLite file with some thousand rows, one caller at a time. What the
//! machine makes of all of it together is measured by the load run beside this.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]

#[path = "support/mod.rs"]
mod support;

use std::{collections::BTreeMap, hint::black_box, sync::Arc};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use support::{
    cells, households,
    network::Network,
    people,
    place::Place,
    seed::{KINDS, Seeded, days_before},
};
use terrace::{
    app::{
        Want,
        assistance_records::{Assistance, LogAssistance},
        households as app, ledger, statistics,
    },
    auth::{Authorized, Ctx, Keys, Permission, can, keys::Purpose, seal, tokens},
    config::Settings,
    db::{Cost, DatabaseUrl, households::Filter},
    domain::{
        Day, Id, Instant, Period, PointPath, Text,
        access::{Area, Reach},
        codes::Role,
        digest::{content_digest, hex},
        identity::IdentityNumber,
        metrics::HOUSEHOLD,
        policy::Extent,
        roll_up::{ANY, Dated, Standing, Subject},
        search_keys::search_keys,
    },
    edge::Edge,
    server::House,
};

/// Households in the file.
const HOUSEHOLDS: usize = 7_000;
/// Records in the file.
const RECORDS: usize = 20_000;

fn today() -> Day {
    "2026-11-24".parse().unwrap()
}

fn id(n: u8) -> Id {
    Id::from_bytes([n; 16])
}

/// A household that has lived in two places and was helped in every month of two years.
fn subject() -> Subject {
    let home = |n, active| Standing { home: id(n), class: "general".to_owned(), active };
    let moved = "2025-06-15".parse().unwrap();
    let spans = vec![
        Dated { from: "2024-01-10".parse().unwrap(), to: Some(moved), value: home(1, true) },
        Dated { from: moved, to: None, value: home(2, true) },
    ];
    let enrolled_on = Some(spans[0].from);
    let persons = vec![(spans[0].from, None), (spans[0].from, None), (moved, None)];
    let mut subject = Subject { ledgers: &HOUSEHOLD, spans, enrolled_on, persons, presence: BTreeMap::new() };
    for back in 0..24 {
        let month = days_before(today(), back * 30).unwrap().month();
        subject.reach(&[ANY, KINDS[back as usize % KINDS.len()]], month, 1);
    }
    subject
}

fn rules(c: &mut Criterion) {
    let mut group = c.benchmark_group("rules");
    let (number, ..) = households::identity(12_345).unwrap();
    group.bench_function("identity number, parse", |b| b.iter(|| IdentityNumber::parse(black_box(&number), today())));

    let county = PointPath::root(id(1)).child(id(2));
    let village = county.child(id(3)).child(id(4));
    group.bench_function("path, contains", |b| b.iter(|| black_box(&county).contains(black_box(&village))));
    let areas: Vec<Area> = (10..15)
        .map(|n| Area { path: county.child(id(n)), extent: Extent::Subtree })
        .chain([Area { path: county.clone(), extent: Extent::Subtree }])
        .collect();
    group.bench_function("reach of six grants, union", |b| {
        b.iter_batched(|| areas.clone(), Reach::new, BatchSize::SmallInput);
    });
    let reach = Reach::new(areas);
    group.bench_function("reach, covers", |b| b.iter(|| black_box(&reach).covers(black_box(&village))));

    group.bench_function("search keys of a village", |b| b.iter(|| search_keys(black_box("宕昌县官亭村"))));
    group.bench_function("search keys of a person", |b| b.iter(|| search_keys(black_box("模拟王秀兰"))));

    let household = subject();
    group.bench_function("roll-up, one household's tally", |b| b.iter(|| black_box(&household).tally()));
    let before = {
        let mut before = household.clone();
        before.reach(&[ANY, KINDS[0]], today().month(), -1);
        before
    };
    group.bench_function("roll-up, what one record changes", |b| {
        b.iter(|| black_box(&household).tally().since(black_box(&before).tally()));
    });
    group.finish();
}

fn secrets(c: &mut Criterion) {
    let mut group = c.benchmark_group("secrets");
    let edge = Edge::system();
    let keys = Keys::from_secret(&hex(&edge.random::<32>())).unwrap();
    let now = edge.now();
    let token = tokens::access(&keys, id(1), id(2), now).unwrap();
    group.bench_function("access token, read", |b| b.iter(|| tokens::read_access(&keys, black_box(&token), now)));

    let key = format!("[\"{}\",\"{}\"]", PointPath::root(id(1)).child(id(2)).child(id(3)).child(id(4)), id(5));
    let hidden = seal::hide(&keys, Purpose::Cursor, &[7; 32], key.as_bytes()).unwrap();
    group.bench_function("cursor, write", |b| {
        b.iter(|| seal::hide(&keys, Purpose::Cursor, &[7; 32], black_box(key.as_bytes())));
    });
    group.bench_function("cursor, read", |b| {
        b.iter(|| seal::show(&keys, Purpose::Cursor, &[7; 32], black_box(&hidden)));
    });

    let place = seal::Place { table: "households", column: "phone", row: id(6) };
    let sealed = seal::seal(&keys, &edge, place, "13900001234").unwrap();
    group.bench_function("personal field, seal", |b| b.iter(|| seal::seal(&keys, &edge, place, "13900001234")));
    group.bench_function("personal field, open", |b| b.iter(|| seal::open(&keys, place, black_box(&sealed))));
    group.finish();
}

/// A program on a file of its own, and somebody at the bureau and in a county.
struct Office {
    house: House,
    seeded: Seeded,
    reviewer: Ctx,
    worker: Ctx,
    runtime: tokio::runtime::Runtime,
    #[expect(dead_code, reason = "the file goes with it")]
    place: Place,
}

impl Office {
    fn open() -> Self {
        let place = Place::fresh(None).unwrap();
        let edge = Arc::new(Edge::system());
        let DatabaseUrl::Sqlite(file) = &place.url else { unreachable!("it was asked for a file") };
        let (database, key) = (Some(format!("sqlite:{}", file.display())), Some(hex(&edge.random::<32>())));
        let config = Settings { database, key, ..Settings::default() }.resolve().unwrap();
        let house = House::open(&config, edge).unwrap();
        let mut conn = place.connect_for_bulk().unwrap();
        let network = Network::import(&house, &mut conn).unwrap();
        let (bureau, county) = (network.bureau, network.counties[0]);
        let clerk = people::open_account(&house, &mut conn, Role::Worker, bureau).unwrap();
        let mut seeded = Seeded::new(network, clerk, house.gate.tools().edge.now().day()).unwrap();
        households::register(&mut seeded, house.gate.tools(), &mut conn, HOUSEHOLDS).unwrap();
        seeded.records(&mut conn, (RECORDS, 2)).unwrap();
        cells::fill(&house, &mut conn).unwrap();
        let mut sign_in = |role, point| {
            let account = people::open_account(&house, &mut conn, role, point).unwrap();
            let token = people::sign_in(&house, &mut conn, account).unwrap();
            let tools = house.gate.tools();
            let now = tools.edge.now();
            let claims = Some(tokens::read_access(&tools.keys, &token, now).unwrap());
            Ctx { now, request_id: "benchmark".to_owned(), address: None, device: "benchmark".to_owned(), claims }
        };
        let (reviewer, worker) = (sign_in(Role::Reviewer, bureau), sign_in(Role::Worker, county));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Self { house, seeded, reviewer, worker, runtime, place }
    }

    fn access<P: Permission>(&self, ctx: &Ctx) -> Authorized<P> {
        self.house.gate.authorize(ctx.clone())
    }

    fn page(&self, ctx: &Ctx, limit: i64) -> usize {
        let want = Want { after: None, limit, count: false };
        let access = self.access::<can::ReadHouseholds>(ctx);
        let page = access.read(Cost::Quick, (), move |tx, ()| app::list(tx, None, &Filter::default(), &want));
        self.runtime.block_on(page).unwrap().items.len()
    }

    fn statistics(&self, ctx: &Ctx, point: Id, metrics: Option<&[String]>) -> usize {
        let metrics = metrics.map(<[String]>::to_vec);
        let year = ctx.now.day().to_string()[..4].parse::<Period>().unwrap();
        let access = self.access::<can::ReadStatistics>(ctx);
        let read = access
            .read(Cost::Quick, (), move |tx, ()| statistics::of_point(tx, point, year, metrics.as_deref(), false));
        self.runtime.block_on(read).unwrap().items.len()
    }

    fn log(&self, rng: &mut StdRng) {
        let home = self.seeded.any_of_county(0, rng);
        let request = LogAssistance {
            id: None,
            household_id: home.id,
            member_id: None,
            service_point_id: home.village,
            kind: Text::new(KINDS[rng.gen_range(0..KINDS.len())]),
            subkind: None,
            given_on: self.worker.now.day(),
            quantity: 1,
            unit: None,
            amount_fen: Some(100),
            note: None,
        };
        let access = self.access::<can::LogAssistance>(&self.worker);
        let write = access
            .write(terrace::auth::Ready(Ok(request)), |tx, request| ledger::log::<Assistance>(tx, request).map(drop));
        self.runtime.block_on(write).unwrap();
    }
}

fn queries(c: &mut Criterion) {
    let office = Office::open();
    let network = &office.seeded.network;
    let (bureau, village) = (network.bureau, network.villages[0].id);
    let count = ["assistance_count".to_owned()];
    let mut group = c.benchmark_group("SQLite");
    group.bench_function("page of 50 households, a county's worker", |b| b.iter(|| office.page(&office.worker, 50)));
    group.bench_function("page of 50 households, the bureau's reviewer", |b| {
        b.iter(|| office.page(&office.reviewer, 50))
    });
    group.bench_function("a village's year, one metric", |b| {
        b.iter(|| office.statistics(&office.reviewer, village, Some(&count)));
    });
    group.bench_function("the bureau's year, one metric", |b| {
        b.iter(|| office.statistics(&office.reviewer, bureau, Some(&count)));
    });
    group.bench_function("the bureau's year, all metrics", |b| {
        b.iter(|| office.statistics(&office.reviewer, bureau, None));
    });
    let record = office.seeded.record(Instant::from_unix_micros(0), &mut StdRng::seed_from_u64(1));
    group.bench_function("digest of a record's content", |b| b.iter(|| content_digest(black_box(&record))));
    let mut rng = StdRng::seed_from_u64(2);
    group.bench_function("log assistance, durable, one caller", |b| b.iter(|| office.log(&mut rng)));
    group.finish();
}

criterion_group!(benches, rules, secrets, queries);
criterion_main!(benches);
