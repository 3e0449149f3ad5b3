//! The simulated year: its days, its seasons, and the hours in which people work.

use chrono::{Datelike as _, Months, Weekday};

use super::dice::Dice;
use crate::domain::{Day, Instant, Month};

/// How much is given in each month, January first: little around the spring festival, most at harvest.
const MONTHS: [u32; 12] = [88, 60, 96, 104, 100, 106, 120, 128, 126, 112, 116, 84];

/// The bureau closes no month before so many days of the next one have passed.
const BEFORE_CLOSING: u64 = 5;

/// Seconds from midnight in China to the beginning of a day in UTC.
const OFFSET_SECONDS: i64 = 8 * 3600;

/// A season, by what the fields ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// December to February.
    Winter,
    /// March to May.
    Spring,
    /// June to August.
    Summer,
    /// September to November.
    Autumn,
}

impl Season {
    /// The season of a day.
    pub fn of(day: Day) -> Self {
        match day.date().month() {
            3..=5 => Self::Spring,
            6..=8 => Self::Summer,
            9..=11 => Self::Autumn,
            _ => Self::Winter,
        }
    }
}

/// The twelve whole months before the present one and the days of the present one up to yesterday.
#[derive(Clone, Debug)]
pub struct Year {
    /// The first day.
    pub first: Day,
    /// Yesterday.
    pub last: Day,
    months: Vec<(Day, u64)>,
    weights: Vec<u32>,
}

impl Year {
    /// The year before `today`.
    pub fn before(today: Day) -> Self {
        let present = today.month().first_day();
        let earlier = |months| present.date().checked_sub_months(Months::new(months)).and_then(Day::new);
        let last = today.minus_days(1);
        let firsts = (0..=12).rev().filter_map(earlier).filter(|first| *first <= last);
        let months: Vec<(Day, u64)> = firsts
            .map(|first| {
                let end = first.month().last_day().min(last);
                (first, end.days_since(first).unsigned_abs() + 1)
            })
            .collect();
        let weight = |(first, days): &(Day, u64)| {
            let whole = first.month().last_day().days_since(*first).unsigned_abs() + 1;
            MONTHS[first.date().month0() as usize] * 100 * u32::try_from(*days * 100 / whole).unwrap_or_default()
        };
        let weights = months.iter().map(weight).collect();
        Self { first: months.first().map_or(last, |(first, _)| *first), last, months, weights }
    }

    /// The whole months, the earliest first.
    pub fn whole_months(&self) -> Vec<Month> {
        let months = self.months.iter().map(|(first, _)| first.month());
        months.filter(|month| month.last_day() <= self.last).collect()
    }

    /// The last day on which something that happened on a day is written down: what a point reports is complete when its
    /// month ends, and where nobody reports it is complete before the bureau closes the month.
    pub fn deadline(&self, day: Day, reports: bool) -> Day {
        let month = day.month();
        let is_last = self.whole_months().last().is_none_or(|last| month >= *last);
        let deadline = match (reports, is_last) {
            (true, _) => month.last_day(),
            (false, false) => month.next().first_day().plus_days(BEFORE_CLOSING),
            (false, true) => self.last,
        };
        deadline.min(self.last)
    }

    /// A day on which something was given: in season, and seldom on a Sunday.
    pub fn day(&self, dice: &mut Dice) -> Day {
        let (first, days) = self.months[dice.weighed(&self.weights)];
        let mut day = first;
        for _ in 0..4 {
            day = first.plus_days(dice.below(usize::try_from(days).unwrap_or(1)) as u64);
            let kept = match day.date().weekday() {
                Weekday::Sun => 350,
                Weekday::Sat => 650,
                _ => 1000,
            };
            if dice.often(kept) {
                break;
            }
        }
        day
    }

    /// The same, between two days.
    pub fn day_between(&self, from: Day, to: Day, dice: &mut Dice) -> Day {
        for _ in 0..12 {
            let day = self.day(dice);
            if (from..=to).contains(&day) {
                return day;
            }
        }
        from.plus_days(dice.among(0..=to.days_since(from).max(0)).unsigned_abs())
    }

