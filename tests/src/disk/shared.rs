//! The state behind a disk and its connections, in plain Rust: every operation of SQLite's file
//! interface as a safe method that says what SQLite should be told.
//!
//! Called by [`super::vfs`], which only translates pointers, and by [`super::Disk`].

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::{fmt, io};

use rusqlite::ffi;

use super::faults::{Fault, Faults};
use super::locks::{FileLocks, Holder, SlotLocks};
use super::platter::{FileId, Image, Op, Outcome, Platter};
use super::recording::Recording;
use super::vfs::Registration;
use crate::random::Random;

/// A SQLite result code other than `SQLITE_OK`.
pub(super) type Code = i32;

/// A disk as all its connections share it.
pub(super) struct Shared {
    name: String,
    state: Mutex<State>,
    /// Set once; takes the disk off SQLite's list when the last connection is gone.
    pub(super) registration: OnceLock<Registration>,
}

impl Shared {
    pub(super) fn new(platter: Platter, seed: u64) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let state = State {
            platter,
            chance: Random::new(seed),
            faults: Faults::default(),
            steps: 0,
            log: None,
            power: 0,
            holders: 0,
            locks: BTreeMap::new(),
            memory: BTreeMap::new(),
        };
        let name = format!("docket-disk-{number}");
        Self { name, state: Mutex::new(state), registration: OnceLock::new() }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// A panic elsewhere does not spoil the state: every method leaves it whole.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Memory that the connections of one write-ahead log share, in SQLite's regions.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) regions: Mutex<Vec<Box<[u64]>>>,
    pub(super) locks: Mutex<SlotLocks>,
}

/// One open file of one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Handle {
    pub(super) file: FileId,
    pub(super) holder: Holder,
    power: u64,
}

/// The disk's files, locks and plans.
pub(super) struct State {
    platter: Platter,
    chance: Random,
    faults: Faults,
    steps: u64,
    log: Option<Recording>,
    /// How often the power came back: handles of an earlier time are dead.
    power: u64,
    holders: Holder,
    locks: BTreeMap<FileId, FileLocks>,
    memory: BTreeMap<FileId, std::sync::Weak<Memory>>,
}

impl State {
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    pub(super) fn platter(&self) -> &Platter {
        &self.platter
    }

    pub(super) fn plan(&mut self, steps: Range<u64>, fault: Fault) {
        self.faults.plan(steps, fault);
    }

    pub(super) fn mend(&mut self) {
        self.faults.clear();
    }

    pub(super) fn record(&mut self) {
        self.log = Some(Recording { start: self.platter.clone(), ops: Vec::new() });
    }

    pub(super) fn recorded(&mut self) -> Recording {
        let empty = || Recording { start: self.platter.clone(), ops: Vec::new() };
        self.log.take().unwrap_or_else(empty)
    }

    pub(super) fn power_cut(&mut self, outcome: Outcome) {
        let image = self.platter.after_power_cut(outcome, &mut self.chance);
        self.restart(image);
    }

    pub(super) fn restart(&mut self, image: Image) {
        self.platter = Platter::new(self.platter.semantics(), image);
        self.power += 1;
        self.locks.clear();
        self.memory.clear();
        if self.log.is_some() {
            self.record();
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)
    }
}

impl docket_server::store::Disk for Shared {
    fn vfs(&self) -> &str {
        &self.name
    }

    fn renew(&self, path: &Path) -> io::Result<()> {
        self.state().renew(&path.display().to_string()).map_err(|fault| match fault {
            Fault::Full => io::ErrorKind::StorageFull.into(),
            Fault::Io | Fault::Sync => io::Error::other("the disk failed"),
        })
    }
}

/// What a server asks for besides SQLite.
impl State {
    /// Copies what is seen of a file beside it, and gives the copy its name once it is safe.
    fn renew(&mut self, name: &str) -> Result<(), Fault> {
        let Some(old) = self.platter.live().find(name) else { return Ok(()) };
        let bytes = Arc::from(self.platter.live().bytes(old));
        let file = self.platter.free_file();
        let named = |name: String, flushed| Op::Name { file, name: Some(name.into()), flushed };
        self.change(named(format!("{name}-new"), false))?;
        self.change(Op::Write { file, offset: 0, bytes })?;
        self.change(Op::Sync { file })?;
        self.change(named(name.to_owned(), true))
    }
}

/// What SQLite asks for.
impl State {
    pub(super) fn exists(&self, name: &str) -> bool {
        self.platter.live().find(name).is_some()
    }

