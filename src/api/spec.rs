//! The API's description (OpenAPI 3.1), written from the table of endpoints. `openapi.yaml` in the repository is its
//! output; CI compares the two.

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
        let Some(chapter) = &endpoint.operation else { continue };
        paths.add_path_operation(endpoint.path, vec![endpoint.http_method()], chapter.operation.clone());
        for (name, schema) in &chapter.schemas {
            components = components.schema(name.clone(), schema.clone());
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
    describe(endpoints).to_yaml().map_err(Error::internal)
}
