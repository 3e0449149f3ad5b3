//! What one household, one village or one record adds to the cells.
//!
//! The whole arithmetic of the roll-up is here, as a function from a history to a [`Tally`]. A change is counted by taking
//! the tally before from the tally after, so no use case has rules of its own about what moves where.
//!
//! A *subject* is what is counted once: a household, or a village point. Its dated rows say where it counts, and as what.
//! - A **stock** is kept as net change in the month of the effective day, and read as a running sum.
//! - A **distinct count** is kept for each month, quarter, year and for all time. In each of these periods the subject
//!   counts once, where it stands at the period's end. That makes it additive over the tree, though not over time.

mod rows;

use std::collections::BTreeMap;

pub use rows::{Dated, Stretch, common, during, follow, united};

use super::{
    Day, Id, Month, Period,
    metrics::{Ledgers, Reached, Stock},
};

/// The kind under which a subject that was reached by anything at all is counted.
pub const ANY: &str = "";

/// Where a subject counts, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The point at which it counts.
    pub home: Id,
    /// A household's type, or a village's kind.
    pub class: String,
    /// Whether it stands: is on the register, is not closed.
    pub active: bool,
}

/// A subject's history, as far as statistics need it.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What it is.
    pub ledgers: &'static Ledgers,
    /// Its dated rows, without gaps, the first one first.
    pub spans: Vec<Dated<Standing>>,
    /// The day of its enrolment.
    pub enrolled_on: Option<Day>,
    /// The first day of each of its persons, and the first day on which each was none any more.
    pub persons: Vec<(Day, Option<Day>)>,
    /// How many counted records reached it, by kind and month.
    pub presence: BTreeMap<String, BTreeMap<Month, i64>>,
}

/// Which cell, before it is known whose totals it enters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellKey {
    /// The point that it happened at.
    pub point: Id,
    /// Which ledger.
    pub ledger: &'static str,
    /// See [`Period::key`].
    pub period: i32,
    /// The kind of assistance, a channel, the id of a platform, a product or a campaign, the code of a metric, or [`ANY`].
    pub kind: String,
    /// A household's type, a village's kind, the id of a store's platform, or nothing.
    pub class: String,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// How many.
    pub n: i64,
    /// The sum of their quantities.
    pub quantity: i64,
    /// The sum of their amounts in fen.
    pub amount_fen: i64,
}

impl Amounts {
    /// So many, without quantity and amount.
    pub fn of(n: i64) -> Self {
        Self { n, ..Self::default() }
    }

    /// Whether there is nothing to add.
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }

    /// The sum; none when it is past i64.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            n: self.n.checked_add(other.n)?,
            quantity: self.quantity.checked_add(other.quantity)?,
            amount_fen: self.amount_fen.checked_add(other.amount_fen)?,
        })
    }

    /// What takes the same away.
    #[must_use]
    pub fn negative(self) -> Self {
        Self { n: -self.n, quantity: -self.quantity, amount_fen: -self.amount_fen }
    }
}

/// Amounts by cell, at the points where they happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<CellKey, Amounts>);

impl Tally {
    /// Adds amounts to a cell. Amounts are those of single requests, far below i64.
    pub fn add(&mut self, key: CellKey, amounts: Amounts) {
        let held = self.0.entry(key).or_default();
        held.n = held.n.saturating_add(amounts.n);
        held.quantity = held.quantity.saturating_add(amounts.quantity);
        held.amount_fen = held.amount_fen.saturating_add(amounts.amount_fen);
    }

    /// Adds everything that another holds.
    #[must_use]
    pub fn plus(mut self, other: Self) -> Self {
        other.0.into_iter().for_each(|(key, amounts)| self.add(key, amounts));
        self
    }

    /// What must be added to `before` to get this.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        let taken = before.0.into_iter().map(|(key, amounts)| (key, amounts.negative())).collect();
        self.plus(Self(taken))
    }

    /// The cells with something to add, in the order of their keys.
    pub fn cells(&self) -> impl Iterator<Item = (&CellKey, Amounts)> {
        self.0.iter().map(|(key, amounts)| (key, *amounts)).filter(|(_, amounts)| !amounts.is_zero())
    }
}

impl Subject {
    /// Notes `n` more records in a month, under each of these kinds.
    pub fn reach(&mut self, kinds: &[&str], month: Month, n: i64) {
        for kind in kinds {
            *self.presence.entry((*kind).to_owned()).or_default().entry(month).or_default() += n;
        }
    }

