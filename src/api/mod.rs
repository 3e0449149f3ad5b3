//! HTTP, and nothing else: requests in, use cases called, answers out. One file per resource.
//!
//! [`endpoints`] is the one table: the routes, the API's description and the tests of permissions read it.

pub mod accounts;
pub mod annual_report;
pub mod answer;
pub mod assistance_records;
pub mod audit_events;
pub mod auth;
pub mod batches;
pub mod catalogues;
pub mod changes;
pub mod console;
pub mod doubtful_items;
pub mod endpoint;
pub mod extract;
pub mod figure_rows;
pub mod grants;
pub mod households;
pub mod inspection_findings;
pub mod inspection_items;
pub mod inspections;
mod ledgers;
pub mod livelihoods;
pub mod logistics;
pub mod members;
pub mod middleware;
pub mod notices;
pub mod operations;
pub mod page;
pub mod payments;
pub mod period_exceptions;
pub mod problem;
pub mod reference;
mod registers;
pub mod reporting_rules;
pub mod reports;
pub mod sales;
pub mod service_points;
pub mod spec;
pub mod statistics;
pub mod stores;
pub mod telemetry;
pub mod timeliness;
pub mod training;
pub mod transfer_requests;
pub mod verifications;
pub mod words;

use endpoint::Endpoint;

/// Every endpoint there is.
pub fn endpoints() -> Vec<Endpoint> {
    [
        console::endpoints(),
        operations::endpoints(),
        auth::endpoints(),
        service_points::endpoints(),
        statistics::endpoints(),
        annual_report::endpoints(),
        figure_rows::endpoints(),
        accounts::endpoints(),
        grants::endpoints(),
        households::endpoints(),
        members::endpoints(),
        transfer_requests::endpoints(),
        assistance_records::endpoints(),
        batches::endpoints(),
        changes::endpoints(),
        inspections::endpoints(),
        inspection_items::endpoints(),
        inspection_findings::endpoints(),
        audit_events::endpoints(),
        verifications::endpoints(),
        reference::endpoints(),
        reports::endpoints(),
        doubtful_items::endpoints(),
        reporting_rules::endpoints(),
        period_exceptions::endpoints(),
        timeliness::endpoints(),
        notices::endpoints(),
        catalogues::endpoints(),
        stores::endpoints(),
        sales::endpoints(),
        training::endpoints(),
        logistics::endpoints(),
        livelihoods::endpoints(),
        payments::endpoints(),
    ]
    .concat()
}
