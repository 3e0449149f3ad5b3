//! `/policy-documents/{id}/file`: the document itself.

use super::PolicyAnswer;
use crate::{
    api::{
        answer::Changed,
        endpoint::{Answer, Description, Endpoint, Heading, endpoint},
        extract::{IfMatch, PathId, Upload},
        problem::Problem,
    },
    app::catalogues as app,
    auth::{Authorized, can},
    db::{Cost, files::File},
    error::Result,
};
use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{Method, header},
};

const PATH: &str = "/api/v1/policy-documents/{id}/file";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "catalogues", id, summary };
    vec![
        endpoint(Method::GET, PATH, heading("get_policy_file", "Hand over the file of a policy document."), get),
        endpoint(
            Method::PUT,
            PATH,
            heading(
                "bring_policy_file",
                "Put a file to a policy document: PDF, PNG or JPEG, up to 10 MiB, as the body itself.",
            ),
            bring,
        ),
    ]
}

/// A file, to be kept by who asked for it. It is shown in no page of ours, whatever it holds.
#[derive(Debug)]
struct Download(File);

impl Responder for Download {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let File { digest, media_type, content, .. } = self.0;
        let (_, ending) = media_type.split_once('/').unwrap_or_default();
        HttpResponse::Ok()
            .content_type(media_type.as_str())
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
            .insert_header((
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{}.{ending}\"", digest.get(..16).unwrap_or_default()),
            ))
            .body(content)
    }
}

impl Answer for Download {
    fn describe(description: &mut Description) {
        description.file("The file.", app::MEDIA_TYPES);
    }
}

async fn get(access: Authorized<can::ReadCatalogues>, id: PathId) -> Result<Download, Problem> {
    Ok(Download(access.read(Cost::Slow, id, |tx, id| app::file(tx, *id)).await?))
}

async fn bring(
    access: Authorized<can::ManageCatalogues>,
    id: PathId,
    version: IfMatch,
    content: Upload,
) -> Result<Changed<PolicyAnswer>, Problem> {
    let document = access.write((id, version, content), |tx, (id, version, content)| {
        let document = app::bring_file(tx, *id, *version, content)?;
        let media_type = app::media_type(tx, &document)?;
        Ok(PolicyAnswer::of(document, media_type))
    });
    Ok(Changed(document.await?))
}
