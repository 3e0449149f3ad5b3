//! The command line.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use terrace::{commands, config::Settings};

/// Terrace: a four-tier rural service network. Without a command it serves.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API
    Serve,
    /// Look after administrators
    #[command(subcommand)]
    Admin(Admin),
    /// Look after service points
    #[command(subcommand)]
    Points(Points),
    /// Recount everything from the records and name each number that differs
    Verify,
    /// Show what a recount would change
    Repair {
        /// Change it, and note that in the audit log
        #[arg(long)]
        apply: bool,
    },
    /// Print the API's description (OpenAPI 3.1)
    Openapi {
        /// Compare it with this file instead
        #[arg(long, value_name = "FILE")]
        check: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum Admin {
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

#[derive(Subcommand)]
enum Points {
    /// Import a tree from a CSV file with the columns code,name,parent_code,tier; doing it again changes nothing
    Import {
        /// The file
        file: PathBuf,
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
    },
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(asked) if !asked.use_stderr() => {
            print!("{asked}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("terrace: {}; see terrace --help", commands::one_line(&error));
            return 2.into();
        }
    };
    let Err(failure) = run(cli) else { return ExitCode::SUCCESS };
    eprintln!("terrace: {failure}");
    ExitCode::FAILURE
}

fn run(cli: Cli) -> Result<(), commands::Failure> {
    let config = cli.settings.resolve()?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => commands::serve(&config),
        Command::Admin(Admin::Create { username, name }) => commands::create_admin(&config, &username, name.as_deref()),
        Command::Points(Points::Import { file, dry_run }) => commands::import_points(&config, &file, dry_run),
        Command::Verify => commands::verify(&config),
        Command::Repair { apply } => commands::repair(&config, apply),
        Command::Openapi { check } => commands::openapi(check.as_deref()),
    }
}
