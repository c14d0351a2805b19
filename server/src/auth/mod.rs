//! Who is calling: passwords, tokens, sessions, devices, and the scope they end in.
//!
//! Nothing here decides what a record may contain; that is the field rules' work.

pub mod scope;
