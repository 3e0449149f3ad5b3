//! The commands of the program. Each returns one line that says what went wrong.

mod audit;
mod backup;
mod demo;
mod inspection;
mod keys;
mod line;
mod report;

pub use line::{Cli, one_line, run};

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    sync::Arc,
};

use crate::{
    api,
    app::{
        integrity::Findings,
        points_import::{self, ImportError},
        recount::Recount,
        setup,
        verify::{self, Verification},
    },
    config::{Config, LogFormat},
    edge::Edge,
    error::Error,
    server::{self, House},
};

/// What went wrong, for the last line of standard error.
pub type Failure = String;

/// Sets up the log; `quiet` commands tell of warnings only.
pub fn start_log(format: LogFormat, quiet: bool) {
    let level = if quiet { "warn" } else { "info" };
    let mut logger = env_logger::Builder::from_env(env_logger::Env::default().default_filter_or(level));
    if format == LogFormat::Json {
        logger.format(|line, record| {
            let mut fields = serde_json::Map::new();
            fields.insert("time".into(), line.timestamp_micros().to_string().into());
            fields.insert("level".into(), record.level().as_str().to_lowercase().into());
            fields.insert("target".into(), record.target().into());
            fields.insert("message".into(), record.args().to_string().into());
            let mut visitor = Fields(fields);
            record.key_values().visit(&mut visitor).map_err(std::io::Error::other)?;
            writeln!(line, "{}", serde_json::Value::Object(visitor.0))
        });
    }
    // A second start in one process keeps the first log.
    drop(logger.try_init());
}

struct Fields(serde_json::Map<String, serde_json::Value>);

impl<'kvs> log::kv::VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: log::kv::Key<'kvs>, value: log::kv::Value<'kvs>) -> Result<(), log::kv::Error> {
        let value = value.to_u64().map_or_else(|| value.to_string().into(), serde_json::Value::from);
        self.0.insert(key.to_string(), value);
        Ok(())
    }
}

/// Serves until told to stop.
///
/// # Errors
/// Why it cannot.
pub fn serve(config: &Config) -> Result<(), Failure> {
    start_log(config.log_format, false);
    actix_web::rt::System::new().block_on(server::serve(config)).map_err(words)
}

/// Makes an administrator of the whole network and prints the one-time password.
///
/// # Errors
/// Why it cannot.
pub fn create_admin(config: &Config, username: &str, name: Option<&str>) -> Result<(), Failure> {
    start_log(config.log_format, true);
    let steps = on_house(config, async |house| {
        setup::create_admin(&house.gate, username, name.unwrap_or(username)).await.map_err(words)
    })?;
    println!("username: {}\npassword: {}", steps.username, steps.first_password);
    eprintln!("This password is shown once and must be changed at the first sign-in.");
    Ok(())
}

