//! The command line.

use std::process::ExitCode;

use clap::Parser as _;
use terrace::commands::{self, line::Line};

fn main() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(asked) if !asked.use_stderr() => {
            print!("{asked}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("terrace: {}; see terrace --help", commands::one_line(&error));
            return 2.into();
        }
    };
    let Err(failure) = line.run() else { return ExitCode::SUCCESS };
    eprintln!("terrace: {failure}");
    ExitCode::FAILURE
}
