//! The data folder: one SQLite database, one thread that writes it, several that read.
//!
//! [`Store::write`] answers only after its commit is on disk; commits of jobs that arrive
//! together are joined ([`writer`]). [`Store::read`] sees one consistent state. Nothing here
//! knows what a job or a person is: that is SQL of the modules that call it.

pub mod cells;
pub mod documents;
#[cfg(test)]
pub(crate) mod heard;
mod open;
mod readers;
mod storage;
mod writer;

use std::collections::BTreeSet;
use std::fs::File;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use docket_protocol::ids::{RecordId, Seq, TenantId, UserId};
use rusqlite::Connection;
use tokio::sync::{broadcast, oneshot};
use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::keys::Keys;
use crate::limits::{READ_EACH_MIN, READERS, WRITES_WAITING_MAX};
use crate::mark::{Mark, MarkError};
use crate::random;
use documents::{Cache, Documents};
use readers::Readers;
pub use storage::{Disk, Storage};
pub use writer::WriteTx;
use writer::{Ended, Job};

/// Why the store did not do what was asked. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Too many writes are waiting.
    #[error("too many writes are waiting")]
    Busy,
    /// The disk is full, or the database may not grow.
    #[error("the disk is full")]
    Full,
    /// The disk failed; the process must be restarted, and recovers then.
    #[error("the store has stopped after a disk error")]
    Stopped,
    /// The job panicked; its work was rolled back.
    #[error("the job panicked")]
    Panicked,
    /// A stored record does not load.
    #[error("record {0} does not load")]
    Damaged(RecordId),
    /// Anything else SQLite says.
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
}

/// The data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("{0} is in use by another docket process")]
    InUse(String),
    /// SQLite is older than the version whose write-ahead log is sound.
    #[error("SQLite {0} is too old; 3051003 (3.51.3) or newer is needed")]
    OldSqlite(i32),
    /// A newer Docket has written here.
    #[error("the database has version {0}, newer than this program knows")]
    NewerDatabase(i64),
    /// The file system refuses.
    #[error("{0}: {1}")]
    Folder(String, std::io::Error),
    /// The mark beside the database cannot be read or written.
    #[error(transparent)]
    Mark(#[from] MarkError),
    /// What an older version did not derive cannot be derived now.
    #[error("what is derived cannot be brought up to date: {0}")]
    Derived(StoreError),
    /// SQLite refuses.
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
}

/// There is something new in a tenant's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Whose log.
    pub tenant: TenantId,
    /// Its last row.
    pub seq: Seq,
    /// Whose records it is about (nil: everyone's).
    pub concerned: Arc<BTreeSet<UserId>>,
}

/// The open data folder; clones share it.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    /// Taken on drop, which ends the writer.
    jobs: Option<SyncSender<Job>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    readers: Readers,
    cache: Cache,
    news: broadcast::Sender<News>,
    stopped: Arc<AtomicBool>,
    /// Held for as long as the folder is open, so that two processes never write it.
    _lock: File,
}

impl Store {
    /// Opens or creates the database in `folder` and brings its schema up to date.
    pub fn open(
        folder: &Path,
        storage: &Storage,
        keys: Arc<Keys>,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let lock = open::lock(folder)?;
        let connection = open::writer(folder, storage)?;
        let mark = Mark::begin(&connection, folder, clock.now_ms())?;
        let reader = |_| open::reader(folder, storage);
        let readers = (0..READERS).map(reader).collect::<Result<_, _>>()?;
        let (jobs, queue) = std::sync::mpsc::sync_channel(WRITES_WAITING_MAX);
        let (news, _) = broadcast::channel(1_024);
        let stopped = Arc::new(AtomicBool::new(false));
        let cache = Cache::default();
        let writer = writer::Writer::new(
            connection,
            mark,
            Documents::over(cache.clone()),
            keys,
            clock,
            news.clone(),
            Arc::clone(&stopped),
        );
        let thread = std::thread::Builder::new()
            .name("docket-writer".into())
            .spawn(random::handed_on(move || writer.run(&queue)))
            .map_err(|error| OpenError::Folder(folder.display().to_string(), error))?;
        Ok(Self {
            shared: Arc::new(Shared {
                jobs: Some(jobs),
                writer: Mutex::new(Some(thread)),
                readers: Readers::new(readers),
                cache,
                news,
                stopped,
                _lock: lock,
            }),
        })
    }

