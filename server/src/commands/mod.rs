//! What the command line does, one file a command; `main.rs` only reads the arguments.

pub mod assets;
pub mod audit;
pub mod demo;
pub mod document;
pub mod rebuild;
pub mod records;
pub mod recover;
pub mod serve;
mod terminal;
pub mod user;
pub mod verify;
