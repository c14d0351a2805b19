//! The machine itself: store, loaded documents, session and sync, behind one door.

use rusqlite::Connection;

use crate::command::{self, Command};
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::evacuation::{self, Carrying};
use crate::files::{self, Bringing, FileAnswer, FileRequest};
use crate::session::Session;
use crate::store::documents::Documents;
use crate::store::findable::Index;
use crate::store::{Medium, Store};
use crate::sync::Sync;
use crate::sync::reconcile::Repair;
use crate::sync::request::Request;
use crate::view::SyncPhase;

/// One phone's record keeper. Not shared between threads; whoever owns the database owns this.
pub struct Client {
    pub(crate) store: Store,
    pub(crate) documents: Documents,
    pub(crate) session: Session,
    pub(crate) sync: Sync,
    pub(crate) carrying: Carrying,
    pub(crate) files: Bringing,
    pub(crate) index: Index,
    /// Room on this phone, once somebody has told.
    pub(crate) free_bytes: Option<u64>,
}

impl Client {
    /// Opens the database, creating or migrating it as needed.
    pub fn open(connection: Connection, medium: Medium, env: &mut Env<'_>) -> Result<Self> {
        let mut store = Store::open(connection, medium)?;
        let sql = store.transaction()?;
        let session = Session::load(&sql, env)?;
        sql.commit()?;
        let repair = Repair::load(store.read())?;
        let sync = Sync::new(session.is_signed_in(), repair);
        let (carrying, files) = (Carrying::default(), Bringing::default());
        let (documents, index) = (Documents::default(), Index::default());
        let free_bytes = None;
        Ok(Self { store, documents, session, sync, carrying, files, index, free_bytes })
    }

    /// Carries out a command given as JSON and answers with JSON: `{"ok": …}` or `{"error": …}`.
    pub fn call(&mut self, env: &mut Env<'_>, command: &str) -> String {
        command::answer(self, env, command)
    }

    /// Carries out a command; the typed form of [`Client::call`].
    pub fn run(&mut self, env: &mut Env<'_>, command: Command) -> Result<serde_json::Value> {
        let answer = command::run(self, env, command)?;
        serde_json::from_str(&answer).map_err(|error| ClientError::with_detail("malformed", &error))
    }

    /// What to send now, if anything. At most one request is under way at a time: every one must
    /// be answered by [`Client::respond`] or [`Client::failed`].
    pub fn next_request(&mut self, env: &mut Env<'_>) -> Result<Option<Request>> {
        if evacuation::is_under_way(self) {
            return Ok(None);
        }
        match crate::sync::next_request(self, env)? {
            None if self.sync.phase(&self.session) == SyncPhase::Idle => {
                evacuation::next_request(self, env)
            }
            next => Ok(next),
        }
    }

    /// The answer to a request arrived. `body` is not trusted to be complete or ours.
    pub fn respond(
        &mut self,
        env: &mut Env<'_>,
        request: u64,
        status: u16,
        content_type: &str,
        body: &[u8],
    ) -> Result<()> {
        evacuation::respond(self, env, request, status, content_type, body)
            .unwrap_or_else(|| crate::sync::respond(self, env, request, status, content_type, body))
    }

    /// A request got no answer. Nothing is known about whether it arrived.
    pub fn failed(&mut self, env: &mut Env<'_>, request: u64) {
        evacuation::failed(self, env, request);
        crate::sync::failed(self, env, request);
    }

    /// What to send now of photos and files, if anything; ask when [`Client::next_request`] has
    /// nothing. `metered` says whether the network may cost money, where that is known. Every
    /// request must be answered by [`Client::file_answered`], [`Client::file_failed`] or
    /// [`Client::file_unreadable`].
    pub fn next_file_request(
        &mut self,
        env: &mut Env<'_>,
        metered: Option<bool>,
    ) -> Result<Option<FileRequest>> {
        files::next_request(self, env, metered)
    }

    /// A piece of this phone's own file, sealed to the office and signed, for somebody else to
    /// bring or for [`FileBody::SealedPiece`](crate::FileBody::SealedPiece). `from` is its place
    /// in the file.
    ///
    /// # Errors
    /// Nobody is signed in, no such file is kept here, or the piece is too long.
    pub fn sealed_piece(
        &self,
        env: &mut Env<'_>,
        sha256: &str,
        from: u64,
        piece: &[u8],
    ) -> Result<Vec<u8>> {
        files::sealed::seal(self, env, sha256, from, piece)
    }

    /// The answer to such a request arrived.
    pub fn file_answered(
        &mut self,
        env: &mut Env<'_>,
        request: u64,
        answer: &FileAnswer,
    ) -> Result<()> {
        files::answered(self, env, request, answer)
    }

    /// Such a request got no answer.
    pub fn file_failed(&mut self, env: &mut Env<'_>, request: u64) {
        files::failed(self, env, request);
    }

    /// The bytes that such a request names cannot be read.
    pub fn file_unreadable(&mut self, env: &mut Env<'_>, request: u64) -> Result<()> {
        files::unreadable(self, env, request)
    }
}
