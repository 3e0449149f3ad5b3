//! What is handed from the plan to the writing: the work of one transaction, and who does it.

use crate::{
    app::{
        assistance_records::{CorrectAssistance, LogAssistance},
        households::{ChangeStatus, ChangeType, Reason, RegisterHousehold, TransferHousehold},
        ledger::VoidEntry,
        reports::{SubmitReport, WaiveReport},
    },
    domain::{Id, Instant},
};

/// What is done in one transaction.
#[derive(Clone, Debug)]
pub enum Sitting {
    /// Households are registered, or some that are registered are changed.
    Write(Vec<By<Act>>),
    /// Assistance is logged.
    Log(Vec<By<Page>>),
    /// Households are transferred.
    Transfer(Vec<By<(Instant, Id, TransferHousehold)>>),
    /// Reports are sent in.
    Submit(Vec<By<(Instant, Sent)>>),
    /// Reports are decided about.
    Review(Vec<By<(Instant, Id, Verdict)>>),
    /// Reports that were approved are opened again.
    Reopen(Vec<By<(Instant, Id, Reason)>>),
    /// Reports are not waited for.
    Waive(Vec<By<(Instant, WaiveReport)>>),
}

/// Who does something, by the account.
#[derive(Clone, Debug)]
pub struct By<T>(pub Id, pub T);

/// What is done to a household.
#[derive(Clone, Debug)]
pub enum Act {
    /// It is registered.
    Register(Instant, Box<RegisterHousehold>),
    /// It is of another type.
    ChangeType(Instant, Id, ChangeType),
    /// It moves away or dissolves.
    ChangeStatus(Instant, Id, ChangeStatus),
}

/// What a point gave to a household.
#[derive(Clone, Debug)]
pub struct Page {
    /// To whom.
    pub household: Id,
    /// By whom.
    pub giver: Id,
    /// What.
    pub entries: Vec<Entry>,
}

/// A record, and what becomes of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When it is logged.
    pub at: Instant,
    /// What it says.
    pub request: LogAssistance,
    /// What somebody finds out later.
    pub later: Option<(Instant, Later)>,
}

/// What becomes of a record.
#[derive(Clone, Debug)]
pub enum Later {
    /// It is made to say something else.
    Correct(CorrectAssistance),
    /// It is taken back.
    Void(VoidEntry),
}

/// A report that is sent in.
#[derive(Clone, Debug)]
pub enum Sent {
    /// For the first time.
    First(SubmitReport),
    /// Another time.
    Again(Id),
}

/// What is decided about a report.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It is right.
    Approve,
    /// It is not.
    Return(Reason),
}
