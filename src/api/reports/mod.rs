//! `/reports`, `/report-waivers`, and the report of a service point for a month.

mod answers;
mod queue;
mod waivers;

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use answers::{DifferenceAnswer, MonthAnswer, ReportAnswer, SubmissionAnswer, month_answer};

use super::{
    answer::{Changed, Created, Item, List, Plain},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, IfMatch, Pages, PathId, Query},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::{
        households::Reason,
        reports::{self as app, ApproveMany, ApproveReport, SubmitAgain, SubmitReport},
    },
    auth::{Authorized, can},
    db::{Cost, reports::Filter},
    domain::{Id, Month, codes::ReportState},
    error::Result,
};

const PATH: &str = "/api/v1/reports";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "reports", id, summary };
    let mut rows = vec![
        endpoint(Method::GET, PATH, heading("list_reports", "List monthly reports."), list),
        endpoint(
            Method::POST,
            PATH,
            heading("submit_report", "Send a month in for the first time; that closes it."),
            submit,
        ),
        endpoint(
            Method::POST,
            "/api/v1/reports/approve",
            heading("approve_reports", "Approve many reports at once: all of them, or none."),
            approve_many,
        ),
        endpoint(Method::GET, "/api/v1/reports/{id}", heading("get_report", "Show a report as it was sent in."), get),
        endpoint(
            Method::GET,
            "/api/v1/reports/{id}/submissions",
            heading("list_submissions", "Show what was sent in each time, and what became of it."),
            submissions,
        ),
        endpoint(
            Method::GET,
            "/api/v1/reports/{id}/differences",
            heading("list_report_differences", "List the records that are not what was sent in."),
            differences,
        ),
        endpoint(
            Method::POST,
            "/api/v1/reports/{id}/submit",
            heading("submit_report_again", "Send a month in again."),
            submit_again,
        ),
        endpoint(
            Method::POST,
            "/api/v1/reports/{id}/withdraw",
            heading("withdraw_report", "Take a report back before anybody decides."),
            withdraw,
        ),
        endpoint(
            Method::POST,
            "/api/v1/reports/{id}/approve",
            heading("approve_report", "Approve the content with this digest; the bureau's own is final then."),
            approve,
        ),
        endpoint(
            Method::POST,
            "/api/v1/reports/{id}/return",
            heading("return_report", "Send a report back with a reason."),
            send_back,
        ),
        endpoint(
            Method::POST,
            "/api/v1/reports/{id}/reopen",
            heading("reopen_report", "Open an approved report again, with a reason."),
            reopen,
        ),
        endpoint(
            Method::GET,
            "/api/v1/service-points/{id}/report",
            heading("get_month", "Show a point's report for a month as it was sent in, beside what it would say now."),
            month,
        ),
    ];
    rows.push(queue::endpoint_of_queue());
    rows.extend(waivers::endpoints());
    rows
}

/// What a list of reports is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ReportsFilters {
    /// Points in the subtree of this point only.
    service_point_id: Option<Id>,
    /// Children of this point only.
    parent_id: Option<Id>,
    /// This month only.
    #[param(inline)]
    month: Option<Month>,
    /// This state only.
    #[param(inline)]
    state: Option<ReportState>,
}

impl Filters for ReportsFilters {
    const NAME: &'static str = "reports";
}

/// The differences of a report, from their beginning.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DifferencesFilters {}

impl Filters for DifferencesFilters {
    const NAME: &'static str = "report-differences";
}

/// The differences of this report: so that a cursor is of this list alone.
#[derive(Debug, Serialize)]
struct DifferencesOf {
    report: Id,
}

impl Filters for DifferencesOf {
    const NAME: &'static str = "report-differences";
}

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MonthQuery {
    /// The month, such as `2026-10`.
    #[param(inline)]
    month: Month,
}

/// Reports that were approved together.
#[derive(Debug, Serialize, ToSchema)]
struct ApprovedReports {
    /// As they are now, in the order in which they were named.
    items: Vec<ReportAnswer>,
}

async fn list(
    access: Authorized<can::ReadReports>,
    pages: Pages<ReportsFilters>,
) -> Result<List<ReportAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let ReportsFilters { service_point_id, parent_id, month, state } = &listing.filters;
        let filter = Filter { month: *month, state: *state, parent_id: *parent_id };
        let found = app::list(tx, *service_point_id, &filter, &want)?;
        let who = tx.actor().account_id();
        page::list(tx, listing, found, |(report, _)| report.id, |row| Ok(ReportAnswer::of(row, who)))
    });
    Ok(page.await?)
}

