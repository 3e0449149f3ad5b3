//! The oracle: who may do what, where, said a second time.
//!
//! It is typed in by hand from the design (access.md) and shares nothing with the program: its tree is short names, its
//! roles and permissions are words, its days are numbers. So a slip in the policy's code cannot repeat itself here.

use std::collections::BTreeMap;

/// What a grant lets an account do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Worker,
    Reviewer,
    Manager,
    Auditor,
    Admin,
}

/// Every role, in the order of the matrix's columns.
pub const ROLES: [Role; 5] = [Role::Worker, Role::Reviewer, Role::Manager, Role::Auditor, Role::Admin];

impl Role {
    /// The word in requests and answers.
    pub fn code(self) -> &'static str {
        ["worker", "reviewer", "manager", "auditor", "admin"][self as usize]
    }
}

/// How far a permission reaches from the point of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Nowhere.
    Not,
    /// The point and everything below it.
    All,
    /// Everything below the point, without the point.
    Low,
    /// The point alone, nothing below it.
    Own,
    /// The points just below the point.
    Kids,
    /// The points just below the point; the root itself as well, which nobody is above.
    Top,
    /// The point, everything below it, and the points above it, which are otherwise out of scope.
    Line,
    /// The point and everything below it, where that is the root or hangs just under it.
    High,
}

use Extent::{All, High, Kids, Line, Low, Not, Own, Top};

/// Permissions × roles: the rows of access.md that the API has today.
pub const MATRIX: [(&str, [Extent; 5]); 32] = [
    //                         worker reviewer manager auditor admin
    ("service_points.read", [All, All, All, All, All]),
    ("service_points.manage", [Not, Not, Low, Not, All]),
    ("statistics.read", [All, All, All, All, All]),
    ("statistics.persons", [All, All, All, All, Not]),
    ("households.read", [All, All, All, All, Not]),
    ("households.write", [All, Not, All, Not, Not]),
    ("assistance.log", [All, Not, All, Not, Not]),
    ("households.show_identity", [Own, Not, All, All, Not]),
    ("households.transfer", [Not, Not, All, Not, Not]),
    ("households.answer_transfer", [Not, Not, All, Not, Not]),
    ("households.export", [Not, Not, All, All, Not]),
    ("households.erase", [Not, Not, All, Not, Not]),
    ("accounts.manage", [Not, Not, All, Not, All]),
    ("audit.read", [Not, Not, All, All, All]),
    ("audit.read_whole", [Not, Not, All, All, Not]),
    ("audit.sign_head", [Not, Not, Not, All, Not]),
    ("reports.read", [All, All, All, All, Not]),
    ("reports.submit", [Own, Own, Own, Not, Not]),
    ("reports.review", [Not, Top, Top, Not, Not]),
    ("reports.reopen", [Not, Kids, Top, Not, Not]),
    ("reports.waive", [Not, Kids, Kids, Not, Not]),
    ("inspections.read", [Not, All, All, All, Not]),
    ("inspections.draw", [Not, Not, Not, All, Not]),
    ("inspections.decide", [Not, All, All, Not, Not]),
    ("doubtful.read", [All, All, All, All, Not]),
    ("doubtful.explain", [Own, Not, All, Not, Not]),
    ("settings.manage", [Not, Not, Not, Not, All]),
    ("periods.except", [Not, Not, Kids, Not, Not]),
    ("notices.read", [Own, Own, Own, Own, Not]),
    ("notices.send", [Not, All, All, Not, Not]),
    ("catalogues.read", [Line, Line, Line, Line, Not]),
    ("catalogues.manage", [Not, Not, High, Not, Not]),
];

/// Which roles a role may give, and manage where they are held.
pub const GIVES: [(Role, &[Role]); 2] = [(Role::Manager, &[Role::Worker, Role::Reviewer]), (Role::Admin, &ROLES)];

fn extent(permission: &str, role: Role) -> Extent {
    let row = MATRIX.iter().find(|(name, _)| *name == permission);
    row.unwrap_or_else(|| panic!("the oracle does not know `{permission}`: add its row of access.md to MATRIX")).1
        [role as usize]
}

/// A grant. Days are counted from the first day of the test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub role: Role,
    pub point: String,
    pub from: i64,
    pub to: Option<i64>,
    pub revoked: bool,
}

impl Held {
    /// A grant from the first day on, without an end.
    pub fn new(role: Role, point: &str) -> Self {
        Self { role, point: point.to_owned(), from: 0, to: None, revoked: false }
    }

    fn ended(&self, today: i64) -> bool {
        self.revoked || self.to.is_some_and(|last| last < today)
    }

    fn in_force(&self, today: i64) -> bool {
        self.from <= today && !self.ended(today)
    }
}

/// The tree of points by their short names.
#[derive(Clone, Debug, Default)]
pub struct Tree(BTreeMap<String, Option<String>>);

impl Tree {
    /// Hangs a point under another, or moves it there.
    pub fn hang(&mut self, point: &str, parent: Option<&str>) {
        self.0.insert(point.to_owned(), parent.map(str::to_owned));
    }

    /// Every point.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The point above.
    pub fn parent(&self, point: &str) -> Option<&str> {
        self.0[point].as_deref()
    }

