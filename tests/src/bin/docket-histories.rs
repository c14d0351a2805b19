//! Prints seeded histories with what the native core shows of them: `docket-histories COUNT`.
//!
//! See [`docket_tests::histories`]; started by `mobile/e2e/harness/histories.ts`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let Some(count) = count else {
        eprintln!("docket-histories COUNT");
        return ExitCode::FAILURE;
    };
    println!("{}", docket_tests::histories::tape(count));
    ExitCode::SUCCESS
}