async fn submit(
    access: Authorized<can::SubmitReports>,
    body: Body<SubmitReport>,
) -> Result<Created<ReportAnswer>, Problem> {
    let made = access.write(body, |tx, asked| app::submit(tx, asked)?.map(|report| answers::changed(tx, report)));
    Ok(Created(made.await?, PATH))
}

async fn approve_many(
    access: Authorized<can::ReviewReports>,
    body: Body<ApproveMany>,
) -> Result<Plain<ApprovedReports>, Problem> {
    let approved = access.write(body, |tx, asked| {
        let reports = app::approve_many(tx, asked)?;
        reports.into_iter().map(|report| answers::changed(tx, report)).collect::<Result<Vec<_>>>()
    });
    Ok(Plain(ApprovedReports { items: approved.await? }))
}

async fn get(access: Authorized<can::ReadReports>, id: PathId) -> Result<Item<SubmissionAnswer>, Problem> {
    let report = access.read(Cost::Quick, id, |tx, id| {
        let (report, submission, children) = app::get(tx, *id)?;
        answers::submission(tx, (report, submission), &children)
    });
    Ok(Item(report.await?))
}

async fn submissions(access: Authorized<can::ReadReports>, id: PathId) -> Result<List<answers::SentAnswer>, Problem> {
    let items = access.read(Cost::Slow, id, |tx, id| {
        app::submissions(tx, *id)?.into_iter().map(answers::SentAnswer::of).collect::<Result<Vec<_>>>()
    });
    Ok(List { items: items.await?, next_cursor: None, count: None })
}

async fn differences(
    access: Authorized<can::ReadReports>,
    id: PathId,
    pages: Pages<DifferencesFilters>,
) -> Result<List<DifferenceAnswer>, Problem> {
    let page = access.read(Cost::Slow, (id, pages), |tx, (id, listing)| {
        let listing = listing.with(DifferencesOf { report: *id });
        let want = page::want(tx, &listing)?;
        let found = app::differences(tx, *id, &want)?;
        page::list(tx, &listing, found, |difference| difference.record_id, |difference| Ok(difference.into()))
    });
    Ok(page.await?)
}

async fn submit_again(
    access: Authorized<can::SubmitReports>,
    id: PathId,
    version: IfMatch,
    body: Body<SubmitAgain>,
) -> Result<Changed<ReportAnswer>, Problem> {
    let report = access.write((id, version, body), |tx, (id, version, asked)| {
        let report = app::submit_again(tx, *id, *version, asked)?;
        answers::changed(tx, report)
    });
    Ok(Changed(report.await?))
}

async fn withdraw(
    access: Authorized<can::SubmitReports>,
    id: PathId,
    version: IfMatch,
) -> Result<Changed<ReportAnswer>, Problem> {
    let report = access.write((id, version), |tx, (id, version)| {
        let report = app::withdraw(tx, *id, *version)?;
        answers::changed(tx, report)
    });
    Ok(Changed(report.await?))
}

async fn approve(
    access: Authorized<can::ReviewReports>,
    id: PathId,
    version: IfMatch,
    body: Body<ApproveReport>,
) -> Result<Changed<ReportAnswer>, Problem> {
    let report = access.write((id, version, body), |tx, (id, version, asked)| {
        let report = app::approve(tx, *id, *version, asked)?;
        answers::changed(tx, report)
    });
    Ok(Changed(report.await?))
}

async fn send_back(
    access: Authorized<can::ReviewReports>,
    id: PathId,
    version: IfMatch,
    body: Body<Reason>,
) -> Result<Changed<ReportAnswer>, Problem> {
    let report = access.write((id, version, body), |tx, (id, version, asked)| {
        let report = app::send_back(tx, *id, *version, asked)?;
        answers::changed(tx, report)
    });
    Ok(Changed(report.await?))
}

async fn reopen(
    access: Authorized<can::ReopenReports>,
    id: PathId,
    version: IfMatch,
    body: Body<Reason>,
) -> Result<Changed<ReportAnswer>, Problem> {
    let report = access.write((id, version, body), |tx, (id, version, asked)| {
        let report = app::reopen(tx, *id, *version, asked)?;
        answers::changed(tx, report)
    });
    Ok(Changed(report.await?))
}

async fn month(
    access: Authorized<can::ReadReports>,
    id: PathId,
    query: Query<MonthQuery>,
) -> Result<Plain<MonthAnswer>, Problem> {
    let view = access.read(Cost::Slow, (id, query), |tx, (id, query)| {
        let view = app::view(tx, *id, query.month)?;
        month_answer(tx, view, query.month)
    });
    Ok(Plain(view.await?))
}
