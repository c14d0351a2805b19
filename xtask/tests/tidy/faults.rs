//! Every fault that is due has a test that says so.

use std::process::Command;

#[test]
fn no_fault_that_is_due_is_without_a_test() {
    let listed = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("faults").output();
    let listed = listed.expect("xtask runs");
    let table = String::from_utf8_lossy(&listed.stdout);
    let gaps = String::from_utf8_lossy(&listed.stderr);
    assert!(listed.status.success(), "{table}{gaps}");
}
