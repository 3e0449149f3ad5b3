//! The policy: which role may do what, and how far from the point of its grant.
//!
//! This is the only place that knows. `docs/permissions.md` is the same matrix for people; a test keeps the
//! two equal.

use super::codes::Role;

/// Something that needs a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// See service points, their ancestors and their history.
    ReadPoints,
    /// Open, edit, suspend, move and close service points.
    ManagePoints,
    /// See statistics.
    ReadStatistics,
    /// See households, assistance records, stores, organisations, sales and training.
    ReadHouseholds,
    /// Register and edit households.
    WriteHouseholds,
    /// Log, correct and void assistance, sales and training; enter and edit stores and organisations.
    LogAssistance,
    /// See statistics of households and persons.
    ReadPersonStatistics,
    /// Be shown an identity number or a telephone number whole.
    ShowIdentity,
    /// Transfer a household from one point to another.
    TransferHouseholds,
    /// Answer a request to transfer a household.
    AnswerTransfers,
    /// Export the whole file of a household.
    ExportHouseholds,
    /// Erase the identities of a household that has ended.
    EraseHouseholds,
    /// See and open accounts, give and revoke grants, reset passwords.
    ManageAccounts,
    /// Read audit events of sign-ins, accounts and grants.
    ReadAudit,
    /// Read audit events of every kind.
    ReadWholeAudit,
    /// Draw the signed head of the chain of audit events.
    SignHead,
    /// See monthly reports.
    ReadReports,
    /// Send a monthly report in, and take it back before it is reviewed.
    SubmitReports,
    /// Approve or return a monthly report.
    ReviewReports,
    /// Open an approved monthly report again.
    ReopenReports,
    /// Go without a child's monthly report.
    WaiveReports,
    /// See inspections, what they drew and what they found.
    ReadInspections,
    /// Frame and draw inspections, note their results, ask for what follows.
    DrawInspections,
    /// Decide what follows from what an inspection found.
    DecideFindings,
    /// See doubtful items and their explanations.
    ReadDoubtful,
    /// Explain a doubtful item.
    ExplainDoubtful,
    /// Change settings: due days and lock windows.
    ManageSettings,
    /// Let a child enter something for a month that is locked.
    ExceptPeriods,
    /// See the notices of the own point, and mark them as read.
    ReadNotices,
    /// Remind points of reports that are due, and announce something to a subtree.
    SendNotices,
    /// See the catalogues of the own points, of those below and of those above them: platforms, partners, products, campaigns.
    ReadCatalogues,
    /// Keep the catalogues of a county or of the bureau.
    ManageCatalogues,
}

/// How far a permission reaches from the point of the grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Extent {
    /// The point and everything below it.
    Subtree,
    /// Everything below the point, not the point itself.
    Below,
    /// The point itself, nothing below it.
    Own,
    /// The points just below the point, nothing else.
    Children,
    /// What the point reviews: the points just below it, and at the root, which nobody is above, itself.
    Reviewed,
    /// The point, everything below it, and the points above it.
    Lineage,
    /// The point and what is below it, as far as that is a county or the bureau.
    Upper,
}

/// What a request must bring before anything is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// Nothing: health checks, documentation, signing in.
    Nothing,
    /// A session, even one whose password must still be changed.
    Session,
    /// A session and, where the resource lies, a grant with this action.
    Grant(Action),
}

