//! How an inspection draws: bytes in, bytes out, so that anybody can do it again from the frame and the seed.
//!
//! `docs/inspections.md` has the same in words, and `docs/inspection-draw.py` in another language. Nothing here may change: an
//! inspection of years ago must still come to the same sample. Another way of drawing is another [`InspectionMethod`].

use std::{
    collections::{BTreeMap, BinaryHeap},
    fmt::Write as _,
};

use sha2::{Digest as _, Sha256};

use super::{Day, Id, codes::InspectionMethod, digest::Digest};

/// So many lines of one stratum make a part of a frame at most.
pub const PART: usize = 5_000;
/// So many bytes of a packed part are its stratum, and so many each of its lines.
const STRATUM_BYTES: usize = 16;
const LINE_BYTES: usize = 21;

/// A record in a frame. Lines are in the order of their strata, then of their records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Line {
    /// The county of the point that gave; the bureau for what it gave itself.
    pub stratum: Id,
    /// The record.
    pub record: Id,
    /// Its version when the frame was made.
    pub version: u32,
    /// How many tickets it has where the conspicuous are drawn more likely.
    pub weight: u8,
}

impl Line {
    /// The line as it is digested and exported, without its end.
    pub fn text(&self) -> String {
        format!("{} {} {} {}", self.stratum, self.record, self.version, self.weight)
    }
}

/// The lines of a frame in their order, and their digest. There is no other way to a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    lines: Vec<Line>,
    digest: Digest,
}

impl Frame {
    /// The frame of some lines, in whatever order they come.
    pub fn of(mut lines: Vec<Line>) -> Self {
        lines.sort_unstable();
        lines.dedup();
        let mut hash = Sha256::new();
        let mut text = String::with_capacity(96);
        for line in &lines {
            text.clear();
            // Writing into a string does not fail.
            let _ = writeln!(text, "{} {} {} {}", line.stratum, line.record, line.version, line.weight);
            hash.update(text.as_bytes());
        }
        Self { lines, digest: hash.finalize().into() }
    }

    /// The lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The SHA-256 of every line with its end.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The packed parts: each of one stratum, none long.
    pub fn parts(&self) -> Vec<Vec<u8>> {
        let strata = self.lines.chunk_by(|a, b| a.stratum == b.stratum);
        strata.flat_map(|lines| lines.chunks(PART)).filter_map(pack).collect()
    }

    /// The frame of packed parts; none when they are no parts.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Option<Self> {
        let lines: Option<Vec<Vec<Line>>> = parts.into_iter().map(unpack).collect();
        Some(Self::of(lines?.concat()))
    }

    /// How many lines of each weight each stratum has.
    pub fn counts(&self) -> BTreeMap<(Id, u8), i64> {
        counts(&self.lines)
    }
}

/// How many lines of each weight each stratum has.
pub fn counts(lines: &[Line]) -> BTreeMap<(Id, u8), i64> {
    let mut counts = BTreeMap::new();
    for line in lines {
        *counts.entry((line.stratum, line.weight)).or_default() += 1;
    }
    counts
}

fn pack(lines: &[Line]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(STRATUM_BYTES + lines.len() * LINE_BYTES);
    bytes.extend_from_slice(lines.first()?.stratum.as_bytes());
    for line in lines {
        bytes.extend_from_slice(line.record.as_bytes());
        bytes.extend_from_slice(&line.version.to_be_bytes());
        bytes.push(line.weight);
    }
    Some(bytes)
}

/// The lines of a packed part; none when it is no part.
pub fn unpack(part: &[u8]) -> Option<Vec<Line>> {
    let (stratum, lines) = part.split_at_checked(STRATUM_BYTES)?;
    let stratum = Id::from_bytes(stratum.try_into().ok()?);
    let lines = lines.chunks(LINE_BYTES).map(|bytes| {
        let (record, rest) = bytes.split_at_checked(16)?;
        let (version, weight) = rest.split_at_checked(4)?;
        let record = Id::from_bytes(record.try_into().ok()?);
        Some(Line { stratum, record, version: u32::from_be_bytes(version.try_into().ok()?), weight: *weight.first()? })
    });
    lines.collect()
}

/// What makes a record conspicuous, as it stands in the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// On which day it was given.
    pub given_on: Day,
    /// On which day it was logged.
    pub logged_on: Day,
    /// What it was worth.
    pub amount_fen: Option<i64>,
    /// Its version.
    pub version: i64,
}

