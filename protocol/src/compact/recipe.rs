//! How the operations of a change follow on each other, apart from what they write.
//!
//! People make few kinds of edits, so a body has few recipes: a step per run of operations that
//! relate to the one before in the same way. What differs between two ticks of the same kind
//! (counters, texts, times) stands in lanes of its own.

use super::columns::{Unfit, unzigzag, write_number, write_signed, zigzag};
use super::ids::{id_of_text, text_of_id};
use super::lanes::{Lane, Lanes, Readers};
use super::memory::{Known, Step, Written};
use super::ops::{Id, Key, Op, OpReader, OpWriter};
use crate::change::Reader;
use crate::limits::{CHANGE_BYTES_MAX, CHANGE_OPS_MAX, CHANGE_PREDECESSORS_MAX, KEY_BYTES_MAX};

// The first byte of a step: object, key, whether a letter is inserted, what is replaced, and
// whether there are several such operations.
const ROOT: u8 = 0;
const SAME_OBJECT: u8 = 1;
const JUST_MADE: u8 = 2;
const GIVEN_OBJECT: u8 = 3;
const FIELD: u8 = 0;
const FRONT: u8 = 1;
const AFTER_LAST: u8 = 2;
const GIVEN_LETTER: u8 = 3;
const INSERT: u8 = 1 << 4;
const NOTHING: u8 = 0;
const ONE: u8 = 1;
const THE_LETTER: u8 = 2;
const SEVERAL: u8 = 3;
const MANY: u8 = 1 << 7;

// The second byte: the action, and above it the kind of value; those of Automerge, and these.
const ACTION_MAX: u64 = 7;
const KIND_MAX: u64 = 15;
const LETTER: u8 = 16;
const NOW: u8 = 17;
const NEAR_NOW: u8 = 18;
const SMALL: u8 = 19;
const PERSON: u8 = 20;
const INT: u64 = 4;
const TEXT: u64 = 6;

/// What the next operation is told relative to.
struct Trail {
    /// Counter of the operation at hand.
    counter: u64,
    /// Time of the change.
    time: i64,
    /// Object of the operation before; none for the first.
    object: Option<Option<Id>>,
    /// The letter that was named last.
    letter: Option<Id>,
}

impl Trail {
    fn new(start_op: u64, time: i64) -> Self {
        Self { counter: start_op, time, object: None, letter: None }
    }

    /// The operation before.
    fn last(&self) -> Id {
        Id { actor: 0, counter: self.counter.wrapping_sub(1) }
    }
}

/// Takes the operations of a change apart; returns how many there are.
pub(super) fn write(
    ops: &mut OpReader<'_>,
    start_op: u64,
    time: i64,
    lanes: &mut Lanes,
    memory: &mut Written,
) -> Result<u64, Unfit> {
    let mut writer = Writer { lanes, memory, trail: Trail::new(start_op, time) };
    let mut runs: Vec<(Step, u64)> = Vec::new();
    let mut count = 0;
    while let Some(op) = ops.next()? {
        count += 1;
        if count > CHANGE_OPS_MAX {
            return Err(Unfit);
        }
        let step = writer.step(&op)?;
        match runs.last_mut() {
            Some((last, times)) if *last == step => *times += 1,
            _ => runs.push((step, 1)),
        }
    }
    for (step, times) in &mut runs {
        if *times > 1 {
            step[0] |= MANY;
            lanes.number(Lane::Count, *times - 2);
        }
    }
    let recipe: Vec<Step> = runs.into_iter().map(|(step, _)| step).collect();
    match memory.recipes.known(recipe.clone()) {
        Some(number) => lanes.number(Lane::Recipe, number + 1),
        None => {
            lanes.number(Lane::Recipe, 0);
            lanes.number(Lane::Recipe, recipe.len() as u64);
            lanes.of(Lane::Recipe).extend(recipe.iter().flatten());
        }
    }
    Ok(count)
}

struct Writer<'a> {
    lanes: &'a mut Lanes,
    memory: &'a mut Written,
    trail: Trail,
}

