//! The server's own keys, one file each in the data folder, readable by its owner only.
//!
//! `token.key` signs access tokens, `countersign.key` signs sign-off receipts (its public half
//! is what customers compare), `refresh.key` derives refresh tokens, `attest.key` marks what
//! phones are given, so that they can prove it to a restored server, `unlock.key` opens phones
//! whose PIN was forgotten. They never enter the
//! database, so that a stolen backup of it signs nothing. Made on first start, read after that.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;

use crate::random::random;

/// What the server signs with.
pub struct Keys {
    /// Signs access tokens.
    pub token: SigningKey,
    /// Signs sign-off receipts.
    pub countersign: SigningKey,
    /// Derives refresh tokens and console cookies.
    pub refresh: [u8; 32],
    /// Attests what phones are given ([`crate::attest`]).
    pub attest: [u8; 32],
    /// Derives what opens a locked phone ([`crate::api::unlock`]).
    pub unlock: [u8; 32],
}

impl Keys {
    /// Reads the keys in `folder`, making those that are missing.
    pub fn open(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            token: SigningKey::from_bytes(&read_or_make(&folder.join("token.key"))?),
            countersign: SigningKey::from_bytes(&read_or_make(&folder.join("countersign.key"))?),
            refresh: read_or_make(&folder.join("refresh.key"))?,
            attest: read_or_make(&folder.join("attest.key"))?,
            unlock: read_or_make(&folder.join("unlock.key"))?,
        })
    }

    /// Public half of the countersign key, lower-case hex.
    pub fn server_key(&self) -> String {
        HEXLOWER.encode(self.countersign.verifying_key().as_bytes())
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Keys").field("server_key", &self.server_key()).finish()
    }
}

fn read_or_make(path: &Path) -> io::Result<[u8; 32]> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let bytes = HEXLOWER.decode(text.trim().as_bytes()).ok();
            let key = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            key.ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidData, format!("{} is damaged", path.display()))
            })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path),
        Err(error) => Err(error),
    }
}

/// Written beside and renamed, so that a crash leaves no half key behind.
fn make(path: &Path) -> io::Result<[u8; 32]> {
    let key: [u8; 32] = random();
    let beside = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(HEXLOWER.encode(&key).as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let first = Keys::open(folder.path()).unwrap();
        let second = Keys::open(folder.path()).unwrap();
        assert_eq!(first.server_key(), second.server_key());
        assert_eq!(first.refresh, second.refresh);
        assert_ne!(first.token.to_bytes(), first.countersign.to_bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join("token.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert!(!format!("{first:?}").contains(&HEXLOWER.encode(&first.refresh)));
    }

    #[test]
    fn a_damaged_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("token.key"), "not hex").unwrap();
        let error = Keys::open(folder.path()).unwrap_err();
        assert!(error.to_string().contains("token.key is damaged"), "{error}");
    }
}
