//! What the rules decide by, in whole numbers: both databases and every machine come to the same.

use std::collections::BTreeMap;

use crate::domain::Instant;

/// Whether a value lies far from those beside it by its modified z-score, 0.6745 × (value − median) ÷ MAD: further than the limit,
/// in hundredths. Where more than half of all are alike (MAD 0) nothing is far.
///
/// Twice the median and four times the MAD are whole numbers, so nothing is rounded.
pub fn is_outlier(value: i64, all: &[i64], limit_hundredths: i64) -> bool {
    let median2 = twice_median(all.iter().map(|value| i128::from(*value)).collect());
    let away2 = |value: i64| (2 * i128::from(value) - median2).abs();
    let mad4 = twice_median(all.iter().map(|value| away2(*value)).collect());
    // 0.6745 · (away2 / 2) ÷ (mad4 / 4) > limit / 100
    mad4 > 0 && 6_745 * 2 * away2(value) > i128::from(limit_hundredths) * 100 * mad4
}

/// Twice the median; 0 of nothing.
fn twice_median(mut values: Vec<i128>) -> i128 {
    values.sort_unstable();
    let n = values.len();
    match (values.get(n.saturating_sub(1) / 2), values.get(n / 2)) {
        (Some(low), Some(high)) => low + high,
        _ => 0,
    }
}

/// What is looked at for bursts.
#[derive(Clone, Copy, Debug)]
pub struct Burst {
    /// So many, at least.
    pub records: usize,
    /// Within so many minutes.
    pub minutes: i64,
    /// The hour at which work begins.
    pub from_hour: i64,
    /// The hour at which it ends.
    pub to_hour: i64,
}

/// The instants that belong to a burst outside working hours: at least so many within so many minutes, all of them outside.
/// Their places in the list, which is in the order of time, are returned.
pub fn bursts(at: &[Instant], burst: Burst) -> Vec<usize> {
    let outside: Vec<(usize, Instant)> =
        at.iter().copied().enumerate().filter(|(_, instant)| is_outside(*instant, burst)).collect();
    let mut found = Vec::new();
    for (begin, (_, first)) in outside.iter().enumerate() {
        let last = first.plus_seconds(burst.minutes * 60);
        let here = outside[begin..].iter().take_while(|(_, instant)| *instant <= last);
        let here: Vec<usize> = here.map(|(place, _)| *place).collect();
        if here.len() >= burst.records.max(1) {
            found.extend(here);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn is_outside(instant: Instant, burst: Burst) -> bool {
    let hour = instant.seconds_since(instant.day().begins_at()) / 3_600;
    hour < burst.from_hour || hour >= burst.to_hour
}

/// The text that stands most often, and how often; of several the first in the order of bytes.
pub fn commonest<'a>(texts: impl Iterator<Item = &'a str>) -> Option<(&'a str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count)
}

/// The digits of a telephone number without the country's own prefix, +86.
pub fn phone_digits(clear: &str) -> String {
    let digits: String = clear.chars().filter(char::is_ascii_digit).collect();
    let own = clear.trim_start().starts_with('+');
    match digits.strip_prefix("86").filter(|_| own) {
        Some(rest) => rest.to_owned(),
        None => digits,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_outlier_is_further_than_the_limit_and_not_as_far() {
        // Median 3, MAD 1: 0.6745 · x > 3.5 from x = 5.19 on.
        let all = |value: i64| [1, 2, 3, 4, value].to_vec();
        assert!(!is_outlier(8, &all(8), 350) && is_outlier(9, &all(9), 350));
        // Exactly at the limit is not beyond it: 0.6745 · 4 ÷ 1 = 2.698.
        assert!(!is_outlier(7, &all(7), 270) && is_outlier(7, &all(7), 269));
        assert!(!is_outlier(100, &[3, 3, 3, 3, 100], 350), "most are alike");
        assert!(!is_outlier(1, &[], 350));
    }

    proptest! {
        #[test]
        fn a_score_is_that_of_fractions(all in proptest::collection::vec(0_i64..1_000, 5..30), at in 0_usize..30, limit in 1_i64..800) {
            let value = all[at % all.len()];
            let median = |mut values: Vec<f64>| {
                values.sort_by(f64::total_cmp);
                (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0
            };
            let middle = median(all.iter().map(|value| *value as f64).collect());
            let mad = median(all.iter().map(|value| (*value as f64 - middle).abs()).collect());
            let score = 0.6745 * (value as f64 - middle).abs() / mad;
            // Next to the limit fractions are not exact.
            prop_assume!(mad == 0.0 || (score - limit as f64 / 100.0).abs() > 1e-9);
            prop_assert_eq!(is_outlier(value, &all, limit), mad > 0.0 && score > limit as f64 / 100.0);
        }

        #[test]
        fn a_score_knows_neither_order_nor_a_common_shift_or_scale(mut all in proptest::collection::vec(-500_i64..500, 5..20), shift in -1_000_i64..1_000, scale in 1_i64..50) {
            let value = all[0];
            let first = is_outlier(value, &all, 350);
            let moved: Vec<i64> = all.iter().map(|value| value * scale + shift).collect();
            prop_assert_eq!(is_outlier(value * scale + shift, &moved, 350), first);
            all.reverse();
            prop_assert_eq!(is_outlier(value, &all, 350), first);
        }
    }

    #[test]
    fn a_burst_is_dense_and_outside() {
        let burst = Burst { records: 3, minutes: 60, from_hour: 7, to_hour: 21 };
        let at = |times: &[&str]| -> Vec<Instant> {
            let instant = |time: &&str| format!("2026-11-20T{time}:00+08:00").parse::<chrono::DateTime<chrono::Utc>>();
            times.iter().map(|time| instant(time).unwrap().into()).collect()
        };
        assert_eq!(bursts(&at(&["21:00", "21:30", "22:00"]), burst), [0, 1, 2]);
        assert_eq!(bursts(&at(&["06:00", "06:30", "06:59"]), burst), [0, 1, 2]);
        assert_eq!(bursts(&at(&["20:59", "21:30", "22:00"]), burst), [0_usize; 0]);
        assert_eq!(bursts(&at(&["06:00", "06:30", "07:00"]), burst), [0_usize; 0]);
        assert_eq!(bursts(&at(&["21:00", "21:30", "22:01"]), burst), [0_usize; 0]);
        assert_eq!(bursts(&at(&["08:00", "21:00", "21:30", "22:00", "22:30", "23:59"]), burst), [1, 2, 3, 4]);
    }

    #[test]
    fn the_commonest_of_several_is_the_first() {
        assert_eq!(commonest(["b", "a", "b", "a", "c"].into_iter()), Some(("a", 2)));
        assert_eq!(commonest([].into_iter()), None);
    }

    #[test]
    fn a_number_is_its_digits() {
        assert_eq!(phone_digits("+86 138-0000-1234"), "13800001234");
        assert_eq!(phone_digits("8612345"), "8612345");
    }
}