impl Action {
    /// Every action, in the order of the matrix.
    pub const ALL: &'static [Self] = &[
        Self::ReadPoints,
        Self::ManagePoints,
        Self::ReadStatistics,
        Self::ReadHouseholds,
        Self::WriteHouseholds,
        Self::LogAssistance,
        Self::ReadPersonStatistics,
        Self::ShowIdentity,
        Self::TransferHouseholds,
        Self::AnswerTransfers,
        Self::ExportHouseholds,
        Self::EraseHouseholds,
        Self::ManageAccounts,
        Self::ReadAudit,
        Self::ReadWholeAudit,
        Self::SignHead,
        Self::ReadReports,
        Self::SubmitReports,
        Self::ReviewReports,
        Self::ReopenReports,
        Self::WaiveReports,
        Self::ReadInspections,
        Self::DrawInspections,
        Self::DecideFindings,
        Self::ReadDoubtful,
        Self::ExplainDoubtful,
        Self::ManageSettings,
        Self::ExceptPeriods,
        Self::ReadNotices,
        Self::SendNotices,
        Self::ReadCatalogues,
        Self::ManageCatalogues,
    ];

    /// The name that a refusal tells and that `/me` lists.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReadPoints => "service_points.read",
            Self::ManagePoints => "service_points.manage",
            Self::ReadStatistics => "statistics.read",
            Self::ReadHouseholds => "households.read",
            Self::WriteHouseholds => "households.write",
            Self::LogAssistance => "assistance.log",
            Self::ReadPersonStatistics => "statistics.persons",
            Self::ShowIdentity => "households.show_identity",
            Self::TransferHouseholds => "households.transfer",
            Self::AnswerTransfers => "households.answer_transfer",
            Self::ExportHouseholds => "households.export",
            Self::EraseHouseholds => "households.erase",
            Self::ManageAccounts => "accounts.manage",
            Self::ReadAudit => "audit.read",
            Self::ReadWholeAudit => "audit.read_whole",
            Self::SignHead => "audit.sign_head",
            Self::ReadReports => "reports.read",
            Self::SubmitReports => "reports.submit",
            Self::ReviewReports => "reports.review",
            Self::ReopenReports => "reports.reopen",
            Self::WaiveReports => "reports.waive",
            Self::ReadInspections => "inspections.read",
            Self::DrawInspections => "inspections.draw",
            Self::DecideFindings => "inspections.decide",
            Self::ReadDoubtful => "doubtful.read",
            Self::ExplainDoubtful => "doubtful.explain",
            Self::ManageSettings => "settings.manage",
            Self::ExceptPeriods => "periods.except",
            Self::ReadNotices => "notices.read",
            Self::SendNotices => "notices.send",
            Self::ReadCatalogues => "catalogues.read",
            Self::ManageCatalogues => "catalogues.manage",
        }
    }
}

