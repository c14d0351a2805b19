//! What the command line does, one file a command; `main.rs` only reads the arguments.

pub mod serve;
pub mod user;
