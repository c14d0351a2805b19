//! Randomness of the browser, for ids, actors and the device's key.

use docket_client_core::Entropy;

/// `crypto.getRandomValues`.
pub(crate) struct BrowserEntropy;

impl Entropy for BrowserEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        // Without randomness a key would be guessable: better no app than that.
        getrandom::fill(bytes).expect("this browser has no source of randomness");
    }
}
