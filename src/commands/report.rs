//! `terrace report`: what the figures say, for whoever runs the server's own machine.

use super::{Failure, line::ReportFormat, on_house, start_log, words};
use crate::{
    api::annual_report::{AnnualReportAnswer, page},
    app::maintenance,
    config::Config,
};

/// Prints the annual report of a point.
///
/// # Errors
/// There is no such point, or why it cannot.
pub fn annual(config: &Config, year: i32, point: Option<&str>, format: ReportFormat) -> Result<(), Failure> {
    start_log(config.log_format, true);
    let code = point.map(str::to_owned);
    let report =
        on_house(config, async |house| maintenance::annual_report(&house.gate, code, year).await.map_err(words))?;
    let report = report.ok_or_else(|| match point {
        Some(code) => format!("there is no service point with the region code {code}"),
        None => "the database has no service points yet".to_owned(),
    })?;
    match format {
        ReportFormat::Text => print!("{}", page::text(&report)),
        ReportFormat::Html => println!("{}", page::html(&report)),
        ReportFormat::Json => {
            let answer = AnnualReportAnswer::from(report);
            println!("{}", serde_json::to_string_pretty(&answer).map_err(|error| error.to_string())?);
        }
    }
    Ok(())
}
