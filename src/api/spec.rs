//! The API's description (OpenAPI 3.1), written from the table of endpoints. `openapi.yaml` in the repository is its
//! output; CI compares the two.

use serde_json::{Map, Value};
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathsBuilder,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::endpoint::Endpoint;
use crate::error::{Error, Result};

/// The description of these endpoints.
pub fn describe(endpoints: &[Endpoint]) -> OpenApi {
    let mut paths = PathsBuilder::new().build();
    let mut components = ComponentsBuilder::new().security_scheme(
        "access_token",
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build()),
    );
    for endpoint in endpoints {
        let Some(chapter) = endpoint.described() else { continue };
        paths.add_path_operation(endpoint.path, vec![endpoint.http_method()], chapter.operation);
        for (name, schema) in chapter.schemas {
            components = components.schema(name, schema);
        }
    }
    let info = InfoBuilder::new()
        .title("Terrace")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(include_str!("spec.md")))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()));
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components.build())).build()
}

/// The description as YAML.
///
/// # Errors
/// When it cannot be written.
pub fn yaml(endpoints: &[Endpoint]) -> Result<String> {
    let mut document = serde_json::to_value(describe(endpoints)).map_err(Error::internal)?;
    let components = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    let (simple, rest): (Map<_, _>, Map<_, _>) = components.into_iter().partition(|(_, schema)| is_simple(schema));
    document["components"]["schemas"] = Value::Object(rest);
    inline(&mut document, &simple);
    for path in document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        for operation in path.as_object_mut().into_iter().flat_map(Map::values_mut) {
            let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
            parameters.for_each(|parameter| forbid_null(&mut parameter["schema"]));
        }
    }
    let document: OpenApi = serde_json::from_value(document).map_err(Error::internal)?;
    document.to_yaml().map_err(Error::internal)
}

/// A string with a format at most: saying it in place reads better than referring to it, and some tools cannot follow
/// such references.
fn is_simple(schema: &Value) -> bool {
    schema["type"] == "string" && schema.get("enum").is_none()
}

/// A parameter is left out rather than null, whatever the field that it is read into says.
fn forbid_null(schema: &mut Value) {
    let is_null = |kind: &Value| kind == "null" || kind["type"] == "null";
    for choice in ["type", "oneOf"] {
        if let Some(kinds) = schema[choice].as_array_mut() {
            kinds.retain(|kind| !is_null(kind));
            if let [only] = kinds.as_slice() {
                let only = only.clone();
                if choice == "type" { schema["type"] = only } else { *schema = only }
            }
        }
    }
}

fn inline(value: &mut Value, simple: &Map<String, Value>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| inline(item, simple)),
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str).and_then(|link| link.rsplit('/').next());
            if let Some(Value::Object(schema)) = name.and_then(|name| simple.get(name)) {
                members.remove("$ref");
                for (name, value) in schema {
                    // What the field says of itself is more than what its type says.
                    members.entry(name).or_insert_with(|| value.clone());
                }
            }
            members.values_mut().for_each(|member| inline(member, simple));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::api::{endpoint::Endpoint, endpoints};

    /// Of two schemas with one name the description keeps only the last, and every answer with the other one belies it.
    #[test]
    fn a_name_means_one_schema() {
        let mut known = BTreeMap::new();
        for (name, schema) in endpoints().iter().filter_map(Endpoint::described).flat_map(|chapter| chapter.schemas) {
            let held = known.entry(name.clone()).or_insert_with(|| schema.clone());
            assert!(*held == schema, "two schemas are called {name}");
        }
        assert!(known.len() > 100, "{} schemas", known.len());
    }
}
