//! The operations of a change, read from its columns one by one, and written into them again.

use super::columns::{
    DeltaWriter, Deltas, FlagWriter, Flags, RunWriter, Runs, Unfit, write_number,
};
use crate::change::Reader;
use crate::limits::CHANGE_PREDECESSORS_MAX;

/// The columns of a change, in the order in which they stand in it.
const COLUMNS: [u64; 12] = [0x01, 0x02, 0x11, 0x13, 0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73];

/// An operation somewhere: the actor by its place in the change, 0 for its author, and a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id {
    pub(crate) actor: u64,
    pub(crate) counter: u64,
}

/// Where in its object an operation is; fields are named in whatever way `F` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<F> {
    Field(F),
    Front,
    Letter(Id),
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Op<'a, F> {
    /// None for the root.
    pub(crate) object: Option<Id>,
    pub(crate) key: Key<F>,
    pub(crate) insert: bool,
    pub(crate) action: u64,
    /// Type of the value, as Automerge numbers them.
    pub(crate) kind: u64,
    pub(crate) value: &'a [u8],
    pub(crate) replaced: Vec<Id>,
}

/// Operations being read.
pub(crate) struct OpReader<'a> {
    object_actor: Runs<'a, u64>,
    object_counter: Runs<'a, u64>,
    key_actor: Runs<'a, u64>,
    key_counter: Deltas<'a>,
    key_text: Runs<'a, &'a [u8]>,
    insert: Flags<'a>,
    action: Runs<'a, u64>,
    value_meta: Runs<'a, u64>,
    values: Reader<'a>,
    replaced_count: Runs<'a, u64>,
    replaced_actor: Runs<'a, u64>,
    replaced_counter: Deltas<'a>,
}

impl<'a> OpReader<'a> {
    /// Takes the columns off the end of a change.
    pub(crate) fn new(reader: &mut Reader<'a>) -> Result<Self, Unfit> {
        let mut lengths = [0; COLUMNS.len()];
        for _ in 0..reader.count(COLUMNS.len() as u64)? {
            let (number, length) = (reader.number()?, reader.number()?);
            let place = COLUMNS.iter().position(|known| *known == number).ok_or(Unfit)?;
            lengths[place] = usize::try_from(length).map_err(|_| Unfit)?;
        }
        let mut columns = [&[][..]; COLUMNS.len()];
        for (column, length) in columns.iter_mut().zip(lengths) {
            *column = reader.take(length)?;
        }
        Ok(Self {
            object_actor: Runs::numbers(columns[0]),
            object_counter: Runs::numbers(columns[1]),
            key_actor: Runs::numbers(columns[2]),
            key_counter: Deltas::new(columns[3]),
            key_text: Runs::texts(columns[4]),
            insert: Flags::new(columns[5]),
            action: Runs::numbers(columns[6]),
            value_meta: Runs::numbers(columns[7]),
            values: Reader { bytes: columns[8] },
            replaced_count: Runs::numbers(columns[9]),
            replaced_actor: Runs::numbers(columns[10]),
            replaced_counter: Deltas::new(columns[11]),
        })
    }

    /// The next operation; none when every column is read to its end.
    pub(crate) fn next(&mut self) -> Result<Option<Op<'a, &'a [u8]>>, Unfit> {
        if self.action.is_done() {
            return if self.is_done() { Ok(None) } else { Err(Unfit) };
        }
        let action = self.action.next()?.ok_or(Unfit)?;
        let object = match (self.object_actor.next()?, self.object_counter.next()?) {
            (Some(actor), Some(counter)) => Some(Id { actor, counter }),
            (None, None) => None,
            _ => return Err(Unfit),
        };
        let places = (self.key_actor.next()?, self.key_counter.next()?, self.key_text.next()?);
        let key = match places {
            (None, None, Some(text)) => Key::Field(text),
            (None, Some(0), None) => Key::Front,
            (Some(actor), Some(counter), None) => Key::Letter(Id { actor, counter }),
            _ => return Err(Unfit),
        };
        let meta = self.value_meta.next()?.ok_or(Unfit)?;
        let length = usize::try_from(meta >> 4).map_err(|_| Unfit)?;
        let value = self.values.take(length)?;
        let (insert, kind) = (self.insert.next()?, meta & 15);
        let replaced = self.replaced()?;
        Ok(Some(Op { object, key, insert, action, kind, value, replaced }))
    }

    fn replaced(&mut self) -> Result<Vec<Id>, Unfit> {
        let count = self.replaced_count.next()?.ok_or(Unfit)?;
        if count > CHANGE_PREDECESSORS_MAX {
            return Err(Unfit);
        }
        let mut replaced = Vec::new();
        for _ in 0..count {
            let actor = self.replaced_actor.next()?.ok_or(Unfit)?;
            let counter = self.replaced_counter.next()?.ok_or(Unfit)?;
            replaced.push(Id { actor, counter });
        }
        Ok(replaced)
    }

