//! Permissions as types, so that a signature says what a function may do.

use crate::domain::policy::Need;

/// A permission that a handler names in its arguments.
pub trait Permission: Send + Sync + 'static {
    /// What it takes.
    const NEED: Need;
}

/// Declares one type for each permission.
macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident => $need:expr;)+) => {
        /// Every permission there is.
        pub mod can {
            use super::Permission;
            use crate::domain::policy::{Action, Need};
            $(
                $(#[$doc])*
                #[derive(Clone, Copy, Debug)]
                pub struct $name;

                impl Permission for $name {
                    const NEED: Need = $need;
                }
            )+
        }
    };
}

permissions! {
    /// Come in without having signed in.
    Enter => Need::Nothing;
    /// Act on the own account and the own sessions, even with a password that must be changed.
    ActForSelf => Need::Session;
    /// See service points.
    ReadPoints => Need::Grant(Action::ReadPoints);
    /// Open, edit, suspend, move and close service points.
    ManagePoints => Need::Grant(Action::ManagePoints);
    /// See statistics.
    ReadStatistics => Need::Grant(Action::ReadStatistics);
    /// See households, assistance records, stores, organisations, sales and training.
    ReadHouseholds => Need::Grant(Action::ReadHouseholds);
    /// Register and edit households.
    WriteHouseholds => Need::Grant(Action::WriteHouseholds);
    /// Log, correct and void assistance, sales and training; enter and edit stores and organisations.
    LogAssistance => Need::Grant(Action::LogAssistance);
    /// Be shown an identity number or a telephone number whole.
    ShowIdentity => Need::Grant(Action::ShowIdentity);
    /// Transfer a household from one point to another.
    TransferHouseholds => Need::Grant(Action::TransferHouseholds);
    /// Answer a request to transfer a household.
    AnswerTransfers => Need::Grant(Action::AnswerTransfers);
    /// Export the whole file of a household.
    ExportHouseholds => Need::Grant(Action::ExportHouseholds);
    /// Erase the identities of a household that has ended.
    EraseHouseholds => Need::Grant(Action::EraseHouseholds);
    /// Look after the database, on the server's own machine.
    Maintain => Need::Grant(Action::ManagePoints);
    /// See and open accounts, give and revoke grants, reset passwords.
    ManageAccounts => Need::Grant(Action::ManageAccounts);
    /// Read audit events of sign-ins, accounts and grants; of everything where the caller may do that too.
    ReadAudit => Need::Grant(Action::ReadAudit);
    /// Read audit events of every kind.
    ReadWholeAudit => Need::Grant(Action::ReadWholeAudit);
    /// Draw the signed head of the chain of audit events.
    SignHead => Need::Grant(Action::SignHead);
    /// See monthly reports.
    ReadReports => Need::Grant(Action::ReadReports);
    /// Send a monthly report in, and take it back before it is reviewed.
    SubmitReports => Need::Grant(Action::SubmitReports);
    /// Approve or return a monthly report.
    ReviewReports => Need::Grant(Action::ReviewReports);
    /// Open an approved monthly report again.
    ReopenReports => Need::Grant(Action::ReopenReports);
    /// Go without a child's monthly report.
    WaiveReports => Need::Grant(Action::WaiveReports);
    /// See inspections, what they drew and what they found.
    ReadInspections => Need::Grant(Action::ReadInspections);
    /// Frame and draw inspections, note their results, ask for what follows.
    DrawInspections => Need::Grant(Action::DrawInspections);
    /// Decide what follows from what an inspection found.
    DecideFindings => Need::Grant(Action::DecideFindings);
    /// See doubtful items and their explanations.
    ReadDoubtful => Need::Grant(Action::ReadDoubtful);
    /// Explain a doubtful item.
    ExplainDoubtful => Need::Grant(Action::ExplainDoubtful);
    /// Change settings: due days and lock windows.
    ManageSettings => Need::Grant(Action::ManageSettings);
    /// Let a child enter something for a month that is locked.
    ExceptPeriods => Need::Grant(Action::ExceptPeriods);
    /// See the notices of the own point, and mark them as read.
    ReadNotices => Need::Grant(Action::ReadNotices);
    /// Remind points of reports that are due, and announce something to a subtree.
    SendNotices => Need::Grant(Action::SendNotices);
    /// See the catalogues of the own points, of those below and of those above them.
    ReadCatalogues => Need::Grant(Action::ReadCatalogues);
    /// Keep the catalogues of a county or of the bureau.
    ManageCatalogues => Need::Grant(Action::ManageCatalogues);
}
