//! The gate: nothing a phone sends reaches the log without passing here.
//!
//! Reading order is the order of the checks: [`decode`] (form), [`authorise`] (whose),
//! [`rules`] (what), [`trial`] (does the record survive it). The types in [`stages`] make the
//! order compulsory.

pub mod stages;
pub mod trial;
