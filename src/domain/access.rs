//! Who acts, and what their grants reach.
//!
//! A grant is a role at a service point and reaches its subtree. What lies outside every grant's subtree does
//! not exist for the actor; what lies inside may still be refused, and the refusal says which permission.

use super::{
    Id, PointPath,
    codes::{Role, Tier},
    policy::{self, Action, Extent},
};
use crate::error::Error;

/// A part of the tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Area {
    /// The top of the part.
    pub path: PointPath,
    /// Whether the top itself belongs to it.
    pub extent: Extent,
}

impl Area {
    fn covers(&self, path: &PointPath) -> bool {
        match self.extent {
            Extent::Subtree => self.path.contains(path),
            Extent::Below => self.path.contains(path) && self.path != *path,
            Extent::Own => self.path == *path,
            Extent::Children => path.parent().as_ref() == Some(&self.path),
            Extent::Reviewed => {
                path.parent().as_ref() == Some(&self.path) || (self.path == *path && path.parent().is_none())
            }
            Extent::Lineage => self.path.contains(path) || path.contains(&self.path),
            Extent::Upper => self.path.contains(path) && path.depth() <= Tier::County.depth(),
        }
    }

    /// Whether everything that the other covers is covered.
    fn includes(&self, other: &Self) -> bool {
        let same = self.path == other.path;
        match other.extent {
            Extent::Own => self.covers(&other.path),
            Extent::Below if self.extent == Extent::Below && same => true,
            Extent::Children if matches!(self.extent, Extent::Below | Extent::Reviewed) && same => true,
            Extent::Lineage | Extent::Upper if self.extent == other.extent => self.path.contains(&other.path),
            Extent::Lineage => false,
            Extent::Subtree | Extent::Below | Extent::Children | Extent::Reviewed | Extent::Upper => {
                matches!(self.extent, Extent::Subtree | Extent::Below) && self.covers(&other.path)
            }
        }
    }
}

/// The parts of the tree that something reaches, none inside another. A subtree, what is below a point and a point by itself do
/// not overlap; the other kinds of parts may.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach(Vec<Area>);

impl Reach {
    /// The union of the areas.
    pub fn new(mut areas: Vec<Area>) -> Self {
        areas.sort();
        areas.dedup();
        let all = areas.clone();
        areas.retain(|area| !all.iter().any(|other| other != area && other.includes(area)));
        // What is below a point, and the point by itself, are its subtree.
        let whole = |area: &Area, other: &Area| {
            area.path == other.path && [area.extent, other.extent] == [Extent::Below, Extent::Own]
        };
        let tops: Vec<PointPath> = areas
            .iter()
            .filter(|area| areas.iter().any(|other| whole(area, other)))
            .map(|area| area.path.clone())
            .collect();
        areas.retain(|area| area.extent != Extent::Own || !tops.contains(&area.path));
        for area in areas.iter_mut().filter(|area| area.extent == Extent::Below && tops.contains(&area.path)) {
            area.extent = Extent::Subtree;
        }
        Self(areas)
    }

    /// The areas, without overlap, by path.
    pub fn areas(&self) -> &[Area] {
        &self.0
    }

    /// Whether a point with that path is reached.
    pub fn covers(&self, path: &PointPath) -> bool {
        self.0.iter().any(|area| area.covers(path))
    }

    /// Whether nothing is reached.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What both reach.
    pub fn narrowed_to(&self, top: &PointPath) -> Self {
        let at_top = |extent| vec![Area { path: top.clone(), extent }];
        let inside = |area: &Area| match (area.extent, top.contains(&area.path), area.covers(top)) {
            // What lies between the top and the point, one by one, and the point with everything below it.
            (Extent::Lineage, true, _) => {
                let above = std::iter::successors(area.path.parent(), PointPath::parent);
                let above = above.filter(|path| top.contains(path)).map(|path| Area { path, extent: Extent::Own });
                above.chain([Area { path: area.path.clone(), extent: Extent::Subtree }]).collect()
            }
            (_, true, _) => vec![area.clone()],
            (Extent::Subtree | Extent::Below, false, true) => at_top(Extent::Subtree),
            (Extent::Lineage, false, true) if area.path.contains(top) => at_top(Extent::Subtree),
            (Extent::Upper, false, true) => at_top(Extent::Upper),
            (_, false, true) => at_top(Extent::Own),
            (_, false, false) => Vec::new(),
        };
        Self::new(self.0.iter().flat_map(inside).collect())
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// A person with an account, in a session.
    Account {
        /// The account.
        id: Id,
        /// The session.
        session: Id,
    },
    /// Whoever runs a command on the server's own machine.
    Operator,
    /// Someone who has not signed in.
    Nobody,
}

/// A grant in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What it lets do.
    pub role: Role,
    /// Where.
    pub path: PointPath,
}

/// Who acts, with the grants in force at this moment.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// The grants in force.
    pub held: Vec<Held>,
}

