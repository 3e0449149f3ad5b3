//! The table of endpoints, and how one row of it becomes a route and a chapter of the API's description.
//!
//! An endpoint is a method, a path and a handler; everything else is read off the handler's types: the permission
//! off its [`Authorized`], parameters, body and answers off its other arguments and its result. So a handler without
//! a permission does not compile, and the description cannot say something else than the code does.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use actix_web::{FromRequest, Handler, Responder, Route, Scope, http::Method, web};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        Content, HttpMethod, Ref, RefOr, Required, Response, ResponseBuilder, Schema,
        path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
        request_body::{RequestBody, RequestBodyBuilder},
        schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type},
        security::SecurityRequirement,
    },
};

use super::{
    extract::{Body, IfMatch, Pages, PathId, Query, Request, Upload},
    page::{Filters, Listing, Paging},
    problem::{Problem, ProblemBody},
};
use crate::{
    auth::{Authorized, Permission},
    domain::{Id, policy::Need},
};

/// Where the paths of the API begin.
const API: &str = "/api/v1/";

/// One row of the table.
#[derive(Clone)]
pub struct Endpoint {
    /// The HTTP method.
    pub method: Method,
    /// The path, with `{id}` where an id stands.
    pub path: &'static str,
    /// What a caller must bring.
    pub need: Need,
    /// What the description says; nothing for pages and files, which it leaves out.
    chapter: Option<Chapter>,
    route: Arc<dyn Fn() -> Route + Send + Sync>,
}

/// How a chapter of the description is written. A server never asks, and all of them together take some megabytes.
#[derive(Clone, Copy)]
struct Chapter {
    heading: Heading,
    write: fn(Heading) -> Described,
}

/// A chapter of the description.
#[derive(Clone)]
pub struct Described {
    /// The operation.
    pub operation: Operation,
    /// The schemas that it refers to.
    pub schemas: Vec<(String, RefOr<Schema>)>,
}

/// What is gathered about a handler.
#[derive(Default)]
pub struct Description {
    parameters: Vec<Parameter>,
    body: Option<RequestBody>,
    responses: BTreeMap<u16, Response>,
    problems: BTreeSet<u16>,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Description {
    /// Refers to a type's schema, and keeps it.
    pub fn schema<T: ToSchema>(&mut self) -> RefOr<Schema> {
        T::schemas(&mut self.schemas);
        self.named(&T::name(), T::schema())
    }

    /// Refers to a schema by a name, and keeps it.
    pub fn named(&mut self, name: &str, schema: RefOr<Schema>) -> RefOr<Schema> {
        self.schemas.push((name.to_owned(), schema));
        Ref::from_schema_name(name).into()
    }

    /// An answer that goes well.
    pub fn answer(&mut self, status: u16, words: &str, content: Option<(&str, RefOr<Schema>)>) {
        let mut response = ResponseBuilder::new().description(words);
        if let Some((kind, schema)) = content {
            response = response.content(kind, Content::new(Some(schema)));
        }
        self.responses.insert(status, response.build());
    }

    /// An answer that is a file of one of these kinds.
    pub fn file(&mut self, words: &str, kinds: &[&str]) {
        let response = ResponseBuilder::new().description(words);
        let content = || Content::new(Some(binary()));
        let response = kinds.iter().fold(response, |response, kind| response.content(*kind, content()));
        self.responses.insert(200, response.build());
    }

    /// Answers that do not.
    pub fn problems(&mut self, statuses: &[u16]) {
        self.problems.extend(statuses);
    }

    fn header(&mut self, name: &str, words: &str, schema: RefOr<Schema>) {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(words))
            .schema(Some(schema));
        self.parameters.push(parameter.build());
    }
}

/// Bytes as they are.
fn binary() -> RefOr<Schema> {
    let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
    ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
}

/// An argument of a handler, after the first.
pub trait Argument: FromRequest {
    /// What it takes from the request.
    fn describe(description: &mut Description);
}