    /// A moment on a day at which somebody sat at the desk, very seldom at an odd hour.
    pub fn moment(&self, day: Day, dice: &mut Dice) -> Instant {
        let seconds = match dice.weighed(&[520, 460, 14, 6]) {
            0 => dice.among(8 * 3600 + 1800..=12 * 3600),
            1 => dice.among(14 * 3600..=18 * 3600),
            2 => dice.among(18 * 3600..=23 * 3600 + 1800),
            _ => dice.among(3600..=5 * 3600),
        };
        let midnight = Instant::from_naive_utc(day.date().and_time(chrono::NaiveTime::MIN));
        midnight.plus_seconds(seconds - OFFSET_SECONDS)
    }

    /// A moment at which what happened on a day was written down: mostly on that day, sometimes in the days after it, seldom more
    /// than thirty days later.
    pub fn written_down(&self, day: Day, dice: &mut Dice) -> Instant {
        let late = match dice.weighed(&[8600, 1050, 320, 30]) {
            0 => 0,
            1 => dice.among(1..=3),
            2 => dice.among(4..=25),
            _ => dice.among(31..=60),
        };
        let on = day.plus_days(late.unsigned_abs());
        self.moment(if on <= self.last { on } else { day }, dice)
    }

    /// The moment from which everything is simulated: an hour before anybody can be at a desk.
    pub fn dawn(&self) -> Instant {
        Instant::from_naive_utc(self.first.date().and_time(chrono::NaiveTime::MIN)).plus_seconds(-OFFSET_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_year_is_twelve_whole_months_and_what_has_passed_of_this_one() {
        let year = Year::before(day("2026-11-24"));
        assert_eq!((year.first, year.last), (day("2025-11-01"), day("2026-11-23")));
        assert_eq!(year.dawn().to_string(), "2025-10-31T16:00:00.000000Z");
        let year = Year::before(day("2026-03-01"));
        assert_eq!((year.first, year.last), (day("2025-03-01"), day("2026-02-28")));
        assert_eq!(year.months.len(), 12);
    }

    #[test]
    fn the_months_follow_the_season_curve() {
        let (year, mut dice) = (Year::before(day("2026-03-01")), Dice::of(1, 1));
        let mut found: BTreeMap<u32, u32> = BTreeMap::new();
        for _ in 0..60_000 {
            *found.entry(year.day(&mut dice).date().month()).or_default() += 1;
        }
        let total: u32 = MONTHS.iter().sum();
        for (month, n) in &found {
            let expected = 60_000 * MONTHS[*month as usize - 1] / total;
            assert!(n.abs_diff(expected) < expected / 10, "{month}: {n}, not about {expected}");
        }
        assert_eq!(found.len(), 12);
        assert!(found[&8] > 2 * found[&2]);
    }

    proptest! {
        #[test]
        fn what_is_written_down_lies_between_its_day_and_yesterday(seed in any::<u64>(), today in 0_u64..800) {
            let today = day("2025-01-01").plus_days(today);
            let (year, mut dice) = (Year::before(today), Dice::of(seed, 0));
            for _ in 0..50 {
                let given = year.day(&mut dice);
                prop_assert!(year.first <= given && given <= year.last && year.last < today);
                let moment = year.written_down(given, &mut dice);
                prop_assert!(given <= moment.day() && moment.day() <= year.last && year.dawn() <= moment);
                let (from, to) = (year.first.plus_days(100), year.first.plus_days(130));
                let between = year.day_between(from, to, &mut dice);
                prop_assert!((from..=to).contains(&between));
            }
        }
    }

    #[test]
    fn most_is_written_down_at_once_and_a_little_very_late() {
        let (year, mut dice) = (Year::before(day("2026-11-24")), Dice::of(7, 7));
        let given = year.first.plus_days(40);
        let late: Vec<i64> = (0..20_000).map(|_| year.written_down(given, &mut dice).day().days_since(given)).collect();
        let share = |from: i64| late.iter().filter(|days| **days >= from).count();
        assert!((2_400..3_200).contains(&share(1)), "{}", share(1));
        assert!((20..120).contains(&share(31)), "{}", share(31));
    }
}