impl Actor {
    /// The operator of the machine: an administrator of the whole network, before it has a root as well.
    pub fn operator() -> Self {
        Self { who: Who::Operator, held: vec![Held { role: Role::Admin, path: PointPath::from_stored(String::new()) }] }
    }

    /// Someone who has not signed in and holds nothing.
    pub fn nobody() -> Self {
        Self { who: Who::Nobody, held: Vec::new() }
    }

    /// The account, if one acts.
    pub fn account_id(&self) -> Option<Id> {
        match self.who {
            Who::Account { id, .. } => Some(id),
            Who::Operator | Who::Nobody => None,
        }
    }

    /// Everything that the actor's grants reach, whatever their roles: what exists for the actor.
    pub fn scope(&self) -> Reach {
        Reach::new(self.held.iter().map(|held| Area { path: held.path.clone(), extent: Extent::Subtree }).collect())
    }

    /// Where the actor may do this.
    pub fn reach(&self, action: Action) -> Reach {
        let area =
            |held: &Held| policy::extent(held.role, action).map(|extent| Area { path: held.path.clone(), extent });
        Reach::new(self.held.iter().filter_map(area).collect())
    }

    /// Whether the actor may give, revoke or manage a grant of that role at that point.
    pub fn may_grant(&self, role: Role, path: &PointPath) -> bool {
        self.held.iter().any(|held| policy::may_grant(held.role, role) && held.path.contains(path))
    }
}

/// Why a resource was not handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It lies outside the actor's scope; to be answered exactly like a resource that does not exist.
    Outside,
    /// It lies inside, but this is not allowed there.
    NotAllowed(Action),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Outside => Self::NotFound,
            Refusal::NotAllowed(action) => Self::NotAllowed(action.code()),
        }
    }
}

/// A row and the service point that it belongs to. It opens only to an actor who may do `action` there, so a
/// use case cannot forget to ask.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    row: T,
    path: PointPath,
}

impl<T> Placed<T> {
    /// Puts a row where it belongs.
    pub fn new(row: T, path: PointPath) -> Self {
        Self { row, path }
    }

    /// Where the row belongs.
    pub fn path(&self) -> &PointPath {
        &self.path
    }

    /// The row, if the actor may do this there.
    ///
    /// # Errors
    /// Why not.
    pub fn admit(self, actor: &Actor, action: Action) -> Result<T, Refusal> {
        check(actor, action, &self.path).map(|()| self.row)
    }

    /// A look at what decides about a repeated create, which is asked before scope: who made the row, from which
    /// request, and what it is now. See `app::idempotence`.
    pub fn origin<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.row)
    }
}

/// Whether the actor may do this at that point.
///
/// # Errors
/// Why not.
pub fn check(actor: &Actor, action: Action, path: &PointPath) -> Result<(), Refusal> {
    // What is above a point lies outside of its scope, and may be reached all the same.
    if actor.reach(action).covers(path) {
        Ok(())
    } else if actor.scope().covers(path) {
        Err(Refusal::NotAllowed(action))
    } else {
        Err(Refusal::Outside)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn path(ids: &[u8]) -> PointPath {
        let id = |n: u8| Id::from_bytes([n; 16]);
        ids[1..].iter().fold(PointPath::root(id(ids[0])), |path, n| path.child(id(*n)))
    }

    fn ids() -> impl Strategy<Value = Vec<u8>> {
        (Just(1_u8), proptest::collection::vec(1_u8..3, 0..4))
            .prop_map(|(root, rest)| std::iter::once(root).chain(rest).collect())
    }

    const EXTENTS: [Extent; 7] = [
        Extent::Subtree,
        Extent::Below,
        Extent::Own,
        Extent::Children,
        Extent::Reviewed,
        Extent::Lineage,
        Extent::Upper,
    ];

    fn area() -> impl Strategy<Value = Area> {
        (ids(), 0..7_usize).prop_map(|(ids, extent)| Area { path: path(&ids), extent: EXTENTS[extent] })
    }

    proptest! {
        #[test]
        fn a_reach_is_the_union_of_its_areas_without_overlap(areas in proptest::collection::vec(area(), 0..6), point in ids(), top in ids()) {
            let (point, top) = (path(&point), path(&top));
            let reach = Reach::new(areas.clone());
            let covered = areas.iter().any(|area| area.covers(&point));
            prop_assert_eq!(reach.covers(&point), covered);
            let whole = |area: &&Area| matches!(area.extent, Extent::Subtree | Extent::Below | Extent::Own);
            prop_assert!(reach.areas().iter().filter(whole).filter(|area| area.covers(&point)).count() <= 1);
            prop_assert_eq!(reach.narrowed_to(&top).covers(&point), covered && top.contains(&point));
        }

        #[test]
        fn the_operator_reaches_every_point(point in ids()) {
            let actor = Actor::operator();
            prop_assert!(check(&actor, Action::ManagePoints, &path(&point)).is_ok());
            prop_assert_eq!(check(&actor, Action::ReadHouseholds, &path(&point)), Err(Refusal::NotAllowed(Action::ReadHouseholds)));
        }
    }
}
