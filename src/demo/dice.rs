//! Chance that can be repeated: every part of a simulation has dice of its own, so that none disturbs another.

use std::ops::RangeInclusive;

use rand::{Rng as _, RngCore as _, SeedableRng as _, rngs::StdRng};

/// Dice thrown the same way for the same seed and stream.
#[derive(Debug)]
pub struct Dice(StdRng);

impl Dice {
    /// The dice of one part of a simulation.
    pub fn of(seed: u64, stream: u64) -> Self {
        // An odd factor keeps the streams of one seed apart from those of its neighbours.
        Self(StdRng::seed_from_u64(seed ^ stream.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// A number of the range.
    pub fn among(&mut self, range: RangeInclusive<i64>) -> i64 {
        if range.is_empty() { *range.start() } else { self.0.gen_range(range) }
    }

    /// A number below this one; 0 for none.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { self.0.gen_range(0..end) }
    }

    /// Yes, in so many of a thousand cases.
    pub fn often(&mut self, of_thousand: u32) -> bool {
        self.0.gen_range(0..1000) < of_thousand
    }

    /// One of these, each as often as the others.
    pub fn pick<'t, T: ?Sized>(&mut self, from: &'t [&'t T]) -> &'t T {
        from[self.below(from.len())]
    }

    /// The place of one of these weights, the heavier ones more often.
    pub fn weighed(&mut self, weights: &[u32]) -> usize {
        let total = weights.iter().sum::<u32>().max(1);
        let mut left = self.0.gen_range(0..total);
        let at = weights.iter().position(|weight| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        at.unwrap_or_default()
    }

    /// Ten random bytes.
    pub fn bytes(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

/// Shares out a number by weights, so that the shares add up to it exactly.
pub fn shared_out(total: usize, weights: &[u64]) -> Vec<usize> {
    let sum = weights.iter().map(|weight| u128::from(*weight)).sum::<u128>().max(1);
    let (mut passed, mut given) = (0_u128, 0_usize);
    let share = |weight: &u64| {
        passed += u128::from(*weight);
        let until = usize::try_from(total as u128 * passed / sum).unwrap_or(total);
        until - std::mem::replace(&mut given, until)
    };
    weights.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn shares_add_up(total in 0_usize..100_000, weights in proptest::collection::vec(0_u64..1000, 1..40)) {
            let shares = shared_out(total, &weights);
            let expected = if weights.iter().all(|weight| *weight == 0) { 0 } else { total };
            prop_assert_eq!(shares.iter().sum::<usize>(), expected);
            let sum: u64 = weights.iter().sum();
            for (share, weight) in shares.iter().zip(&weights) {
                let right = total as f64 * *weight as f64 / sum.max(1) as f64;
                prop_assert!((*share as f64 - right).abs() <= 1.0, "{} {}", share, right);
            }
        }

        #[test]
        fn what_weighs_nothing_is_never_chosen(seed in any::<u64>(), at in 0_usize..4) {
            let mut weights = [3, 1, 4, 1];
            weights[at] = 0;
            let mut dice = Dice::of(seed, 0);
            prop_assert!((0..50).all(|_| dice.weighed(&weights) != at));
        }

        #[test]
        fn the_same_dice_fall_the_same_way(seed in any::<u64>()) {
            let throw = |stream| { let mut dice = Dice::of(seed, stream); [(); 8].map(|()| dice.among(0..=1_000_000)) };
            prop_assert_eq!(throw(1), throw(1));
            prop_assert_ne!(throw(1), throw(2));
        }
    }
}