impl Writer<'_> {
    fn step(&mut self, op: &Op<'_, &[u8]>) -> Result<Step, Unfit> {
        if op.action > ACTION_MAX || op.kind > KIND_MAX {
            return Err(Unfit);
        }
        let object = self.object(op.object)?;
        let key = self.key(&op.key)?;
        let replaced = match (op.replaced.as_slice(), &op.key) {
            ([], _) => NOTHING,
            ([id], Key::Letter(letter)) if id == letter => THE_LETTER,
            ([id], _) => {
                self.id(Lane::Replaced, *id)?;
                ONE
            }
            (several, _) => {
                self.lanes.number(Lane::Length, several.len() as u64);
                several.iter().try_for_each(|id| self.id(Lane::Replaced, *id))?;
                SEVERAL
            }
        };
        let value = self.value(op)?;
        let insert = if op.insert { INSERT } else { 0 };
        self.trail.object = Some(op.object);
        // Only hostile changes count that far; they are none of ours and go as they are.
        self.trail.counter = self.trail.counter.checked_add(1).ok_or(Unfit)?;
        Ok([object | key << 2 | insert | replaced << 5, op.action as u8 | value << 3])
    }

    fn object(&mut self, object: Option<Id>) -> Result<u8, Unfit> {
        if self.trail.object == Some(object) {
            return Ok(SAME_OBJECT);
        }
        match object {
            None => Ok(ROOT),
            Some(id) if id == self.trail.last() => Ok(JUST_MADE),
            Some(id) => self.id(Lane::Object, id).map(|()| GIVEN_OBJECT),
        }
    }

    fn key(&mut self, key: &Key<&[u8]>) -> Result<u8, Unfit> {
        match *key {
            Key::Front => Ok(FRONT),
            Key::Letter(id) if id == self.trail.last() => Ok(AFTER_LAST),
            Key::Letter(id) => {
                match self.trail.letter.filter(|last| last.actor == id.actor) {
                    Some(last) => {
                        write_number(self.lanes.of(Lane::Owner), id.actor);
                        let distance = id.counter.wrapping_sub(last.counter).cast_signed();
                        self.lanes.number(Lane::Letter, zigzag(distance));
                    }
                    None => self.id(Lane::Letter, id)?,
                }
                self.trail.letter = Some(id);
                Ok(GIVEN_LETTER)
            }
            Key::Field(text) => {
                self.field(text);
                Ok(FIELD)
            }
        }
    }

    /// A key by its number; a new one as text, or as the id that it is.
    fn field(&mut self, text: &[u8]) {
        if let Some(number) = self.memory.keys.known(text.to_vec()) {
            return self.lanes.number(Lane::Key, number + 2);
        }
        match id_of_text(text) {
            Some(id) => {
                self.lanes.number(Lane::Key, 1);
                let (stamp, random) = id.split_at(6);
                let stamp = stamp.iter().fold(0, |stamp, byte| stamp << 8 | i64::from(*byte));
                self.lanes.number(Lane::Stamp, zigzag(stamp.wrapping_sub(self.trail.time)));
                self.lanes.of(Lane::Raw).extend(random);
            }
            None => {
                self.lanes.number(Lane::Key, 0);
                self.lanes.number(Lane::Key, text.len() as u64);
                self.lanes.of(Lane::Key).extend(text);
            }
        }
    }

    /// The author's own operations by how long ago they were, others' by their counter.
    fn id(&mut self, lane: Lane, id: Id) -> Result<(), Unfit> {
        write_number(self.lanes.of(Lane::Owner), id.actor);
        let number = match id.actor {
            0 => self.trail.counter.checked_sub(id.counter).ok_or(Unfit)?,
            _ => id.counter,
        };
        self.lanes.number(lane, number);
        Ok(())
    }

    fn value(&mut self, op: &Op<'_, &[u8]>) -> Result<u8, Unfit> {
        let value = op.value;
        match op.kind {
            0..=2 if value.is_empty() => return Ok(op.kind as u8),
            0..=2 => return Err(Unfit),
            INT => {
                if let Some(number) = canonical_int(value) {
                    return Ok(self.int(number));
                }
            }
            TEXT if !value.is_empty() && letter_bytes(value[0]) == Some(value.len()) => {
                self.lanes.of(Lane::Words).extend(value);
                return Ok(LETTER);
            }
            TEXT => {
                if let Some(id) = id_of_text(value) {
                    let known = self.memory.people.known(id).map_or(0, |number| number + 1);
                    self.lanes.number(Lane::Person, known);
                    if known == 0 {
                        self.lanes.of(Lane::Raw).extend(id);
                    }
                    return Ok(PERSON);
                }
            }
            _ => {}
        }
        self.lanes.number(Lane::Length, value.len() as u64);
        self.lanes.of(Lane::Words).extend(value);
        Ok(op.kind as u8)
    }

    fn int(&mut self, number: i64) -> u8 {
        let distance = number.wrapping_sub(self.trail.time);
        if distance == 0 {
            return NOW;
        }
        let is_near = distance.unsigned_abs() < number.unsigned_abs();
        self.lanes.number(Lane::Number, zigzag(if is_near { distance } else { number }));
        if is_near { NEAR_NOW } else { SMALL }
    }
}

