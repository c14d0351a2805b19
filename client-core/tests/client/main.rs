//! The phone's brain from outside: one file a subject.
//!
//! The server here is the test: it answers with the wire types, so that every verdict and every
//! broken answer can be given on purpose. The real server meets the phone in `tests/`.

mod evacuation;
mod files;
mod finding;
mod hand_over;
mod phone;
mod support;
mod verdicts;
