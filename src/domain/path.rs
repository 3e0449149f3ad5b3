//! The path of a service point: its ancestors from the root, and itself.
//!
//! A subtree is everything whose path begins with the path of its top, so it is one range of a sorted index.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Id;

const SEGMENT: usize = 33;

/// `/` and the 32 hexadecimal digits of an id, for each ancestor from the root down and the point itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PointPath(String);

impl PointPath {
    /// The path of the root.
    pub fn root(id: Id) -> Self {
        Self(format!("/{}", id.simple()))
    }

    /// The path of a child of this point.
    pub fn child(&self, id: Id) -> Self {
        Self(format!("{}/{}", self.0, id.simple()))
    }

    /// The path as the database keeps it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A path read from the database.
    pub fn from_stored(stored: String) -> Self {
        Self(stored)
    }

    /// The path of the point above; the root has none.
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').filter(|(parent, _)| !parent.is_empty()).map(|(parent, _)| Self(parent.to_owned()))
    }

    /// How many points the path names: 1 for the root.
    pub fn depth(&self) -> usize {
        self.0.len() / SEGMENT
    }

    /// Whether `other` is this point or lies below it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0) && (other.0.len() == self.0.len() || other.0.as_bytes()[self.0.len()] == b'/')
    }

    /// The last id of the path: the point's own.
    pub fn id(&self) -> Option<Id> {
        self.ids().pop()
    }

    /// Every id of the path, root first, the point itself last.
    pub fn ids(&self) -> Vec<Id> {
        self.0.split('/').skip(1).filter_map(|segment| segment.parse().ok()).collect()
    }

    /// The smallest string greater than every path of the subtree's strict descendants: `0` follows `/`.
    pub fn descendants_end(&self) -> String {
        format!("{}0", self.0)
    }

    /// The string that every strict descendant's path begins with.
    pub fn descendants_start(&self) -> String {
        format!("{}/", self.0)
    }
}

impl fmt::Display for PointPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: u8) -> Id {
        Id::from_bytes([n; 16])
    }

    #[test]
    fn a_path_names_its_points_in_order() {
        let path = PointPath::root(id(1)).child(id(2)).child(id(3));
        assert_eq!(path.ids(), [id(1), id(2), id(3)]);
        assert_eq!((path.depth(), path.id()), (3, Some(id(3))));
    }

    proptest! {
        #[test]
        fn containment_is_the_prefix_relation_and_the_range(a in proptest::collection::vec(1_u8..4, 1..5), b in proptest::collection::vec(1_u8..4, 1..5)) {
            let path = |ids: &[u8]| ids[1..].iter().fold(PointPath::root(id(ids[0])), |path, n| path.child(id(*n)));
            let (top, other) = (path(&a), path(&b));
            prop_assert_eq!(top.contains(&other), b.starts_with(&a));
            let in_range = other.as_str() >= top.descendants_start().as_str() && other.as_str() < top.descendants_end().as_str();
            prop_assert_eq!(in_range, b.starts_with(&a) && a != b);
        }
    }
}