/// An integer that is spelled as short as it can be.
fn canonical_int(value: &[u8]) -> Option<i64> {
    let number = Reader { bytes: value }.signed().ok()?;
    let mut spelled = Vec::with_capacity(10);
    write_signed(&mut spelled, number);
    (spelled == value).then_some(number)
}

/// The length of a key, if it may be that long: it is said once and may be used in every operation.
pub(super) fn key_bytes(length: u64) -> Result<usize, Unfit> {
    usize::try_from(length).ok().filter(|length| *length <= KEY_BYTES_MAX).ok_or(Unfit)
}

/// How long a letter of UTF-8 is, by its first byte.
fn letter_bytes(first: u8) -> Option<usize> {
    match first {
        0..0x80 => Some(1),
        0xc0..0xe0 => Some(2),
        0xe0..0xf0 => Some(3),
        0xf0..0xf8 => Some(4),
        _ => None,
    }
}

/// Puts the operations of a change together; returns how many there are.
pub(super) fn read(
    start_op: u64,
    time: i64,
    lanes: &mut Readers<'_>,
    memory: &mut Known,
    out: &mut OpWriter<usize>,
) -> Result<u64, Unfit> {
    let number = match lanes.number(Lane::Recipe)? {
        0 => {
            let steps = lanes.number(Lane::Recipe)?;
            if steps > CHANGE_OPS_MAX {
                return Err(Unfit);
            }
            let bytes = lanes.take(Lane::Recipe, 2 * steps as usize)?;
            memory.recipes.add(bytes.chunks_exact(2).map(|step| [step[0], step[1]]));
            memory.recipes.count() - 1
        }
        known => usize::try_from(known - 1).map_err(|_| Unfit)?,
    };
    let recipe = memory.recipes.at(number).ok_or(Unfit)?.to_vec();
    let mut reader =
        OpsFromLanes { lanes, memory, trail: Trail::new(start_op, time), scratch: Vec::new() };
    let mut count = 0_u64;
    for step in recipe {
        let times = match step[0] & MANY {
            0 => 1,
            _ => reader.lanes.number(Lane::Count)?.checked_add(2).ok_or(Unfit)?,
        };
        count = count.checked_add(times).filter(|count| *count <= CHANGE_OPS_MAX).ok_or(Unfit)?;
        reader.memory.course.spend(times)?;
        for _ in 0..times {
            reader.op(step, out)?;
        }
        if out.value_bytes() > CHANGE_BYTES_MAX {
            return Err(Unfit);
        }
    }
    Ok(count)
}

struct OpsFromLanes<'a, 'l> {
    lanes: &'a mut Readers<'l>,
    memory: &'a mut Known,
    trail: Trail,
    /// A value that does not stand in a lane as it is.
    scratch: Vec<u8>,
}

impl OpsFromLanes<'_, '_> {
    fn op(&mut self, [first, second]: Step, out: &mut OpWriter<usize>) -> Result<(), Unfit> {
        let object = match first & 3 {
            ROOT => None,
            SAME_OBJECT => self.trail.object.ok_or(Unfit)?,
            JUST_MADE => Some(self.trail.last()),
            _ => Some(self.id(Lane::Object)?),
        };
        let key = match first >> 2 & 3 {
            FIELD => Key::Field(self.field()?),
            FRONT => Key::Front,
            AFTER_LAST => Key::Letter(self.trail.last()),
            _ => Key::Letter(self.letter()?),
        };
        let replaced = match (first >> 5 & 3, key) {
            (NOTHING, _) => Vec::new(),
            (ONE, _) => vec![self.id(Lane::Replaced)?],
            (THE_LETTER, Key::Letter(id)) => vec![id],
            (THE_LETTER, _) => return Err(Unfit),
            (SEVERAL.., _) => {
                let count = self.lanes.number(Lane::Length)?;
                if count > CHANGE_PREDECESSORS_MAX {
                    return Err(Unfit);
                }
                (0..count).map(|_| self.id(Lane::Replaced)).collect::<Result<_, _>>()?
            }
        };
        let (kind, value) = self.value(second >> 3)?;
        let (insert, action) = (first & INSERT != 0, u64::from(second & 7));
        let value = value.unwrap_or(&self.scratch);
        out.push(&Op { object, key, insert, action, kind, value, replaced });
        self.trail.object = Some(object);
        self.trail.counter = self.trail.counter.wrapping_add(1);
        Ok(())
    }
}

