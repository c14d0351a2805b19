//! One number over many records, by which phone and server know that they hold the same.
//!
//! Each record gives 16 bytes of SHA-256 over its identity and its confirmed heads; the numbers
//! are added up, so that order does not matter and one record can change without the others
//! being read. Heads name their whole history. Detects divergence by fault, not by malice: the
//! gate and the log's chain are for that.

use sha2::{Digest, Sha256};

use crate::ids::{ChangeHash, RecordId, TenantId};

/// The number of one record at these heads, in any order.
pub fn of_record(tenant: TenantId, record: RecordId, heads: &[ChangeHash]) -> u128 {
    let mut sorted = heads.to_vec();
    sorted.sort_unstable();
    let mut hasher = Sha256::new();
    hasher.update(b"docket-digest-1");
    hasher.update(tenant.as_bytes());
    hasher.update(record.as_bytes());
    sorted.iter().for_each(|head| hasher.update(head.0));
    let hash: [u8; 32] = hasher.finalize().into();
    u128::from_be_bytes(std::array::from_fn(|at| hash[at]))
}

/// Adds up the numbers of many records; none give zero.
pub fn sum(records: impl IntoIterator<Item = u128>) -> [u8; 16] {
    records.into_iter().fold(0_u128, u128::wrapping_add).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_heads_and_records_does_not_matter_and_everything_else_does() {
        let (tenant, one, two) =
            (TenantId::new(1, [1; 10]), RecordId::new(1, [2; 10]), RecordId::new(1, [3; 10]));
        let heads = [ChangeHash([7; 32]), ChangeHash([8; 32])];
        let here = of_record(tenant, one, &heads);
        assert_eq!(here, of_record(tenant, one, &[heads[1], heads[0]]));
        assert_eq!(sum([here, 5]), sum([5, here]));
        for other in [
            of_record(tenant, one, &heads[..1]),
            of_record(tenant, two, &heads),
            of_record(TenantId::new(1, [9; 10]), one, &heads),
        ] {
            assert_ne!(here, other);
        }
        assert_eq!(sum([]), [0; 16]);
    }
}
