//! Mutations that know a little grammar: numbers in LEB128, lengths, runs, pieces of other seeds.

use crate::random::Random;

/// Bytes at the edges of things.
const EDGES: [u8; 8] = [0x00, 0x01, 0x3f, 0x40, 0x7e, 0x7f, 0x80, 0xff];
/// Numbers at the edges of things, as LEB128.
const NUMBERS: [&[u8]; 7] = [
    &[0],
    &[0x7f],
    &[0xff, 0xff, 0x03],
    &[0x80, 0x80, 0x80, 0x80, 0x08],
    &[0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f],
];

/// Some seed, altered in one to four places.
pub(super) fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = any(seeds, random).clone();
    for _ in 0..=random.below(4) {
        alter(&mut input, seeds, random);
    }
    input
}

fn any<'a>(seeds: &'a [Vec<u8>], random: &mut Random) -> &'a Vec<u8> {
    &seeds[random.below(seeds.len() as u64) as usize]
}

fn alter(input: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let at = random.below(input.len() as u64 + 1) as usize;
    let end = (at + 1 + random.below(16) as usize).min(input.len());
    match random.below(8) {
        0 if at < input.len() => input[at] ^= 1 << random.below(8),
        1 if at < input.len() => input[at] = EDGES[random.below(8) as usize],
        2 => {
            let number = NUMBERS[random.below(NUMBERS.len() as u64) as usize];
            input.splice(at..end, number.iter().copied());
        }
        3 => drop(input.drain(at..end)),
        4 => {
            let piece = input[at..end].to_vec();
            input.splice(at..at, piece);
        }
        5 => {
            let other = any(seeds, random);
            let from = random.below(other.len() as u64 + 1) as usize;
            let to = (from + 1 + random.below(64) as usize).min(other.len());
            input.splice(at..end, other[from..to].iter().copied());
        }
        6 => input.truncate(at),
        _ => input.insert(at, random.bits() as u8),
    }
}
