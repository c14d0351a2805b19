//! Names for things: newtypes over UUIDv7, change hashes and log positions.
//!
//! Ids are made by whoever creates the thing, before it is stored or sent, so that a retry
//! carries the same id. Time and randomness are arguments. Text form: hyphenated UUID or
//! lower-case hex; wire form: raw bytes.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An id's text could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid id")]
pub struct InvalidId;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize,
            Deserialize, Encode, Decode,
        )]
        #[serde(transparent)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(n(0), with = "uuid_bytes")] pub Uuid);

        impl $name {
            /// A fresh UUIDv7 from Unix time in ms and 10 random bytes.
            pub fn new(now_ms: i64, random: [u8; 10]) -> Self {
                Self(uuid_v7(now_ms, random))
            }

            /// The 16 raw bytes.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Reads 16 raw bytes.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidId> {
                Uuid::from_slice(bytes).map(Self).map_err(|_| InvalidId)
            }

            /// True for the all-zero id, which means "not chosen yet".
            pub fn is_nil(&self) -> bool {
                self.0.is_nil()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let id = Uuid::try_parse(text).map_err(|_| InvalidId)?;
                // One id, one spelling: ids are keys in records.
                let spelling = &mut Uuid::encode_buffer();
                let same = id.hyphenated().encode_lower(spelling) == text;
                if same { Ok(Self(id)) } else { Err(InvalidId) }
            }
        }
    };
}

uuid_id!(
    /// One organisation.
    TenantId
);
uuid_id!(
    /// One person with an account.
    UserId
);
uuid_id!(
    /// One installation of the phone app, with its own Ed25519 key.
    DeviceId
);
uuid_id!(
    /// One Automerge document: a job, a dossier, the catalog.
    RecordId
);
uuid_id!(
    /// One entry inside a record: a step, a part, a checklist item, a sign-off.
    ItemId
);
uuid_id!(
    /// One lifetime of a device's database.
    IncarnationId
);

fn uuid_v7(now_ms: i64, random: [u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(now_ms.max(0).unsigned_abs(), &random).into_uuid()
}

mod uuid_bytes {
    use minicbor::{Decoder, Encoder};
    use uuid::Uuid;

    pub(super) fn encode<C, W: minicbor::encode::Write>(
        id: &Uuid,
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.bytes(id.as_bytes())?.ok()
    }

    pub(super) fn decode<C>(
        decoder: &mut Decoder<'_>,
        _: &mut C,
    ) -> Result<Uuid, minicbor::decode::Error> {
        Uuid::from_slice(decoder.bytes()?).map_err(minicbor::decode::Error::message)
    }
}

/// The bits of a UUIDv7 that are random and stand together at its end.
const RANDOM_END: u128 = (1 << 62) - 1;

impl ItemId {
    /// The id after this one, for things that are made together (RFC 9562, 6.2: a counter in the
    /// random bits).
    pub fn following(self) -> Self {
        let id = self.0.as_u128();
        let counted = id.wrapping_add(1) & RANDOM_END;
        Self(Uuid::from_u128(id & !RANDOM_END | counted))
    }
}

/// SHA-256 that names an Automerge change.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct ChangeHash(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

impl ChangeHash {
    /// Reads 32 raw bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidId> {
        bytes.try_into().map(Self).map_err(|_| InvalidId)
    }
}

impl From<automerge::ChangeHash> for ChangeHash {
    fn from(hash: automerge::ChangeHash) -> Self {
        Self(hash.0)
    }
}

impl From<ChangeHash> for automerge::ChangeHash {
    fn from(hash: ChangeHash) -> Self {
        automerge::ChangeHash(hash.0)
    }
}

impl fmt::Display for ChangeHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for ChangeHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for ChangeHash {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).map_err(|_| InvalidId)?;
        Self::from_bytes(&bytes)
    }
}

impl Serialize for ChangeHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ChangeHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Position in a tenant's log; the first row is 1, there are no gaps.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    Serialize,
    Deserialize,
    Encode,
    Decode
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct Seq(#[n(0)] pub u64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_from_text_and_bytes() {
        let id = RecordId::new(1_795_000_000_000, [7; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(RecordId::from_bytes(id.as_bytes()), Ok(id));
        let wire = minicbor::to_vec(id).unwrap();
        assert_eq!(wire.len(), 17);
        assert_eq!(minicbor::decode::<RecordId>(&wire).unwrap(), id);
    }

    #[test]
    fn ids_made_later_sort_later() {
        assert!(ItemId::new(1_000, [255; 10]) < ItemId::new(2_000, [0; 10]));
    }

    #[test]
    fn bad_text_is_refused() {
        assert_eq!("".parse::<RecordId>(), Err(InvalidId));
        assert_eq!("zz".repeat(32).parse::<ChangeHash>(), Err(InvalidId));
    }
}
