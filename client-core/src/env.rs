//! What the world outside lends to each call: the time and some randomness.

use docket_protocol::ids::{IncarnationId, ItemId, RecordId};

/// A source of random bytes: the operating system on a phone, a seed in a test.
pub trait Entropy {
    /// Fills the buffer.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// Lent to every call that may need it.
pub struct Env<'a> {
    /// The device's clock, Unix ms. May be wrong; nothing is decided by it alone.
    pub now: i64,
    /// Where ids, actors and keys come from.
    pub entropy: &'a mut dyn Entropy,
}

impl Env<'_> {
    /// Random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    /// A fresh id for an entry.
    pub fn item_id(&mut self) -> ItemId {
        ItemId::new(self.now, self.bytes())
    }

    /// A fresh id for a record.
    pub fn record_id(&mut self) -> RecordId {
        RecordId::new(self.now, self.bytes())
    }

    /// A fresh id for a lifetime of the database.
    pub fn incarnation_id(&mut self) -> IncarnationId {
        IncarnationId::new(self.now, self.bytes())
    }
}
