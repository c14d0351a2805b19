//! The running server's parts, opened on a data folder and shared by every handler.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::watch;

use crate::audit::chain;
use crate::auth::passwords::Passwords;
use crate::auth::throttle::Throttle;
use crate::blobs::Blobs;
use crate::clock::Clock;
use crate::keys::Keys;
use crate::paper::Press;
use crate::read_model::{facts, search};
use crate::store::{OpenError, Storage, Store};

/// Everything a handler may use; clones share it.
#[derive(Clone)]
pub struct App {
    /// The data.
    pub store: Store,
    /// What the server signs with.
    pub keys: Arc<Keys>,
    /// Photos and files.
    pub blobs: Blobs,
    /// What time it is.
    pub clock: Clock,
    /// Prints documents, one at a time.
    pub press: Press,
    /// Checks passwords, a few at a time.
    pub passwords: Passwords,
    /// Slows guessing down.
    pub throttle: Throttle,
    stopping: watch::Sender<bool>,
}

impl App {
    /// Opens the data folder, creating it when missing.
    pub fn open(folder: &Path, clock: Clock) -> Result<Self, OpenError> {
        Self::open_on(folder, &Storage::Files, clock)
    }

    /// [`App::open`] with the database on a storage of the caller's choice.
    pub fn open_on(folder: &Path, storage: &Storage, clock: Clock) -> Result<Self, OpenError> {
        let named = |error| OpenError::Folder(folder.display().to_string(), error);
        std::fs::create_dir_all(folder).map_err(named)?;
        let keys = Arc::new(Keys::open(folder).map_err(named)?);
        let store = Store::open(folder, storage, Arc::clone(&keys), clock.clone())?;
        if store.read_blocking(facts::are_missing).map_err(OpenError::Derived)? {
            store.write_blocking(facts::fill).map_err(OpenError::Derived)?;
        }
        if store.read_blocking(chain::is_missing).map_err(OpenError::Derived)? {
            store.write_blocking(chain::fill).map_err(OpenError::Derived)?;
        }
        if store.read_blocking(search::are_missing).map_err(OpenError::Derived)? {
            store.write_blocking(search::fill).map_err(OpenError::Derived)?;
        }
        Ok(Self {
            store,
            keys,
            blobs: Blobs::of(folder),
            clock,
            press: Press::default(),
            passwords: Passwords::default(),
            throttle: Throttle::default(),
            stopping: watch::Sender::new(false),
        })
    }

    /// Ends every event stream; without this they would hold a stopping server open.
    pub fn end_streams(&self) {
        self.stopping.send_replace(true);
    }

    /// Yields once the server is stopping.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }
}
