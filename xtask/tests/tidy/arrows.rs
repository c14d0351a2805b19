//! Which crate may know which. A new arrow is the most scrutinised change there is: draw it
//! here, and in ARCHITECTURE.md.

use std::process::Command;

use serde_json::Value as Json;

use crate::check;

const CLIENT: &str = "docket-client-core";
const MOBILE: &str = "docket-mobile-core";
const PROTOCOL: &str = "docket-protocol";
const SERVER: &str = "docket-server";

/// Every crate with those it may depend on, in tests, too.
const ARROWS: [(&str, &[&str]); 6] = [
    (PROTOCOL, &[]),
    (CLIENT, &[PROTOCOL]),
    (MOBILE, &[CLIENT, PROTOCOL]),
    (SERVER, &[PROTOCOL]),
    ("docket-tests", &[PROTOCOL, CLIENT, SERVER]),
    ("xtask", &[]),
];

/// What would let a crate without IO reach out: sockets, files, clocks, its own randomness.
const REACHING_OUT: [&str; 14] = [
    "async-std",
    "axum",
    "chrono",
    "fastrand",
    "getrandom",
    "hyper",
    "mio",
    "rand",
    "reqwest",
    "smol",
    "socket2",
    "time",
    "tokio",
    "ureq",
];

struct Package {
    name: String,
    /// Name and kind (`null` is normal, `dev`, `build`).
    dependencies: Vec<(String, Json)>,
}

#[test]
fn crates_know_only_whom_they_may() {
    let mut offenders = Vec::new();
    for package in packages() {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            offenders.push(format!("{} is not in the table of arrows", package.name));
            continue;
        };
        for (name, _) in &package.dependencies {
            let ours = ARROWS.iter().any(|(ours, _)| ours == name);
            if ours && *name != package.name && !allowed.contains(&name.as_str()) {
                offenders.push(format!("{} -> {name}", package.name));
            }
        }
    }
    check("crates depend on each other only along the arrows of ARCHITECTURE.md:", &offenders);
}

#[test]
fn protocol_and_client_core_do_no_io() {
    let mut offenders = Vec::new();
    for package in packages().iter().filter(|it| [PROTOCOL, CLIENT].contains(&it.name.as_str())) {
        let shipped = package.dependencies.iter().filter(|(_, kind)| kind != "dev");
        for (name, _) in shipped.filter(|(name, _)| REACHING_OUT.contains(&name.as_str())) {
            offenders.push(format!("{} -> {name}", package.name));
        }
        if package.name == PROTOCOL {
            let stores = package.dependencies.iter().filter(|(name, _)| name == "rusqlite");
            offenders.extend(stores.map(|_| format!("{PROTOCOL} -> rusqlite")));
        }
    }
    check("time, randomness and IO are arguments there, not dependencies:", &offenders);
}

fn packages() -> Vec<Package> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(crate::tree::root())
        .output()
        .expect("cargo runs, as it runs this test");
    let metadata: Json = serde_json::from_slice(&output.stdout).expect("cargo speaks JSON");
    let list = |value: &Json| value.as_array().cloned().unwrap_or_default();
    let name = |value: &Json| value["name"].as_str().unwrap_or_default().to_owned();
    let found: Vec<Package> = list(&metadata["packages"])
        .iter()
        .map(|package| Package {
            name: name(package),
            dependencies: list(&package["dependencies"])
                .iter()
                .map(|dependency| (name(dependency), dependency["kind"].clone()))
                .collect(),
        })
        .collect();
    assert_eq!(found.len(), ARROWS.len(), "one row in the table of arrows a crate");
    found
}
