//! Automerge's run-length columns, item by item, and back into the one encoding it makes itself.
//!
//! Reading is lenient where Automerge is (a number may be spelled with zeros in front); what
//! does not come out of [`RunWriter`] as it went in is found by comparing bytes, not here.

use crate::change::{ChangeError, Reader};
use crate::limits::KEY_BYTES_MAX;

/// What cannot be taken apart, or put together again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfit;

impl From<ChangeError> for Unfit {
    fn from(_: ChangeError) -> Self {
        Self
    }
}

/// Appends an unsigned LEB128 number.
pub(crate) fn write_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a signed LEB128 number.
pub(crate) fn write_signed(out: &mut Vec<u8>, mut number: i64) {
    loop {
        let byte = number as u8 & 0x7f;
        number >>= 7;
        if number == i64::from(byte & 0x40 != 0).wrapping_neg() {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

/// Small numbers for what is near zero on either side.
pub(crate) fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63).cast_unsigned()
}

/// Back from [`zigzag`].
pub(crate) fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// How one value of a column is read.
type Read<'a, T> = fn(&mut Reader<'a>) -> Result<T, ChangeError>;

/// A run-length column being read. Beyond its end everything is null.
pub(crate) struct Runs<'a, T> {
    reader: Reader<'a>,
    read: Read<'a, T>,
    run: Run<T>,
    left: u64,
}

enum Run<T> {
    Nulls,
    Same(T),
    Each,
}

impl<'a> Runs<'a, u64> {
    pub(crate) fn numbers(column: &'a [u8]) -> Self {
        Self::new(column, Reader::number)
    }
}

impl<'a> Runs<'a, &'a [u8]> {
    pub(crate) fn texts(column: &'a [u8]) -> Self {
        Self::new(column, text)
    }
}

/// A map's key.
fn text<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], ChangeError> {
    match usize::try_from(reader.number()?) {
        Ok(length) if length <= KEY_BYTES_MAX => reader.take(length),
        _ => Err(ChangeError::TooLarge),
    }
}

impl<'a, T: Copy> Runs<'a, T> {
    fn new(column: &'a [u8], read: Read<'a, T>) -> Self {
        Self { reader: Reader { bytes: column }, read, run: Run::Nulls, left: 0 }
    }

    pub(crate) fn next(&mut self) -> Result<Option<T>, Unfit> {
        while self.left == 0 {
            if self.reader.bytes.is_empty() {
                return Ok(None);
            }
            let run = self.reader.signed()?;
            (self.run, self.left) = match run {
                0 => (Run::Nulls, self.reader.number()?),
                1.. => (Run::Same((self.read)(&mut self.reader)?), run.unsigned_abs()),
                _ => (Run::Each, run.unsigned_abs()),
            };
        }
        self.left -= 1;
        match self.run {
            Run::Nulls => Ok(None),
            Run::Same(value) => Ok(Some(value)),
            Run::Each => Ok(Some((self.read)(&mut self.reader)?)),
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.left == 0 && self.reader.bytes.is_empty()
    }
}

/// A column of counters, each as its distance from the one before.
pub(crate) struct Deltas<'a> {
    runs: Runs<'a, i64>,
    last: i64,
}

impl<'a> Deltas<'a> {
    pub(crate) fn new(column: &'a [u8]) -> Self {
        Self { runs: Runs::new(column, Reader::signed), last: 0 }
    }

    pub(crate) fn next(&mut self) -> Result<Option<u64>, Unfit> {
        let Some(delta) = self.runs.next()? else { return Ok(None) };
        self.last = self.last.checked_add(delta).ok_or(Unfit)?;
        u64::try_from(self.last).map(Some).map_err(|_| Unfit)
    }

    pub(crate) fn is_done(&self) -> bool {
        self.runs.is_done()
    }
}

/// A column of booleans: lengths of runs, the first one of false.
pub(crate) struct Flags<'a> {
    reader: Reader<'a>,
    value: bool,
    left: u64,
}

impl<'a> Flags<'a> {
    pub(crate) fn new(column: &'a [u8]) -> Self {
        Self { reader: Reader { bytes: column }, value: true, left: 0 }
    }

    pub(crate) fn next(&mut self) -> Result<bool, Unfit> {
        while self.left == 0 {
            if self.reader.bytes.is_empty() {
                return Ok(false);
            }
            (self.left, self.value) = (self.reader.number()?, !self.value);
        }
        self.left -= 1;
        Ok(self.value)
    }

