//! What is given: kinds by county and season, quantities, units and amounts.

use super::{calendar::Season, dice::Dice};
use crate::{
    app::assistance_records::LogAssistance,
    domain::{Day, Id, Text, codes::CONVENIENCE},
};

/// Kinds with their weights, and what each season makes of them in percent: winter, spring, summer, autumn.
const KINDS: [(&str, u32, [u32; 4]); 8] = [
    ("guidance", 17, [80, 130, 100, 95]),
    ("exhibition_sales", 8, [110, 60, 140, 150]),
    ("incubation", 4, [70, 130, 100, 90]),
    ("brand_operation", 5, [80, 90, 130, 130]),
    ("logistics", 27, [90, 75, 130, 160]),
    ("distribution", 16, [150, 85, 95, 125]),
    ("training", 9, [130, 170, 60, 70]),
    (CONVENIENCE, 14, [150, 90, 90, 95]),
];

/// What a county is known for: region code, a factor for how many households it has and one for how much each is given, in
/// percent, and the kinds that it gives more of, in percent.
#[derive(Debug)]
pub struct County {
    /// The first six digits of its region code.
    pub code: &'static str,
    /// How it is called in user names.
    pub slug: &'static str,
    /// Households for each village.
    pub households: u64,
    /// Records for each household.
    pub records: u64,
    more: [(&'static str, u32); 2],
}

const fn county(
    code: &'static str,
    slug: &'static str,
    households: u64,
    records: u64,
    more: [(&'static str, u32); 2],
) -> County {
    County { code, slug, households, records, more }
}

/// The nine counties of Longnan: pepper, walnuts, tea, herbs, mushrooms, potatoes, apples, vines and inns.
const COUNTIES: [County; 9] = [
    county("621202", "wudu", 125, 115, [("logistics", 130), ("brand_operation", 150)]),
    county("621221", "chengxian", 115, 120, [("incubation", 190), ("guidance", 120)]),
    county("621222", "wenxian", 85, 90, [("brand_operation", 200), ("logistics", 85)]),
    county("621223", "tanchang", 90, 85, [("exhibition_sales", 160), ("training", 120)]),
    county("621224", "kangxian", 90, 100, [("distribution", 140), ("exhibition_sales", 120)]),
    county("621225", "xihe", 110, 85, [("training", 160), (CONVENIENCE, 120)]),
    county("621226", "lixian", 115, 105, [("logistics", 150), ("distribution", 110)]),
    county("621227", "huixian", 95, 110, [(CONVENIENCE, 140), ("brand_operation", 120)]),
    county("621228", "liangdang", 60, 95, [("guidance", 160), ("incubation", 130)]),
];

/// What a desk or a household has to do with mostly: a percentage for each kind.
#[derive(Clone, Copy, Debug)]
pub struct Habit([u32; KINDS.len()]);

impl Habit {
    /// Everything alike.
    pub const PLAIN: Self = Self([100; KINDS.len()]);

    /// Of a desk: some kinds it hardly ever gives.
    pub fn of_desk(dice: &mut Dice) -> Self {
        let mut habit = Self::PLAIN;
        for _ in 0..3 {
            habit.0[dice.below(KINDS.len())] = 8;
        }
        habit
    }

    /// Of a household that this desk serves: two kinds that it comes for again and again.
    pub fn of_household(mut self, dice: &mut Dice) -> Self {
        for _ in 0..2 {
            self.0[dice.weighed(&KINDS.map(|(_, weight, _)| weight))] *= 6;
        }
        self
    }
}

/// A county that nothing is known of.
const ANY_COUNTY: County = county("", "county", 100, 100, [(CONVENIENCE, 100), (CONVENIENCE, 100)]);

impl County {
    /// The county of a region code.
    pub fn of(region_code: &str) -> &'static Self {
        COUNTIES.iter().find(|county| region_code.starts_with(county.code)).unwrap_or(&ANY_COUNTY)
    }

    /// How much of each kind is given here in a season.
    fn weights(&self, season: Season, habit: Habit) -> [u32; KINDS.len()] {
        let mut weights = KINDS.map(|(kind, weight, seasons)| {
            let here = self.more.iter().find(|(more, _)| *more == kind).map_or(100, |(_, percent)| *percent);
            weight * seasons[season as usize] * here / 100
        });
        weights.iter_mut().zip(habit.0).for_each(|(weight, percent)| *weight = *weight * percent / 100);
        weights
    }

    /// Assistance of a day: kind, quantity, unit and amount.
    pub fn give(
        &self,
        (household_id, service_point_id): (Id, Id),
        habit: Habit,
        given_on: Day,
        dice: &mut Dice,
    ) -> LogAssistance {
        let kind = KINDS[dice.weighed(&self.weights(Season::of(given_on), habit))].0;
        let subkind = (kind == CONVENIENCE).then(|| dice.pick(&["buy", "sell", "pay", "collect", "send"]));
        let (unit, quantity, yuan) = match kind {
            "guidance" => ("time", 1..=2, None),
            "exhibition_sales" => ("order", 1..=20, Some(20..=180)),
            "incubation" => ("hour", 2..=8, None),
            "brand_operation" => ("piece", 5..=120, Some(8..=45)),
            "logistics" if dice.often(300) => ("kilogram", 5..=400, Some(1..=4)),
            "logistics" => ("piece", 1..=30, Some(3..=14)),
            "distribution" => ("order", 1..=10, Some(5..=25)),
            "training" => ("person_time", 1..=3, None),
            _ => ("time", 1..=2, Some(5..=260)),
        };
        let quantity = dice.among(quantity);
        let amount_fen = yuan.map(|yuan| quantity * (dice.among(yuan) * 100 + dice.among(0..=9) * 10));
        let note = dice.often(50).then(|| Text::new(dice.pick(NOTES)));
        LogAssistance {
            id: None,
            household_id,
            member_id: None,
            service_point_id,
            kind: Text::new(kind),
            subkind: subkind.map(Text::new),
            given_on,
            quantity,
            unit: Some(Text::new(unit)),
            amount_fen,
            note,
        }
    }
}

const NOTES: &[&str] = &[
    "模拟：本人到服务点办理",
    "模拟：上门服务",
    "模拟：电话预约",
    "模拟：由家人代办",
    "模拟：赶集日集中办理",
    "模拟：与驻村工作队一起走访",
];

/// Why a record is corrected, in a simulated year.
pub const CORRECTIONS: &[&str] = &["模拟：数量数错了", "模拟：与快递单核对后更正", "模拟：金额录入有误"];

/// Why a record is taken back.
pub const VOIDINGS: &[&str] = &["模拟：重复登记", "模拟：记到了别家", "模拟：服务未完成"];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::codes::ASSISTANCE_KINDS;

    #[test]
    fn every_kind_is_given_and_each_county_gives_in_its_own_way() {
        let codes: Vec<&str> = KINDS.iter().map(|(kind, ..)| *kind).collect();
        let list: Vec<&str> = ASSISTANCE_KINDS.entries.iter().map(|entry| entry.code).collect();
        assert_eq!(codes, list);
        let (id, day) = (Id::from_bytes([1; 16]), "2026-09-15".parse().unwrap());
        let found = |code: &str| {
            let (mut dice, mut found) = (Dice::of(3, 3), BTreeMap::<String, i32>::new());
            for _ in 0..8_000 {
                let given = County::of(code).give((id, id), Habit::PLAIN, day, &mut dice);
                assert_eq!(given.subkind.is_some(), &*given.kind == CONVENIENCE);
                assert!(given.quantity > 0 && given.amount_fen.is_none_or(|fen| fen > 0 && fen < 1_000_000));
                assert!(given.note.is_none_or(|note| note.starts_with("模拟")));
                *found.entry(given.kind.to_string()).or_default() += 1;
            }
            found
        };
        let (wenxian, lixian) = (found("621222001"), found("621226001"));
        assert_eq!((wenxian.len(), wenxian.values().sum::<i32>()), (8, 8_000));
        assert!(wenxian["brand_operation"] > lixian["brand_operation"]);
        assert!(lixian["logistics"] > wenxian["logistics"]);
    }

    #[test]
    fn kinds_change_with_the_season() {
        let share = |season, at: usize| {
            let weights = ANY_COUNTY.weights(season, Habit::PLAIN);
            weights[at] * 1000 / weights.iter().sum::<u32>()
        };
        let (logistics, training) = (4, 6);
        assert!(share(Season::Autumn, logistics) > share(Season::Spring, logistics));
        assert!(share(Season::Spring, training) > share(Season::Summer, training));
    }
}
