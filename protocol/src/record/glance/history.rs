//! At changes in a row: each stands on just the one before it, so that nobody wrote at once with
//! somebody else, and every operation has a counter of its own.

use super::Glance;
use super::objects::{Id, Objects, Op};
use crate::change::{MAGIC, Reader};
use crate::compact::change::{Opened, opened};
use crate::compact::ops::{self, Key};
use crate::ids::ChangeHash;
use crate::limits::{CHANGE_BYTES_MAX, RECORD_OPS_MAX};

const DELETE: u64 = 3;

pub(super) fn glance(changes: &[u8]) -> Option<Glance> {
    let mut history = History::default();
    let mut rest = changes;
    while !rest.is_empty() {
        let chunk = first_chunk(rest)?;
        history.add(chunk)?;
        rest = &rest[chunk.len()..];
    }
    let heads = vec![ChangeHash(history.head?)];
    Some(Glance { heads, content: history.objects()?.content()? })
}

fn first_chunk(bytes: &[u8]) -> Option<&[u8]> {
    let mut reader = Reader { bytes };
    reader.take(MAGIC.len() + 5).ok()?;
    let length = reader.number().ok()?.try_into().ok().filter(|it| *it <= CHANGE_BYTES_MAX)?;
    reader.take(length).ok()?;
    Some(&bytes[..bytes.len() - reader.bytes.len()])
}

/// All operations there are, each at the place that its counter says.
#[derive(Default)]
struct History<'a> {
    head: Option<[u8; 32]>,
    authors: Vec<[u8; 16]>,
    steps: Vec<Step<'a>>,
}

struct Step<'a> {
    op: Op<'a>,
    /// A letter, at which a text begins or which follows on another.
    is_letter: bool,
    /// The letter that follows on this one, or with which this text begins.
    next: Option<usize>,
}

impl<'a> History<'a> {
    fn add(&mut self, chunk: &'a [u8]) -> Option<()> {
        let Opened { hash, parents, actors, start_op, mut ops } = opened(chunk).ok()?;
        let is_next =
            parents.iter().eq(self.head.iter()) && start_op == self.steps.len() as u64 + 1;
        if !is_next {
            return None;
        }
        let actors: Vec<_> = actors.into_iter().map(|actor| self.author(actor)).collect();
        while let Some(op) = ops.next().ok()? {
            if self.steps.len() as u64 >= RECORD_OPS_MAX {
                return None;
            }
            self.step(&actors, op)?;
        }
        self.head = Some(hash);
        Some(())
    }

    fn author(&mut self, actor: [u8; 16]) -> u64 {
        let known = self.authors.iter().position(|author| *author == actor);
        let place = known.unwrap_or_else(|| {
            self.authors.push(actor);
            self.authors.len() - 1
        });
        place as u64
    }

    fn step(&mut self, actors: &[u64], op: ops::Op<'a, &'a [u8]>) -> Option<()> {
        let id_of = |id: ops::Id| Some((*actors.get(usize::try_from(id.actor).ok()?)?, id.counter));
        let object = match op.object {
            Some(id) => Some(id_of(id)?),
            None => None,
        };
        for replaced in op.replaced {
            let replaced = self.place(id_of(replaced)?)?;
            self.steps[replaced].op.counts = false;
        }
        let place = self.steps.len();
        let mut next = None;
        let field = match op.key {
            Key::Field(name) => Some(name),
            // Only whole letters are written and removed.
            Key::Front | Key::Letter(_) if op.insert != (op.action != DELETE) => return None,
            Key::Front if !op.insert => return None,
            Key::Letter(_) if !op.insert => None,
            Key::Front => {
                let text = self.place(object?)?;
                next = self.steps[text].next.replace(place);
                None
            }
            Key::Letter(before) => {
                let before = self.place(id_of(before)?)?;
                let before = &mut self.steps[before];
                if !before.is_letter || before.op.object != object {
                    return None;
                }
                next = before.next.replace(place);
                None
            }
        };
        let id = (*actors.first()?, place as u64 + 1);
        let (insert, action, kind, value) = (op.insert, op.action, op.kind, op.value);
        let op = Op { object, field, id, insert, action, kind, value, counts: true };
        self.steps.push(Step { op, is_letter: insert, next });
        Some(())
    }

    /// Where an operation is, if its author is who is said to be.
    fn place(&self, id: Id) -> Option<usize> {
        let place = usize::try_from(id.1).ok()?.checked_sub(1)?;
        (self.steps.get(place)?.op.id == id).then_some(place)
    }

    /// What they make: everything in the order in which it was written, but letters in the order
    /// in which they are read.
    fn objects(&self) -> Option<Objects> {
        let mut objects = Objects::new();
        let written = self.steps.iter().filter(|step| !step.is_letter && step.op.action != DELETE);
        written.clone().try_for_each(|step| objects.add(&step.op))?;
        for text in written {
            let mut next = text.next;
            while let Some(letter) = next {
                objects.add(&self.steps[letter].op)?;
                next = self.steps[letter].next;
            }
        }
        Some(objects)
    }
}
