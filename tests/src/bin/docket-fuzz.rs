//! The long loop of [`docket_tests::fuzz`] on stable Rust: `docket-fuzz TARGET SECONDS SEED`.
//!
//! Prints one line; a crasher is kept in `tests/vectors/crashers/TARGET` and ends it with an
//! error. `cargo xtask fuzz` starts it.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use docket_tests::fuzz::{TARGETS, run};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, seconds, seed] = arguments.as_slice() else {
        eprintln!("docket-fuzz TARGET SECONDS SEED");
        return ExitCode::FAILURE;
    };
    let target = TARGETS.iter().find(|target| target.name == name);
    let (Some(target), Ok(seconds), Ok(seed)) = (target, seconds.parse(), seed.parse::<u64>())
    else {
        eprintln!("no such target, or no numbers");
        return ExitCode::FAILURE;
    };
    // Thousands of panics inside the gate are caught on purpose; their stories are noise.
    std::panic::set_hook(Box::new(|_| {}));
    let until = Instant::now() + Duration::from_secs(seconds);
    let outcome = run(target, seed, |_| Instant::now() >= until);
    println!("{name}: {} inputs in {seconds} s, seed {seed}", outcome.inputs);
    let Some((input, broken)) = outcome.crasher else { return ExitCode::SUCCESS };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/crashers").join(name);
    let file = folder.join(format!("seed-{seed}-input-{}", outcome.inputs));
    let kept = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, input));
    eprintln!("{name}: {broken}; kept as {}: {kept:?}", file.display());
    ExitCode::FAILURE
}
