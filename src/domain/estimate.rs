//! What a sample says of the whole: shares of errors with 95 % intervals.

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;
/// Shares are in hundredths of a percent.
const WHOLE: f64 = 10_000.0;

/// What was checked in a part of a frame within which every record was as likely to be drawn as any other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// How many records the part has in the frame.
    pub size: i64,
    /// How many of them were checked with an answer.
    pub checked: i64,
    /// How many of those were wrong.
    pub errors: i64,
}

/// A share in hundredths of a percent, and the interval that holds the true one in about 95 % of all samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// The share.
    pub rate_bp: i64,
    /// The lower end, rounded down.
    pub low_bp: i64,
    /// The upper end, rounded up.
    pub high_bp: i64,
}

/// The score interval of Wilson (1927), without a correction for the frame's finite size, which would only narrow it.
fn wilson(part: &Part) -> (f64, f64, f64) {
    let (n, errors) = (part.checked as f64, part.errors as f64);
    let share = errors / n;
    let scale = 1.0 + Z * Z / n;
    let centre = (share + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    // At the ends the interval ends too; only the rounding of the arithmetic says otherwise.
    let low = if part.errors == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if part.errors == part.checked { 1.0 } else { (centre + half).min(1.0) };
    (share, low, high)
}

/// The share of errors in the whole that these parts make up; none while one of them has nothing checked, because nothing is
/// known of it then.
///
/// Each part weighs what it has in the frame, whatever was drawn of it. The interval puts the parts' Wilson intervals together
/// (Zou and Donner 2008): with weights w, shares p and intervals (l, u), it reaches √Σ(w(p−l))² down and √Σ(w(u−p))² up from
/// the weighted share. Of one part it is Wilson's own.
pub fn estimate(parts: &[Part]) -> Option<Estimate> {
    let parts: Vec<&Part> = parts.iter().filter(|part| part.size > 0).collect();
    let total: i64 = parts.iter().map(|part| part.size).sum();
    if parts.is_empty() || parts.iter().any(|part| part.checked <= 0) {
        return None;
    }
    let (mut rate, mut down, mut up) = (0.0, 0.0, 0.0);
    for part in parts {
        let weight = part.size as f64 / total as f64;
        let (share, low, high) = wilson(part);
        rate += weight * share;
        down += (weight * (share - low)).powi(2);
        up += (weight * (high - share)).powi(2);
    }
    // What lies a billionth from a whole number is that number.
    let (low, high) = ((rate - down.sqrt()).max(0.0), (rate + up.sqrt()).min(1.0));
    Some(Estimate {
        rate_bp: (rate * WHOLE).round() as i64,
        low_bp: (low * WHOLE + 1e-9).floor() as i64,
        high_bp: (high * WHOLE - 1e-9).ceil() as i64,
    })
}

#[cfg(test)]
mod tests {
    use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

    use super::*;

    fn of(size: i64, checked: i64, errors: i64) -> Part {
        Part { size, checked, errors }
    }

    fn told(parts: &[Part]) -> [i64; 3] {
        let found = estimate(parts).unwrap();
        [found.rate_bp, found.low_bp, found.high_bp]
    }

    #[test]
    fn known_intervals() {
        // Newcombe 1998, table I, method 3: 81/263, 15/148, 0/20, 1/29.
        assert_eq!(told(&[of(9_999, 263, 81)]), [3_080, 2_552, 3_663]);
        assert_eq!(told(&[of(9_999, 148, 15)]), [1_014, 623, 1_605]);
        assert_eq!(told(&[of(9_999, 20, 0)]), [0, 0, 1_612]);
        assert_eq!(told(&[of(9_999, 29, 1)]), [345, 61, 1_718]);
        assert_eq!(told(&[of(50, 20, 20)]), [10_000, 8_388, 10_000]);
    }

    #[test]
    fn nothing_checked_is_no_rate() {
        assert_eq!(estimate(&[]), None);
        assert_eq!(estimate(&[of(100, 0, 0)]), None);
        assert_eq!(estimate(&[of(100, 10, 0), of(5, 0, 0)]), None);
        assert_eq!(estimate(&[of(100, 10, 0), of(0, 0, 0)]), estimate(&[of(100, 10, 0)]));
    }

    #[test]
    fn strata_weigh_what_they_have_in_the_frame() {
        // Pooled it would be 25 %.
        let [rate, low, high] = told(&[of(900, 10, 0), of(100, 10, 5)]);
        assert_eq!(rate, 500);
        assert!(low < 500 && 500 < high && low >= 200, "{low} {high}");
        // One part cut in two with the same share says about the same.
        assert_eq!(told(&[of(50, 100, 10), of(50, 100, 10)])[0], told(&[of(100, 200, 20)])[0]);
    }

    /// Of `trials` samples, how many in a thousand have the truth in their interval.
    fn covered(trials: u32, dice: &mut StdRng, strata: impl Fn(&mut StdRng) -> Vec<(i64, i64, f64)>) -> u32 {
        let mut hits = 0;
        for _ in 0..trials {
            let strata = strata(dice);
            let total: i64 = strata.iter().map(|(size, ..)| size).sum();
            let truth: f64 = strata.iter().map(|(size, _, share)| *size as f64 / total as f64 * share).sum();
            let parts: Vec<Part> = strata
                .iter()
                .map(|(size, checked, share)| {
                    let errors = (0..*checked).filter(|_| dice.gen_bool(*share)).count();
                    of(*size, *checked, i64::try_from(errors).unwrap())
                })
                .collect();
            let found = estimate(&parts).unwrap();
            hits += u32::from((found.low_bp as f64..=found.high_bp as f64).contains(&(truth * WHOLE)));
        }
        hits * 1_000 / trials
    }

    #[test]
    fn the_interval_holds_the_truth_about_nineteen_times_of_twenty() {
        let mut dice = StdRng::seed_from_u64(20_261_125);
        let alone = covered(20_000, &mut dice, |dice| vec![(1_000, 80, dice.gen_range(0.02..0.5))]);
        assert!((940..=965).contains(&alone), "{alone} of 1000");
        let unequal = covered(20_000, &mut dice, |dice| {
            let share = dice.gen_range(0.02..0.3);
            vec![(9_000, 40, share), (900, 40, share * 2.0), (100, 40, 0.6)]
        });
        assert!((935..=975).contains(&unequal), "{unequal} of 1000");
    }
}
