//! What is not the API: the documentation, health, readiness, metrics.

use std::sync::Arc;

use actix_web::{HttpResponse, http::Method};

use super::{
    endpoint::{Endpoint, page},
    extract::Request,
    middleware::Surroundings,
    problem::Problem,
};
use crate::{
    app::audit_events,
    auth::{Authorized, can},
    db::Cost,
    error::{Error, Result},
};

/// The description, as the program writes it; the file in the repository is the same.
const OPENAPI: &str = include_str!("../../openapi.yaml");
/// The documentation's own page sets styles on its elements.
const DOCS_CSP: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        page(Method::GET, "/openapi.yaml", openapi),
        page(Method::GET, "/docs", docs_folder),
        page(Method::GET, "/docs/{file:.*}", docs),
        page(Method::GET, "/healthz", health),
        page(Method::GET, "/readyz", ready),
        page(Method::GET, "/metrics", metrics),
    ]
}

fn file(kind: &str, content: impl Into<String>) -> HttpResponse {
    HttpResponse::Ok().content_type(kind).insert_header(("cache-control", "no-cache")).body(content.into())
}

async fn openapi(_access: Authorized<can::Enter>) -> Result<HttpResponse, Problem> {
    Ok(file("application/yaml", OPENAPI))
}

async fn docs_folder(_access: Authorized<can::Enter>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::PermanentRedirect().insert_header(("location", "/docs/")).finish())
}

async fn docs(_access: Authorized<can::Enter>, request: Request) -> Result<HttpResponse, Problem> {
    // Without a validator: its badge would tell a foreign server about this one.
    let config = utoipa_swagger_ui::Config::from("/openapi.yaml").validator_url("none");
    let file = utoipa_swagger_ui::serve(request.0.match_info().query("file"), Arc::new(config))
        .map_err(Error::internal)?
        .ok_or(Problem::UnknownRoute)?;
    Ok(HttpResponse::Ok()
        .content_type(file.content_type)
        .insert_header(("cache-control", "no-cache"))
        .insert_header(("content-security-policy", DOCS_CSP))
        .body(file.bytes.into_owned()))
}

/// The process answers.
async fn health(_access: Authorized<can::Enter>) -> Result<HttpResponse, Problem> {
    Ok(file("text/plain; charset=utf-8", "ok\n"))
}

/// The database answers and its tables are up to date.
async fn ready(access: Authorized<can::Enter>) -> Result<HttpResponse, Problem> {
    access.ready().await?;
    Ok(file("text/plain; charset=utf-8", "ready\n"))
}

async fn metrics(access: Authorized<can::Enter>, request: Request) -> Result<HttpResponse, Problem> {
    let around = request.0.app_data::<Arc<Surroundings>>().ok_or_else(|| Error::internal("no telemetry"))?;
    // A database that does not answer is told of by what is missing, not by the loss of everything else.
    let unsealed = access.read(Cost::Quick, (), |tx, ()| audit_events::waiting(tx)).await.ok();
    Ok(file("text/plain; version=0.0.4; charset=utf-8", around.telemetry.text(unsealed)?))
}
