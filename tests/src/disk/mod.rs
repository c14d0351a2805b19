//! A disk in memory that can lose its power: what SQLite believes it stands on, under test.
//!
//! Method. A real disk says *written* long before it means it: until a file is synced, any part
//! of what was written to it may be missing, half there, or rubbish after a power cut, and the
//! same holds for names of files until their directory is synced. So:
//!
//! 1. [`Disk`] registers itself with SQLite as a virtual file system ([`vfs`]). The product opens
//!    its database on it by name and runs unchanged: rollback journals, write-ahead log, several
//!    connections with shared memory and locks.
//! 2. Every operation that changes the disk (name, write, truncate, sync) goes through a pure
//!    model, [`platter`], which keeps apart what the process sees and what is safe.
//! 3. A power cut ([`Disk::power_cut`]) keeps what is safe, treats every other operation as the
//!    [`Outcome`] says, and cuts off all open connections: whatever a dead process still tries
//!    fails and changes nothing.
//! 4. To try *every* moment without running everything again each time, [`Disk::record`] keeps
//!    the log; [`Recording::each_moment`] plays it and can cut the power anywhere.
//!
//! Errors that are no power cut ([`Fault`]) are planned by step. Bytes never rot here by
//! themselves; a test that wants that changes them. Reads never fail. Clock and randomness are
//! fixed, so that the same seed gives the same run.

mod faults;
mod locks;
mod platter;
mod recording;
mod shared;
mod vfs;

use std::ops::Range;
use std::sync::Arc;

use docket_server::store::Storage;
use rusqlite::{Connection, OpenFlags};

pub use faults::Fault;
pub use platter::{FileId, Image, Op, Outcome, Platter, Semantics};
pub use recording::Recording;
use shared::Shared;

/// A disk. Connections on it keep it alive.
pub struct Disk {
    shared: Arc<Shared>,
}

impl Disk {
    /// An empty disk with an ordinary file system; the seed decides what power cuts spare.
    pub fn new(seed: u64) -> Self {
        Self::with(Semantics::File, seed, Image::default())
    }

    /// An empty disk as a browser offers it.
    pub fn opfs(seed: u64) -> Self {
        Self::with(Semantics::Opfs, seed, Image::default())
    }

    /// A disk that already holds something.
    pub fn with(semantics: Semantics, seed: u64, image: Image) -> Self {
        Self { shared: vfs::register(Shared::new(Platter::new(semantics, image), seed)) }
    }

    /// What SQLite calls this disk.
    pub fn vfs_name(&self) -> &str {
        self.shared.name()
    }

    /// When what was written here is safe.
    pub fn semantics(&self) -> Semantics {
        self.shared.state().platter().semantics()
    }

    /// This disk as what a server stores on.
    pub fn storage(&self) -> Storage {
        Storage::Other(Arc::clone(&self.shared) as Arc<dyn docket_server::store::Disk>)
    }

    /// Opens, or creates, a database; on a browser's files, where no memory is shared, for one
    /// connection alone.
    pub fn connection(&self, path: &str) -> rusqlite::Result<Connection> {
        let sql = Connection::open_with_flags_and_vfs(path, OpenFlags::default(), self.vfs_name())?;
        if self.semantics() == Semantics::Opfs {
            sql.pragma_update(None, "locking_mode", "exclusive")?;
        }
        Ok(sql)
    }

    /// Operations so far that changed the disk or were to.
    pub fn steps(&self) -> u64 {
        self.shared.state().steps()
    }

    /// The files as a process on this disk sees them.
    pub fn snapshot(&self) -> Image {
        self.shared.state().platter().live().clone()
    }

    /// Puts other files into the place of all that is here; open connections are cut off.
    pub fn restore(&self, image: &Image) {
        self.shared.state().restart(image.clone());
    }

    /// The power fails and comes back: what was not safe becomes what the outcome says, and open
    /// connections are cut off. `Outcome::Kept` is a killed process on a machine that lives on.
    pub fn power_cut(&self, outcome: Outcome) {
        self.shared.state().power_cut(outcome);
    }

    /// Lets one step fail.
    pub fn fail_at(&self, step: u64, fault: Fault) {
        self.fail_during(step..step + 1, fault);
    }

    /// Lets every step in a window fail.
    pub fn fail_during(&self, steps: Range<u64>, fault: Fault) {
        self.shared.state().plan(steps, fault);
    }

    /// No more planned errors.
    pub fn mend(&self) {
        self.shared.state().mend();
    }

    /// Starts keeping the log.
    pub fn record(&self) {
        self.shared.state().record();
    }

    /// The log since [`Disk::record`], which ends with this.
    pub fn recorded(&self) -> Recording {
        self.shared.state().recorded()
    }
}