impl<'l> OpsFromLanes<'_, 'l> {
    fn id(&mut self, lane: Lane) -> Result<Id, Unfit> {
        let (actor, number) = (self.lanes.number(Lane::Owner)?, self.lanes.number(lane)?);
        let counter = match actor {
            0 => self.trail.counter.checked_sub(number).ok_or(Unfit)?,
            _ => number,
        };
        Ok(Id { actor, counter })
    }

    fn letter(&mut self) -> Result<Id, Unfit> {
        let actor = Reader { bytes: self.lanes.rest(Lane::Owner) }.number()?;
        let id = match self.trail.letter.filter(|last| last.actor == actor) {
            None => self.id(Lane::Letter)?,
            Some(last) => {
                let actor = self.lanes.number(Lane::Owner)?;
                let distance = unzigzag(self.lanes.number(Lane::Letter)?);
                Id { actor, counter: last.counter.wrapping_add_signed(distance) }
            }
        };
        self.trail.letter = Some(id);
        Ok(id)
    }

    fn field(&mut self) -> Result<usize, Unfit> {
        match self.lanes.number(Lane::Key)? {
            0 => {
                let length = key_bytes(self.lanes.number(Lane::Key)?)?;
                let text = self.lanes.take(Lane::Key, length)?;
                self.memory.keys.add(text.iter().copied());
            }
            1 => {
                let distance = unzigzag(self.lanes.number(Lane::Stamp)?);
                let stamp = self.trail.time.wrapping_add(distance).to_be_bytes();
                let random = self.lanes.take(Lane::Raw, 10)?;
                let mut id = [0; 16];
                id[..6].copy_from_slice(&stamp[2..]);
                id[6..].copy_from_slice(random);
                self.memory.keys.add(text_of_id(&id));
            }
            known => {
                let number = usize::try_from(known - 2).map_err(|_| Unfit)?;
                let is_known = number < self.memory.keys.count();
                return if is_known { Ok(number) } else { Err(Unfit) };
            }
        }
        Ok(self.memory.keys.count() - 1)
    }

    /// A value's kind and bytes; no bytes where they are in `scratch`.
    fn value(&mut self, kind: u8) -> Result<(u64, Option<&'l [u8]>), Unfit> {
        self.scratch.clear();
        let number = match kind {
            0..=2 => return Ok((u64::from(kind), None)),
            LETTER => {
                let first = self.lanes.rest(Lane::Words).first().ok_or(Unfit)?;
                let length = letter_bytes(*first).ok_or(Unfit)?;
                return Ok((TEXT, Some(self.lanes.take(Lane::Words, length)?)));
            }
            PERSON => {
                let person = self.person()?;
                self.scratch.extend(text_of_id(&person));
                return Ok((TEXT, None));
            }
            NOW => self.trail.time,
            NEAR_NOW => self.trail.time.wrapping_add(unzigzag(self.lanes.number(Lane::Number)?)),
            SMALL => unzigzag(self.lanes.number(Lane::Number)?),
            3..=15 => {
                let length = self.lanes.number(Lane::Length)?;
                let length = usize::try_from(length).map_err(|_| Unfit)?;
                return Ok((u64::from(kind), Some(self.lanes.take(Lane::Words, length)?)));
            }
            _ => return Err(Unfit),
        };
        write_signed(&mut self.scratch, number);
        Ok((INT, None))
    }

    fn person(&mut self) -> Result<[u8; 16], Unfit> {
        match self.lanes.number(Lane::Person)? {
            0 => {
                let id = self.lanes.take(Lane::Raw, 16)?.try_into().map_err(|_| Unfit)?;
                self.memory.people.push(id);
                Ok(id)
            }
            known => {
                let number = usize::try_from(known - 1).map_err(|_| Unfit)?;
                self.memory.people.get(number).copied().ok_or(Unfit)
            }
        }
    }
}
