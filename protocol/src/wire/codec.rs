//! How a value becomes bytes and back: CBOR, taken apart or deflated where that is smaller, put
//! together and inflated under a cap.

use std::io::{Read, Write};

use minicbor::{Decode, Encode};

use crate::compact::{self, Density, Failure};

const RAW: u8 = 0;
const DEFLATED: u8 = 1;
const TAKEN_APART: u8 = 2;
/// Below this, DEFLATE adds more than it saves.
const DEFLATE_FROM_BYTES: usize = 200;
/// Up to here a body is packed both ways, because each may be the smaller one.
const BOTH_WAYS_BYTES_MAX: usize = 16 * 1024;

/// A body could not be read.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Empty, or an unknown codec byte.
    #[error("unknown encoding of the body")]
    Codec,
    /// Larger than allowed once inflated.
    #[error("the body inflates to more than {0} bytes")]
    TooLarge(usize),
    /// More items than allowed, however small.
    #[error("the body holds more than {0} items")]
    TooManyItems(usize),
    /// DEFLATE data is damaged.
    #[error("the compressed body is damaged")]
    Deflate,
    /// Not the expected CBOR.
    #[error("the body is not valid: {0}")]
    Cbor(#[from] minicbor::decode::Error),
    /// Bytes follow the value.
    #[error("the body has {0} bytes too many")]
    Trailing(usize),
}

/// Encodes a value and packs it the smallest way.
pub fn pack<T: Encode<()>>(value: &T) -> Vec<u8> {
    let cbor = to_cbor(value);
    if cbor.len() < DEFLATE_FROM_BYTES {
        return [&[RAW], cbor.as_slice()].concat();
    }
    let apart = compact::taken_apart(&cbor, Density::Deflated)
        .map(|apart| [&[TAKEN_APART], &apart[..]].concat());
    if let Some(apart) = &apart
        && cbor.len() > BOTH_WAYS_BYTES_MAX
    {
        return apart.clone();
    }
    let ways = [deflated(&cbor), apart];
    let smallest = ways.into_iter().flatten().min_by_key(Vec::len);
    match smallest.filter(|packed| packed.len() <= cbor.len()) {
        Some(packed) => packed,
        None => [&[RAW], cbor.as_slice()].concat(),
    }
}

/// Packs a large value for a way that compresses better than DEFLATE does: taken apart, and left
/// so. None where [`pack`] is as good.
pub fn pack_loosely<T: Encode<()>>(value: &T) -> Option<Vec<u8>> {
    let cbor = to_cbor(value);
    let is_large = cbor.len() > BOTH_WAYS_BYTES_MAX;
    let apart = is_large.then(|| compact::taken_apart(&cbor, Density::Loose)).flatten()?;
    Some([&[TAKEN_APART], &apart[..]].concat())
}

fn deflated(cbor: &[u8]) -> Option<Vec<u8>> {
    let level = flate2::Compression::new(6);
    let mut encoder = flate2::write::DeflateEncoder::new(vec![DEFLATED], level);
    encoder.write_all(cbor).and_then(|()| encoder.finish()).ok()
}

/// Unpacks (to at most `bytes_max`) and decodes; bytes left over are an error.
pub fn unpack<T: for<'b> Decode<'b, ()>>(packed: &[u8], bytes_max: usize) -> Result<T, WireError> {
    match packed.split_first() {
        Some((&RAW, cbor)) if cbor.len() <= bytes_max => from_cbor(cbor),
        Some((&RAW, _)) => Err(WireError::TooLarge(bytes_max)),
        Some((&DEFLATED, deflated)) => from_cbor(&inflate(deflated, bytes_max)?),
        Some((&TAKEN_APART, apart)) => {
            let together = compact::put_together(apart, bytes_max);
            from_cbor(&together.map_err(|failure| match failure {
                Failure::TooLarge => WireError::TooLarge(bytes_max),
                Failure::Damaged => WireError::Deflate,
            })?)
        }
        _ => Err(WireError::Codec),
    }
}

/// CBOR of a value; encoding into memory cannot fail.
pub fn to_cbor<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_default()
}

/// Decodes exactly one value.
pub fn from_cbor<T: for<'b> Decode<'b, ()>>(cbor: &[u8]) -> Result<T, WireError> {
    let mut decoder = minicbor::Decoder::new(cbor);
    let value = decoder.decode()?;
    match cbor.len() - decoder.position() {
        0 => Ok(value),
        trailing => Err(WireError::Trailing(trailing)),
    }
}