/// What a handler answers with.
pub trait Answer: Responder {
    /// Its status and body.
    fn describe(description: &mut Description);
}

/// The arguments of a handler, the first of which names the permission.
pub trait Arguments: FromRequest {
    /// What a caller must bring.
    const NEED: Need;

    /// What they take from the request.
    fn describe(description: &mut Description);
}

macro_rules! arguments {
    ($($argument:ident)*) => {
        impl<P: Permission, $($argument: Argument + 'static),*> Arguments for (Authorized<P>, $($argument,)*) {
            const NEED: Need = P::NEED;

            fn describe(_description: &mut Description) {
                $($argument::describe(_description);)*
            }
        }
    };
}
arguments!();
arguments!(A);
arguments!(A B);
arguments!(A B C);

impl<T: serde::de::DeserializeOwned + ToSchema + 'static> Argument for Body<T> {
    fn describe(description: &mut Description) {
        let schema = description.schema::<T>();
        let body = RequestBodyBuilder::new().content("application/json", Content::new(Some(schema)));
        description.body = Some(body.required(Some(Required::True)).build());
        description.problems(&[400, 404, 409, 413, 415, 422]);
    }
}

impl Argument for Upload {
    fn describe(description: &mut Description) {
        let body = RequestBodyBuilder::new().content("application/octet-stream", Content::new(Some(binary())));
        description.body = Some(body.required(Some(Required::True)).build());
        description.problems(&[400, 409, 413, 422]);
    }
}

impl<T: serde::de::DeserializeOwned + IntoParams + 'static> Argument for Query<T> {
    fn describe(description: &mut Description) {
        description.parameters.extend(T::into_params(|| Some(ParameterIn::Query)));
        description.problems(&[400, 404, 422]);
    }
}

impl<F: Filters + serde::de::DeserializeOwned + IntoParams + 'static> Argument for Pages<F> {
    fn describe(description: &mut Description) {
        description.parameters.extend(F::into_params(|| Some(ParameterIn::Query)));
        let paging = Paging::into_params(|| Some(ParameterIn::Query)).into_iter();
        let names = Listing::<F>::paging_names();
        description.parameters.extend(paging.filter(|parameter| names.contains(&parameter.name.as_str())));
        description.problems(&[400, 404, 422]);
    }
}

impl Argument for Request {
    fn describe(_: &mut Description) {}
}

impl Argument for PathId {
    fn describe(description: &mut Description) {
        let schema = description.schema::<Id>();
        let id = ParameterBuilder::new()
            .name("id")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(schema));
        description.parameters.push(id.build());
        description.problems(&[400, 404]);
    }
}

impl Argument for IfMatch {
    fn describe(description: &mut Description) {
        description.header(
            "If-Match",
            "The ETag of the version that is to be changed, such as `\"3\"`.",
            String::schema(),
        );
        description.problems(&[400, 409, 412, 428]);
    }
}

/// A chapter heading: the tag, the operation's id, and what it does in one line.
#[derive(Clone, Copy, Debug)]
pub struct Heading {
    /// The resource.
    pub tag: &'static str,
    /// The operation's id, unique in the API.
    pub id: &'static str,
    /// What it does.
    pub summary: &'static str,
}

