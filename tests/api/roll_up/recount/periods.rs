//! Periods by their spelling: first and last day, and the number that cells keep for them.

use terrace::domain::Day;

/// A month `2026-11`, a quarter `2026-Q4`, a year `2026`, or `all`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub text: String,
    /// In cells: 202611, 20264, 2026, 0.
    pub key: i32,
    pub first: Day,
    pub last: Day,
}

impl Period {
    pub fn of(text: &str) -> Self {
        let number = |text: &str| -> i32 { text.parse().unwrap() };
        let (key, first, last) = if text == "all" {
            (0, day(1900, 1, 1), day(2999, 12, 31))
        } else if let Some((year, quarter)) = text.split_once("-Q") {
            let (year, quarter) = (number(year), number(quarter));
            (year * 10 + quarter, day(year, quarter * 3 - 2, 1), last_day(year, quarter * 3))
        } else if let Some((year, month)) = text.split_once('-') {
            let (year, month) = (number(year), number(month));
            (year * 100 + month, day(year, month, 1), last_day(year, month))
        } else {
            let year = number(text);
            (year, day(year, 1, 1), last_day(year, 12))
        };
        Self { text: text.to_owned(), key, first, last }
    }

    pub fn is_month(&self) -> bool {
        self.key > 99_999
    }

    pub fn contains(&self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// The months of it that have begun, for a quarter or a year.
    pub fn months(&self, today: Day) -> Vec<String> {
        if self.text == "all" || self.is_month() {
            return Vec::new();
        }
        let year = &self.text[..4];
        let months = (1..=12).map(|month| Self::of(&format!("{year}-{month:02}")));
        let within = months.filter(|month| self.contains(month.first) && month.first <= today);
        within.map(|month| month.text).collect()
    }

    /// The days of it that have begun; none of all time.
    pub fn days_begun(&self, today: Day) -> i64 {
        let last = self.last.min(today);
        if self.text == "all" || last < self.first { 0 } else { last.days_since(self.first) + 1 }
    }

    /// Every period that a day from one to another lies in, and the month after; months in their order.
    pub fn over(first: Day, last: Day) -> Vec<Self> {
        let year = |day: Day| -> i32 { day.to_string()[..4].parse().unwrap() };
        let years = || year(first)..=year(last) + 1;
        let months = years().flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")));
        let quarters = years().flat_map(|year| (1..=4).map(move |quarter| format!("{year}-Q{quarter}")));
        let texts = months.chain(quarters).chain(years().map(|year| year.to_string())).chain(["all".to_owned()]);
        let touched = |period: &Self| first <= period.last && period.first <= last.plus_days(31);
        texts.map(|text| Self::of(&text)).filter(touched).collect()
    }
}

fn day(year: i32, month: i32, day: i32) -> Day {
    format!("{year:04}-{month:02}-{day:02}").parse().unwrap()
}

fn last_day(year: i32, month: i32) -> Day {
    let days = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    day(year, month, days)
}
