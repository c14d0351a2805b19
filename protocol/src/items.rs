//! How many things a body holds, counted before any of them is made.
//!
//! An empty byte string is one byte on the wire and two dozen in memory, so 32 MiB of them
//! would become most of a gigabyte. This walks the CBOR once without keeping anything. The
//! server calls it before it decodes a request; what the things mean is [`crate::wire`]'s.

use minicbor::Decoder;
use minicbor::data::Type;

use crate::wire::WireError;

/// Fails when `cbor` has more than `max` items, or lengths that are left open.
pub fn at_most(cbor: &[u8], max: usize) -> Result<(), WireError> {
    let mut decoder = Decoder::new(cbor);
    let mut items = 0_usize;
    while decoder.position() < cbor.len() {
        items += 1;
        if items > max {
            return Err(WireError::TooManyItems(max));
        }
        step(&mut decoder)?;
    }
    Ok(())
}

/// Reads the head of one item; what an array or a map holds counts by itself.
fn step(decoder: &mut Decoder<'_>) -> Result<(), minicbor::decode::Error> {
    let at = decoder.position();
    match decoder.datatype()? {
        Type::Array => decoder.array().map(drop),
        Type::Map => decoder.map().map(drop),
        Type::Bytes => decoder.bytes().map(drop),
        Type::String => decoder.str().map(drop),
        Type::Tag => decoder.tag().map(drop),
        Type::ArrayIndef
        | Type::MapIndef
        | Type::BytesIndef
        | Type::StringIndef
        | Type::Break
        | Type::Unknown(_) => Err(minicbor::decode::Error::message("open length").at(at)),
        _ => decoder.skip(),
    }
}

#[cfg(test)]
mod tests {
    use minicbor::bytes::ByteVec;

    use super::*;
    use crate::wire::to_cbor;

    #[test]
    fn everything_inside_counts() {
        let cbor = to_cbor(&vec![(1_u64, ByteVec::from(vec![7; 300])), (2, vec![].into())]);
        assert!(at_most(&cbor, 7).is_ok());
        assert!(matches!(at_most(&cbor, 6), Err(WireError::TooManyItems(6))));
    }

    #[test]
    fn a_million_empty_strings_stop_at_the_limit() {
        let mut cbor = vec![0x9a, 0, 0x0f, 0x42, 0x40];
        cbor.resize(cbor.len() + 1_000_000, 0x40);
        assert!(matches!(at_most(&cbor, 1_000), Err(WireError::TooManyItems(1_000))));
    }

    #[test]
    fn open_lengths_and_broken_bodies_are_errors() {
        for broken in [&[0x9f, 0xff][..], &[0x5f, 0x41, 0, 0xff], &[0x82, 0x44, 1], &[0xff]] {
            assert!(matches!(at_most(broken, 10), Err(WireError::Cbor(_))), "{broken:?}");
        }
    }
}