    fn is_done(&self) -> bool {
        let numbers = [
            &self.object_actor,
            &self.object_counter,
            &self.key_actor,
            &self.value_meta,
            &self.replaced_count,
            &self.replaced_actor,
        ];
        numbers.iter().all(|column| column.is_done())
            && self.key_counter.is_done()
            && self.key_text.is_done()
            && self.insert.is_done()
            && self.values.bytes.is_empty()
            && self.replaced_counter.is_done()
    }
}

/// Operations being written.
pub(super) struct OpWriter<F> {
    object_actor: RunWriter<u64>,
    object_counter: RunWriter<u64>,
    key_actor: RunWriter<u64>,
    key_counter: DeltaWriter,
    key_text: RunWriter<F>,
    insert: FlagWriter,
    action: RunWriter<u64>,
    value_meta: RunWriter<u64>,
    values: Vec<u8>,
    replaced_count: RunWriter<u64>,
    replaced_actor: RunWriter<u64>,
    replaced_counter: DeltaWriter,
}

impl<F: Copy + PartialEq> OpWriter<F> {
    pub(super) fn new() -> Self {
        Self {
            object_actor: RunWriter::default(),
            object_counter: RunWriter::default(),
            key_actor: RunWriter::default(),
            key_counter: DeltaWriter::default(),
            key_text: RunWriter::default(),
            insert: FlagWriter::default(),
            action: RunWriter::default(),
            value_meta: RunWriter::default(),
            values: Vec::new(),
            replaced_count: RunWriter::default(),
            replaced_actor: RunWriter::default(),
            replaced_counter: DeltaWriter::default(),
        }
    }

    pub(super) fn push(&mut self, op: &Op<'_, F>) {
        self.object_actor.push(op.object.map(|id| id.actor));
        self.object_counter.push(op.object.map(|id| id.counter));
        let (actor, counter, text) = match op.key {
            Key::Field(field) => (None, None, Some(field)),
            Key::Front => (None, Some(0), None),
            Key::Letter(id) => (Some(id.actor), Some(id.counter), None),
        };
        self.key_actor.push(actor);
        self.key_counter.push(counter);
        self.key_text.push(text);
        self.insert.push(op.insert);
        self.action.push(Some(op.action));
        self.value_meta.push(Some((op.value.len() as u64) << 4 | op.kind));
        self.values.extend_from_slice(op.value);
        self.replaced_count.push(Some(op.replaced.len() as u64));
        for id in &op.replaced {
            self.replaced_actor.push(Some(id.actor));
            self.replaced_counter.push(Some(id.counter));
        }
    }

    /// Bytes of values so far: the part that is not made of runs.
    pub(super) fn value_bytes(&self) -> usize {
        self.values.len()
    }

    /// Appends the columns as a change has them.
    pub(super) fn finish<'k>(self, out: &mut Vec<u8>, text_of: impl Fn(F) -> &'k [u8]) {
        let mut data = Vec::new();
        let mut ends = Vec::with_capacity(COLUMNS.len());
        self.object_actor.finish(&mut data, write_number);
        ends.push(data.len());
        self.object_counter.finish(&mut data, write_number);
        ends.push(data.len());
        self.key_actor.finish(&mut data, write_number);
        ends.push(data.len());
        self.key_counter.finish(&mut data);
        ends.push(data.len());
        self.key_text.finish(&mut data, |data, field| {
            let text = text_of(field);
            write_number(data, text.len() as u64);
            data.extend_from_slice(text);
        });
        ends.push(data.len());
        self.insert.finish(&mut data);
        ends.push(data.len());
        self.action.finish(&mut data, write_number);
        ends.push(data.len());
        self.value_meta.finish(&mut data, write_number);
        ends.push(data.len());
        data.extend_from_slice(&self.values);
        ends.push(data.len());
        self.replaced_count.finish(&mut data, write_number);
        ends.push(data.len());
        self.replaced_actor.finish(&mut data, write_number);
        ends.push(data.len());
        self.replaced_counter.finish(&mut data);
        ends.push(data.len());
        let begins = std::iter::once(0).chain(ends.iter().copied());
        let lengths = ends.iter().zip(begins).map(|(end, begin)| end - begin);
        let used = COLUMNS.into_iter().zip(lengths).filter(|(_, length)| *length > 0);
        write_number(out, used.clone().count() as u64);
        for (number, length) in used {
            write_number(out, number);
            write_number(out, length as u64);
        }
        out.append(&mut data);
    }
}
