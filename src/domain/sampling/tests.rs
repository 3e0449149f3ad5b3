//! Sampling, by a committed vector and by its properties.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::digest::hex;

const VECTOR: &str = include_str!("../../../docs/inspection-vector.txt");
const SEED: &str = "模拟种子 2026";

fn vector() -> Vec<Line> {
    let line = |line: &str| {
        let fields: Vec<&str> = line.split(' ').collect();
        Line {
            stratum: fields[0].parse().unwrap(),
            record: fields[1].parse().unwrap(),
            version: fields[2].parse().unwrap(),
            weight: fields[3].parse().unwrap(),
        }
    };
    VECTOR.lines().map(line).collect()
}

fn drawn(method: InspectionMethod, size: usize) -> Vec<String> {
    draw(&Frame::of(vector()), method, size, SEED).iter().map(|line| line.record.to_string()[..8].to_owned()).collect()
}

/// The same as in `docs/inspections.md`, found by `docs/inspection-draw.py`.
#[test]
fn the_vector_is_drawn_as_another_language_draws_it() {
    let frame = Frame::of(vector());
    assert_eq!(hex(frame.digest()), "b693798e5a7b79930dc8186bfcf2b5a2fed89acb63b6295cdd354ded428cf41c");
    let text: String = frame.lines().iter().map(|line| line.text() + "\n").collect();
    assert_eq!(text, VECTOR);
    use InspectionMethod::{Equal, Proportional, Risk};
    assert_eq!(drawn(Proportional, 5), ["75585788", "98c15860", "da360ee2", "3747d57a", "7d55ae3e"]);
    assert_eq!(drawn(Equal, 5), ["75585788", "98c15860", "3747d57a", "03b8a5a7", "7d55ae3e"]);
    assert_eq!(drawn(Risk, 5), ["98c15860", "1b315ac5", "801d8b54", "da360ee2", "75585788"]);
    assert_eq!(drawn(Proportional, 2), ["75585788", "3747d57a"]);
}

#[test]
fn each_fact_is_one_ticket_more() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let plain =
        Facts { given_on: day("2026-01-01"), logged_on: day("2026-01-31"), amount_fen: Some(12_345), version: 1 };
    let of = |facts: Facts| weight(&facts, Some(20_000));
    assert_eq!(of(plain), 1);
    assert_eq!(of(Facts { logged_on: day("2026-02-01"), ..plain }), 2);
    assert_eq!(of(Facts { version: 2, ..plain }), 2);
    assert_eq!(of(Facts { amount_fen: Some(20_000), ..plain }), 2, "round, and not above the bound");
    assert_eq!(of(Facts { amount_fen: Some(20_001), ..plain }), 2);
    assert_eq!(of(Facts { amount_fen: Some(0), ..plain }), 1);
    assert_eq!(of(Facts { amount_fen: None, ..plain }), 1);
    assert_eq!(of(Facts { logged_on: day("2026-03-01"), amount_fen: Some(30_000), version: 9, ..plain }), 5);
}

#[test]
fn the_largest_twentieth_lies_above_its_bound() {
    assert_eq!(large(vec![]), None);
    assert_eq!(large(vec![7]), Some(7));
    assert_eq!(large((1..=100).rev().collect()), Some(95));
    assert_eq!(large((1..=20).collect()), Some(19));
    assert_eq!(large(vec![5; 1_000]), Some(5), "all alike: none is large");
}

#[test]
fn ties_of_remainders_go_to_the_first() {
    assert_eq!(in_proportion(&[10, 10, 10], 4), [2, 1, 1]);
    assert_eq!(in_proportion(&[10, 10, 10], 5), [2, 2, 1]);
    assert_eq!(in_proportion(&[5, 5, 5], 1), [1, 0, 0], "fewer than strata");
    assert_eq!(in_proportion(&[1, 1_000_000], 100), [1, 99], "a small one is not left out");
    assert_eq!(alike(&[1, 10, 3], 9), [1, 5, 3]);
    assert_eq!(alike(&[10, 10], 3), [2, 1]);
}

