//! The server's word that its log held a record with exactly this history and these authors.
//!
//! It goes out with everything a phone is given and comes back when the log has lost something:
//! heads name every change before them, so sixteen bytes prove a whole history, whoever wrote
//! it. The key lies outside the database, so that a restored server still knows its own word.

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::change::read_head;
use docket_protocol::ids::{ChangeHash, DeviceId, RecordId, Seq, TenantId, UserId};
use docket_protocol::wire::ActorAuthor;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::Sha256;
use uuid::Uuid;

use crate::store::StoreError;

/// A version of a record with everyone who wrote in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Whose record.
    pub tenant: TenantId,
    /// Which.
    pub record: RecordId,
    /// Its heads.
    pub heads: Vec<ChangeHash>,
    /// Every author up to there.
    pub authors: Vec<ActorAuthor>,
}

impl Version {
    /// The server's word on it.
    pub fn attest(&self, key: &[u8; 32]) -> [u8; 16] {
        let whole: [u8; 32] = self.mac(key).finalize().into_bytes().into();
        std::array::from_fn(|at| whole[at])
    }

    /// Whether this is the server's word on it.
    pub fn is_attested(&self, key: &[u8; 32], word: &[u8; 16]) -> bool {
        self.mac(key).verify_truncated_left(word).is_ok()
    }

    fn mac(&self, key: &[u8; 32]) -> Hmac<Sha256> {
        // HMAC takes keys of any length, so this never panics.
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key length");
        let heads: BTreeSet<_> = self.heads.iter().map(|head| head.0).collect();
        let authors: BTreeSet<_> = self.authors.iter().map(author_bytes).collect();
        mac.update(b"docket-attest-1\0");
        mac.update(self.tenant.as_bytes());
        mac.update(self.record.as_bytes());
        // Counted, so that a head is never read as an author.
        mac.update(&(heads.len() as u64).to_be_bytes());
        heads.iter().for_each(|head| mac.update(head));
        authors.iter().for_each(|author| mac.update(author));
        mac
    }

    /// A record as somebody has it who knows the log up to a position, and of what follows only
    /// these rows of their own. None for a record that is not in the log.
    pub fn known_to(
        sql: &Connection,
        tenant: TenantId,
        record: RecordId,
        until: Seq,
        own: &BTreeSet<Seq>,
    ) -> Result<Option<Self>, StoreError> {
        let row = sql
            .prepare_cached("select heads from records where tenant = ?1 and record = ?2")?
            .query_row(params![tenant.0, record.0], |row| row.get::<_, Vec<u8>>(0))
            .optional()?;
        let Some(heads) = row else { return Ok(None) };
        let later: usize = sql
            .prepare_cached(
                "select count(*) from log
                 where tenant = ?1 and record = ?2 and seq > ?3 and kind = 'change'",
            )?
            .query_row(params![tenant.0, record.0, until.0.cast_signed()], |row| row.get(0))?;
        if later > own.range(Seq(until.0 + 1)..).count() {
            return Self::in_part(sql, tenant, record, until, own).map(Some);
        }
        let authors = authors_of(sql, tenant, record)?;
        Ok(Some(Self { tenant, record, heads: split(&heads), authors }))
    }

    /// The slow way, for a record whose changes do not all fit on one page.
    fn in_part(
        sql: &Connection,
        tenant: TenantId,
        record: RecordId,
        until: Seq,
        own: &BTreeSet<Seq>,
    ) -> Result<Self, StoreError> {
        let mut statement = sql.prepare_cached(
            "select seq, body, actor, user, device from log
             where tenant = ?1 and record = ?2 and kind = 'change' order by seq",
        )?;
        let mut rows = statement.query(params![tenant.0, record.0])?;
        let (mut heads, mut authors) = (BTreeSet::new(), BTreeMap::new());
        while let Some(row) = rows.next()? {
            let seq = Seq(row.get::<_, i64>(0)?.cast_unsigned());
            if seq > until && !own.contains(&seq) {
                continue;
            }
            let body: Vec<u8> = row.get(1)?;
            let head = read_head(&body).map_err(|_| StoreError::Damaged(record))?;
            head.deps.iter().for_each(|dep| {
                heads.remove(dep);
            });
            heads.insert(head.hash);
            authors.insert(head.actor, author(row.get(2)?, row.get(3)?, row.get(4)?));
        }
        let (heads, authors) = (heads.into_iter().collect(), authors.into_values().collect());
        Ok(Self { tenant, record, heads, authors })
    }
}

/// Every author of a record.
pub fn authors_of(
    sql: &Connection,
    tenant: TenantId,
    record: RecordId,
) -> rusqlite::Result<Vec<ActorAuthor>> {
    sql.prepare_cached("select actor, user, device from actors where tenant = ?1 and record = ?2")?
        .query_map(params![tenant.0, record.0], |row| {
            Ok(author(row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect()
}

/// An author as the log names them.
pub fn author(actor: [u8; 16], user: Uuid, device: Option<Uuid>) -> ActorAuthor {
    ActorAuthor { actor: actor.to_vec().into(), user: UserId(user), device: device.map(DeviceId) }
}

/// Heads as a record's row keeps them: one after the other.
pub fn split(heads: &[u8]) -> Vec<ChangeHash> {
    heads.chunks_exact(32).filter_map(|head| ChangeHash::from_bytes(head).ok()).collect()
}

fn author_bytes(author: &ActorAuthor) -> Vec<u8> {
    let device = author.device.unwrap_or_default();
    [author.actor.as_slice(), author.user.as_bytes(), device.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version() -> Version {
        let name = |name: u8| Uuid::from_bytes([name; 16]);
        Version {
            tenant: TenantId(name(1)),
            record: RecordId(name(2)),
            heads: vec![ChangeHash([3; 32]), ChangeHash([4; 32])],
            authors: vec![author([5; 16], name(6), Some(name(7))), author([8; 16], name(9), None)],
        }
    }

    #[test]
    fn the_word_covers_everything_and_no_order() {
        let (key, whole) = ([1; 32], version());
        let word = whole.attest(&key);
        let mut turned = version();
        turned.heads.reverse();
        turned.authors.reverse();
        assert!(turned.is_attested(&key, &word));
        assert!(!whole.is_attested(&[2; 32], &word), "another key");
        let altered: [fn(&mut Version); 6] = [
            |version| version.tenant = TenantId(Uuid::from_bytes([0; 16])),
            |version| version.record = RecordId(Uuid::from_bytes([0; 16])),
            |version| version.heads.truncate(1),
            |version| version.authors.truncate(1),
            |version| version.authors[0].user = UserId(Uuid::from_bytes([0; 16])),
            |version| version.authors[0].device = None,
        ];
        for (number, alter) in altered.into_iter().enumerate() {
            let mut other = version();
            alter(&mut other);
            assert!(!other.is_attested(&key, &word), "alteration {number}");
        }
    }
}
