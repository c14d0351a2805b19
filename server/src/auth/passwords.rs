//! Passwords: hashed with argon2id, a bounded number at once, off the async threads.
//!
//! An unknown name costs the same as a wrong password: it is compared with a hash that fits
//! nothing, so that neither answer nor time tells which accounts exist.

use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::error::ApiError;
use crate::limits::{
    PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, PASSWORD_HASHES_AT_ONCE, PASSWORD_HASHES_WAITING,
};
use crate::random::random;

/// Fits no password that anyone can type.
static FITS_NOTHING: LazyLock<String> = LazyLock::new(|| {
    let unknown: [u8; 32] = random();
    hash(&data_encoding::HEXLOWER.encode(&unknown)).unwrap_or_default()
});

/// Checks passwords, a few at a time.
#[derive(Debug, Clone)]
pub struct Passwords {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            running: Arc::new(Semaphore::new(PASSWORD_HASHES_AT_ONCE)),
            waiting: Arc::new(Semaphore::new(PASSWORD_HASHES_WAITING)),
        }
    }
}

impl Passwords {
    /// Whether the password fits; `stored` is none for an unknown name.
    pub async fn fits(&self, password: String, stored: Option<String>) -> Result<bool, ApiError> {
        let _queued = self.waiting.try_acquire().map_err(|_| ApiError::TooManyRequests)?;
        let _turn = self.running.acquire().await.map_err(|_| ApiError::Unavailable)?;
        tokio::task::spawn_blocking(move || {
            let known = stored.is_some();
            let stored = stored.unwrap_or_else(|| FITS_NOTHING.clone());
            password.len() <= PASSWORD_BYTES_MAX && verify(&password, &stored) && known
        })
        .await
        .map_err(|_| ApiError::Unavailable)
    }

    /// [`hash`], off the async threads.
    pub async fn hash(&self, password: String) -> Result<String, ApiError> {
        let _queued = self.waiting.try_acquire().map_err(|_| ApiError::TooManyRequests)?;
        let _turn = self.running.acquire().await.map_err(|_| ApiError::Unavailable)?;
        let hashed = tokio::task::spawn_blocking(move || hash(&password)).await;
        hashed.map_err(|_| ApiError::Unavailable)?.ok_or(ApiError::Malformed)
    }
}

/// Whether somebody may choose this password: long enough, and not the name they sign in with.
pub fn is_acceptable(password: &str, login: &str) -> bool {
    password.chars().count() >= PASSWORD_CHARS_MIN
        && password.len() <= PASSWORD_BYTES_MAX
        && !password.trim().eq_ignore_ascii_case(login.trim())
}

/// A password to be used once, easily read out and typed: 60 bits, no letters that look alike.
pub fn one_time() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let letters: [u8; 12] = random();
    let letters = letters.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// A new hash in PHC format, with a random salt. `None` when the password is too long.
pub fn hash(password: &str) -> Option<String> {
    if password.len() > PASSWORD_BYTES_MAX {
        return None;
    }
    let salt: [u8; 16] = random();
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).ok()?;
    Some(hash.to_string())
}

fn verify(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_nothing_else_is_asked_of_it() {
        assert!(
            is_acceptable("ten letter", "ada") && is_acceptable("密码要有十个字才可以用", "ada")
        );
        assert!(!is_acceptable("nine lett", "ada"));
        assert!(!is_acceptable("Ada.Novak.1", "ada.novak.1"), "not the login");
        assert!(!is_acceptable(&"x".repeat(PASSWORD_BYTES_MAX + 1), "ada"));
        let once = one_time();
        assert!(is_acceptable(&once, "ada") && once.len() == 14 && once != one_time(), "{once}");
    }

    #[tokio::test]
    async fn only_the_right_password_of_a_known_name_fits() {
        let passwords = Passwords::default();
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        let fits = async |password: &str, stored: Option<&String>| {
            passwords.fits(password.to_owned(), stored.cloned()).await.unwrap()
        };
        assert!(fits("correct horse", Some(&stored)).await);
        assert!(!fits("wrong horse", Some(&stored)).await);
        assert!(!fits("correct horse", None).await);
        assert!(!fits(&"x".repeat(PASSWORD_BYTES_MAX + 1), Some(&stored)).await);
    }
}
