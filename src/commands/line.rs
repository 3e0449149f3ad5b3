//! The command line as it is typed.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

use super::Failure;
use crate::config::Settings;

/// Terrace: a four-tier rural service network. Without a command it serves.
#[derive(Debug, Parser)]
#[command(name = "terrace", version)]
pub struct Line {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API
    Serve,
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
    /// Print the API's description (OpenAPI 3.1)
    Openapi {
        /// Compare it with this file instead
        #[arg(long, value_name = "FILE")]
        check: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
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

#[derive(Debug, Subcommand)]
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

#[derive(Debug, Subcommand)]
enum Audit {
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

#[derive(Debug, Subcommand)]
enum Keys {
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

impl Line {
    /// Does what was typed.
    ///
    /// # Errors
    /// Why it could not.
    pub fn run(self) -> Result<(), Failure> {
        let config = self.settings.resolve()?;
        match self.command.unwrap_or(Command::Serve) {
            Command::Serve => super::serve(&config),
            Command::Admin(Admin::Create { username, name }) => {
                super::create_admin(&config, &username, name.as_deref())
            }
            Command::Points(Points::Import { file, dry_run }) => super::import_points(&config, &file, dry_run),
            Command::Verify { head } => super::verify(&config, head.as_deref()),
            Command::Repair { apply } => super::repair(&config, apply),
            Command::Audit(Audit::Head) => super::head(&config),
            Command::Audit(Audit::Export) => super::export_events(&config),
            Command::Audit(Audit::Verify { export, head, public_key }) => {
                super::verify_export(&export, &head, public_key.as_deref())
            }
            Command::Keys(Keys::Rotate) => super::rotate_keys(&config),
            Command::Keys(Keys::Export { file }) => super::export_keys(&config, &file),
            Command::Keys(Keys::Import { file }) => super::import_keys(&config, &file),
            Command::Backup { file } => super::back_up(&config, &file),
            Command::Restore { file } => super::restore(&config, &file),
            Command::Openapi { check } => super::openapi(check.as_deref().map(Path::new)),
        }
    }
}
