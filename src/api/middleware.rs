//! What happens around every request: its id, its time limit, its log line, its metrics, the words of its problem,
//! and the headers that keep browsers careful.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant as Stopwatch},
};

use actix_web::{
    Error as ActixError, HttpMessage as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
};

use super::{extract::Meta, problem::Problem, telemetry::Telemetry, words::Language};
use crate::{domain::digest::hex, edge::Edge};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: &str = "x-forwarded-for";

/// What the middleware needs to know.
#[derive(Debug)]
pub struct Surroundings {
    /// Time and randomness.
    pub edge: Arc<Edge>,
    /// The counters.
    pub telemetry: Telemetry,
    /// Proxies whose word about the caller's address is taken.
    pub trusted_proxies: Vec<IpAddr>,
    /// How long an answer may take.
    pub timeout: Duration,
    /// Whether clients reach the server over TLS, so that browsers are told to stay with it.
    pub behind_tls: bool,
}

/// The outermost middleware.
///
/// # Errors
/// A problem answer, when the request had none of its own.
pub async fn surround<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, ActixError> {
    let Some(around) = request.app_data::<Arc<Surroundings>>().cloned() else {
        return Err(actix_web::error::ErrorInternalServerError("the middleware is not set up"));
    };
    let begun = Stopwatch::now();
    let meta = Meta {
        request_id: request_id(request.headers(), &around.edge),
        now: around.edge.now(),
        address: address(&request, &around.trusted_proxies),
    };
    let language =
        Language::preferred(request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()));
    request.extensions_mut().insert(meta.clone());
    // The template, never the URL: a path holds ids, and a query what people search for.
    let route = request.match_pattern().unwrap_or_else(|| "-".to_owned());
    let method = request.method().to_string();

    // No clone of the request may outlive this call: the router changes it in place.
    let outcome = match tokio::time::timeout(around.timeout, next.call(request)).await {
        Ok(Ok(response)) => Ok(answer_problem(response.map_into_boxed_body(), language, &meta.request_id)),
        Ok(Err(error)) => Err(problem_of(&error, error.as_response_error().status_code())),
        Err(_) => Err(Problem::TimedOut),
    };
    let (status, cause, outcome) = match outcome {
        Ok((mut response, cause)) => {
            harden(response.headers_mut(), &meta.request_id, around.behind_tls);
            (response.status().as_u16(), cause, Ok(response))
        }
        Err(problem) => {
            let mut answer = problem.answer(language, &meta.request_id);
            harden(answer.headers_mut(), &meta.request_id, around.behind_tls);
            let cause = problem.is_ours().then(|| problem.to_string());
            (answer.status().as_u16(), cause, Err(InternalError::from_response(problem, answer).into()))
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    around.telemetry.observe(&method, &route, status, seconds);
    let millis = seconds * 1e3;
    let id = meta.request_id.as_str();
    match cause {
        Some(cause) => {
            log::error!(request_id = id, method, route, status; "{method} {route} {status} {millis:.1} ms {id}: {cause}");
        }
        None => log::info!(request_id = id, method, route, status; "{method} {route} {status} {millis:.1} ms {id}"),
    }
    outcome
}

/// Gives a failed answer its words. The second value is the cause, when it is the server's.
fn answer_problem(
    response: ServiceResponse<BoxBody>,
    language: Language,
    request_id: &str,
) -> (ServiceResponse<BoxBody>, Option<String>) {
    match response.response().error() {
        // The compression answers this itself.
        None if response.status() == StatusCode::NOT_ACCEPTABLE => {
            (response.into_response(Problem::NotAcceptable.answer(language, request_id)), None)
        }
        Some(error) => {
            let problem = problem_of(error, response.status());
            let cause = problem.is_ours().then(|| problem.to_string());
            (response.into_response(problem.answer(language, request_id)), cause)
        }
        None => (response, None),
    }
}

fn problem_of(error: &ActixError, status: StatusCode) -> Problem {
    // Nothing else than a handler's own problem is expected; what comes from the framework all the same.
    error.as_error::<Problem>().cloned().unwrap_or_else(|| {
        if status.is_client_error() {
            Problem::UnknownRoute
        } else {
            Problem::Use(crate::error::Error::internal(error))
        }
    })
}

/// The caller's id for the request, if it is a harmless one, or a new one.
fn request_id(headers: &HeaderMap, edge: &Edge) -> String {
    let harmless = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    headers
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(harmless)
        .map_or_else(|| hex(&edge.random::<8>()), str::to_owned)
}

/// The caller's address: the peer's, or, as far as trusted proxies vouch for it, what they were told.
fn address(request: &ServiceRequest, trusted: &[IpAddr]) -> Option<IpAddr> {
    let mut address = request.peer_addr()?.ip().to_canonical();
    let forwarded = request.headers().get_all(FORWARDED_FOR).filter_map(|value| value.to_str().ok());
    let mut hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    while trusted.contains(&address) {
        match hops.pop().and_then(hop_address) {
            Some(hop) => address = hop,
            None => break,
        }
    }
    Some(address)
}

/// An address as proxies write it, with or without a port.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let address = hop.parse().ok().or_else(|| hop.parse().ok().map(|socket: SocketAddr| socket.ip()))?;
    Some(address.to_canonical())
}

/// Headers that every answer carries, unless it set its own.
fn harden(headers: &mut HeaderMap, request_id: &str, behind_tls: bool) {
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    let defaults = [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    let tls = behind_tls.then_some(("strict-transport-security", "max-age=31536000; includeSubDomains"));
    for (name, value) in defaults.into_iter().chain(tls) {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