    pub(super) fn open(&mut self, name: &str, create: bool) -> Result<Handle, Code> {
        let file = match self.platter.live().find(name) {
            Some(file) => file,
            None if create => {
                let file = self.platter.free_file();
                let name = Some(Arc::from(name));
                let made = Op::Name { file, name, flushed: false };
                self.change(made).map_err(|fault| match fault {
                    // As `sahpool` says it; on Unix this would be the other code.
                    Fault::Full => ffi::SQLITE_FULL,
                    Fault::Io | Fault::Sync => ffi::SQLITE_CANTOPEN,
                })?;
                file
            }
            None => return Err(ffi::SQLITE_CANTOPEN),
        };
        self.holders += 1;
        Ok(Handle { file, holder: self.holders, power: self.power })
    }

    pub(super) fn delete(&mut self, name: &str, flushed: bool) -> Result<(), Code> {
        let file = self.platter.live().find(name).ok_or(ffi::SQLITE_IOERR_DELETE_NOENT)?;
        let flushed = flushed && self.platter.semantics() == super::Semantics::File;
        let unnamed = Op::Name { file, name: None, flushed };
        self.change(unnamed).map_err(|_| ffi::SQLITE_IOERR_DELETE)?;
        if self.platter.semantics() == super::Semantics::Opfs {
            // The pool empties the file for whoever gets it next.
            let emptied = Op::Truncate { file, size: 0 };
            self.change(emptied).map_err(|_| ffi::SQLITE_IOERR_DELETE)?;
        }
        Ok(())
    }

    pub(super) fn close(&mut self, handle: Handle) {
        if self.alive(handle)
            && let Some(locks) = self.locks.get_mut(&handle.file)
        {
            locks.lower(handle.holder, super::locks::Level::None);
        }
    }

    /// Copies what there is and returns how much that was.
    pub(super) fn read(
        &self,
        handle: Handle,
        offset: usize,
        into: &mut [u8],
    ) -> Result<usize, Code> {
        self.check(handle, ffi::SQLITE_IOERR_READ)?;
        let bytes = self.platter.live().bytes(handle.file);
        let from = offset.min(bytes.len());
        let there = &bytes[from..bytes.len().min(from + into.len())];
        into[..there.len()].copy_from_slice(there);
        Ok(there.len())
    }

    pub(super) fn write(
        &mut self,
        handle: Handle,
        offset: usize,
        bytes: &[u8],
    ) -> Result<(), Code> {
        self.check(handle, ffi::SQLITE_IOERR_WRITE)?;
        let op = Op::Write { file: handle.file, offset, bytes: Arc::from(bytes) };
        self.change(op).map_err(|fault| match fault {
            Fault::Full => ffi::SQLITE_FULL,
            Fault::Io | Fault::Sync => ffi::SQLITE_IOERR_WRITE,
        })
    }

    pub(super) fn truncate(&mut self, handle: Handle, size: usize) -> Result<(), Code> {
        self.check(handle, ffi::SQLITE_IOERR_TRUNCATE)?;
        let op = Op::Truncate { file: handle.file, size };
        self.change(op).map_err(|_| ffi::SQLITE_IOERR_TRUNCATE)
    }

    pub(super) fn sync(&mut self, handle: Handle) -> Result<(), Code> {
        self.check(handle, ffi::SQLITE_IOERR_FSYNC)?;
        self.change(Op::Sync { file: handle.file }).map_err(|_| {
            self.platter.lose(handle.file);
            ffi::SQLITE_IOERR_FSYNC
        })
    }

    pub(super) fn size(&self, handle: Handle) -> Result<usize, Code> {
        self.check(handle, ffi::SQLITE_IOERR_FSTAT)?;
        Ok(self.platter.live().bytes(handle.file).len())
    }

    pub(super) fn locks(&mut self, handle: Handle) -> Result<&mut FileLocks, Code> {
        self.check(handle, ffi::SQLITE_IOERR_LOCK)?;
        Ok(self.locks.entry(handle.file).or_default())
    }

    /// The shared memory of a file: new once nobody holds the old any more.
    pub(super) fn memory(&mut self, handle: Handle) -> Result<Arc<Memory>, Code> {
        self.check(handle, ffi::SQLITE_IOERR_SHMMAP)?;
        let known = self.memory.get(&handle.file).and_then(std::sync::Weak::upgrade);
        Ok(known.unwrap_or_else(|| {
            let memory = Arc::new(Memory::default());
            self.memory.insert(handle.file, Arc::downgrade(&memory));
            memory
        }))
    }

    pub(super) fn alive(&self, handle: Handle) -> bool {
        handle.power == self.power
    }

    /// A dead process changes nothing and learns nothing.
    fn check(&self, handle: Handle, otherwise: Code) -> Result<(), Code> {
        if self.alive(handle) { Ok(()) } else { Err(otherwise) }
    }

    fn change(&mut self, op: Op) -> Result<(), Fault> {
        let step = self.steps;
        self.steps += 1;
        if let Some(fault) = self.faults.at(step, &op) {
            return Err(fault);
        }
        if let Some(log) = &mut self.log {
            log.ops.push(op.clone());
        }
        self.platter.apply(op);
        Ok(())
    }
}