    pub(crate) fn is_done(&self) -> bool {
        self.left == 0 && self.reader.bytes.is_empty()
    }
}

/// A run-length column being made.
pub(crate) struct RunWriter<T> {
    runs: Vec<(Option<T>, u64)>,
}

impl<T> Default for RunWriter<T> {
    fn default() -> Self {
        Self { runs: Vec::new() }
    }
}

impl<T: Copy + PartialEq> RunWriter<T> {
    pub(crate) fn push(&mut self, value: Option<T>) {
        match self.runs.last_mut() {
            Some((last, count)) if *last == value => *count += 1,
            _ => self.runs.push((value, 1)),
        }
    }

    /// Appends the column; nothing where every item is null.
    pub(crate) fn finish(self, out: &mut Vec<u8>, mut write: impl FnMut(&mut Vec<u8>, T)) {
        if self.runs.iter().all(|(value, _)| value.is_none()) {
            return;
        }
        let is_single = |(value, count): &&(Option<T>, u64)| value.is_some() && *count == 1;
        let mut rest = self.runs.as_slice();
        while let Some((value, count)) = rest.first().copied() {
            let singles = rest.iter().take_while(is_single).count();
            match value {
                None => {
                    write_signed(out, 0);
                    write_number(out, count);
                }
                Some(value) if singles == 0 => {
                    write_signed(out, count.cast_signed());
                    write(out, value);
                }
                Some(_) => {
                    write_signed(out, -(singles as i64));
                    rest[..singles].iter().filter_map(|run| run.0).for_each(|it| write(out, it));
                }
            }
            rest = &rest[singles.max(1)..];
        }
    }
}

/// A column of counters being made.
#[derive(Default)]
pub(crate) struct DeltaWriter {
    runs: RunWriter<i64>,
    last: i64,
}

impl DeltaWriter {
    pub(crate) fn push(&mut self, value: Option<u64>) {
        let delta = value.map(|value| {
            let value = value.cast_signed();
            value.wrapping_sub(std::mem::replace(&mut self.last, value))
        });
        self.runs.push(delta);
    }

    pub(crate) fn finish(self, out: &mut Vec<u8>) {
        self.runs.finish(out, write_signed);
    }
}

/// A column of booleans being made.
#[derive(Default)]
pub(crate) struct FlagWriter {
    out: Vec<u8>,
    value: bool,
    count: u64,
}

impl FlagWriter {
    pub(crate) fn push(&mut self, value: bool) {
        if value != self.value {
            write_number(&mut self.out, self.count);
            (self.value, self.count) = (value, 0);
        }
        self.count += 1;
    }

    pub(crate) fn finish(mut self, out: &mut Vec<u8>) {
        if self.count > 0 {
            write_number(&mut self.out, self.count);
        }
        out.append(&mut self.out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_as_written() {
        for number in [0, 1, -1, 63, 64, -64, -65, 8_191, -8_192, 1 << 40, i64::MAX, i64::MIN] {
            let mut out = Vec::new();
            write_signed(&mut out, number);
            assert_eq!(Reader { bytes: &out }.signed(), Ok(number), "{out:?}");
            assert_eq!(unzigzag(zigzag(number)), number);
            out.clear();
            write_number(&mut out, number.cast_unsigned());
            assert_eq!(Reader { bytes: &out }.number(), Ok(number.cast_unsigned()));
        }
    }

    #[test]
    fn a_column_comes_out_as_it_went_in() {
        let items = [None, Some(7), Some(7), Some(1), Some(2), None, None, Some(9)];
        let (mut numbers, mut counters, mut flags) =
            (RunWriter::default(), DeltaWriter::default(), FlagWriter::default());
        for item in items {
            numbers.push(item);
            counters.push(item);
            flags.push(item.is_some());
        }
        let [mut one, mut two, mut three] = [const { Vec::new() }; 3];
        numbers.finish(&mut one, write_number);
        counters.finish(&mut two);
        flags.finish(&mut three);
        let (mut numbers, mut counters, mut flags) =
            (Runs::numbers(&one), Deltas::new(&two), Flags::new(&three));
        for item in items {
            assert_eq!(numbers.next(), Ok(item));
            assert_eq!(counters.next(), Ok(item));
            assert_eq!(flags.next(), Ok(item.is_some()));
        }
        assert!(numbers.is_done() && counters.is_done() && flags.is_done());
    }
}
