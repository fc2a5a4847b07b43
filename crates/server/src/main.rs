//! The one binary. See `steward --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::command::cli::main()
}
