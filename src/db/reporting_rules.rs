//! Due days and lock windows, as they were set.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

use super::{
    Conn, QueryResult,
    schema::{reporting_rules, service_points},
};
use crate::domain::{
    Id, Instant, Month, PointPath,
    access::Placed,
    audit::Audited,
    codes::Tier,
    timeliness::{Rule, Rules},
};

/// When the reports of a tier are due, and when a month is locked for it. It is never changed; a later one takes its place.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = reporting_rules, treat_none_as_default_value = false)]
pub struct ReportingRule {
    /// The rule.
    pub id: Id,
    /// The bureau.
    pub service_point_id: Id,
    /// Whose reports.
    pub tier: Tier,
    /// The day of the next month by whose end they are due.
    pub due_day: i32,
    /// The last day of the next month on which entries are taken.
    pub lock_day: Option<i32>,
    /// The first month for which it counts.
    pub valid_from: Month,
    /// The account that set it.
    pub created_by: Id,
    /// The digest of the request that did.
    #[serde(skip)]
    pub request_digest: Vec<u8>,
    /// When that was.
    pub created_at: Instant,
}

impl Audited for ReportingRule {
    const TYPE: &'static str = "reporting_rule";
    const PERSONAL: &'static [&'static str] = &[];

    fn id(&self) -> Id {
        self.id
    }

    fn service_point_id(&self) -> Id {
        self.service_point_id
    }

    fn version(&self) -> i64 {
        1
    }
}

impl ReportingRule {
    /// What it says.
    pub fn rule(&self) -> Rule {
        let day = |day: i32| u32::try_from(day).unwrap_or(1);
        let (due_day, lock_day) = (day(self.due_day), self.lock_day.map(day));
        Rule { tier: self.tier, due_day, lock_day, valid_from: Some(self.valid_from) }
    }
}

/// The rule with this id, placed at the bureau.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<ReportingRule>>> {
    let row: Option<(ReportingRule, PointPath)> = reporting_rules::table
        .inner_join(service_points::table)
        .filter(reporting_rules::id.eq(id))
        .select((reporting_rules::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(rule, path)| Placed::new(rule, path)))
}

/// Everything that was set, in the order in which that was done. It is set by hand, so it is never much.
///
/// # Errors
/// The database's own.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<ReportingRule>> {
    reporting_rules::table.order((reporting_rules::created_at, reporting_rules::id)).load(conn)
}

/// What counts.
///
/// # Errors
/// The database's own.
pub fn rules(conn: &mut Conn) -> QueryResult<Rules> {
    Ok(Rules::new(all(conn)?.iter().map(ReportingRule::rule)))
}

/// Puts a new rule in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, rule: &ReportingRule) -> QueryResult<()> {
    diesel::insert_into(reporting_rules::table).values(rule).execute(conn)?;
    Ok(())
}
