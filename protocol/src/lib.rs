//! The contract between phone and server.
//!
//! Everything both sides must agree on lives here, and nothing else does: [ids](ids), the
//! [wire](wire), the [shape of a record](record) with its one table of field rules, the
//! [edits](edit) a person can make, the computed [stage], what is [due] and the [clocks] of what
//! was promised, the exact bytes a customer's [sign-off](signoff) covers, the [amendment] that
//! opens them again, and the [seal] of what strangers may carry. No IO, no clock, no randomness:
//! those are arguments, so this crate is the same on a phone (wasm) and on the server.
//!
//! Reading order: `ids` -> `record::rules` -> `edit` -> `wire` -> `signoff` -> `amendment`.

pub mod amendment;
pub mod calendar;
pub mod change;
pub mod clocks;
mod compact;
pub mod digest;
pub mod document;
pub mod due;
pub mod edit;
pub mod filing;
pub mod ids;
pub mod items;
pub mod limits;
pub mod number;
pub mod ops;
pub mod picture;
pub mod planted;
pub mod record;
pub mod role;
pub mod seal;
pub mod signoff;
pub mod stage;
pub mod wire;

pub use automerge;
