//! Counters for Prometheus, named after its conventions. They hold routes and statuses, never who or what.

use prometheus::{Encoder as _, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

use crate::{
    db::Db,
    error::{Error, Result},
};

/// The counters of a server.
#[derive(Clone, Debug)]
pub struct Telemetry {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
}

impl Telemetry {
    /// # Errors
    /// When a name is not one that Prometheus takes.
    pub fn new() -> Result<Self> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("terrace_http_requests_total", "Requests answered."),
            &["method", "route", "status"],
        )
        .map_err(Error::internal)?;
        let buckets = vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
        let seconds = HistogramVec::new(
            HistogramOpts::new("terrace_http_request_duration_seconds", "Time from a request to its answer.")
                .buckets(buckets),
            &["method", "route"],
        )
        .map_err(Error::internal)?;
        registry.register(Box::new(requests.clone())).map_err(Error::internal)?;
        registry.register(Box::new(seconds.clone())).map_err(Error::internal)?;
        Ok(Self { registry, requests, seconds })
    }

    /// Counts a request. Unknown methods count as one, so that a caller cannot make up series.
    pub fn observe(&self, method: &str, route: &str, status: u16, seconds: f64) {
        let method = if ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"].contains(&method) {
            method
        } else {
            "other"
        };
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.seconds.with_label_values(&[method, route]).observe(seconds);
    }

    /// Everything in Prometheus' text format, with how many audit events wait for their place in the chain, if that is known.
    ///
    /// # Errors
    /// When a counter cannot be written.
    pub fn text(&self, unsealed: Option<i64>) -> Result<String> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text).map_err(Error::internal)?;
        let (jobs, commits) = Db::writer_counts();
        let mut text = String::from_utf8(text).map_err(Error::internal)?;
        for (name, help, value) in [
            ("terrace_writer_jobs_total", "Writes that the SQLite writer has done.", jobs),
            ("terrace_writer_commits_total", "Commits that these writes shared.", commits),
        ] {
            text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} counter\n{name} {value}\n"));
        }
        if let Some(unsealed) = unsealed {
            let name = "terrace_audit_unsealed_events";
            let help = "Audit events that wait for their place in the chain.";
            text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {unsealed}\n"));
        }
        Ok(text)
    }
}
