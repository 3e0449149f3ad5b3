//! Due days and lock windows: set at the bureau, for months that have not ended.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    audit,
    idempotence::{Made, replay, request_digest},
    input::Faults,
};
use crate::{
    auth::{Tx, can},
    db::{
        reporting_rules::{self, ReportingRule},
        service_points,
    },
    domain::{Id, Month, codes::Tier},
    error::{Error, Result},
};

/// When the reports of a tier are due from a month on, and after which day nothing is entered for a month.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetReportingRule {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// Whose reports.
    pub tier: Tier,
    /// The day of the next month by whose end they are due.
    #[validate(range(min = 1, max = 28))]
    #[schema(minimum = 1, maximum = 28)]
    pub due_day: i32,
    /// The last day of the next month on which entries are taken; none when months are not locked.
    #[validate(range(min = 1, max = 28))]
    #[schema(minimum = 1, maximum = 28)]
    pub lock_day: Option<i32>,
    /// The first month for which it counts; it must not have ended.
    pub valid_from: Month,
}

/// Sets a rule. Whatever was set for the same tier and month before does not count any more.
///
/// # Errors
/// The bureau is not within reach; the month has ended.
pub fn set(tx: &mut Tx<'_, can::ManageSettings>, request: &SetReportingRule) -> Result<Made<ReportingRule>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, reporting_rules::find)? {
        return Ok(made);
    }
    let root = service_points::root(tx.conn())?.ok_or(Error::NotFound)?;
    tx.check(&root.path)?;
    let mut faults = Faults::of(request);
    faults.id(request.id);
    faults.unless(request.valid_from >= tx.today().month(), "/valid_from", "before_present_month");
    faults.finish()?;
    let rule = ReportingRule {
        id: request.id.unwrap_or_else(|| tx.new_id()),
        service_point_id: root.id,
        tier: request.tier,
        due_day: request.due_day,
        lock_day: request.lock_day,
        valid_from: request.valid_from,
        created_by: tx.account_id()?,
        request_digest: digest.to_vec(),
        created_at: tx.now(),
    };
    reporting_rules::insert(tx.conn(), &rule)?;
    audit::created(tx, "reporting_rule.set", &rule)?;
    Ok(Made::New(rule))
}

/// Everything that was set, in the order in which that was done. Everybody may know when reports are due.
///
/// # Errors
/// The database's own.
pub fn list(tx: &mut Tx<'_, can::ReadPoints>) -> Result<Vec<ReportingRule>> {
    tx.reach()?;
    Ok(reporting_rules::all(tx.conn())?)
}

/// One of them.
///
/// # Errors
/// There is none.
pub fn get(tx: &mut Tx<'_, can::ReadPoints>, id: Id) -> Result<ReportingRule> {
    list(tx)?.into_iter().find(|rule| rule.id == id).ok_or(Error::NotFound)
}
