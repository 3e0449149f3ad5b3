//! The load run: a real server, real clients over the loopback interface, and a database with as many rows as a network
//! has after years. It prints what it measured beside what was promised; see docs/performance.md.
//!
//! It makes its own database and removes it, ends by itself, and never leaves the machine.

mod bare;
mod drive;
mod http;
mod reads;
mod report;
mod run;
mod server;
#[path = "../support/mod.rs"]
mod support;
mod trade;
mod writes;

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;

/// Measures Terrace under load.
#[derive(Clone, Debug, Parser)]
pub struct Options {
    /// A PostgreSQL server, as postgres://USER@HOST/NAME; a database is made there and dropped [default: a SQLite file]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// How long writes are measured; everything else is measured for a part of that
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Clients that write at once
    #[arg(long, default_value_t = 32)]
    clients: usize,
    /// Records that are there before
    #[arg(long, default_value_t = 3_000_000)]
    records: usize,
    /// Households that are there before; the ten-thousandth page of 50 needs 500,050
    #[arg(long, default_value_t = 501_000)]
    households: usize,
    /// Instead: the case study's data set, its annual report, and sales beside assistance
    #[arg(long)]
    case_study: bool,
    /// Everything once and very small, to see that it runs: no figure is judged
    #[arg(long)]
    smoke: bool,
    /// Writes the figures as JSON too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// What cargo says to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let mut options = Options::parse();
    if options.smoke {
        options.seconds = options.seconds.min(3);
        options.records = options.records.min(5_000);
        options.households = options.households.min(2_000);
    }
    let outcome = if options.case_study { trade::run(&options) } else { run::run(&options) };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}
