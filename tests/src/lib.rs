//! The harness: real phones (client-core on real SQLite files) and the real server binary as
//! its own process, joined by real HTTP on loopback. And the simulator ([`sim`]): the same code
//! in one process, with time, chance, network and disks in its hands.
//!
//! ```text
//! Phone --- Link (ureq) --- Server (process `docket serve`, SQLite data folder)
//! ```
//!
//! Nothing here is a stand-in for product code. Randomness is seeded and the seed is part of
//! every failure message; time is the machine's, because the server is a real process.

mod backlog;
mod courier;
pub mod disk;
pub mod dump;
pub mod fuzz;
pub mod histories;
mod link;
mod phone;
pub mod pocket;
pub mod process;
mod proxy;
mod random;
mod server;
pub mod sim;
mod workload;

pub use backlog::Backlog;
pub use courier::Courier;
pub use link::{Answer, Link};
pub use phone::{DRAWING_PNG, Phone};
pub use proxy::Proxy;
pub use random::Random;
pub use server::{Backup, Desk, Image, Server, docket};
pub use workload::{Job, Workload};
