//! `terrace demo`: the real tree of Longnan and a simulated year in it, for looking around, teaching and measuring.
//!
//! Nothing here writes a row. A plan is made from a seed, and simulated people carry it out through the same use cases as
//! real ones, each at the moment of its own day; so whatever holds for real data holds for these. Every person is invented, and
//! everything says so: 模拟.

mod assistance;
mod calendar;
pub mod case_study;
mod dice;
mod network;
mod people;
mod plan;
mod reports;
mod sitting;
mod write;

use std::sync::Arc;

use crate::{
    app::setup::{self, SignIn},
    auth::Gate,
    edge::Edge,
    error::{Error, Result},
};

/// The first six digits of the region codes of the county in which people sign in to look around, 两当县, the smallest one.
const DISTRICT: &str = "621228";

/// The counties that report each month, by the same digits. The other ones are waived: a report of every point of the network
/// for every month would be 42,000, and take longer than all the rest.
const REPORTING: &[&str] = &[DISTRICT];

/// The seed of a simulation that nobody chose another for.
pub const SEED: u64 = 20_231_207;

/// The largest [`Size::times`].
pub const LARGEST: u32 = 6;

/// How much is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// So many households.
    pub households: usize,
    /// So many records.
    pub records: usize,
    /// So many of the last whole months whose reports have had their time are reported: the last one is under way, those before it are
    /// closed.
    pub reported_months: usize,
}

impl Size {
    /// The same tree, and hardly anything in it.
    pub const SMALL: Self = Self { households: 400, records: 3_000, reported_months: 3 };

    /// A year, with so many times its records; its households grow by a few thousand each time.
    pub fn times(scale: u32) -> Self {
        let scale = scale.clamp(1, LARGEST) as usize;
        Self { households: 61_000 + 4_000 * (scale - 1), records: 510_000 * scale, reported_months: 12 }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub enum Progress {
    /// So many service points are there.
    Points(usize),
    /// So many accounts are open.
    Accounts(usize),
    /// So much has been written.
    Written(Counts),
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Households registered,
    pub households: usize,
    /// with so many members.
    pub persons: usize,
    /// Records logged,
    pub records: usize,
    /// of them corrected,
    pub corrected: usize,
    /// and voided.
    pub voided: usize,
    /// Households of another type than in the beginning.
    pub retyped: usize,
    /// Households at another home.
    pub transferred: usize,
    /// Households that moved away or dissolved.
    pub ended: usize,
    /// Monthly reports sent in.
    pub reports: usize,
    /// Stores entered.
    pub stores: usize,
    /// Entries of the other ledgers: sales, livestreams, training sessions, attendances.
    pub entries: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.households += other.households;
        self.persons += other.persons;
        self.records += other.records;
        self.corrected += other.corrected;
        self.voided += other.voided;
        self.retyped += other.retyped;
        self.transferred += other.transferred;
        self.ended += other.ended;
        self.reports += other.reports;
        self.stores += other.stores;
        self.entries += other.entries;
    }
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Service points.
    pub points: usize,
    /// Accounts.
    pub accounts: usize,
    /// What was written.
    pub counts: Counts,
    /// How to sign in, from the bureau down.
    pub sign_ins: Vec<SignIn>,
}

/// So many sittings are planned ahead of the one that is written.
const AHEAD: usize = 2;

/// Simulates a year in a database that is empty; the same seed and size give the same rows on the same day.
///
/// # Errors
/// The database's own, and that of a use case in a database that is not empty; see [`has_room`].
pub async fn simulate(gate: &Arc<Gate>, size: Size, seed: u64, mut progress: impl FnMut(Progress)) -> Result<Outcome> {
    let year = calendar::Year::before(gate.tools().edge.now().day());
    let past = Arc::new(Edge::reproducible(year.dawn(), seed));
    let (mut points, mut accounts) = (0, 0);
    let mut founding = |made: Progress| {
        match made {
            Progress::Points(number) => points = number,
            Progress::Accounts(number) => accounts = number,
            Progress::Written(_) => {}
        }
        progress(made);
    };
    setup::mark_simulated(gate, seed).await?;
    let (bureau, sign_ins) = network::found(gate, &past, &mut founding).await?;
    let (hand_out, mut sittings) = tokio::sync::mpsc::channel(AHEAD);
    let planning = std::thread::Builder::new().name("planner".into()).spawn(move || {
        let mut hand_out = |sitting| hand_out.blocking_send(sitting).is_ok();
        plan::Planner::new(&year, seed, &mut hand_out).plan(&bureau, size);
    });
    let planning = planning.map_err(Error::internal)?;
    let mut counts = Counts::default();
    while let Some(sitting) = sittings.recv().await {
        counts.add(write::write(gate, &past, sitting).await?);
        progress(Progress::Written(counts));
    }
    planning.join().map_err(|_| Error::internal("the plan of the year could not be made"))?;
    gate.make_durable()?;
    Ok(Outcome { points, accounts, counts, sign_ins })
}

/// Whether there is room for a simulation: it never mixes with anything else.
///
/// # Errors
/// The database's own.
pub async fn has_room(gate: &Arc<Gate>) -> Result<bool> {
    setup::is_untouched(gate).await
}
