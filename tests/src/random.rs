//! A small seeded generator: the same seed gives the same run.

use docket_client_core::Entropy;

/// SplitMix64.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.bits() % bound
    }

    /// A number from `from` to `to`, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + (self.bits() % (to.abs_diff(from) + 1)).cast_signed()
    }

    /// True in so many of a thousand draws.
    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// A position in a list of `length` things; none in an empty one.
    pub fn position(&mut self, length: usize) -> Option<usize> {
        (length > 0).then(|| usize::try_from(self.below(length as u64)).unwrap_or(0))
    }

    /// One of these; none of nothing.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        self.position(of.len()).map(|at| &of[at])
    }
}

impl Entropy for Random {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.bits().to_be_bytes()[0];
        }
    }
}