    /// Everything that the subject adds to the cells.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        self.stand(&mut tally);
        if let Some((ledger, day)) = self.ledgers.enrolled.as_ref().zip(self.enrolled_on) {
            self.count(&mut tally, ledger, ANY, day.month().periods());
        }
        for (kind, months) in &self.presence {
            let mut periods: Vec<Period> =
                months.iter().filter(|(_, n)| **n > 0).flat_map(|(month, _)| month.periods()).collect();
            periods.sort_unstable_by_key(|period| period.key());
            periods.dedup();
            if let Some(ledger) = &self.ledgers.reached {
                self.count(&mut tally, ledger, kind, periods);
            }
        }
        self.ever(&mut tally);
        tally
    }

    /// Once reached, reached for good: from the first month on the subject counts where it stands, or last stood.
    fn ever(&self, tally: &mut Tally) {
        let first = self.presence.get(ANY).and_then(|months| months.iter().find(|(_, n)| **n > 0));
        let Some((ledger, (first, _))) = self.ledgers.ever.zip(first) else { return };
        for (at, span) in self.spans.iter().enumerate() {
            let from = if at == 0 { *first } else { span.from.month().max(*first) };
            let to = span.to.map(|to| to.month());
            let Standing { home: point, class, .. } = span.value.clone();
            let key = CellKey { point, ledger: ledger.0, period: from.key(), kind: ANY.to_owned(), class };
            match to {
                Some(to) if to <= from => {}
                Some(to) => {
                    tally.add(CellKey { period: to.key(), ..key.clone() }, Amounts::of(-1));
                    tally.add(key, Amounts::of(1));
                }
                None => tally.add(key, Amounts::of(1)),
            }
        }
    }

    /// The stocks: what comes with a dated row and goes with it.
    fn stand(&self, tally: &mut Tally) {
        for span in self.spans.iter().filter(|span| span.value.active) {
            let mut change = |ledger: Stock, day: Day, n: i64| {
                let (point, class) = (span.value.home, span.value.class.clone());
                let key = CellKey { point, ledger: ledger.0, period: day.month().key(), kind: ANY.to_owned(), class };
                tally.add(key, Amounts::of(n));
            };
            let mut between = |ledger: Stock, from: Day, to: Option<Day>| {
                change(ledger, from, 1);
                if let Some(to) = to {
                    change(ledger, to, -1);
                }
            };
            if let Some(ledger) = self.ledgers.stock {
                between(ledger, span.from, span.to);
            }
            let Some(ledger) = self.ledgers.persons else { continue };
            for (joined, left) in &self.persons {
                let from = span.from.max(*joined);
                let to = match (span.to, *left) {
                    (Some(to), Some(left)) => Some(to.min(left)),
                    (to, left) => to.or(left),
                };
                if to.is_none_or(|to| from < to) {
                    between(ledger, from, to);
                }
            }
        }
    }

    /// A distinct count: once in each of the periods, where the subject stands at the period's end.
    fn count(&self, tally: &mut Tally, ledger: &Reached, kind: &str, periods: impl IntoIterator<Item = Period>) {
        for period in periods {
            // A village may be told to have given something before the day on which it opened: it gave, but does not stand yet.
            let begun = self.at_end_of(period);
            let Some(span) = begun.or(self.spans.first().map(|first| &first.value)) else { continue };
            let stands = begun.is_some_and(|span| span.active);
            let ledger = if stands { ledger.standing } else { ledger.ended };
            let (kind, class) = (kind.to_owned(), span.class.clone());
            tally.add(CellKey { point: span.home, ledger, period: period.key(), kind, class }, Amounts::of(1));
        }
    }

    /// The dated row that holds at the end of a period; in a period that still runs that is the last one, because
    /// nothing takes effect in the future.
    fn at_end_of(&self, period: Period) -> Option<&Standing> {
        let last = match period.last_day() {
            None => self.spans.last(),
            Some(day) => self.spans.iter().rev().find(|span| span.from <= day),
        };
        last.map(|span| &span.value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::metrics::{HOUSEHOLD, PERSONS};

    fn day(offset: u64) -> Day {
        "2025-01-01".parse::<Day>().unwrap().plus_days(offset)
    }

    fn home(n: u8) -> Id {
        Id::from_bytes([n; 16])
    }

    prop_compose! {
        fn subject()(
            changes in proptest::collection::vec((0_u64..120, 0_u8..3, 0_u8..2, any::<bool>()), 0..6),
            registered in 0_u64..60,
            persons in proptest::collection::vec((0_u64..500, proptest::option::of(0_u64..300)), 0..4),
            records in proptest::collection::vec((0_u64..600, 0_usize..2), 0..8),
        ) -> Subject {
            let (mut spans, mut at) = (Vec::new(), registered);
            follow(&mut spans, day(registered), Standing { home: home(0), class: "a".into(), active: true });
            for (later, to, class, active) in changes {
                at += later;
                let class = ["a", "b"][usize::from(class)].to_owned();
                follow(&mut spans, day(at), Standing { home: home(to), class, active });
            }
            let persons = persons.into_iter().map(|(from, days)| (day(from), days.map(|days| day(from + days)))).collect();
            let enrolled_on = Some(day(registered));
            let mut subject = Subject { ledgers: &HOUSEHOLD, spans, enrolled_on, persons, presence: BTreeMap::new() };
            for (later, kind) in records {
                subject.reach(&[ANY, ["x", "y"][kind]], day(registered + later).month(), 1);
            }
            subject
        }
    }

    /// What the cells of a ledger say for a home and class: the running sum for stocks.
    fn read(tally: &Tally, ledger: &str, kind: &str, span: (Id, &str), periods: impl Fn(i32) -> bool) -> i64 {
        tally
            .cells()
            .filter(|(key, _)| key.ledger == ledger && key.kind == kind && periods(key.period))
            .filter(|(key, _)| (key.point, key.class.as_str()) == span)
            .map(|(_, amounts)| amounts.n)
            .sum()
    }

    proptest! {
        #[test]
        fn stocks_are_what_a_look_at_the_last_day_of_each_month_shows(subject in subject()) {
            let tally = subject.tally();
            for month in 0..36 {
                let last = day(month * 31).month().last_day();
                let there = |span: &&Dated<Standing>| span.value.active && span.from <= last && span.to.is_none_or(|to| last < to);
                let standing = subject.spans.iter().find(there);
                for (point, class) in [(0, "a"), (0, "b"), (1, "a"), (1, "b"), (2, "a"), (2, "b")] {
                    let at = (home(point), class);
                    let here = i64::from(standing.is_some_and(|span| (span.value.home, span.value.class.as_str()) == at));
                    let until = |period| period <= last.month().key();
                    prop_assert_eq!(read(&tally, "households", ANY, at, until), here);
                    let persons = subject.persons.iter().filter(|(from, to)| *from <= last && to.is_none_or(|to| last < to)).count();
                    prop_assert_eq!(read(&tally, PERSONS.0, ANY, at, until), here * i64::try_from(persons).unwrap());
                }
            }
        }

        #[test]
        fn a_subject_counts_once_in_every_period_that_reached_it(subject in subject()) {
            let tally = subject.tally();
            for text in ["2025-01", "2025-07", "2025-Q1", "2025-Q4", "2026-Q2", "2025", "2026", "2027", "all"] {
                let period: Period = text.parse().unwrap();
                for kind in [ANY, "x", "y"] {
                    let months = subject.presence.get(kind).cloned().unwrap_or_default();
                    let reached = months.keys().any(|month| period.contains(month.first_day()));
                    let counted: i64 = tally
                        .cells()
                        .filter(|(key, _)| key.ledger.starts_with("assisted") && key.kind == kind && key.period == period.key())
                        .map(|(_, amounts)| amounts.n)
                        .sum();
                    prop_assert_eq!(counted, i64::from(reached), "{} {}", text, kind);
                }
            }
        }

        #[test]
        fn what_stands_during_stretches_stands_on_just_those_days(
            subject in subject(), stretches in proptest::collection::vec((0_u64..500, proptest::option::of(1_u64..200)), 0..5),
        ) {
            let stretches: Vec<Stretch> =
                stretches.into_iter().map(|(from, days)| (day(from), days.map(|days| day(from + days)))).collect();
            let rows = during(&subject.spans, stretches.clone());
            for offset in 0..900 {
                let on = day(offset);
                let at = |rows: &[Dated<Standing>]| rows.iter().rev().find(|row| row.from <= on).map(|row| row.value.clone());
                let lasts = stretches.iter().any(|(from, to)| *from <= on && to.is_none_or(|to| on < to));
                let right = at(&subject.spans).map(|standing| Standing { active: standing.active && lasts, ..standing });
                prop_assert_eq!(at(&rows), right, "{}", on);
            }
        }

        #[test]
        fn rows_follow_each_other_without_gap_or_repetition(subject in subject()) {
            for pair in subject.spans.windows(2) {
                prop_assert_eq!(pair[0].to, Some(pair[1].from));
                prop_assert!(pair[0].from < pair[1].from);
                prop_assert_ne!(&pair[0].value, &pair[1].value);
            }
            prop_assert_eq!(subject.spans.last().unwrap().to, None);
        }

        #[test]
        fn a_difference_added_to_what_was_gives_what_is(before in subject(), after in subject()) {
            let (was, is) = (before.tally(), after.tally());
            let held = was.clone().plus(is.clone().since(was));
            prop_assert!(held.cells().eq(is.cells()));
        }
    }
}
