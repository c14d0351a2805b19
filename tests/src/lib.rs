//! The harness: real phones (client-core on real SQLite files) and the real server binary as
//! its own process, joined by real HTTP on loopback.
//!
//! ```text
//! Phone --- Link (ureq) --- Server (process `docket serve`, SQLite data folder)
//! ```
//!
//! Nothing here is a stand-in for product code. Randomness is seeded and the seed is part of
//! every failure message; time is the machine's, because the server is a real process.

pub mod disk;
mod link;
mod phone;
mod random;
mod server;

pub use link::{Answer, Link};
pub use phone::{DRAWING_PNG, Phone};
pub use random::Random;
pub use server::{Desk, Server};