/// One, and one more for each of: logged more than 30 days after it was given; corrected; an amount in whole hundreds of yuan;
/// an amount above `large`.
pub fn weight(facts: &Facts, large: Option<i64>) -> u8 {
    let late = facts.logged_on.days_since(facts.given_on) > 30;
    let corrected = facts.version > 1;
    let amount = facts.amount_fen.filter(|amount| *amount > 0);
    let round = amount.is_some_and(|amount| amount % 10_000 == 0);
    let large = amount.zip(large).is_some_and(|(amount, large)| amount > large);
    [late, corrected, round, large].into_iter().fold(1, |weight, fact| weight + u8::from(fact))
}

/// The amount above which one is among the largest twentieth: in ascending order, the one at place ⌈19/20 of their number⌉.
pub fn large(mut amounts: Vec<i64>) -> Option<i64> {
    amounts.sort_unstable();
    let place = (amounts.len() * 19).div_ceil(20);
    amounts.get(place.checked_sub(1)?).copied()
}

/// The sample, in its order: the first item first. Of the same frame and seed it is always the same.
pub fn draw(frame: &Frame, method: InspectionMethod, size: usize, seed: &str) -> Vec<Line> {
    let mut prefix = Sha256::new();
    prefix.update(seed.as_bytes());
    prefix.update([0]);
    if method == InspectionMethod::Risk {
        return first(&frame.lines, size, &prefix, |line| line.weight.max(1));
    }
    let strata: Vec<&[Line]> = frame.lines.chunk_by(|a, b| a.stratum == b.stratum).collect();
    let sizes: Vec<usize> = strata.iter().map(|lines| lines.len()).collect();
    let shares = if method == InspectionMethod::Equal { alike(&sizes, size) } else { in_proportion(&sizes, size) };
    let samples = strata.iter().zip(shares).map(|(lines, share)| first(lines, share, &prefix, |_| 1));
    samples.flatten().collect()
}

/// So many lines with the smallest tickets, the smallest first.
fn first(lines: &[Line], size: usize, prefix: &Sha256, tickets: impl Fn(&Line) -> u8) -> Vec<Line> {
    let mut kept: BinaryHeap<(Digest, Id, Line)> = BinaryHeap::with_capacity(size + 1);
    for line in lines {
        let record = line.record.to_string();
        let ticket = |number: u8| -> Digest {
            let mut hash = prefix.clone();
            hash.update(record.as_bytes());
            hash.update([0]);
            hash.update(number.to_string().as_bytes());
            hash.finalize().into()
        };
        let Some(smallest) = (1..=tickets(line)).map(ticket).min() else { continue };
        kept.push((smallest, line.record, *line));
        if kept.len() > size {
            kept.pop();
        }
    }
    kept.into_sorted_vec().into_iter().map(|(_, _, line)| line).collect()
}

/// One for each stratum if there are enough, and the rest in proportion to what is left of each: whole shares first, then one
/// more for the largest remainders, of equal ones the first.
pub fn in_proportion(sizes: &[usize], size: usize) -> Vec<usize> {
    let total: usize = sizes.iter().sum();
    let size = size.min(total);
    let one = usize::from(size >= sizes.len());
    let rest = (size - one * sizes.len()) as u128;
    let whole = ((total - one * sizes.len()) as u128).max(1);
    let products: Vec<u128> = sizes.iter().map(|stratum| rest * (stratum - one) as u128).collect();
    let mut shares: Vec<usize> = products.iter().map(|product| one + (product / whole) as usize).collect();
    let mut by_remainder: Vec<usize> = (0..sizes.len()).collect();
    by_remainder.sort_by_key(|stratum| std::cmp::Reverse(products[*stratum] % whole));
    let missing = size - shares.iter().sum::<usize>();
    for stratum in by_remainder.into_iter().take(missing) {
        shares[stratum] += 1;
    }
    shares
}

/// One after the other for each stratum that has any left, from the first to the last and again, until there are enough.
pub fn alike(sizes: &[usize], size: usize) -> Vec<usize> {
    let mut left = size.min(sizes.iter().sum());
    let mut shares = vec![0; sizes.len()];
    while left > 0 {
        for (share, stratum) in shares.iter_mut().zip(sizes) {
            if *share < *stratum && left > 0 {
                *share += 1;
                left -= 1;
            }
        }
    }
    shares
}

#[cfg(test)]
mod tests;
