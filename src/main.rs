//! The command line.

use std::process::ExitCode;

use clap::Parser as _;
use terrace::commands::{self, Cli};

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
    let Err(failure) = commands::run(cli) else { return ExitCode::SUCCESS };
    eprintln!("terrace: {failure}");
    ExitCode::FAILURE
}
