//! Guessing passwords is slow: so many tries a minute for a name, so many for an address.
//!
//! Counts tries, not people: a phone that is signed in does not come through here, so nobody at
//! work is locked out by somebody else's guessing.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use docket_protocol::ids::DeviceId;
use lru::LruCache;

use crate::error::ApiError;
use crate::limits::{
    HAND_IN_PER_DEVICE, LOGIN_PER_ACCOUNT, LOGIN_PER_ADDRESS, LOGIN_REMEMBERED, LOGIN_WINDOW_MS,
    PIECES_PER_ADDRESS, RECONCILE_PER_DEVICE,
};

/// Tries within the running window.
struct Tries {
    since_ms: i64,
    count: u32,
}

/// Recent sign-in tries by name and by address.
#[derive(Clone)]
pub struct Throttle {
    tries: Arc<Mutex<LruCache<String, Tries>>>,
}

impl Default for Throttle {
    fn default() -> Self {
        let capacity = NonZeroUsize::new(LOGIN_REMEMBERED).unwrap_or(NonZeroUsize::MIN);
        Self { tries: Arc::new(Mutex::new(LruCache::new(capacity))) }
    }
}

impl Throttle {
    /// Counts a try, and refuses it when there were too many.
    pub fn count(&self, login: &str, address: &str, now: i64) -> Result<(), ApiError> {
        let by_name = self.over(format!("name:{login}"), LOGIN_PER_ACCOUNT, now);
        let by_address = self.over(format!("address:{address}"), LOGIN_PER_ADDRESS, now);
        if by_name || by_address { Err(ApiError::TooManyRequests) } else { Ok(()) }
    }

    /// The same for a phone that hands in work without a token.
    pub fn count_hand_in(&self, phone: DeviceId, address: &str, now: i64) -> Result<(), ApiError> {
        let by_phone = self.over(format!("phone:{phone}"), HAND_IN_PER_DEVICE, now);
        let by_address = self.over(format!("address:{address}"), LOGIN_PER_ADDRESS, now);
        if by_phone || by_address { Err(ApiError::TooManyRequests) } else { Ok(()) }
    }

    /// Counts a piece of a file that comes without a token.
    pub fn count_piece(&self, address: &str, now: i64) -> Result<(), ApiError> {
        let over = self.over(format!("pieces:{address}"), PIECES_PER_ADDRESS, now);
        if over { Err(ApiError::TooManyRequests) } else { Ok(()) }
    }

    /// Counts a phone's asking for a comparison of everything it holds.
    pub fn count_reconcile(&self, phone: DeviceId, now: i64) -> Result<(), ApiError> {
        let over = self.over(format!("reconcile:{phone}"), RECONCILE_PER_DEVICE, now);
        if over { Err(ApiError::TooManyRequests) } else { Ok(()) }
    }

    fn over(&self, key: String, most: u32, now: i64) -> bool {
        // A poisoned lock only means that a counter was being raised; counting goes on.
        let mut tries = self.tries.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let entry = tries.get_or_insert_mut(key, || Tries { since_ms: now, count: 0 });
        if now - entry.since_ms >= LOGIN_WINDOW_MS {
            *entry = Tries { since_ms: now, count: 0 };
        }
        entry.count = entry.count.saturating_add(1);
        entry.count > most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_guess_in_a_minute_waits_for_the_next() {
        let throttle = Throttle::default();
        for _ in 0..LOGIN_PER_ACCOUNT {
            assert!(throttle.count("ada", "10.0.0.1", 0).is_ok());
        }
        assert!(throttle.count("ada", "10.0.0.2", 0).is_err());
        assert!(throttle.count("lin", "10.0.0.2", 0).is_ok(), "another name is free");
        assert!(throttle.count("ada", "10.0.0.2", LOGIN_WINDOW_MS).is_ok());
    }

    #[test]
    fn one_address_cannot_try_every_name() {
        let throttle = Throttle::default();
        for name in 0..LOGIN_PER_ADDRESS {
            assert!(throttle.count(&name.to_string(), "10.0.0.1", 0).is_ok());
        }
        assert!(throttle.count("another", "10.0.0.1", 0).is_err());
    }
}