/// A row that the description tells of.
pub fn endpoint<F, A, R>(method: Method, path: &'static str, heading: Heading, handler: F) -> Endpoint
where
    F: Handler<A, Output = Result<R, Problem>> + Send + Sync,
    A: Arguments + 'static,
    R: Answer + 'static,
{
    let write = |heading: Heading| {
        let mut description = Description::default();
        A::describe(&mut description);
        R::describe(&mut description);
        describe(heading, A::NEED, description)
    };
    Endpoint { chapter: Some(Chapter { heading, write }), ..page(method, path, handler) }
}

/// A row for people or machines that read no description: pages, styles, health.
pub fn page<F, A, R>(method: Method, path: &'static str, handler: F) -> Endpoint
where
    F: Handler<A, Output = Result<R, Problem>> + Send + Sync,
    A: Arguments + 'static,
    R: Responder + 'static,
{
    let to = method.clone();
    let route = Arc::new(move || web::method(to.clone()).to(handler.clone()));
    Endpoint { method, path, need: A::NEED, chapter: None, route }
}

fn describe(heading: Heading, need: Need, mut description: Description) -> Described {
    description.problems(&[503]);
    match need {
        Need::Nothing => {}
        Need::Session => description.problems(&[401]),
        Need::Grant(_) => description.problems(&[401, 403]),
    }
    let problem = description.schema::<ProblemBody>();
    let mut operation = OperationBuilder::new()
        .tag(heading.tag)
        .operation_id(Some(heading.id))
        .summary(Some(heading.summary))
        .description(match need {
            Need::Nothing => None,
            Need::Session => Some("Needs a session.".to_owned()),
            Need::Grant(action) => Some(format!("Needs the permission `{}`.", action.code())),
        })
        .request_body(description.body);
    if need != Need::Nothing {
        operation = operation.security(SecurityRequirement::new("access_token", Vec::<String>::new()));
    }
    for parameter in description.parameters {
        operation = operation.parameter(parameter);
    }
    for (status, response) in description.responses {
        operation = operation.response(status.to_string(), response);
    }
    for status in description.problems {
        let response = ResponseBuilder::new()
            .description("What is the matter, see `code`.")
            .content("application/problem+json", Content::new(Some(problem.clone())));
        operation = operation.response(status.to_string(), response.build());
    }
    Described { operation: operation.build(), schemas: description.schemas }
}

impl Endpoint {
    /// The chapter of the description; none for pages and files.
    pub fn described(&self) -> Option<Described> {
        self.chapter.map(|chapter| (chapter.write)(chapter.heading))
    }

    /// The method as the description writes it.
    pub fn http_method(&self) -> HttpMethod {
        match self.method.as_str() {
            "POST" => HttpMethod::Post,
            "PATCH" => HttpMethod::Patch,
            "PUT" => HttpMethod::Put,
            "DELETE" => HttpMethod::Delete,
            _ => HttpMethod::Get,
        }
    }
}

/// Puts the table's rows into an app: one resource for each path, and a problem answer for every other method. The paths of a
/// collection lie in a scope of their own: a request is compared with their patterns, and not with those of all.
pub fn register(endpoints: &[Endpoint], config: &mut web::ServiceConfig) {
    let mut by_path: BTreeMap<&str, Vec<&Endpoint>> = BTreeMap::new();
    for endpoint in endpoints {
        by_path.entry(endpoint.path).or_default().push(endpoint);
    }
    let mut scopes: BTreeMap<&str, Scope> = BTreeMap::new();
    for (path, rows) in by_path {
        let allowed = rows.iter().map(|row| row.method.as_str()).collect::<Vec<_>>().join(", ");
        let refuse = web::to(move || std::future::ready(Err::<&str, _>(Problem::WrongMethod(allowed.clone()))));
        let (collection, rest) = path.split_at(collection_of(path));
        let resource = web::resource(if collection.is_empty() { path } else { rest }).default_service(refuse);
        let resource = rows.iter().fold(resource, |resource, row| resource.route((row.route)()));
        if collection.is_empty() {
            config.service(resource);
        } else {
            let scope = scopes.remove(collection).unwrap_or_else(|| web::scope(collection));
            scopes.insert(collection, scope.service(resource));
        }
    }
    for scope in scopes.into_values() {
        config.service(scope);
    }
}

/// How long the beginning of a path is that all paths of one collection have; 0 outside of the API.
fn collection_of(path: &str) -> usize {
    let Some(rest) = path.strip_prefix(API) else { return 0 };
    API.len() + rest.find('/').unwrap_or(rest.len())
}