/// How far the role's permission reaches; none when the role does not have it.
pub const fn extent(role: Role, action: Action) -> Option<Extent> {
    use Action as A;
    use Extent::{Below, Children, Lineage, Own, Reviewed, Subtree, Upper};
    use Role as R;
    match (action, role) {
        (A::ReadPoints | A::ReadStatistics, _) => Some(Subtree),
        (A::ManagePoints, R::Admin) => Some(Subtree),
        (A::ManagePoints, R::Manager) => Some(Below),
        (A::ReadHouseholds | A::ReadPersonStatistics, R::Worker | R::Reviewer | R::Manager | R::Auditor) => {
            Some(Subtree)
        }
        (A::WriteHouseholds | A::LogAssistance, R::Worker | R::Manager) => Some(Subtree),
        (A::ShowIdentity, R::Worker) => Some(Own),
        (A::ShowIdentity | A::ExportHouseholds, R::Manager | R::Auditor) => Some(Subtree),
        (A::TransferHouseholds | A::AnswerTransfers | A::EraseHouseholds, R::Manager) => Some(Subtree),
        (A::ManageAccounts, R::Manager | R::Admin) => Some(Subtree),
        (A::ReadAudit, R::Manager | R::Auditor | R::Admin) => Some(Subtree),
        (A::ReadWholeAudit, R::Manager | R::Auditor) | (A::SignHead, R::Auditor) => Some(Subtree),
        (A::ReadReports, R::Worker | R::Reviewer | R::Manager | R::Auditor) => Some(Subtree),
        (A::SubmitReports, R::Worker | R::Reviewer | R::Manager) => Some(Own),
        (A::ReviewReports, R::Reviewer | R::Manager) | (A::ReopenReports, R::Manager) => Some(Reviewed),
        (A::ReopenReports, R::Reviewer) | (A::WaiveReports, R::Reviewer | R::Manager) => Some(Children),
        (A::ReadInspections, R::Reviewer | R::Manager | R::Auditor) => Some(Subtree),
        (A::DrawInspections, R::Auditor) | (A::DecideFindings, R::Reviewer | R::Manager) => Some(Subtree),
        (A::ReadDoubtful, R::Worker | R::Reviewer | R::Manager | R::Auditor) => Some(Subtree),
        (A::ExplainDoubtful, R::Worker) => Some(Own),
        (A::ExplainDoubtful, R::Manager) => Some(Subtree),
        (A::ManageSettings, R::Admin) | (A::SendNotices, R::Reviewer | R::Manager) => Some(Subtree),
        (A::ExceptPeriods, R::Manager) => Some(Children),
        (A::ReadNotices, R::Worker | R::Reviewer | R::Manager | R::Auditor) => Some(Own),
        (A::ReadCatalogues, R::Worker | R::Reviewer | R::Manager | R::Auditor) => Some(Lineage),
        (A::ManageCatalogues, R::Manager) => Some(Upper),
        (
            A::ManagePoints
            | A::ReadHouseholds
            | A::ReadPersonStatistics
            | A::WriteHouseholds
            | A::LogAssistance
            | A::ShowIdentity
            | A::TransferHouseholds
            | A::AnswerTransfers
            | A::ExportHouseholds
            | A::EraseHouseholds
            | A::ManageAccounts
            | A::ReadAudit
            | A::ReadWholeAudit
            | A::SignHead
            | A::ReadReports
            | A::SubmitReports
            | A::ReviewReports
            | A::ReopenReports
            | A::WaiveReports
            | A::ReadInspections
            | A::DrawInspections
            | A::DecideFindings
            | A::ReadDoubtful
            | A::ExplainDoubtful
            | A::ManageSettings
            | A::ExceptPeriods
            | A::ReadNotices
            | A::SendNotices
            | A::ReadCatalogues
            | A::ManageCatalogues,
            _,
        ) => None,
    }
}

/// Whether who holds `own` may give, revoke or manage a grant of `given`.
pub const fn may_grant(own: Role, given: Role) -> bool {
    match own {
        Role::Admin => true,
        Role::Manager => matches!(given, Role::Worker | Role::Reviewer),
        Role::Worker | Role::Reviewer | Role::Auditor => false,
    }
}

/// The matrix as a Markdown table: role × action, and who may give which role.
pub fn matrix() -> String {
    let header: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
    let mut lines =
        vec![format!("| action | {} |", header.join(" | ")), format!("|---|{}", "---|".repeat(header.len()))];
    for action in Action::ALL {
        let cells: Vec<&str> = Role::ALL
            .iter()
            .map(|role| match extent(*role, *action) {
                Some(Extent::Subtree) => "subtree",
                Some(Extent::Below) => "below own point",
                Some(Extent::Own) => "own point",
                Some(Extent::Children) => "children",
                Some(Extent::Reviewed) => "children; the bureau also itself",
                Some(Extent::Lineage) => "subtree and points above",
                Some(Extent::Upper) => "subtree, at a county or the bureau",
                None => "–",
            })
            .collect();
        lines.push(format!("| `{}` | {} |", action.code(), cells.join(" | ")));
    }
    for given in Role::ALL {
        let cells: Vec<&str> = Role::ALL.iter().map(|own| if may_grant(*own, *given) { "yes" } else { "–" }).collect();
        lines.push(format!("| give or manage a grant of `{}` | {} |", given.code(), cells.join(" | ")));
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_matrix_is_the_code() {
        let committed = include_str!("../../docs/permissions.md");
        assert!(
            committed.contains(&matrix()),
            "docs/permissions.md does not hold this matrix; review the change and put it there:\n{}",
            matrix()
        );
    }
}
