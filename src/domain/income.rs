//! What a household earns in a year, and what that makes for each person.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// The parts of a household's income in one calendar year, each in fen (hundredths of a yuan).
///
/// The parts are those of the household surveys of the National Bureau of Statistics: wages, business, property
/// and transfers. What the business cost is kept apart, because families know the two sums and not their difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Income {
    /// The calendar year.
    #[validate(range(min = 1990, max = 2999))]
    #[schema(minimum = 1990, maximum = 2999, example = 2025)]
    pub year: i32,
    /// Wages (工资性收入), fen in the year.
    #[validate(range(min = 0, max = 1_000_000_000_000_i64))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64, example = 2_400_000)]
    pub wages_fen: i64,
    /// What farm and trade took in (生产经营性收入), before expenses, fen in the year.
    #[validate(range(min = 0, max = 1_000_000_000_000_i64))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64, example = 1_500_000)]
    pub business_fen: i64,
    /// Rents, interest and dividends (财产性收入), fen in the year.
    #[validate(range(min = 0, max = 1_000_000_000_000_i64))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64, example = 30_000)]
    pub property_fen: i64,
    /// Pensions, subsidies and gifts (转移性收入), fen in the year.
    #[validate(range(min = 0, max = 1_000_000_000_000_i64))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64, example = 360_000)]
    pub transfers_fen: i64,
    /// What farm and trade cost (生产经营性支出), fen in the year.
    #[validate(range(min = 0, max = 1_000_000_000_000_i64))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64, example = 420_000)]
    pub business_expenses_fen: i64,
}

impl Income {
    /// Net income per person in fen: wages, business, property and transfers less the business's expenses, divided
    /// by the persons.
    ///
    /// Rounded towards zero, so that neither a gain nor a loss is shown greater than it was; negative when the
    /// expenses are the greater part. None without persons.
    pub fn per_capita_fen(&self, persons: i64) -> Option<i64> {
        // Wider than the parts, because nothing here knows whether their ranges were checked.
        let gains = [self.wages_fen, self.business_fen, self.property_fen, self.transfers_fen];
        let net = gains.into_iter().map(i128::from).sum::<i128>() - i128::from(self.business_expenses_fen);
        if persons > 0 { i64::try_from(net / i128::from(persons)).ok() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MOST: i64 = 1_000_000_000_000;

    fn income(parts: [i64; 5]) -> Income {
        let [wages_fen, business_fen, property_fen, transfers_fen, business_expenses_fen] = parts;
        Income { year: 2025, wages_fen, business_fen, property_fen, transfers_fen, business_expenses_fen }
    }

    #[test]
    fn net_income_is_shared_among_the_persons() {
        let income = income([2_400_000, 1_500_000, 30_000, 360_000, 420_000]);
        assert_eq!(income.per_capita_fen(1), Some(3_870_000));
        assert_eq!(income.per_capita_fen(4), Some(967_500));
        assert_eq!(income.per_capita_fen(0), None);
        assert_eq!(income.per_capita_fen(-1), None);
    }

    #[test]
    fn a_rest_is_dropped_from_gains_and_losses_alike() {
        assert_eq!(income([200, 0, 0, 0, 0]).per_capita_fen(3), Some(66));
        assert_eq!(income([0, 0, 0, 0, 200]).per_capita_fen(3), Some(-66));
        assert_eq!(income([0, 0, 0, 0, 1]).per_capita_fen(2), Some(0));
    }

    #[test]
    fn parts_out_of_range_are_refused() {
        assert!(income([0, MOST, 0, 0, MOST]).validate().is_ok());
        for parts in [[-1, 0, 0, 0, 0], [0, MOST + 1, 0, 0, 0], [0, 0, 0, 0, -1]] {
            assert!(income(parts).validate().is_err());
        }
        assert!(Income { year: 1989, ..income([0; 5]) }.validate().is_err());
        assert!(Income { year: 3000, ..income([0; 5]) }.validate().is_err());
    }

    #[test]
    fn sums_that_do_not_fit_are_none_and_no_panic() {
        assert_eq!(income([i64::MAX, 1, 0, 0, 0]).per_capita_fen(1), None);
        assert_eq!(income([i64::MIN, 0, 0, 0, i64::MAX]).per_capita_fen(1), None);
    }

    proptest! {
        #[test]
        fn the_shares_make_up_the_net_income_but_for_a_rest(
            parts in prop::array::uniform5(0..=MOST),
            persons in 1_i64..=30,
        ) {
            let [wages, business, property, transfers, expenses] = parts;
            let net = wages + business + property + transfers - expenses;
            let share = income(parts).per_capita_fen(persons).unwrap();
            prop_assert!((net - share * persons).abs() < persons);
            prop_assert!(share.abs() * persons <= net.abs());
        }
    }
}
