//! What a handler is handed: the right to ask the database, and what the request brings.
//!
//! [`Authorized`] is the one way to the database, and this is the one place that makes it. The others never fail by
//! themselves: they keep what is wrong with them until the caller has been recognised.

/// An extractor that keeps its fault for later.
macro_rules! patient {
    ($extractor:ty => $value:ty $(, $generic:ident)?) => {
        impl$(<$generic: Send + Sync + 'static>)? Input for $extractor {
            type Value = $value;

            fn read(self) -> Result<$value> {
                self.0
            }
        }
    };
}

mod query;

pub use query::{Pages, Query};

use std::{future::Future, net::IpAddr, pin::Pin, sync::Arc};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    error::PayloadError,
    http::header::{self, HeaderMap},
    web::{self, Bytes},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::problem::{Problem, find_nul, pointer_segment};
use crate::{
    auth::{Authorized, Ctx, Gate, Input, Permission, tokens},
    domain::{Id, Instant, policy::Need},
    error::{Error, Fault, Result},
};

/// The longest body of a request, in bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// The gate, where only this file finds it.
#[derive(Clone)]
struct Shared(Arc<Gate>);

/// Hands the gate to the extractors of an app.
pub fn share(gate: Arc<Gate>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        config.app_data(Shared(gate)).app_data(web::PayloadConfig::new(BODY_LIMIT));
    }
}

/// What the outermost middleware knows of a request.
#[derive(Clone, Debug)]
pub struct Meta {
    /// The request's id.
    pub request_id: String,
    /// When it came.
    pub now: Instant,
    /// The caller's address.
    pub address: Option<IpAddr>,
}

impl<P: Permission> FromRequest for Authorized<P> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(authorized(request).map_err(Problem::from))
    }
}

fn authorized<P: Permission>(request: &HttpRequest) -> Result<Authorized<P>> {
    let Shared(gate) = request.app_data::<Shared>().ok_or_else(|| Error::internal("the gate is not shared"))?;
    let meta = request.extensions().get::<Meta>().cloned().ok_or_else(|| Error::internal("no request id"))?;
    let claims = match (bearer(request.headers()), P::NEED) {
        (_, Need::Nothing) => None,
        (Some(token), _) => Some(tokens::read_access(&gate.tools().keys, token, meta.now)?),
        (None, _) => return Err(Error::SignInRequired),
    };
    let device = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Ok(gate.authorize(Ctx {
        now: meta.now,
        request_id: meta.request_id,
        address: meta.address.map(|address| address.to_string()),
        device: device.chars().take(200).collect(),
        claims,
    }))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The JSON body of a request.
#[derive(Debug)]
pub struct Body<T>(Result<T>);
patient!(Body<T> => T, T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let plain = request
            .headers()
            .get(header::CONTENT_ENCODING)
            .is_none_or(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
        let json = request.mime_type().ok().flatten().is_some_and(|mime| {
            mime.type_() == "application"
                && (mime.subtype() == "json" || mime.suffix().is_some_and(|suffix| suffix == "json"))
        });
        if !(json && plain) {
            // Not read at all: reading would unpack it first.
            return Box::pin(std::future::ready(Ok(Self(Err(Error::NotJson)))));
        }
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| match error.as_error::<PayloadError>() {
                Some(PayloadError::Overflow) => Error::TooLarge { limit: BODY_LIMIT },
                _ => Error::Malformed(Fault::new("", "invalid_json").with("line", 1).with("column", 1)),
            });
            Ok(Self(bytes.and_then(|bytes| parse(&bytes))))
        })
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let malformed = |fault: Fault| Error::Malformed(fault);
    let text = std::str::from_utf8(bytes).map_err(|_| malformed(Fault::new("", "invalid_utf8")))?;
    let value: Value = serde_json::from_str(text).map_err(|error| {
        malformed(Fault::new("", "invalid_json").with("line", error.line()).with("column", error.column()))
    })?;
    if let Some(pointer) = find_nul(&value, "") {
        return Err(malformed(Fault::new(pointer, "nul")));
    }
    read(value)
}

/// Reads what a JSON object says.
///
/// # Errors
/// [`Error::Malformed`]: it is no object, or a field is wrong.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T> {
    // serde would take the fields of an object from a list as well, in order.
    if !value.is_object() {
        return Err(Error::Malformed(Fault::new("", "wrong_type")));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer = pointer_of(error.path());
        Error::Malformed(fault_of(&pointer, "/", &error.into_inner().to_string()))
    })
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", pointer_segment(key)),
            Segment::Enum { variant } => format!("/{}", pointer_segment(variant)),
            Segment::Unknown => String::new(),
        })
        .collect()
}

