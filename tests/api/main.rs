//! The API, tested as its users meet it: the app that `main` serves, on a fresh database for each test, on SQLite and
//! on PostgreSQL. The files mirror `src/api`; `access` walks all of it.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod access;
mod accounts;
mod annual_report;
mod audit;
mod devices;
mod doubtful_items;
mod households;
mod http;
mod idempotence;
mod inspections;
mod livelihoods;
mod notices;
mod reports;
mod roll_up;
mod service_points;
mod sessions;
mod smoke;
mod support;
mod trade;
mod tree;
mod writer;