/// Of records with two tickets, about twice as many are drawn as of records with one.
#[test]
fn two_tickets_are_drawn_twice_as_often() {
    let line = |n: u128| Line {
        stratum: Id::from_bytes([1; 16]),
        record: Id::from_bytes(n.to_be_bytes()),
        version: 1,
        weight: 1 + (n % 2) as u8,
    };
    let frame = Frame::of((0..20_000).map(line).collect());
    let sample = draw(&frame, InspectionMethod::Risk, 1_000, "模拟");
    let heavy = sample.iter().filter(|line| line.weight == 2).count();
    // 667 ± 4 × 15.
    assert!((607..=727).contains(&heavy), "{heavy} of 1000");
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (0_u8..4, any::<[u8; 16]>(), 1_u32..3, 1_u8..=5).prop_map(|(stratum, record, version, weight)| Line {
        stratum: Id::from_bytes([stratum; 16]),
        record: Id::from_bytes(record),
        version,
        weight,
    });
    proptest::collection::vec(line, 0..120)
}

fn methods() -> impl Strategy<Value = InspectionMethod> {
    proptest::sample::select(InspectionMethod::ALL)
}

proptest! {
    #[test]
    fn shares_add_up_and_none_is_more_than_its_stratum(sizes in proptest::collection::vec(1_usize..2_000, 1..12), size in 0_usize..3_000) {
        let total: usize = sizes.iter().sum();
        for shares in [in_proportion(&sizes, size), alike(&sizes, size)] {
            prop_assert_eq!(shares.iter().sum::<usize>(), size.min(total));
            prop_assert!(shares.iter().zip(&sizes).all(|(share, size)| share <= size));
            prop_assert!(size < sizes.len() || shares.iter().all(|share| *share > 0));
        }
        // Alike: whoever got less than another got everything.
        let shares = alike(&sizes, size);
        let most = shares.iter().max().copied().unwrap_or_default();
        prop_assert!(shares.iter().zip(&sizes).all(|(share, size)| share == size || share + 1 >= most));
        // In proportion: never more than one away from the exact share.
        let one = usize::from(size >= sizes.len());
        let size = size.min(total);
        for (share, stratum) in in_proportion(&sizes, size).iter().zip(&sizes) {
            let exact = one as f64 + (size - one * sizes.len()) as f64 * (stratum - one) as f64 / ((total - one * sizes.len()).max(1)) as f64;
            prop_assert!((*share as f64 - exact).abs() < 1.0);
        }
    }

    #[test]
    fn a_draw_depends_on_the_lines_and_the_seed_alone(lines in lines(), method in methods(), size in 0_usize..150, seed in ".{0,12}", turn in 0_usize..120) {
        let frame = Frame::of(lines.clone());
        let mut turned = lines;
        let by = turn.min(turned.len());
        turned.rotate_left(by);
        turned.reverse();
        let again = Frame::of(turned);
        prop_assert_eq!(frame.digest(), again.digest());
        let sample = draw(&frame, method, size, &seed);
        prop_assert_eq!(&sample, &draw(&again, method, size, &seed));
        prop_assert_eq!(sample.len(), size.min(frame.lines().len()));
        let once: BTreeSet<&Line> = sample.iter().collect();
        prop_assert_eq!(once.len(), sample.len());
        prop_assert!(sample.iter().all(|line| frame.lines().contains(line)));
        // A larger sample keeps what a smaller one has: of risk in its order.
        if method == InspectionMethod::Risk {
            prop_assert!(draw(&frame, method, size + 1, &seed).starts_with(&sample));
        }
    }

    #[test]
    fn a_frame_is_kept_and_read_back_and_no_changed_byte_goes_unseen(lines in lines(), at in 0_usize..4_000, bit in 0_u8..8) {
        let frame = Frame::of(lines);
        let mut parts = frame.parts();
        prop_assert_eq!(&Frame::of_parts(parts.iter().map(Vec::as_slice)).unwrap(), &frame);
        prop_assert_eq!(frame.counts().values().sum::<i64>(), frame.lines().len() as i64);
        if let Some(part) = parts.last_mut() {
            let at = at % part.len();
            part[at] ^= 1 << bit;
            let changed = Frame::of_parts(parts.iter().map(Vec::as_slice)).unwrap();
            prop_assert_ne!(changed.digest(), frame.digest());
            part_cut_short(&frame)?;
        }
    }
}

fn part_cut_short(frame: &Frame) -> Result<(), TestCaseError> {
    let parts = frame.parts();
    let part = &parts[0];
    prop_assert_eq!(unpack(&part[..part.len() - 1]), None);
    prop_assert_eq!(unpack(&part[..10]), None);
    Ok(())
}
