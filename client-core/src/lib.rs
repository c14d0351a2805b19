//! The phone's brain, without hands: no sockets, no clock, no randomness.
//!
//! ```text
//! Command -> Edit -> one Automerge change + one outbox row, in ONE SQLite transaction -> view
//!                                         |
//!              next_request() -> bytes -> |  (someone else carries them)
//!              respond(bytes) ----------> verdicts, items, cursor in ONE transaction -> view
//! ```
//!
//! [`Client`] is the whole machine. [`Client::call`] takes a command as JSON and answers with
//! JSON; [`Client::next_request`] says what to send, if anything; [`Client::respond`] and
//! [`Client::failed`] say how it went. Photos and files go by a door of their own, behind the
//! rest ([`Client::next_file_request`]). Time and randomness come in with every call
//! ([`env::Env`]), so a day of work can be replayed from a seed. The same code runs on the phone
//! (wasm over OPFS) and natively.
//!
//! Reading order: `command` -> `editing` -> `store` -> `sync` -> `view`.

mod client;
mod clocks;
pub mod command;
mod conflicts;
mod editing;
pub mod env;
pub mod error;
mod evacuation;
mod files;
mod hand_over;
mod retry;
pub mod search;
mod session;
mod signing;
mod store;
mod sync;
mod view;

pub use client::{Client, ZoneOffset};
pub use docket_protocol::picture::is_too_large;
pub use env::{Entropy, Env};
pub use error::ClientError;
pub use files::{FileAnswer, FileBody, FileRequest};
pub use store::Medium;
pub use sync::request::{Request, RequestKind};
pub use view::*;