/// Imports a tree of service points.
///
/// # Errors
/// Every fault of the file, a line each, or why it cannot.
pub fn import_points(config: &Config, file: &Path, dry_run: bool) -> Result<(), Failure> {
    start_log(config.log_format, true);
    let content = File::open(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let outcome = on_house(config, async |house| {
        points_import::import(&house.gate, content, dry_run).await.map_err(|error| match error {
            ImportError::Other(error) => format!("{}: {}", file.display(), words(error)),
            ImportError::Faults(faults) => {
                for fault in &faults {
                    eprintln!("{}:{}: {}", file.display(), fault.line, fault.message);
                }
                format!("nothing was imported: {} faults in {}", faults.len(), file.display())
            }
        })
    })?;
    let verb = if dry_run { "would be " } else { "" };
    println!("{} {verb}opened, {} {verb}renamed, {} unchanged", outcome.opened, outcome.renamed, outcome.unchanged);
    Ok(())
}

/// Looks at everything and tells what is wrong.
///
/// # Errors
/// Something is wrong, or why it cannot.
pub fn verify(config: &Config, head: Option<&Path>) -> Result<(), Failure> {
    start_log(config.log_format, true);
    let kept = head.map(audit::read_head).transpose()?;
    on_house(config, async |house| tell_all(&verify::verify(&house.gate, kept).await.map_err(words)?))
}

fn tell_all(found: &Verification) -> Result<(), Failure> {
    for Findings { lines, more, .. } in [&found.chain, &found.rows, &found.reports] {
        lines.iter().for_each(|line| println!("{line}"));
        if *more > 0 {
            println!("… and {more} more of these");
        }
    }
    tell(&found.recount);
    println!(
        "audit: {} events in their chain, {} rows against their last events: {} findings",
        found.chain.looked_at,
        found.rows.looked_at,
        found.chain.count() + found.rows.count()
    );
    println!("reports: {} reports against their digests: {} findings", found.reports.looked_at, found.reports.count());
    let numbers = found.recount.differences.len();
    match (found.count() - numbers as u64, numbers) {
        (0, 0) => Ok(()),
        (0, 1) => Err("1 number differs; see terrace repair".to_owned()),
        (0, numbers) => Err(format!("{numbers} numbers differ; see terrace repair")),
        (findings, 0) => Err(format!("{findings} findings: something was changed past the program")),
        (findings, numbers) => {
            Err(format!("{findings} findings: something was changed past the program; {numbers} numbers differ"))
        }
    }
}

/// Tells what a recount would change, or changes it.
///
/// # Errors
/// Differences are left that a recount cannot decide about, or why it cannot.
pub fn repair(config: &Config, apply: bool) -> Result<(), Failure> {
    start_log(config.log_format, true);
    let found = on_house(config, async |house| {
        if apply { verify::repair(&house.gate).await } else { verify::look(&house.gate).await }.map_err(words)
    })?;
    tell(&found);
    let mended = found.differences.iter().filter(|difference| difference.is_mended()).count();
    println!("{mended} {}", if apply { "mended" } else { "would be mended; run it with --apply" });
    match found.differences.len() - mended {
        0 => Ok(()),
        left => Err(format!("{left} of these are left: which side is right, a recount cannot tell")),
    }
}

fn tell(found: &Recount) {
    for difference in &found.differences {
        println!("{}", difference.line());
    }
    println!(
        "recounted {} households, {} records, {} stores, {} other entries, {} cells: {} differences",
        found.households,
        found.records,
        found.stores,
        found.entries,
        found.cells,
        found.differences.len()
    );
}

/// Prints the API's description, or compares it with a file.
///
/// # Errors
/// The file says something else.
pub fn openapi(check: Option<&Path>) -> Result<(), Failure> {
    let yaml = api::spec::yaml(&api::endpoints()).map_err(words)?;
    match check {
        None => std::io::stdout().write_all(yaml.as_bytes()).map_err(|error| error.to_string()),
        Some(file) => match fs::read_to_string(file) {
            Ok(committed) if committed == yaml => Ok(()),
            Ok(_) => Err(format!("{0} is not what the code says; run: terrace openapi > {0}", file.display())),
            Err(error) => Err(format!("{}: {error}", file.display())),
        },
    }
}

fn on_house<T>(config: &Config, work: impl AsyncFnOnce(House) -> Result<T, Failure>) -> Result<T, Failure> {
    actix_web::rt::System::new().block_on(async {
        let house = House::open(config, Arc::new(Edge::system())).map_err(words)?;
        work(house).await
    })
}

/// One line, without the names of the program's own types.
fn words(error: Error) -> Failure {
    let text = match error {
        Error::Invalid(faults) => {
            let words = faults.iter().map(|fault| {
                format!(
                    "{}: {}",
                    fault.pointer.trim_start_matches('/'),
                    api::words::fault(fault, api::words::Language::English)
                )
            });
            words.collect::<Vec<_>>().join("; ")
        }
        Error::Internal(_) | Error::Busy(_) | Error::Collision(_) => error.to_string(),
        other => {
            let (title, detail) =
                api::words::problem(api::problem::Problem::from(other).code(), api::words::Language::English);
            format!("{title}. {detail}")
        }
    };
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}
