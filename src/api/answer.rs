//! The shapes of answers: an item with its version, a create, a page of a list, nothing.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{StatusCode, header},
};
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, Schema, schema::SchemaType, schema::Type},
};

use super::endpoint::{Answer, Description};
use crate::{app::idempotence::Made, domain::Id, error::Result};

const JSON: &str = "application/json";

/// A body that says which version of its row it shows.
pub trait Versioned {
    /// The version, from 1.
    fn version(&self) -> i64;
}

/// One item that was asked for. A caller who names the version in `If-None-Match` gets 304 while it is current.
#[derive(Debug)]
pub struct Item<T>(pub T);

/// One item after a change.
#[derive(Debug)]
pub struct Changed<T>(pub T);

/// Something that has no version of its own: read, or handed out once by a request that leaves a trace.
#[derive(Debug)]
pub struct Plain<T>(pub T);

/// What became of a create, and the path under which items of its kind live.
#[derive(Debug)]
pub struct Created<T>(pub Made<T>, pub &'static str);

/// Done; there is nothing to say.
#[derive(Debug)]
pub struct Done;

/// One page of a list.
#[derive(Debug, Serialize)]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
    /// What to ask the next page with; none on the last one.
    pub next_cursor: Option<String>,
    /// How many items the whole list has, if that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
}

/// What is told of something that was made before and now lies where the caller may not see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Elsewhere {
    /// Its id.
    pub id: Id,
    /// Its state.
    pub state: &'static str,
}

/// What belongs to one reader is kept by nobody on the way, and asked for again before it is shown again.
const READ: &str = "private, no-cache";
/// The answer of a change, which may hold a one-time password, is kept by nobody at all.
const WRITE: &str = "no-store";

fn json<T: Serialize>(status: StatusCode, caching: &str, body: &T) -> HttpResponse {
    HttpResponse::build(status).insert_header((header::CACHE_CONTROL, caching)).json(body)
}

fn with_version<T: Serialize + Versioned>(status: StatusCode, caching: &str, body: &T) -> HttpResponse {
    let mut response = json(status, caching, body);
    if let Ok(tag) = header::HeaderValue::from_str(&etag(body.version())) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

impl<T: Serialize + Versioned> Responder for Item<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let tag = etag(self.0.version());
        let known = request
            .headers()
            .get_all(header::IF_NONE_MATCH)
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|known| known.trim().trim_start_matches("W/") == tag);
        if known {
            HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish()
        } else {
            with_version(StatusCode::OK, READ, &self.0)
        }
    }
}

impl<T: Serialize + Versioned> Responder for Changed<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        with_version(StatusCode::OK, WRITE, &self.0)
    }
}

impl<T: Serialize> Responder for Plain<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let caching = if request.method().is_safe() { READ } else { WRITE };
        json(StatusCode::OK, caching, &self.0)
    }
}

/// A body that has an id, for the `Location` of a create.
pub trait Identified {
    /// The id.
    fn id(&self) -> Id;
}

impl<T: Serialize + Versioned + Identified> Responder for Created<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let Self(made, path) = self;
        match made {
            Made::New(body) => {
                let mut response = with_version(StatusCode::CREATED, WRITE, &body);
                if let Ok(location) = header::HeaderValue::from_str(&format!("{path}/{}", body.id())) {
                    response.headers_mut().insert(header::LOCATION, location);
                }
                response
            }
            Made::Again(body) => with_version(StatusCode::OK, WRITE, &body),
            Made::Elsewhere { id, state } => json(StatusCode::OK, WRITE, &Elsewhere { id, state }),
        }
    }
}

impl Responder for Done {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

impl<T> Made<T> {
    /// The same outcome with another body.
    ///
    /// # Errors
    /// The conversion's own.
    pub fn map<U>(self, convert: impl FnOnce(T) -> Result<U>) -> Result<Made<U>> {
        Ok(match self {
            Self::New(row) => Made::New(convert(row)?),
            Self::Again(row) => Made::Again(convert(row)?),
            Self::Elsewhere { id, state } => Made::Elsewhere { id, state },
        })
    }
}

impl<T: Serialize + Versioned + ToSchema + 'static> Answer for Item<T> {
    fn describe(description: &mut Description) {
        let schema = description.schema::<T>();
        description.answer(200, "The item; `ETag` names its version.", Some((JSON, schema)));
        description.answer(304, "The version named in `If-None-Match` is still the present one.", None);
    }
}

impl<T: Serialize + Versioned + ToSchema + 'static> Answer for Changed<T> {
    fn describe(description: &mut Description) {
        let schema = description.schema::<T>();
        description.answer(200, "The item as it is now; `ETag` names its version.", Some((JSON, schema)));
    }
}

impl<T: Serialize + ToSchema + 'static> Answer for Plain<T> {
    fn describe(description: &mut Description) {
        let schema = description.schema::<T>();
        description.answer(200, "The answer.", Some((JSON, schema)));
    }
}

impl<T: Serialize + Versioned + Identified + ToSchema + 'static> Answer for Created<T> {
    fn describe(description: &mut Description) {
        let schema = description.schema::<T>();
        let elsewhere = description.schema::<Elsewhere>();
        let either = utoipa::openapi::schema::AnyOfBuilder::new().item(schema.clone()).item(elsewhere);
        description.answer(201, "It was made; `Location` says where it lives.", Some((JSON, schema)));
        description.answer(
            200,
            "The same request had made it before; this is what it is now.",
            Some((JSON, either.into())),
        );
    }
}

impl Answer for Done {
    fn describe(description: &mut Description) {
        description.answer(204, "Done.", None);
    }
}

impl<T: Serialize> Responder for List<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        json(StatusCode::OK, READ, &self)
    }
}

impl<T: Serialize + ToSchema + 'static> Answer for List<T> {
    fn describe(description: &mut Description) {
        let item = description.schema::<T>();
        let cursor = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("What to ask the next page with; null on the last one."));
        let count = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .description(Some("How many items the whole list has, if that was asked."));
        let list = ObjectBuilder::new()
            .property("items", ArrayBuilder::new().items(item))
            .required("items")
            .property("next_cursor", cursor)
            .required("next_cursor")
            .property("count", count);
        let list = description.named(&format!("{}List", T::name()), Schema::Object(list.build()).into());
        description.answer(200, "One page of the list.", Some((JSON, list)));
    }
}
