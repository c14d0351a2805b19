//! What a disk holds, without any SQLite: operations, files, and what a power cut leaves.
//!
//! A pure model. [`Platter`] keeps three things apart: the files as a running process sees them,
//! the files as they would be after losing everything not flushed, and the operations in between.
//! [`super::vfs`] feeds it live; [`super::recording`] feeds it again from a log.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::random::Random;

/// Names a file for its whole life, whatever it is called.
pub type FileId = u32;

/// The unit that a failing disk writes or loses as a whole.
const SECTOR_BYTES: usize = 512;

/// When what was written is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Semantics {
    /// An ordinary file system: content is safe after the file's sync, names after a sync of the
    /// directory, which comes with a new file's first sync or with a delete that asks for it.
    File,
    /// A pool of browser files (`sahpool`): the name stands in the file itself, so that both are
    /// safe only after that file's sync, and nobody flushes after a delete. Files are used again.
    Opfs,
}

/// One thing done to the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// A file gets its name (it was made) or loses it (it was deleted).
    Name {
        /// Which.
        file: FileId,
        /// Its name from now on.
        name: Option<Arc<str>>,
        /// Whether the directory was flushed with it.
        flushed: bool,
    },
    /// Bytes were written.
    Write {
        /// Where to.
        file: FileId,
        /// First byte.
        offset: usize,
        /// All of them.
        bytes: Arc<[u8]>,
    },
    /// A file was cut, or grown with zeros.
    Truncate {
        /// Which.
        file: FileId,
        /// Its length from now on.
        size: usize,
    },
    /// Everything written to a file is now safe.
    Sync {
        /// Which.
        file: FileId,
    },
}

impl Op {
    fn file(&self) -> FileId {
        match self {
            Self::Name { file, .. }
            | Self::Write { file, .. }
            | Self::Truncate { file, .. }
            | Self::Sync { file } => *file,
        }
    }
}

/// What becomes of the operations that were not flushed when the power fails.
///
/// Reordering needs no outcome of its own: where two writes do not touch, any order gives the
/// same bytes, and where they do, the older one landing last is the newer one lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All lost.
    Dropped,
    /// All on the disk; also what a killed process leaves on a machine that lives on.
    Kept,
    /// Every sector of every write is new, old, or garbage.
    Torn,
    /// Every operation is there or lost, independently.
    Mixed,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Dropped, Self::Kept, Self::Torn, Self::Mixed];
}

/// The files of a disk at one moment; clones are cheap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    files: BTreeMap<FileId, Stored>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Stored {
    name: Option<Arc<str>>,
    bytes: Arc<Vec<u8>>,
}

impl Image {
    /// The content of a file; none when there is no such file.
    pub fn content(&self, name: &str) -> Option<&[u8]> {
        let file = self.find(name)?;
        self.files.get(&file).map(|stored| stored.bytes.as_slice())
    }

    /// The same files in another folder.
    pub fn moved(mut self, from: &str, to: &str) -> Self {
        for stored in self.files.values_mut() {
            let moved = stored.name.as_deref().and_then(|name| name.strip_prefix(from));
            if let Some(rest) = moved {
                stored.name = Some(format!("{to}{rest}").into());
            }
        }
        self
    }

    /// Bytes of all files.
    pub fn size(&self) -> usize {
        self.files.values().map(|stored| stored.bytes.len()).sum()
    }

    pub(super) fn find(&self, name: &str) -> Option<FileId> {
        let called = |stored: &Stored| stored.name.as_deref() == Some(name);
        self.files.iter().find(|(_, stored)| called(stored)).map(|(file, _)| *file)
    }

    pub(super) fn bytes(&self, file: FileId) -> &[u8] {
        self.files.get(&file).map_or(&[], |stored| stored.bytes.as_slice())
    }

    fn apply(&mut self, op: &Op) {
        match op {
            Op::Name { file, name: Some(name), .. } => {
                // A directory has one entry of a name.
                if let Some(before) = self.find(name) {
                    self.files.remove(&before);
                }
                self.files.entry(*file).or_default().name = Some(Arc::clone(name));
            }
            Op::Name { file, name: None, .. } => {
                self.files.entry(*file).or_default().name = None;
            }
            Op::Write { file, offset, bytes } => self.write(*file, *offset, bytes),
            Op::Truncate { file, size } => self.bytes_mut(*file).resize(*size, 0),
            Op::Sync { .. } => {}
        }
    }

    fn write(&mut self, file: FileId, offset: usize, bytes: &[u8]) {
        let stored = self.bytes_mut(file);
        let end = offset + bytes.len();
        if stored.len() < end {
            stored.resize(end, 0);
        }
        stored[offset..end].copy_from_slice(bytes);
    }

