//! The web console: files that are built in and never change under their address, and the few pages that name them.
//!
//! Every file of `web/console` lies under a folder that is named after the digest of all of them. So a browser keeps them for ever,
//! modules find one another by relative paths, and an old page never mixes with new modules.

use std::{
    collections::BTreeMap,
    io::Write as _,
    sync::{LazyLock, OnceLock},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header},
};
use include_dir::{Dir, include_dir};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::Plain,
    endpoint::{Endpoint, Heading, endpoint, page},
    extract::Request,
    problem::Problem,
};
use crate::{
    app::setup,
    auth::{Authorized, can},
    db::Cost,
    domain::{
        codes::{Role, Tier},
        digest::{hex, sha256},
    },
    error::Result,
};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/web/console");
const INDEX: &str = include_str!("../../web/index.html");
const WORKER: &str = include_str!("../../web/sw.js");
const MANIFEST: &str = include_str!("../../web/manifest.webmanifest");
const ICON: &str = include_str!("../../web/icon.svg");

/// Where the files live, before the digest.
const FOLDER: &str = "/console";
/// For as long as browsers keep anything.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Asked for again each time; the answer is "as before" nearly always.
const EACH_TIME: &str = "no-cache";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = Heading {
        tag: "console",
        id: "demo",
        summary: "Tell whether everything here is simulated, and how to sign in to it then.",
    };
    vec![
        page(Method::GET, "/", index),
        page(Method::GET, "/console/{digest}/{file:.*}", file),
        page(Method::GET, "/sw.js", worker),
        page(Method::GET, "/manifest.webmanifest", manifest),
        page(Method::GET, "/icon.svg", icon),
        endpoint(Method::GET, "/api/v1/demo", heading, demo),
    ]
}

/// A file, as it is and as most browsers take it.
struct Asset {
    kind: &'static str,
    tag: String,
    plain: Vec<u8>,
    /// Made when it is first asked for: all files at once would make the first page wait.
    brotli: OnceLock<Vec<u8>>,
}

impl Asset {
    fn new(kind: &'static str, bytes: &[u8]) -> Self {
        Self {
            kind,
            tag: format!("\"{}\"", &hex(&sha256(bytes))[..16]),
            plain: bytes.to_vec(),
            brotli: OnceLock::new(),
        }
    }

    fn answer(&self, request: &HttpRequest, caching: &str) -> HttpResponse {
        let said = |name| request.headers().get_all(name).filter_map(|value| value.to_str().ok());
        if said(header::IF_NONE_MATCH).flat_map(|value| value.split(',')).any(|tag| tag.trim() == self.tag) {
            return HttpResponse::NotModified().insert_header((header::ETAG, self.tag.as_str())).finish();
        }
        let takes_brotli =
            said(header::ACCEPT_ENCODING).flat_map(|value| value.split(',')).any(|coding| coding.trim() == "br");
        let mut answer = HttpResponse::Ok();
        answer
            .content_type(self.kind)
            .insert_header((header::CACHE_CONTROL, caching))
            .insert_header((header::ETAG, self.tag.as_str()))
            .insert_header((header::VARY, "Accept-Encoding"));
        match takes_brotli.then(|| self.brotli.get_or_init(|| squeezed(&self.plain))) {
            Some(small) if !small.is_empty() => {
                answer.insert_header((header::CONTENT_ENCODING, "br")).body(small.clone())
            }
            _ => answer.body(self.plain.clone()),
        }
    }
}

/// Brotli as small as it gets (RFC 7932); nothing when that failed.
fn squeezed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut writer = brotli::CompressorWriter::with_params(&mut out, 4096, &parameters);
    let written = writer.write_all(bytes).and_then(|()| writer.flush());
    drop(writer);
    if written.is_ok() { out } else { Vec::new() }
}

/// The whole console.
struct Console {
    digest: String,
    files: BTreeMap<String, Asset>,
    index: Asset,
    worker: Asset,
    manifest: Asset,
    icon: Asset,
}

/// A script without the lines that are comments. They are for whoever reads the sources, and a fifth of what a village would load;
/// each leaves an empty line, so that the numbers of lines are those of the sources. A line in the middle of a template that begins
/// like a comment would go as well: there is none, and the tests in a browser would miss it.
fn without_comments(script: &str) -> String {
    let mut inside = false;
    let mut code = String::with_capacity(script.len());
    for line in script.lines() {
        let text = line.trim_start();
        let begins = !inside && text.starts_with("/*") && (!text.contains("*/") || text.trim_end().ends_with("*/"));
        if !(inside || begins || text.starts_with("//")) {
            code.push_str(line);
        }
        code.push('\n');
        inside = (inside || begins) && !text.contains("*/");
    }
    code
}

