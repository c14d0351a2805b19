//! libFuzzer drives the target `document`; what it may never do stands in `tests/src/fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| docket_tests::fuzz::must_hold("document", data));