    /// Applies an operation that the power cut hit in the middle.
    fn tear(&mut self, op: &Op, chance: &mut Random) {
        let Op::Write { file, offset, bytes } = op else {
            if chance.below(2) == 0 {
                self.apply(op);
            }
            return;
        };
        let mut from = 0;
        while from < bytes.len() {
            let to_boundary = SECTOR_BYTES - (offset + from) % SECTOR_BYTES;
            let to = bytes.len().min(from + to_boundary);
            match chance.below(3) {
                0 => self.write(*file, offset + from, &bytes[from..to]),
                1 => {
                    let garbage: Vec<u8> = (from..to).map(|_| chance.bits() as u8).collect();
                    self.write(*file, offset + from, &garbage);
                }
                _ => {}
            }
            from = to;
        }
    }

    fn bytes_mut(&mut self, file: FileId) -> &mut Vec<u8> {
        Arc::make_mut(&mut self.files.entry(file).or_default().bytes)
    }

    /// Forgets files without a name: nobody can open them any more.
    fn prune(&mut self) {
        self.files.retain(|_, stored| stored.name.is_some());
    }
}

/// A disk while it runs.
#[derive(Debug, Clone)]
pub struct Platter {
    semantics: Semantics,
    live: Image,
    durable: Image,
    pending: Vec<Op>,
    /// Grows whenever `durable` changes.
    flushes: u64,
}

impl Platter {
    /// A disk that starts, powered, with these files.
    pub fn new(semantics: Semantics, image: Image) -> Self {
        let durable = image.clone();
        Self { semantics, live: image, durable, pending: Vec::new(), flushes: 0 }
    }

    /// When what was written is safe.
    pub fn semantics(&self) -> Semantics {
        self.semantics
    }

    /// The files as the running process sees them.
    pub fn live(&self) -> &Image {
        &self.live
    }

    /// How often something became safe: two moments with the same number lose the same.
    pub fn flushes(&self) -> u64 {
        self.flushes
    }

    /// How many operations could be lost now.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// A file that may be given a name: an old one of the pool, or a new one.
    pub(super) fn free_file(&self) -> FileId {
        let unused = |(_, stored): &(&FileId, &Stored)| stored.name.is_none();
        let reused = match self.semantics {
            Semantics::Opfs => self.live.files.iter().find(unused).map(|(file, _)| *file),
            Semantics::File => None,
        };
        let known = self.live.files.keys().chain(self.durable.files.keys()).max();
        let pending = self.pending.iter().map(Op::file).max();
        reused.unwrap_or_else(|| known.copied().max(pending).map_or(0, |last| last + 1))
    }

    /// Does one thing.
    pub fn apply(&mut self, op: Op) {
        self.live.apply(&op);
        match op {
            Op::Sync { file } => self.sync(file),
            Op::Name { flushed, file, name } => {
                let deleted = name.is_none();
                self.pending.push(Op::Name { file, name, flushed });
                if flushed {
                    self.settle(|op| matches!(op, Op::Name { .. }));
                }
                if deleted && self.semantics == Semantics::File {
                    self.live.files.remove(&file);
                }
            }
            op => self.pending.push(op),
        }
    }

    /// A sync that failed: the system has dropped its copy of what was not on the disk, so that
    /// no later sync saves it either, although reading still shows it.
    pub fn lose(&mut self, file: FileId) {
        self.pending.retain(|op| op.file() != file);
    }

    /// What the disk holds when it comes up again.
    pub fn after_power_cut(&self, outcome: Outcome, chance: &mut Random) -> Image {
        let mut image = self.durable.clone();
        for op in &self.pending {
            match outcome {
                Outcome::Dropped => {}
                Outcome::Kept => image.apply(op),
                Outcome::Torn => image.tear(op, chance),
                Outcome::Mixed if chance.below(2) == 0 => image.apply(op),
                Outcome::Mixed => {}
            }
        }
        image.prune();
        image
    }

    fn sync(&mut self, file: FileId) {
        let made = |op: &Op| matches!(op, Op::Name { file: of, name: Some(_), .. } if *of == file);
        let directory = self.semantics == Semantics::File && self.pending.iter().any(made);
        self.settle(|op| op.file() == file || (directory && matches!(op, Op::Name { .. })));
    }

    fn settle(&mut self, reached: impl Fn(&Op) -> bool) {
        let (safe, pending): (Vec<Op>, Vec<Op>) =
            std::mem::take(&mut self.pending).into_iter().partition(reached);
        self.pending = pending;
        self.flushes += u64::from(!safe.is_empty());
        safe.iter().for_each(|op| self.durable.apply(op));
        if self.semantics == Semantics::File {
            // Deleted for good; a write that was never flushed may still name the file.
            let deleted = safe.iter().filter(|op| matches!(op, Op::Name { name: None, .. }));
            for op in deleted {
                let again = self.durable.files.get(&op.file()).is_some_and(|it| it.name.is_some());
                if !again {
                    self.durable.files.remove(&op.file());
                }
            }
        }
    }
}