/// serde tells what is wrong in a sentence; its beginning is the kind, and the first quoted word the name.
fn fault_of(pointer: &str, separator: &str, sentence: &str) -> Fault {
    let name = || pointer_segment(sentence.split('`').nth(1).unwrap_or_default());
    let (code, at_name) = match sentence {
        _ if sentence.starts_with("unknown field") => ("unknown_field", true),
        _ if sentence.starts_with("missing field") => ("missing", true),
        _ if sentence.starts_with("duplicate field") => ("duplicate", true),
        _ => ("wrong_type", false),
    };
    let own_name = name();
    // The path of an unknown field ends with it already, that of a missing one does not.
    if at_name && !pointer.ends_with(&format!("{separator}{own_name}")) && pointer != own_name {
        Fault::new(format!("{pointer}{separator}{own_name}"), code)
    } else {
        Fault::new(pointer, code)
    }
}

/// The longest file, in bytes.
pub const FILE_LIMIT: usize = 10 * 1024 * 1024;

/// The body of a request as it is: a file.
#[derive(Debug)]
pub struct Upload(Result<Bytes>);
patient!(Upload => Bytes);

impl FromRequest for Upload {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move {
            let broken = |_| Error::Malformed(Fault::new("", "incomplete"));
            let bytes = match payload.await.map_err(broken) {
                Ok(payload) => match payload.to_bytes_limited(FILE_LIMIT).await {
                    Ok(bytes) => bytes.map_err(broken),
                    Err(_) => Err(Error::TooLarge { limit: FILE_LIMIT }),
                },
                Err(broken) => Err(broken),
            };
            Ok(Self(bytes))
        })
    }
}

/// The `{id}` of the path.
#[derive(Debug)]
pub struct PathId(Result<Id>);
patient!(PathId => Id);

impl FromRequest for PathId {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").unwrap_or_default().parse();
        std::future::ready(Ok(Self(id.map_err(|_| Error::Malformed(Fault::new("id", "invalid_id"))))))
    }
}

/// The version that a change names in `If-Match`.
#[derive(Debug)]
pub struct IfMatch(Result<i64>);
patient!(IfMatch => i64);

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // `*` would overwrite whatever is there, which the header is meant to prevent.
        let version = request
            .headers()
            .get(header::IF_MATCH)
            .filter(|value| value.as_bytes() != b"*")
            .ok_or(Error::VersionRequired)
            .and_then(|value| {
                // A proxy that compresses makes tags weak; the version is the same.
                let text = value.to_str().unwrap_or_default().trim().trim_start_matches("W/");
                let version =
                    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
                version.ok_or_else(|| Error::Malformed(Fault::new("If-Match", "wrong_type")))
            });
        std::future::ready(Ok(Self(version)))
    }
}

/// The request itself, for what is no API.
#[derive(Debug)]
pub struct Request(pub HttpRequest);

impl FromRequest for Request {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self(request.clone())))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::domain::{Day, Text};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is tested")]
    struct Sample {
        name: Text,
        count: i64,
        day: Option<Day>,
        inner: Option<Box<Sample>>,
    }

    fn body_fault(body: &[u8]) -> (String, &'static str) {
        match parse::<Sample>(body) {
            Err(Error::Malformed(fault)) => (fault.pointer, fault.code),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_first_fault_of_a_body_is_told_with_its_pointer() {
        assert_eq!(body_fault(b"{"), (String::new(), "invalid_json"));
        assert_eq!(body_fault(b"\"\xff\""), (String::new(), "invalid_utf8"));
        assert_eq!(body_fault(b"[]"), (String::new(), "wrong_type"));
        assert_eq!(body_fault(br#"{"name":"a","count":1,"other":2}"#), ("/other".into(), "unknown_field"));
        assert_eq!(body_fault(br#"{"name":"a"}"#), ("/count".into(), "missing"));
        assert_eq!(body_fault(br#"{"name":1,"count":1}"#), ("/name".into(), "wrong_type"));
        assert_eq!(body_fault(br#"{"name":"a","count":9223372036854775808}"#), ("/count".into(), "wrong_type"));
        assert_eq!(body_fault(br#"{"name":"a","count":1e400}"#).1, "invalid_json");
        assert_eq!(body_fault(br#"{"name":"a","count":1,"day":"2026-02-30"}"#), ("/day".into(), "wrong_type"));
        assert_eq!(body_fault(br#"{"name":"a\u0000","count":1}"#), ("/name".into(), "nul"));
        let inner = br#"{"name":"a","count":1,"inner":{"name":"b","count":1,"x~/":2}}"#;
        assert_eq!(body_fault(inner), ("/inner/x~0~1".into(), "unknown_field"));
    }
}
