//! A PIN made expensive to guess.

use argon2::{Algorithm, Argon2, Params, Version};

/// What OWASP asks of Argon2id at the least is 19 MiB and two passes; five passes take a phone of
/// the middle class about half a second, which nobody minds once and a guesser minds every time.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 5;

/// The 32 bytes that a PIN and its salt stand for.
pub(crate) fn stretch(pin: &str, salt: &[u8]) -> Result<Vec<u8>, argon2::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32))?;
    let mut key = vec![0; 32];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(pin.as_bytes(), salt, &mut key)?;
    Ok(key)
}
