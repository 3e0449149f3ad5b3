//! Instants, days, months and periods.
//!
//! Days are days in Asia/Shanghai, which has had one offset (+08:00) and no daylight saving since 1991.
//! Instants are UTC and carry microseconds, the finest grain that both databases keep: truncating them where
//! they are made keeps a row equal to what was hashed.

mod period;

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub use period::Period;

const SHANGHAI_OFFSET: TimeDelta = TimeDelta::hours(8);

/// A moment in UTC, to the microsecond. Written as RFC 3339 with six decimals and `Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(NaiveDateTime);

impl Instant {
    /// The instant so many microseconds after 1970-01-01T00:00:00Z; out of range gives the epoch.
    pub fn from_unix_micros(micros: i64) -> Self {
        Self(DateTime::from_timestamp_micros(micros).unwrap_or_default().naive_utc())
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn unix_micros(self) -> i64 {
        self.0.and_utc().timestamp_micros()
    }

    /// Whole seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> i64 {
        self.0.and_utc().timestamp()
    }

    /// The database's view of the instant: UTC without a zone.
    pub fn naive_utc(self) -> NaiveDateTime {
        self.0
    }

    /// An instant from a UTC time without a zone, truncated to microseconds.
    pub fn from_naive_utc(naive: NaiveDateTime) -> Self {
        Self::from_unix_micros(naive.and_utc().timestamp_micros())
    }

    /// The text form that SQLite keeps, the same that diesel writes: fixed in width, so that text order is time order.
    pub fn stored(self) -> String {
        text(&self.written(b' ')[..26]).to_owned()
    }

    /// `2026-11-23T01:02:03.000004Z`, with this mark between day and time.
    fn written(self, mark: u8) -> [u8; 27] {
        let mut room = *b"0000-00-00T00:00:00.000000Z";
        put_date(&mut room, self.0.date());
        room[10] = mark;
        put(&mut room[11..13], self.0.hour());
        put(&mut room[14..16], self.0.minute());
        put(&mut room[17..19], self.0.second());
        put(&mut room[20..26], self.0.and_utc().timestamp_subsec_micros());
        room
    }

    /// An instant from that form.
    pub fn from_stored(text: &str) -> Option<Self> {
        let (day, time) = text.split_at_checked(10)?;
        let day: Day = day.parse().ok()?;
        let bytes = time.as_bytes();
        let number = |at: std::ops::Range<usize>| digits(bytes.get(at)?);
        let marks = [0, 3, 6, 9].map(|at| bytes.get(at).copied());
        if bytes.len() != 16 || marks != [Some(b' '), Some(b':'), Some(b':'), Some(b'.')] {
            return None;
        }
        let (hour, minute, second, micros) = (number(1..3)?, number(4..6)?, number(7..9)?, number(10..16)?);
        day.0.and_hms_micro_opt(hour, minute, second, micros).map(Self)
    }

    /// So many seconds later (earlier when negative).
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.checked_add_signed(TimeDelta::seconds(seconds)).unwrap_or(self.0))
    }

    /// Whole seconds from `earlier` to this instant, rounded towards the past.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).num_seconds()
    }

    /// The day in Asia/Shanghai that this instant falls on.
    pub fn day(self) -> Day {
        Day((self.0 + SHANGHAI_OFFSET).date())
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(value: DateTime<Utc>) -> Self {
        Self::from_unix_micros(value.timestamp_micros())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(text(&self.written(b'T')))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text(&self.written(b'T')))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = DateTime::parse_from_rfc3339(&text).map_err(serde::de::Error::custom)?;
        Ok(read.to_utc().into())
    }
}

/// Writes a number into as many decimal digits as there is room for. By hand, because a page shows hundreds of days and
/// instants: chrono reads its patterns anew each time, and `write!` takes ten times as long.
fn put(room: &mut [u8], mut number: u32) {
    for digit in room.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

fn put_date(room: &mut [u8], date: NaiveDate) {
    put(&mut room[..4], date.year().unsigned_abs());
    put(&mut room[5..7], date.month());
    put(&mut room[8..10], date.day());
}

/// What was written by [`put`], as text.
fn text(written: &[u8]) -> &str {
    std::str::from_utf8(written).unwrap_or_default()
}

/// A calendar day in Asia/Shanghai, written `2026-11-23`, between the years 1900 and 2999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(NaiveDate);

impl Day {
    /// The day, if the calendar has it and its year is within 1900 to 2999.
    pub fn new(date: NaiveDate) -> Option<Self> {
        (1900..=2999).contains(&date.year()).then_some(Self(date))
    }

    /// The calendar date.
    pub fn date(self) -> NaiveDate {
        self.0
    }

    /// The moment at which the day begins in Asia/Shanghai.
    pub fn begins_at(self) -> Instant {
        Instant(self.0.and_time(chrono::NaiveTime::MIN) - SHANGHAI_OFFSET)
    }

    /// The month that the day is in.
    pub fn month(self) -> Month {
        Month { year: self.0.year(), month: self.0.month() }
    }

    /// So many days later.
    pub fn plus_days(self, days: u64) -> Self {
        Self(self.0.checked_add_days(Days::new(days)).unwrap_or(self.0))
    }

    /// The same day a year later; the 28th of February for the 29th.
    #[must_use]
    pub fn plus_year(self) -> Self {
        Self(self.0.checked_add_months(chrono::Months::new(12)).unwrap_or(self.0))
    }

    /// So many days earlier, not before the year 1900.
    pub fn minus_days(self, days: u64) -> Self {
        self.0.checked_sub_days(Days::new(days)).and_then(Self::new).unwrap_or(self)
    }

    /// Days from `earlier` to this day.
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).num_days()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut room = *b"0000-00-00";
        put_date(&mut room, self.0);
        f.write_str(text(&room))
    }
}

