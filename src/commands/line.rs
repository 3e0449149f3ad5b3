//! The command line: its commands and their arguments, and how what was mistyped is told.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::Failure;
use crate::{
    config::Settings,
    demo::{LARGEST, SEED, Size, case_study::Detail},
    domain::Id,
};

/// Terrace: a four-tier rural service network. Without a command it serves.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    /// The settings.
    #[command(flatten)]
    pub settings: Settings,
    /// What to do; serving when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program can do.
#[derive(Subcommand)]
pub enum Command {
    /// Serve the API
    Serve,
    /// Fill an empty database with the tree of Longnan and a simulated year, to look around in
    Demo(Demo),
    /// Look after administrators
    #[command(subcommand)]
    Admin(Admin),
    /// Look after service points
    #[command(subcommand)]
    Points(Points),
    /// Look for whatever was changed past the program: the audit events against their chain, every row against its last event,
    /// every number against the records
    Verify {
        /// Whether the chain still holds this signed head, which was kept apart
        #[arg(long, value_name = "FILE")]
        head: Option<PathBuf>,
    },
    /// Show what a recount would change
    Repair {
        /// Change it, and note that in the audit log
        #[arg(long)]
        apply: bool,
    },
    /// Draw, export and check the chain of audit events
    #[command(subcommand)]
    Audit(Audit),
    /// Export what inspections are drawn from
    #[command(subcommand)]
    Inspection(Inspection),
    /// Look after the keys of the installation
    #[command(subcommand)]
    Keys(Keys),
    /// Write the whole SQLite database into a new file, while servers go on
    Backup {
        /// The file
        file: PathBuf,
    },
    /// Make a new SQLite database, that of --database, from a backup, and verify it
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Reports from the figures
    #[command(subcommand)]
    Report(ReportCommand),
    /// Print the API's description (OpenAPI 3.1)
    Openapi {
        /// Compare it with this file instead
        #[arg(long, value_name = "FILE")]
        check: Option<PathBuf>,
    },
}

/// What is simulated.
#[derive(Args)]
pub struct Demo {
    /// Only a few hundred households and a few thousand records; of a case study, one report of each store
    #[arg(long, conflicts_with = "scale")]
    small: bool,
    /// Instead of a year: a data set that stands for the end of 2021 and adds up to the published figures of Longnan
    #[arg(long, conflicts_with_all = ["scale", "months"])]
    pub case_study: bool,
    /// So many times the records of a year, 510,000 each time; from 61,000 households, 4,000 more each time
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=i64::from(LARGEST)))]
    scale: u32,
    /// So many whole months are reported: the last one is under way, those before are closed [default: 12, or 3 with --small]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=12))]
    months: Option<u8>,
    /// The same seed gives the same households and records on the same day
    #[arg(long, value_name = "N", default_value_t = SEED)]
    pub seed: u64,
}

impl Demo {
    /// How much is written of a case study.
    pub fn detail(&self) -> Detail {
        if self.small { Detail::Once } else { Detail::Monthly }
    }

    /// How much is wanted.
    pub fn size(&self) -> Size {
        let size = if self.small { Size::SMALL } else { Size::times(self.scale) };
        Size { reported_months: self.months.map_or(size.reported_months, usize::from), ..size }
    }
}

/// What is done about administrators.
#[derive(Subcommand)]
pub enum Admin {
    /// Open an account with the role admin at the bureau and print its one-time password
    Create {
        /// The name to sign in with
        #[arg(long)]
        username: String,
        /// The person's name [default: the user name]
        #[arg(long)]
        name: Option<String>,
    },
}

/// What is done about service points.
#[derive(Subcommand)]
pub enum Points {
    /// Import a tree from a CSV file with the columns code,name,parent_code,tier; doing it again changes nothing
    Import {
        /// The file
        file: PathBuf,
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
    },
}

/// What is done about the chain of audit events.
#[derive(Subcommand)]
pub enum Audit {
    /// Print the signed end of the chain: keep it apart from the server
    Head,
    /// Print every event in the order of the chain, a line of JSON each
    Export,
    /// Check an export against a signed head, without the database and without keys
    Verify {
        /// The export
        export: PathBuf,
        /// The head
        head: PathBuf,
        /// The public key that must have signed the head, as printed by an earlier one
        #[arg(long, value_name = "HEX")]
        public_key: Option<String>,
    },
}

/// What is done about inspections.
#[derive(Subcommand)]
pub enum Inspection {
    /// Print the lines of a frame: with the seed, anybody can draw the sample again
    Frame {
        /// The inspection
        #[arg(value_parser = id)]
        id: Id,
    },
}

/// Which report.
#[derive(Subcommand)]
pub enum ReportCommand {
    /// Print every headline of a point and a year, with definitions
    Annual {
        /// The calendar year
        #[arg(long, value_parser = clap::value_parser!(i32).range(1900..=9999))]
        year: i32,
        /// The region code of the point [default: the whole network]
        #[arg(long, value_name = "CODE")]
        point: Option<String>,
        /// Lines of text, JSON as the API has it, or a page to print
        #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
        format: ReportFormat,
    },
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Lines of text.
    Text,
    /// As the API has it.
    Json,
    /// A page to print.
    Html,
}

/// What is done about keys.
#[derive(Subcommand)]
pub enum Keys {
    /// Make a new key for personal fields and seal them all with it, while servers go on; continues when it was interrupted
    Rotate,
    /// Write a copy of the key file behind a passphrase (TERRACE_PASSPHRASE, or the first line of the input)
    Export {
        /// The copy
        file: PathBuf,
    },
    /// Make the key file from such a copy
    Import {
        /// The copy
        file: PathBuf,
    },
}

fn id(text: &str) -> Result<Id, &'static str> {
    text.parse().map_err(|_| "it is no id (UUID)")
}

/// Does what the command line asks for.
///
/// # Errors
/// Why it cannot.
pub fn run(cli: Cli) -> Result<(), Failure> {
    let config = cli.settings.resolve()?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => super::serve(&config),
        Command::Demo(wanted) => super::demo::demo(&config, &wanted),
        Command::Admin(Admin::Create { username, name }) => super::create_admin(&config, &username, name.as_deref()),
        Command::Points(Points::Import { file, dry_run }) => super::import_points(&config, &file, dry_run),
        Command::Verify { head } => super::verify(&config, head.as_deref()),
        Command::Repair { apply } => super::repair(&config, apply),
        Command::Audit(Audit::Head) => super::audit::head(&config),
        Command::Audit(Audit::Export) => super::audit::export(&config),
        Command::Audit(Audit::Verify { export, head, public_key }) => {
            super::audit::verify(&export, &head, public_key.as_deref())
        }
        Command::Inspection(Inspection::Frame { id }) => super::inspection::frame(&config, id),
        Command::Keys(Keys::Rotate) => super::keys::rotate(&config),
        Command::Keys(Keys::Export { file }) => super::keys::export(&config, &file),
        Command::Keys(Keys::Import { file }) => super::keys::import(&config, &file),
        Command::Backup { file } => super::backup::make(&config, &file),
        Command::Restore { file } => super::backup::restore(&config, &file),
        Command::Report(ReportCommand::Annual { year, point, format }) => {
            super::report::annual(&config, year, point.as_deref(), format)
        }
        Command::Openapi { check } => super::openapi(check.as_deref()),
    }
}

/// What is wrong with the arguments, in one line.
pub fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let commands = text.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
        let names: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
        return format!("a command is missing, one of: {}", names.join(", "));
    }
    let lines = text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let line = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    line.trim_start_matches("error: ").to_owned()
}
