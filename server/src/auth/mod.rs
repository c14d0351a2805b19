//! Who is calling: passwords, tokens, sessions, devices, and the scope they end in.
//!
//! Nothing here decides what a record may contain; that is the field rules' work.

pub mod browsers;
pub mod caller;
pub mod devices;
pub mod passwords;
pub mod scope;
pub mod sessions;
pub mod throttle;
pub mod together;
pub mod tokens;
