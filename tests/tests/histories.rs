//! The seeded histories by themselves: the same every time, and conflicts among them.

use docket_tests::histories::tape;

/// FAULTS row 52: the native half; `mobile/e2e/stories/native-equals-wasm.ts` is the other.
#[test]
fn seeded_histories_are_the_same_every_time() {
    let first = tape(40);
    assert_eq!(first, tape(40));
    let views = first["views"].to_string();
    assert!(!views.contains("\\\"error\\\""), "every question has an answer");
    assert!(views.contains("major") && views.contains("水泵异响"), "they say something");
}
