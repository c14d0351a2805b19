//! The seeded histories by themselves: the same every time, and conflicts among them.

use docket_tests::histories::tape;

/// FAULTS row 52: the native half; `mobile/e2e/stories/native-equals-wasm.ts` is the other.
#[test]
fn seeded_histories_are_the_same_every_time() {
    let first = tape(40);
    assert_eq!(first, tape(40));
    let views = first["views"].to_string();
    assert!(!views.contains("\\\"error\\\""), "every question has an answer");
    // Which level is drawn changes with every new field; that one is, must not.
    let says = |level: &&str| views.contains(&format!("\\\"level\\\":\\\"{level}\\\""));
    let levels = ["minor", "normal", "major", "critical"];
    assert!(levels.iter().any(says) && views.contains("水泵异响"), "they say something");
}