    /// Runs a job on the writer, all or nothing; answers once it is on disk.
    pub async fn write<T, E>(
        &self,
        job: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let answer = self.submit(job)?;
        answer.await.map_err(|_| StoreError::Stopped)??
    }

    /// [`Store::write`] for the command line and for seeding: not for async code.
    pub fn write_blocking<T, E>(
        &self,
        job: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let answer = self.submit(job)?;
        answer.blocking_recv().map_err(|_| StoreError::Stopped)??
    }

    /// Runs a query on a reader; all its statements see the same state.
    pub async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.try_read(|sql| job(sql).map_err(StoreError::from)).await
    }

    /// [`Store::read`] for jobs with errors of their own.
    pub async fn try_read<T, E>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let place = self.shared.readers.place().await;
        let shared = Arc::clone(&self.shared);
        let running = tokio::task::spawn_blocking(move || {
            let _place = place;
            shared.readers.run(job)
        });
        running.await.map_err(|_| StoreError::Panicked)?
    }

    /// Asks a question of each of so many things, on several readers at once where that pays;
    /// answers in order. Each reader sees one consistent state, but not all the same.
    pub async fn read_each<T: Send + 'static>(
        &self,
        count: usize,
        job: impl Fn(&Connection, usize) -> Result<T, StoreError> + Send + Sync + 'static,
    ) -> Result<Vec<T>, StoreError> {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let readers = count.div_ceil(READ_EACH_MIN).clamp(1, cores.min(READERS));
        let (next, job) = (Arc::new(AtomicUsize::new(0)), Arc::new(job));
        let mut running = JoinSet::new();
        for _ in 0..readers {
            let (store, next, job) = (self.clone(), Arc::clone(&next), Arc::clone(&job));
            running.spawn(async move {
                let share = move |sql: &Connection| {
                    let places = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
                    let places = places.take_while(|place| *place < count);
                    places.map(|place| Ok((place, job(sql, place)?))).collect::<Result<_, _>>()
                };
                store.try_read::<Vec<(usize, T)>, StoreError>(share).await
            });
        }
        let mut all = Vec::with_capacity(count);
        while let Some(share) = running.join_next().await {
            all.extend(share.map_err(|_| StoreError::Panicked)??);
        }
        all.sort_unstable_by_key(|(place, _)| *place);
        Ok(all.into_iter().map(|(_, answer)| answer).collect())
    }

    /// [`Store::try_read`] for the command line and for seeding: not for async code.
    pub fn read_blocking<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.shared.readers.run(job)
    }

    /// Loaded records, for whoever reads.
    pub fn documents(&self) -> &Cache {
        &self.shared.cache
    }

    /// Positions of logs as they move. A slow listener may miss some; the next one says enough.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.shared.news.subscribe()
    }

    /// Whether writes are still possible.
    pub fn is_writable(&self) -> bool {
        !self.shared.stopped.load(Ordering::Acquire)
    }
}

/// The commit's outcome, then the job's own.
type Committed<T, E> = Result<Result<T, E>, StoreError>;

impl Store {
    fn submit<T, E>(
        &self,
        job: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Committed<T, E>>, StoreError>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |tx| {
            let result = job(tx);
            let keep = result.is_ok();
            // The caller may have gone away; its work is committed all the same.
            let answer = move |committed: Result<(), StoreError>| {
                drop(sender.send(committed.map(|()| result)));
            };
            Ended { keep, answer: Box::new(answer) }
        });
        let queue = self.shared.jobs.as_ref().ok_or(StoreError::Stopped)?;
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Stopped,
        })?;
        Ok(receiver)
    }
}

impl Drop for Shared {
    /// Waits for queued writes, so that the folder may be reopened right after.
    fn drop(&mut self) {
        drop(self.jobs.take());
        let thread = self.writer.lock().ok().and_then(|mut writer| writer.take());
        if let Some(thread) = thread {
            drop(thread.join());
        }
    }
}

#[cfg(test)]
mod tests;
