//! The writer thread: joins waiting jobs into one disk commit, each in its own savepoint.
//!
//! A job that fails or panics is rolled back alone. Nobody is answered before the commit, and
//! when the commit fails everybody is told so. After a disk error the thread ends: what was
//! written since the last commit is unknown to it, and a restart finds out safely.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;

use docket_protocol::ids::{IncarnationId, Seq, TenantId, UserId};
use docket_protocol::planted;
use rusqlite::{Connection, ErrorCode};
use tokio::sync::broadcast;

use super::documents::Documents;
use super::{News, StoreError};
use crate::clock::Clock;
use crate::keys::Keys;
use crate::limits::COMMIT_JOBS_MAX;
use crate::mark::Mark;

/// What a write job works with.
pub struct WriteTx<'a> {
    /// The open transaction.
    pub sql: &'a Connection,
    /// Loaded records; what a failed job put there is forgotten.
    pub documents: &'a mut Documents,
    /// The server's keys.
    pub keys: &'a Keys,
    /// This run of the server.
    pub incarnation: IncarnationId,
    /// Unix ms; the same for the whole job.
    pub now: i64,
    moved: &'a mut BTreeMap<TenantId, Moved>,
    closing: &'a mut Vec<Closing>,
}

type Closing = Box<dyn FnOnce(&Connection) -> rusqlite::Result<()>>;

/// How far a log has moved, and for whom that is news.
#[derive(Default)]
struct Moved {
    seq: Seq,
    concerned: BTreeSet<UserId>,
}

impl WriteTx<'_> {
    /// Notes that a log has grown and for whom that is news, for [`News`] after the commit.
    pub fn log_moved(
        &mut self,
        tenant: TenantId,
        seq: Seq,
        concerned: impl IntoIterator<Item = UserId>,
    ) {
        let moved = self.moved.entry(tenant).or_default();
        moved.seq = seq;
        moved.concerned.extend(concerned);
    }

    /// Does something at the end of the transaction, if this job counts: what an index for words
    /// takes in, it writes at every savepoint that follows.
    pub fn before_commit(
        &mut self,
        closing: impl FnOnce(&Connection) -> rusqlite::Result<()> + 'static,
    ) {
        self.closing.push(Box::new(closing));
    }
}

pub(super) type Job = Box<dyn FnOnce(&mut WriteTx<'_>) -> Ended + Send>;

/// A job's end: whether its work stays, and whom to tell after the commit.
pub(super) struct Ended {
    pub(super) keep: bool,
    pub(super) answer: Answer,
}

type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

pub(super) struct Writer {
    connection: Connection,
    mark: Mark,
    documents: Documents,
    keys: Arc<Keys>,
    clock: Clock,
    news: broadcast::Sender<News>,
    stopped: Arc<AtomicBool>,
}

impl Writer {
    pub(super) fn new(
        connection: Connection,
        mark: Mark,
        documents: Documents,
        keys: Arc<Keys>,
        clock: Clock,
        news: broadcast::Sender<News>,
        stopped: Arc<AtomicBool>,
    ) -> Self {
        Self { connection, mark, documents, keys, clock, news, stopped }
    }

    pub(super) fn run(mut self, queue: &Receiver<Job>) {
        while let Ok(first) = queue.recv() {
            if let Err(error) = self.commit_together(first, queue) {
                tracing::error!(%error, "the disk failed; no more writes until a restart");
                return;
            }
        }
    }

    /// Runs `first` and whatever else waits in one transaction. An error here means that the
    /// disk cannot be trusted any more.
    fn commit_together(
        &mut self,
        first: Job,
        queue: &Receiver<Job>,
    ) -> Result<(), rusqlite::Error> {
        let mut moved = BTreeMap::new();
        let (mut closing, mut answers) = (Vec::new(), Vec::new());
        let outcome = self.connection.execute_batch("begin immediate").and_then(|()| {
            let mut next = Some(first);
            while let Some(job) = next {
                self.savepoint(job, &mut moved, &mut closing, &mut answers)?;
                next = (answers.len() < COMMIT_JOBS_MAX).then(|| queue.try_recv().ok()).flatten();
            }
            if planted::is("ack-before-commit") {
                answers.drain(..).for_each(|answer| answer(Ok(())));
            }
            closing.into_iter().try_for_each(|closing| closing(&self.connection))?;
            self.connection.execute_batch("commit")
        });
        self.documents.end_transaction(outcome.is_ok());
        let Err(error) = outcome else {
            if !moved.is_empty() {
                self.mark.moved(&self.connection);
            }
            answers.into_iter().for_each(|answer| answer(Ok(())));
            for (tenant, Moved { seq, concerned }) in moved {
                // No listener is not an error.
                drop(self.news.send(News { tenant, seq, concerned: Arc::new(concerned) }));
            }
            return Ok(());
        };
        let full = error.sqlite_error_code() == Some(ErrorCode::DiskFull);
        if !full {
            // Before anybody is told: whoever hears of it must not find the store writable.
            self.stopped.store(true, Ordering::Release);
        }
        for answer in answers {
            answer(Err(if full { StoreError::Full } else { StoreError::Stopped }));
        }
        // SQLite rolls back by itself on some errors; then this one says so, harmlessly.
        drop(self.connection.execute_batch("rollback"));
        if full { Ok(()) } else { Err(error) }
    }

    fn savepoint(
        &mut self,
        job: Job,
        moved: &mut BTreeMap<TenantId, Moved>,
        closing: &mut Vec<Closing>,
        answers: &mut Vec<Answer>,
    ) -> Result<(), rusqlite::Error> {
        self.connection.execute_batch("savepoint job")?;
        let (mut job_moved, mut job_closing) = (BTreeMap::new(), Vec::new());
        let mut tx = WriteTx {
            sql: &self.connection,
            documents: &mut self.documents,
            keys: &self.keys,
            incarnation: self.mark.incarnation(),
            now: self.clock.now_ms(),
            moved: &mut job_moved,
            closing: &mut job_closing,
        };
        let ended = catch_unwind(AssertUnwindSafe(|| job(&mut tx)));
        let keep = ended.as_ref().is_ok_and(|ended| ended.keep);
        self.documents.end_job(keep);
        // A job that panicked dropped its answer, which its caller sees as an error.
        answers.extend(ended.map(|ended| ended.answer));
        if self.connection.is_autocommit() {
            // SQLite gave up the whole transaction, which it does when the disk is full.
            let full = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
            return Err(rusqlite::Error::SqliteFailure(full, None));
        }
        if keep {
            closing.append(&mut job_closing);
            for (tenant, Moved { seq, concerned }) in job_moved {
                let moved = moved.entry(tenant).or_default();
                moved.seq = seq;
                moved.concerned.extend(concerned);
            }
            self.connection.execute_batch("release job")
        } else {
            self.connection.execute_batch("rollback to job; release job")
        }
    }
}
