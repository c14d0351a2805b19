//! The machine itself: store, loaded documents, session and sync, behind one door.

use rusqlite::Connection;

use crate::command::{self, Command};
use crate::env::Env;
use crate::error::Result;
use crate::session::Session;
use crate::store::documents::Documents;
use crate::store::{Medium, Store};
use crate::sync::Sync;
use crate::sync::reconcile::Repair;
use crate::sync::request::Request;

/// One phone's record keeper. Not shared between threads; whoever owns the database owns this.
pub struct Client {
    pub(crate) store: Store,
    pub(crate) documents: Documents,
    pub(crate) session: Session,
    pub(crate) sync: Sync,
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
        Ok(Self { store, documents: Documents::default(), session, sync })
    }

    /// Carries out a command given as JSON and answers with JSON: `{"ok": …}` or `{"error": …}`.
    pub fn call(&mut self, env: &mut Env<'_>, command: &str) -> String {
        command::answer(self, env, command)
    }

    /// Carries out a command; the typed form of [`Client::call`].
    pub fn run(&mut self, env: &mut Env<'_>, command: Command) -> Result<serde_json::Value> {
        command::run(self, env, command)
    }

    /// What to send now, if anything. At most one request is under way at a time: every one must
    /// be answered by [`Client::respond`] or [`Client::failed`].
    pub fn next_request(&mut self, env: &mut Env<'_>) -> Result<Option<Request>> {
        crate::sync::next_request(self, env)
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
        crate::sync::respond(self, env, request, status, content_type, body)
    }

    /// A request got no answer. Nothing is known about whether it arrived.
    pub fn failed(&mut self, env: &mut Env<'_>, request: u64) {
        crate::sync::failed(self, env, request);
    }
}
