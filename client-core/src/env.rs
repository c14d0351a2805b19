//! What the world outside lends to each call: the time and some randomness.

use std::convert::Infallible;

use docket_protocol::ids::{IncarnationId, ItemId, RecordId};
use rand_core::{TryCryptoRng, TryRng};

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

    /// The same for ciphers, which ask for it in their own way.
    pub(crate) fn random(&mut self) -> Random<'_> {
        Random(self.entropy)
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

/// Entropy as ciphers ask for it.
pub(crate) struct Random<'a>(&'a mut dyn Entropy);

impl TryRng for Random<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Random<'_> {}
