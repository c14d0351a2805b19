//! What both sides remember of a body while they go through it, so that nothing is said twice.
//!
//! The writer looks things up by what they are, the reader by their number. Both begin with the
//! same [keys](super::keys) and add everything in the order in which it comes.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

use super::columns::Unfit;
use super::keys::KEYS;
use crate::limits::ACTOR_BYTES;

/// How two operations that follow on each other differ; see [`super::recipe`].
pub(super) type Step = [u8; 2];
/// A change's hash.
pub(super) type Hash32 = [u8; 32];
/// An actor.
pub(super) type Actor = [u8; ACTOR_BYTES];

/// Operations made of one body; changes beyond travel as they are. A run of equal ones is a few
/// bytes, so this and not the bytes bounds the work. A full batch of honest edits has 250,000.
pub(super) const OPS_MAX: u64 = 1_000_000;

/// Things by the order in which they came.
pub(super) struct Numbers<T>(HashMap<T, u64>);

impl<T: Eq + Hash> Numbers<T> {
    fn new() -> Self {
        Self(HashMap::new())
    }

    pub(super) fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// The number of a thing; none, and remembered from now on, when it is new.
    pub(super) fn known(&mut self, thing: T) -> Option<u64> {
        let next = self.0.len() as u64;
        let number = *self.0.entry(thing).or_insert(next);
        (number < next).then_some(number)
    }
}

/// What a change leaves behind for those that follow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Past {
    pub(super) hash: Hash32,
    /// Counter of its last operation.
    pub(super) last_op: u64,
}

/// What is remembered the same way on both sides.
#[derive(Default)]
pub(super) struct Course {
    pub(super) changes: Vec<Past>,
    /// Time of the last change.
    pub(super) time: i64,
    /// Last number of each actor, by the actor's number.
    seqs: Vec<u64>,
    ops: u64,
}

impl Course {
    /// The number an actor is expected to use next.
    pub(super) fn next_seq(&self, actor: u64) -> u64 {
        let at = usize::try_from(actor).unwrap_or(usize::MAX);
        self.seqs.get(at).copied().unwrap_or(0).wrapping_add(1)
    }

    pub(super) fn note_seq(&mut self, actor: u64, seq: u64) -> Result<(), Unfit> {
        let at = usize::try_from(actor).map_err(|_| Unfit)?;
        if at >= self.seqs.len() {
            self.seqs.resize(at + 1, 0);
        }
        self.seqs[at] = seq;
        Ok(())
    }

    /// Whether a change of the largest size may still be taken apart.
    pub(super) fn has_room(&self, ops: u64) -> bool {
        self.ops + ops <= OPS_MAX
    }

    pub(super) fn spend(&mut self, ops: u64) -> Result<(), Unfit> {
        self.ops += ops;
        if self.ops <= OPS_MAX { Ok(()) } else { Err(Unfit) }
    }
}

/// The writer's memory.
pub(super) struct Written {
    pub(super) course: Course,
    pub(super) actors: Numbers<Actor>,
    pub(super) keys: Numbers<Vec<u8>>,
    pub(super) people: Numbers<[u8; 16]>,
    pub(super) recipes: Numbers<Vec<Step>>,
    /// Where a change stands in the course.
    pub(super) places: HashMap<Hash32, usize>,
}

impl Written {
    pub(super) fn new() -> Self {
        let mut keys = Numbers::new();
        KEYS.iter().for_each(|key| {
            keys.known(key.as_bytes().to_vec());
        });
        Self {
            course: Course::default(),
            actors: Numbers::new(),
            keys,
            people: Numbers::new(),
            recipes: Numbers::new(),
            places: HashMap::new(),
        }
    }
}

/// Pieces of one length of memory, by their number.
pub(super) struct Pieces<T> {
    all: Vec<T>,
    ends: Vec<usize>,
}

impl<T: Copy> Pieces<T> {
    fn new() -> Self {
        Self { all: Vec::new(), ends: Vec::new() }
    }

    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn add(&mut self, piece: impl IntoIterator<Item = T>) {
        self.all.extend(piece);
        self.ends.push(self.all.len());
    }

    fn range(&self, number: usize) -> Option<Range<usize>> {
        let begin = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        Some(begin?..*self.ends.get(number)?)
    }

    pub(super) fn at(&self, number: usize) -> Option<&[T]> {
        self.range(number).and_then(|range| self.all.get(range))
    }
}

/// The reader's memory.
pub(super) struct Known {
    pub(super) course: Course,
    pub(super) actors: Vec<Actor>,
    pub(super) keys: Pieces<u8>,
    pub(super) people: Vec<[u8; 16]>,
    pub(super) recipes: Pieces<Step>,
}

impl Known {
    pub(super) fn new() -> Self {
        let mut keys = Pieces::new();
        KEYS.iter().for_each(|key| keys.add(key.bytes()));
        Self {
            course: Course::default(),
            actors: Vec::new(),
            keys,
            people: Vec::new(),
            recipes: Pieces::new(),
        }
    }
}
