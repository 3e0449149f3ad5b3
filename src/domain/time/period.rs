//! Periods: what a statistic is counted over.

use std::{fmt, str::FromStr};

use super::{Day, Month};

/// What a statistic is counted over: a month `2026-11`, a quarter `2026-Q4`, a year `2026`, or `all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// One calendar month.
    Month(Month),
    /// Three months; quarter 1 begins in January.
    Quarter {
        /// The calendar year.
        year: i32,
        /// 1 to 4.
        quarter: u32,
    },
    /// A calendar year.
    Year(i32),
    /// All time.
    All,
}

impl Period {
    /// The months of the period as an inclusive range of [`Month::key`]s.
    pub fn month_keys(self) -> (i32, i32) {
        match self {
            Self::Month(month) => (month.key(), month.key()),
            Self::Quarter { year, quarter } => {
                let last = year * 100 + (quarter * 3).cast_signed();
                (last - 2, last)
            }
            Self::Year(year) => (year * 100 + 1, year * 100 + 12),
            Self::All => (0, i32::MAX),
        }
    }

    /// The number under which cells keep a distinct count of the period: a month as year × 100 + month, a quarter as
    /// year × 10 + quarter, a year, or 0. No two periods share one.
    pub fn key(self) -> i32 {
        match self {
            Self::Month(month) => month.key(),
            Self::Quarter { year, quarter } => year * 10 + quarter.cast_signed(),
            Self::Year(year) => year,
            Self::All => 0,
        }
    }

    /// The period of the same length just before; all time has none.
    pub fn previous(self) -> Option<Self> {
        match self {
            Self::Month(month) => Some(Self::Month(month.previous())),
            Self::Quarter { year, quarter: 1 } => Some(Self::Quarter { year: year - 1, quarter: 4 }),
            Self::Quarter { year, quarter } => Some(Self::Quarter { year, quarter: quarter - 1 }),
            Self::Year(year) => Some(Self::Year(year - 1)),
            Self::All => None,
        }
    }

    /// The same period of the year before; all time has none.
    pub fn year_before(self) -> Option<Self> {
        match self {
            Self::Month(month) => Month::from_key(month.key() - 100).map(Self::Month),
            Self::Quarter { year, quarter } => Some(Self::Quarter { year: year - 1, quarter }),
            Self::Year(year) => Some(Self::Year(year - 1)),
            Self::All => None,
        }
    }

    /// The first day of the period; that of all time is the first that there can be.
    pub fn first_day(self) -> Day {
        Month::from_key(self.month_keys().0).unwrap_or(Month::FIRST).first_day()
    }

    /// The last day of the period; all time has none.
    pub fn last_day(self) -> Option<Day> {
        Month::from_key(self.month_keys().1).map(Month::last_day)
    }

    /// The months of the period, if they are few enough to be told one by one.
    pub fn months(self) -> Vec<Month> {
        match self {
            Self::All => Vec::new(),
            Self::Month(_) | Self::Quarter { .. } | Self::Year(_) => {
                let (first, last) = self.month_keys();
                (first..=last).filter_map(Month::from_key).collect()
            }
        }
    }

    /// Whether the day lies within the period.
    pub fn contains(self, day: Day) -> bool {
        let (first, last) = self.month_keys();
        (first..=last).contains(&day.month().key())
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(month) => month.fmt(f),
            Self::Quarter { year, quarter } => write!(f, "{year:04}-Q{quarter}"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::All => f.write_str("all"),
        }
    }
}

impl FromStr for Period {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" {
            return Ok(Self::All);
        }
        let year_of = |digits: &str| Month::from_str(&format!("{digits}-01")).map(|month| month.year);
        match text.split_once("-Q") {
            Some((year, quarter @ ("1" | "2" | "3" | "4"))) => {
                Ok(Self::Quarter { year: year_of(year)?, quarter: quarter.parse().unwrap_or(1) })
            }
            Some(_) => Err("a quarter is Q1 to Q4"),
            None if text.len() == 4 => year_of(text).map(Self::Year),
            None => Month::from_str(text).map(Self::Month),
        }
    }
}