impl FromStr for Day {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The API knows one spelling only.
        if text.len() != 10 {
            return Err("expected a day as YYYY-MM-DD");
        }
        let bytes = text.as_bytes();
        let number = |at: std::ops::Range<usize>| digits(bytes.get(at)?);
        let (Some(year), Some(b'-'), Some(month), Some(b'-'), Some(day)) =
            (number(0..4), bytes.get(4), number(5..7), bytes.get(7), number(8..10))
        else {
            return Err("expected a day as YYYY-MM-DD");
        };
        let date = NaiveDate::from_ymd_opt(year.cast_signed(), month, day).ok_or("no such day")?;
        Self::new(date).ok_or("a day between 1900 and 2999 is needed")
    }
}

/// The number that some ASCII digits write.
fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0_u32, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

/// A calendar month, written `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The first month that there can be.
    pub const FIRST: Self = Self { year: 1900, month: 1 };

    /// The number under which cells keep the month: year × 100 + month.
    pub fn key(self) -> i32 {
        self.year * 100 + self.month.cast_signed()
    }

    /// The month with this key.
    pub fn from_key(key: i32) -> Option<Self> {
        NaiveDate::from_ymd_opt(key / 100, u32::try_from(key % 100).ok()?, 1).and_then(Day::new).map(Day::month)
    }

    /// The periods that the month lies in: itself, its quarter, its year, and all time.
    pub fn periods(self) -> [Period; 4] {
        let quarter = self.month.div_ceil(3);
        [Period::Month(self), Period::Quarter { year: self.year, quarter }, Period::Year(self.year), Period::All]
    }

    /// The month before.
    pub fn previous(self) -> Self {
        self.first_day().minus_days(1).month()
    }

    /// The month after this one; the last one that there is has none but itself.
    #[must_use]
    pub fn next(self) -> Self {
        let next = self.last_day().0.checked_add_days(Days::new(1)).and_then(Day::new);
        next.map_or(self, Day::month)
    }

    /// The day of the month with this number; the last one, if the month is shorter.
    pub fn day(self, number: u32) -> Day {
        NaiveDate::from_ymd_opt(self.year, self.month, number).map_or(self.last_day(), Day)
    }

    /// The first day of the month.
    pub fn first_day(self) -> Day {
        Day(NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or_default())
    }

    /// The last day of the month.
    pub fn last_day(self) -> Day {
        let first = self.first_day().0;
        Day(first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(first))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 7 {
            return Err("expected a month as YYYY-MM");
        }
        Day::from_str(&format!("{text}-01")).map(Day::month)
    }
}

/// Serialises a type through its `Display` and `FromStr`.
macro_rules! as_string {
    ($($type:ty),+) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    )+};
}
as_string!(Day, Month, Period);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_shanghai() {
        let before: DateTime<Utc> = "2026-11-23T15:59:59.999999Z".parse().unwrap();
        let after: DateTime<Utc> = "2026-11-23T16:00:00Z".parse().unwrap();
        assert_eq!(Instant::from(before).day().to_string(), "2026-11-23");
        assert_eq!(Instant::from(after).day().to_string(), "2026-11-24");
    }

    #[test]
    fn impossible_or_oddly_written_days_are_refused() {
        for text in [
            "2026-02-30",
            "2026-1-01",
            "26-01-01",
            "1899-12-31",
            "3000-01-01",
            "2026-01-01T",
            "2026-11- 1",
            "+2026-1-01",
            "",
        ] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }

    #[test]
    fn periods_read_and_write_alike() {
        for text in ["2026-11", "2026-Q4", "2026", "all"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in ["2026-13", "2026-Q5", "2026-Q", "20261", "ALL", "-1"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn instants_and_days_are_written_as_chrono_writes_them_and_read_back(micros in -2_000_000_000_000_000_i64..30_000_000_000_000_000) {
            let instant = Instant::from_unix_micros(micros);
            prop_assert_eq!(instant.to_string(), instant.0.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
            prop_assert_eq!(instant.stored(), instant.0.format("%F %T%.6f").to_string());
            prop_assert_eq!(Instant::from_stored(&instant.stored()), Some(instant));
            let day = instant.day();
            prop_assert_eq!(day.to_string(), day.0.format("%Y-%m-%d").to_string());
            prop_assert_eq!(day.to_string().parse::<Day>(), Ok(day));
        }

        #[test]
        fn a_day_is_in_its_month_quarter_and_year(offset in 0_u64..400_000) {
            let day = "1900-01-01".parse::<Day>().unwrap().plus_days(offset);
            let (year, month) = (day.date().year(), day.date().month());
            for period in [Period::Month(day.month()), Period::Quarter { year, quarter: month.div_ceil(3) }, Period::Year(year), Period::All] {
                prop_assert!(period.contains(day));
            }
            prop_assert!(!Period::Year(year + 1).contains(day));
            let periods = day.month().periods();
            prop_assert!(periods.iter().all(|period| period.contains(day) && period.first_day() <= day && period.last_day().is_none_or(|last| day <= last)));
            let mut keys: Vec<i32> = periods.iter().map(|period| period.key()).collect();
            keys.dedup();
            prop_assert_eq!(keys.len(), 4);
            prop_assert_eq!(Month::from_key(day.month().key()), Some(day.month()));
            prop_assert!(periods[1].months().contains(&day.month()) && periods[1].months().len() == 3 && periods[2].months().len() == 12);
            prop_assert!(day.month().first_day() <= day && day <= day.month().last_day());
        }
    }
}