    /// The points from the root down to the point above this one.
    pub fn ancestors(&self, point: &str) -> Vec<&str> {
        let mut above: Vec<&str> = std::iter::successors(self.parent(point), |name| self.parent(name)).collect();
        above.reverse();
        above
    }

    /// How far below the root a point is.
    pub fn depth(&self, point: &str) -> usize {
        self.ancestors(point).len()
    }

    /// Whether `point` is `top` or below it.
    pub fn covers(&self, top: &str, point: &str) -> bool {
        top == point || self.ancestors(point).contains(&top)
    }
}

/// What the program should answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Access is not what stops it.
    Allowed,
    /// 401.
    SignIn,
    /// 403, until the password is changed.
    ChangePassword,
    /// 403 that names the permission.
    Denied(&'static str),
    /// 403, because nobody manages themselves.
    OwnAccount,
    /// 403, because the role may not be given or managed there.
    RoleNotAllowed,
    /// 404.
    Hidden,
    /// 404 that points at the reference.
    HiddenAt(&'static str),
}

impl Verdict {
    /// The same about a resource that the body or the query refers to.
    pub fn at(self, pointer: &'static str) -> Self {
        if self == Self::Hidden { Self::HiddenAt(pointer) } else { self }
    }

    /// The same about a point that is not to be told: that it is out of scope looks like a missing permission.
    pub fn untold(self, permission: &'static str) -> Self {
        if self == Self::Hidden { Self::Denied(permission) } else { self }
    }
}

/// What may be answered when several conditions must hold: any of those that fail, because the design does not say
/// which one is told; that all is well only when all is.
pub fn all_of(conditions: impl IntoIterator<Item = Verdict>) -> Vec<Verdict> {
    let mut failing: Vec<Verdict> = conditions.into_iter().filter(|verdict| *verdict != Verdict::Allowed).collect();
    failing.sort_unstable();
    failing.dedup();
    if failing.is_empty() { vec![Verdict::Allowed] } else { failing }
}

/// One who asks, on a day, in a tree.
#[derive(Clone, Copy)]
pub struct Oracle<'a> {
    pub tree: &'a Tree,
    pub held: &'a [Held],
    pub today: i64,
}

impl Oracle<'_> {
    /// The grants that count today.
    pub fn in_force(&self) -> impl Iterator<Item = &Held> {
        self.held.iter().filter(|grant| grant.in_force(self.today))
    }

    /// Whether a point is in scope: whatever the roles.
    pub fn sees(&self, point: &str) -> bool {
        self.in_force().any(|grant| self.tree.covers(&grant.point, point))
    }

    /// Whether the permission is held at the point.
    pub fn may(&self, permission: &str, point: &str) -> bool {
        self.in_force().any(|grant| match extent(permission, grant.role) {
            Not => false,
            All => self.tree.covers(&grant.point, point),
            Low => grant.point != point && self.tree.covers(&grant.point, point),
            Own => grant.point == point,
            Kids => self.tree.parent(point) == Some(grant.point.as_str()),
            Top => {
                self.tree.parent(point).is_none_or(|parent| parent == grant.point)
                    && self.tree.covers(&grant.point, point)
            }
            Line => self.tree.covers(&grant.point, point) || self.tree.covers(point, &grant.point),
            High => self.tree.covers(&grant.point, point) && self.tree.depth(point) <= 1,
        })
    }

    fn place(&self, permission: &'static str, point: &str, may: bool) -> Verdict {
        match (self.sees(point), may) {
            // What is above a grant may be reached, though nothing else of that point is in scope.
            (_, true) => Verdict::Allowed,
            (false, false) => Verdict::Hidden,
            (true, false) => Verdict::Denied(permission),
        }
    }

    /// About a resource at a point.
    pub fn at(&self, permission: &'static str, point: &str) -> Verdict {
        self.place(permission, point, self.may(permission, point))
    }

    /// About a place just below a point, which is strictly below whatever covers the point.
    pub fn below(&self, permission: &'static str, parent: &str) -> Verdict {
        let may = self
            .in_force()
            .any(|grant| matches!(extent(permission, grant.role), All | Low) && self.tree.covers(&grant.point, parent));
        self.place(permission, parent, may)
    }

    /// About the permission alone, wherever it is held.
    pub fn anywhere(&self, permission: &'static str) -> Verdict {
        let may = self.in_force().any(|grant| extent(permission, grant.role) != Not);
        if may { Verdict::Allowed } else { Verdict::Denied(permission) }
    }

    /// Whether a role may be given at a point, or managed there.
    pub fn gives(&self, role: Role, point: &str) -> Verdict {
        let may = self.in_force().any(|grant| {
            let roles = GIVES.iter().find(|(giver, _)| *giver == grant.role).map_or(&[][..], |(_, roles)| *roles);
            roles.contains(&role) && self.tree.covers(&grant.point, point)
        });
        if may { Verdict::Allowed } else { Verdict::RoleNotAllowed }
    }

    /// About an account with these grants, each of which must be one that could be given.
    pub fn manages(&self, theirs: &[Held]) -> Verdict {
        let mut theirs = theirs.iter().filter(|grant| !grant.ended(self.today));
        let all = theirs.all(|grant| self.gives(grant.role, &grant.point) == Verdict::Allowed);
        if all { Verdict::Allowed } else { Verdict::RoleNotAllowed }
    }
}
