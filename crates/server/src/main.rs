//! Gongkai 公开: the binary. Everything is in the library, so that tests can drive it in process.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::main()
}
