//! Small cells: a number of persons from 1 to 4 tells of somebody, so it is hidden, and whatever would tell it by subtraction with it.
//!
//! A breakdown is shown whole or not at all, down the tree from its root: what is told of a point is told only when, at every point
//! above it, no part of the breakdown was small. So every number that is shown belongs to a breakdown without a small part, and no
//! sum or difference of shown numbers is small, except where one is itself.

use std::collections::{BTreeMap, BTreeSet};

use super::Id;

/// Numbers of persons from 1 to this are hidden.
const SMALL: usize = 4;

/// Persons, all together (under the empty kind) and by kind.
type Persons = BTreeMap<String, BTreeSet<Id>>;

/// How finely something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// All kinds together.
    Whole,
    /// Each kind as well.
    Kinds,
}

/// Persons by where they count: at each point, and in its whole subtree.
#[derive(Clone, Debug, Default)]
pub struct SmallCells {
    own: BTreeMap<Id, Persons>,
    subtrees: BTreeMap<Id, Persons>,
    children: BTreeMap<Id, BTreeSet<Id>>,
}

impl SmallCells {
    /// A person counts at the last point of a way from the root down, under a kind if there is one.
    pub fn enter(&mut self, way: &[Id], person: Id, kind: Option<&str>) {
        let note = |persons: &mut Persons| {
            for kind in [Some(""), kind].into_iter().flatten() {
                persons.entry(kind.to_owned()).or_default().insert(person);
            }
        };
        for pair in way.windows(2) {
            self.children.entry(pair[0]).or_default().insert(pair[1]);
        }
        for id in way {
            note(self.subtrees.entry(*id).or_default());
        }
        if let Some(last) = way.last() {
            note(self.own.entry(*last).or_default());
        }
    }

    /// Whether what is told of a point, the last one of a way from the root down, is shown.
    pub fn shows(&self, way: &[Id], detail: Detail) -> bool {
        let Some((root, _)) = way.split_first() else { return false };
        let (_, above) = way.split_last().unwrap_or((root, &[]));
        !is_small(self.subtrees.get(root), detail) && above.iter().all(|point| self.has_no_small_part(*point, detail))
    }

    /// Whether what is told of each part of a point is shown: of the point by itself, and of each point just below it.
    pub fn shows_parts(&self, way: &[Id], detail: Detail) -> bool {
        self.shows(way, detail) && way.last().is_some_and(|point| self.has_no_small_part(*point, detail))
    }

    fn has_no_small_part(&self, point: Id, detail: Detail) -> bool {
        let children = self.children.get(&point).into_iter().flatten().map(|child| self.subtrees.get(child));
        !children.chain([self.own.get(&point)]).any(|persons| is_small(persons, detail))
    }
}

fn is_small(persons: Option<&Persons>, detail: Detail) -> bool {
    let small = |persons: &BTreeSet<Id>| (1..=SMALL).contains(&persons.len());
    match (persons, detail) {
        (None, _) => false,
        (Some(persons), Detail::Whole) => persons.get("").is_some_and(small),
        (Some(persons), Detail::Kinds) => {
            // Who is of several kinds is told by how much these are more than all together.
            let of_kinds: usize = persons.iter().filter(|(kind, _)| !kind.is_empty()).map(|(_, of)| of.len()).sum();
            let several = of_kinds.saturating_sub(persons.get("").map_or(0, BTreeSet::len));
            persons.values().any(small) || (1..=SMALL).contains(&several)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(n: u16) -> Id {
        let mut bytes = [0; 16];
        bytes[14..].copy_from_slice(&n.to_be_bytes());
        Id::from_bytes(bytes)
    }

    /// Root 1, counties 10 and 20, townships 11, 12, 21.
    fn way(point: u16) -> Vec<Id> {
        let ids: &[u16] = match point {
            1 => &[1],
            10 => &[1, 10],
            20 => &[1, 20],
            11 => &[1, 10, 11],
            12 => &[1, 10, 12],
            _ => &[1, 20, 21],
        };
        ids.iter().map(|n| id(*n)).collect()
    }

    fn cells(counts: &[(u16, &str, u16)]) -> SmallCells {
        let (mut cells, mut person) = (SmallCells::default(), 1_000);
        for (point, kind, n) in counts {
            for _ in 0..*n {
                person += 1;
                cells.enter(&way(*point), id(person), Some(kind));
            }
        }
        cells
    }

    #[test]
    fn a_small_part_hides_the_parts_beside_it_and_below_them() {
        let cells = cells(&[(11, "maker", 20), (12, "maker", 3), (21, "maker", 9)]);
        let whole = |point| cells.shows(&way(point), Detail::Whole);
        assert_eq!([whole(1), whole(10), whole(20)], [true; 3]);
        assert_eq!([whole(11), whole(12)], [false; 2], "23 less 20 would tell 3");
        assert!(whole(21));
        assert!(!cells.shows_parts(&way(10), Detail::Whole) && cells.shows_parts(&way(20), Detail::Whole));
    }

    #[test]
    fn what_is_hidden_by_kind_is_told_as_a_whole() {
        let cells = cells(&[(11, "maker", 20), (11, "seller", 5), (21, "maker", 9), (21, "seller", 2)]);
        assert!(cells.shows(&way(1), Detail::Kinds), "29 and 7");
        assert_eq!([10, 20].map(|point| cells.shows(&way(point), Detail::Kinds)), [false; 2], "7 less 5 would tell 2");
        assert_eq!([10, 20].map(|point| cells.shows(&way(point), Detail::Whole)), [true; 2]);
    }

    #[test]
    fn nobody_is_no_small_number_and_a_small_whole_hides_all() {
        let nobody = SmallCells::default();
        assert!(nobody.shows(&way(21), Detail::Kinds) && nobody.shows_parts(&way(1), Detail::Kinds));
        let few = cells(&[(11, "maker", 4)]);
        assert!([1, 10, 11, 20].iter().all(|point| !few.shows(&way(*point), Detail::Whole)));
    }

    proptest! {
        /// Whatever is shown of a point and of all but one of its parts never leaves a small rest: parts are shown together or not
        /// at all, and none of them is small then.
        #[test]
        fn no_difference_of_shown_numbers_is_small(counts in proptest::collection::vec((0_usize..6, 0_usize..2, 0_u16..9), 0..12)) {
            const POINTS: [u16; 6] = [1, 10, 20, 11, 12, 21];
            let counts: Vec<(u16, &str, u16)> =
                counts.into_iter().map(|(point, kind, n)| (POINTS[point], ["maker", "seller"][kind], n)).collect();
            let cells = cells(&counts);
            for detail in [Detail::Whole, Detail::Kinds] {
                for (parent, parts) in [(1_u16, &[10_u16, 20][..]), (10, &[11, 12]), (20, &[21])] {
                    let shown = cells.shows_parts(&way(parent), detail);
                    for part in parts {
                        prop_assert_eq!(cells.shows(&way(*part), detail), shown);
                        prop_assert!(!shown || !is_small(cells.subtrees.get(&id(*part)), detail));
                    }
                    prop_assert!(!shown || !is_small(cells.own.get(&id(parent)), detail));
                    prop_assert!(!shown || cells.shows(&way(parent), detail));
                }
            }
        }
    }
}
