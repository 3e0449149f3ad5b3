//! `terrace demo`, as people see it: how far it is, and in the end how to sign in.

use std::{
    cell::Cell,
    io::{IsTerminal as _, stderr},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{Failure, line::Demo, on_house, start_log, words};
use crate::{
    app::setup::SignIn,
    config::Config,
    demo::{self, Outcome, Progress, case_study},
};

/// Fills an empty database with a simulated year.
///
/// # Errors
/// The database is not empty, or why it cannot.
pub fn demo(config: &Config, wanted: &Demo) -> Result<(), Failure> {
    start_log(config.log_format, true);
    let mut config = config.clone();
    config.limits.bulk = true;
    let outcome = on_house(&config, async |house| {
        if !demo::has_room(&house.gate).await.map_err(words)? {
            let place = &config.database;
            return Err(format!("{place} is not empty; name another with --database, or remove it first"));
        }
        let total = if wanted.case_study { case_study::entries(wanted.detail()) } else { wanted.size().records };
        let told = Teller::new(total);
        let tell = |made| told.tell(made);
        let outcome = if wanted.case_study {
            case_study::simulate(&house.gate, wanted.detail(), wanted.seed, tell).await
        } else {
            demo::simulate(&house.gate, wanted.size(), wanted.seed, tell).await
        };
        told.end();
        outcome.map_err(words)
    })?;
    if wanted.case_study {
        tell_case_study(&outcome);
    } else {
        tell(&outcome);
    }
    tell_sign_ins(&outcome.sign_ins);
    Ok(())
}

/// Tells how far it is: a bar on a terminal, a line now and then elsewhere.
struct Teller {
    bar: Option<ProgressBar>,
    records: usize,
    tenths: Cell<usize>,
}

impl Teller {
    fn new(records: usize) -> Self {
        let bar = stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{msg} [{wide_bar}] {percent}% {elapsed}");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(records as u64).with_style(style).with_message("模拟数据")
        });
        if let Some(bar) = &bar {
            bar.tick();
        }
        Self { bar, records, tenths: Cell::new(0) }
    }

    fn tell(&self, made: Progress) {
        match (made, &self.bar) {
            (Progress::Written(counts), Some(bar)) => {
                if counts.reports > 0 {
                    bar.set_message("模拟数据：月报");
                }
                bar.set_position((counts.records + counts.entries) as u64);
            }
            (Progress::Written(counts), None) => {
                let written = counts.records + counts.entries;
                let tenths = written * 4 / self.records.max(1);
                if tenths > self.tenths.replace(tenths) {
                    eprintln!("{} households, {written} records", counts.households);
                }
            }
            (Progress::Points(number), None) => eprintln!("{number} service points"),
            (Progress::Accounts(number), None) => eprintln!("{number} accounts"),
            (Progress::Points(_) | Progress::Accounts(_), Some(_)) => {}
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn tell(outcome: &Outcome) {
    let Outcome { points, accounts, counts, .. } = outcome;
    println!("模拟数据: a simulated year. Nothing in it is real.");
    println!(
        "{points} service points, {accounts} accounts, {} households with {} persons",
        counts.households, counts.persons
    );
    println!("{} records, {} of them corrected and {} voided", counts.records, counts.corrected, counts.voided);
    println!(
        "{} households changed type, {} were transferred, {} ended",
        counts.retyped, counts.transferred, counts.ended
    );
    println!(
        "{} monthly reports; every whole month but the last is closed as far as anybody reported\n",
        counts.reports
    );
}

fn tell_case_study(outcome: &Outcome) {
    let Outcome { points, accounts, counts, .. } = outcome;
    println!(
        "模拟数据: invented rows that add up to the published figures of the end of 2021. Nothing else in it is real."
    );
    println!(
        "{points} service points, {accounts} accounts, {} households with {} persons",
        counts.households, counts.persons
    );
    println!(
        "{} stores, {} entries: sales, livestreams, training, parcels, wages, benefits and payments",
        counts.stores, counts.entries
    );
    println!("See the figures: cargo run -- report annual --year 2021\n");
}

fn tell_sign_ins(sign_ins: &[SignIn]) {
    println!("Sign in as (these passwords are shown once):");
    for sign_in in sign_ins {
        let (tier, role) = (sign_in.tier.code(), sign_in.role.code());
        println!("  {tier:<9}{role:<9} {:<28} {}  {}", sign_in.username, sign_in.password, sign_in.point);
    }
    println!("\nNext: cargo run (or: terrace serve)");
}
