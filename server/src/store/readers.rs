//! The connections that read: a small pool, each query in one snapshot of the database.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::StoreError;

pub(super) struct Readers {
    free: Mutex<Vec<Connection>>,
    /// As many as there are connections, so that waiting is async and never holds a thread.
    places: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(connections: Vec<Connection>) -> Self {
        let places = Arc::new(Semaphore::new(connections.len()));
        Self { free: Mutex::new(connections), places }
    }

    /// Waits for a connection to be free; hold it while [`Readers::run`] runs.
    pub(super) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    pub(super) fn run<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let free = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = free().pop();
        let Some(connection) = taken else {
            return Err(StoreError::Busy.into());
        };
        let reader = Returned { connection: Some(connection), free: &self.free };
        reader.snapshot(job)
    }
}

/// Gives the connection back, even when the job panics.
struct Returned<'a> {
    connection: Option<Connection>,
    free: &'a Mutex<Vec<Connection>>,
}

impl Returned<'_> {
    fn snapshot<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = self.connection.as_ref().ok_or(StoreError::Busy)?;
        // Ends by rollback when dropped, which for reading is the same and cannot fail.
        let transaction = connection.unchecked_transaction().map_err(StoreError::from)?;
        job(&transaction)
    }
}

impl Drop for Returned<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}