/// Sixteen bytes that may be left out, as a CBOR byte string.
pub(super) mod sixteen {
    use minicbor::decode::Error;
    use minicbor::encode::Write;
    use minicbor::{Decoder, Encoder};

    pub(in crate::wire) fn encode<C, W: Write>(
        bytes: &Option<[u8; 16]>,
        encoder: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        minicbor::bytes::encode(bytes, encoder, context)
    }

    pub(in crate::wire) fn decode<C>(
        decoder: &mut Decoder<'_>,
        context: &mut C,
    ) -> Result<Option<[u8; 16]>, Error> {
        minicbor::bytes::decode(decoder, context)
    }

    pub(in crate::wire) fn nil() -> Option<Option<[u8; 16]>> {
        Some(None)
    }

    pub(in crate::wire) fn is_nil(bytes: &Option<[u8; 16]>) -> bool {
        bytes.is_none()
    }
}

/// Inflates to at most `bytes_max`. The buffer doubles only as far as that, so that a bomb costs
/// one and a half times the limit and not three times.
pub(crate) fn inflate(deflated: &[u8], bytes_max: usize) -> Result<Vec<u8>, WireError> {
    let mut decoder = flate2::read::DeflateDecoder::new(deflated);
    let mut inflated = Vec::new();
    loop {
        let length = inflated.len();
        let rest = bytes_max + 1 - length;
        // The last step takes all the rest: another one of a byte would copy everything.
        let more = if rest <= 2 * length { rest } else { length.max(8 * 1024).min(rest) };
        inflated.reserve_exact(more);
        let read = (&mut decoder).take(more as u64).read_to_end(&mut inflated);
        match read.map_err(|_| WireError::Deflate)? {
            _ if inflated.len() > bytes_max => return Err(WireError::TooLarge(bytes_max)),
            read if read < more => return Ok(inflated),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use minicbor::bytes::ByteVec;

    use super::*;
    use crate::ids::{DeviceId, IncarnationId, RecordId, Seq};
    use crate::wire::{Cursor, DeviceReport, RecordPush, SyncEnvelope, SyncRequest, VERSION};

    fn request(pushes: Vec<RecordPush>) -> SyncRequest {
        SyncRequest {
            version: VERSION,
            device: DeviceId::new(1, [1; 10]),
            incarnation: IncarnationId::new(2, [2; 10]),
            cursor: Some(Cursor { seq: Seq(7), tag: [8; 8] }),
            sent_at: 1_795_000_000_000,
            pushes,
            hand_backs: Vec::new(),
            report: Some(DeviceReport { app_version: "10.20.30".into(), ..Default::default() }),
        }
    }

    #[test]
    fn nothing_new_costs_less_than_three_hundred_bytes() {
        let body = to_cbor(&request(Vec::new())).into();
        let packed = pack(&SyncEnvelope { body, signature: [9; 64] });
        assert!(packed.len() < 300, "{} bytes", packed.len());
    }

    #[test]
    fn large_bodies_are_compressed_and_read_back() {
        let changes = vec![ByteVec::from(vec![5; 10_000])];
        let sent = request(vec![RecordPush { record: RecordId::new(3, [3; 10]), changes }]);
        let packed = pack(&sent);
        assert!(packed.len() < 300);
        assert_eq!(unpack::<SyncRequest>(&packed, 20_000).unwrap(), sent);
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let packed = pack(&ByteVec::from(vec![0; 1_000_000]));
        assert!(packed.len() < 3_000);
        assert!(matches!(unpack::<ByteVec>(&packed, 999_999), Err(WireError::TooLarge(999_999))));
    }

    #[test]
    fn damaged_bodies_are_errors() {
        assert!(matches!(unpack::<SyncRequest>(&[], 10), Err(WireError::Codec)));
        assert!(matches!(unpack::<SyncRequest>(&[9, 1], 10), Err(WireError::Codec)));
        assert!(matches!(unpack::<SyncRequest>(&[1, 0xff], 10), Err(WireError::Deflate)));
        assert!(matches!(unpack::<SyncRequest>(&[0, 0x80], 10), Err(WireError::Cbor(_))));
        let mut trailing = pack(&Seq(1));
        trailing.push(0);
        assert!(matches!(unpack::<Seq>(&trailing, 10), Err(WireError::Trailing(1))));
    }
}