static CONSOLE: LazyLock<Console> = LazyLock::new(|| {
    let mut found = BTreeMap::new();
    gather(&FILES, &mut found);
    let listed: Vec<u8> =
        found.iter().flat_map(|(path, bytes)| [sha256(path.as_bytes()), sha256(bytes)].concat()).collect();
    let digest = hex(&sha256(&listed))[..16].to_owned();
    let base = format!("{FOLDER}/{digest}");
    let kept = found.keys().filter(|path| !path.ends_with(".md"));
    let urls: Vec<String> = kept.map(|path| format!("{base}/{path}")).collect();
    let urls = serde_json::to_string(&urls).unwrap_or_default();
    let filled =
        |text: &str| text.replace("{{base}}", &base).replace("{{digest}}", &digest).replace("{{files}}", &urls);
    Console {
        files: found.into_iter().map(|(path, bytes)| (path.clone(), asset_of(&path, bytes))).collect(),
        index: Asset::new("text/html; charset=utf-8", filled(INDEX).as_bytes()),
        worker: Asset::new(SCRIPT, filled(WORKER).as_bytes()),
        manifest: Asset::new("application/manifest+json", filled(MANIFEST).as_bytes()),
        icon: Asset::new("image/svg+xml", ICON.as_bytes()),
        digest,
    }
});

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// What browsers load; not the types beside it.
fn gather(folder: &'static Dir<'static>, into: &mut BTreeMap<String, &'static [u8]>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if [".js", ".css", ".svg", ".md"].iter().any(|end| path.ends_with(end)) {
            into.insert(path, file.contents());
        }
    }
    folder.dirs().for_each(|folder| gather(folder, into));
}

fn asset_of(path: &str, bytes: &[u8]) -> Asset {
    let kind = kind_of(path);
    match std::str::from_utf8(bytes) {
        Ok(script) if kind == SCRIPT => Asset::new(kind, without_comments(script).as_bytes()),
        _ => Asset::new(kind, bytes),
    }
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, end)| end) {
        Some("js") => SCRIPT,
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

async fn index(_access: Authorized<can::Enter>, request: Request) -> Result<HttpResponse, Problem> {
    Ok(CONSOLE.index.answer(&request.0, EACH_TIME))
}

async fn worker(_access: Authorized<can::Enter>, request: Request) -> Result<HttpResponse, Problem> {
    Ok(CONSOLE.worker.answer(&request.0, EACH_TIME))
}

async fn manifest(_access: Authorized<can::Enter>, request: Request) -> Result<HttpResponse, Problem> {
    Ok(CONSOLE.manifest.answer(&request.0, EACH_TIME))
}

async fn icon(_access: Authorized<can::Enter>, request: Request) -> Result<HttpResponse, Problem> {
    Ok(CONSOLE.icon.answer(&request.0, EACH_TIME))
}

async fn file(_access: Authorized<can::Enter>, request: Request) -> Result<HttpResponse, Problem> {
    let said = request.0.match_info();
    let asset = CONSOLE.files.get(said.query("file")).filter(|_| said.query("digest") == CONSOLE.digest);
    Ok(asset.ok_or(Problem::UnknownRoute)?.answer(&request.0, FOR_EVER))
}

/// Whether everything here is simulated.
#[derive(Debug, Serialize, ToSchema)]
struct Demo {
    /// Whether it is.
    simulated: bool,
    /// How to sign in to it, from the bureau down; none where data are real.
    sign_ins: Vec<DemoSignIn>,
}

/// How somebody signs in to a simulation.
#[derive(Debug, Serialize, ToSchema)]
struct DemoSignIn {
    /// At which tier.
    tier: Tier,
    /// As what.
    role: Role,
    /// At which point.
    point: String,
    /// The user name.
    username: String,
    /// The password. It opens nothing real.
    password: String,
}

async fn demo(access: Authorized<can::Enter>) -> Result<Plain<Demo>, Problem> {
    let told = access.read(Cost::Quick, (), |tx, ()| setup::announced(tx)).await?;
    let simulated = told.is_some();
    let tell =
        |setup::SignIn { tier, role, point, username, password }| DemoSignIn { tier, role, point, username, password };
    Ok(Plain(Demo { simulated, sign_ins: told.unwrap_or_default().into_iter().map(tell).collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_lines_stay() {
        let script = "/**\n * `x`\n */\nlet a = 1; // one\n  // two\n/** three */\nconst b = /** @type {any} */ (a);\n/* four */ a();\n";
        assert_eq!(
            without_comments(script),
            "\n\n\nlet a = 1; // one\n\n\nconst b = /** @type {any} */ (a);\n/* four */ a();\n"
        );
    }

    /// Vendored scripts are one long line after a mark of what may be kept.
    #[test]
    fn no_script_is_lost() {
        let mut found = BTreeMap::new();
        gather(&FILES, &mut found);
        assert!(found.len() > 20);
        for (path, bytes) in found.iter().filter(|(path, _)| path.ends_with(".js")) {
            let code = without_comments(std::str::from_utf8(bytes).unwrap());
            assert!(code.trim().len() > 30, "{path} is nothing but comments");
            assert_eq!(code.lines().count(), std::str::from_utf8(bytes).unwrap().lines().count(), "{path}");
        }
    }
}
