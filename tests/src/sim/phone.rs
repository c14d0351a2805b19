//! The simulated phone: the real client core on its own store, with its own wrong clock, and
//! beside it the model of what a person holding it was told.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use docket_client_core::command::Command;
use docket_client_core::{Client, ClientError, Env, Medium, Request};
use docket_protocol::ids::{ChangeHash, RecordId};
use serde_json::Value as Json;

use crate::{Answer, Random};

/// A request on its way, and what the model has to know about it.
#[derive(Debug)]
pub(crate) struct Flight {
    /// As the phone made it.
    pub(crate) request: Request,
    /// The changes it pushes, by record.
    pub(crate) pushes: Vec<(RecordId, Vec<Pushed>)>,
    /// Who was signed in.
    pub(crate) person: usize,
}

/// One pushed change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pushed {
    /// Its name.
    pub(crate) hash: ChangeHash,
    /// The edit it carries; see [`super::time`].
    pub(crate) at: i64,
}

/// What the person was told, edit by edit. Every edit shown as saved stands in `pending` until
/// its verdict was delivered to this phone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    /// Only on this phone, as far as it can know.
    pub(crate) pending: BTreeMap<i64, RecordId>,
    /// Under "not accepted".
    pub(crate) refused: BTreeSet<i64>,
}

/// One phone.
pub(crate) struct PhoneNode {
    /// Who holds it.
    pub(crate) person: usize,
    /// How wrong its clock is, ms.
    pub(crate) skew: i64,
    /// Whether there is any network where it is.
    pub(crate) covered: bool,
    /// Nothing of it is answered any more.
    pub(crate) revoked: bool,
    /// How often the app was started; answers to an earlier life reach nobody.
    pub(crate) life: u32,
    /// The request on its way.
    pub(crate) flight: Option<Rc<Flight>>,
    /// The model.
    pub(crate) kept: Kept,
    client: Option<Client>,
    file: PathBuf,
    random: Random,
}

impl PhoneNode {
    /// A new phone with an empty store.
    pub(crate) fn new(
        number: usize,
        person: usize,
        skew: i64,
        folder: &Path,
        now: i64,
        seed: u64,
    ) -> Self {
        let mut phone = Self {
            person,
            skew,
            covered: true,
            revoked: false,
            life: 0,
            flight: None,
            kept: Kept::default(),
            client: None,
            file: folder.join(format!("phone-{number}.db")),
            random: Random::new(seed),
        };
        phone.open(now).expect("a new store opens");
        phone
    }

    /// Starts the app on what is on disk.
    pub(crate) fn open(&mut self, now: i64) -> Result<(), ClientError> {
        let connection = rusqlite::Connection::open(&self.file)?;
        let mut env = Env { now, entropy: &mut self.random };
        self.client = Some(Client::open(connection, Medium::File, &mut env)?);
        Ok(())
    }

    /// The app ends without farewell.
    pub(crate) fn kill(&mut self) {
        self.client = None;
        self.flight = None;
        self.life += 1;
    }

    /// Carries out a command at this phone's time.
    pub(crate) fn run(&mut self, now: i64, command: Command) -> Result<Json, ClientError> {
        let mut env = Env { now, entropy: &mut self.random };
        self.client.as_mut().expect("the app runs").run(&mut env, command)
    }

    /// What it wants to send.
    pub(crate) fn next_request(&mut self, now: i64) -> Result<Option<Request>, ClientError> {
        let mut env = Env { now, entropy: &mut self.random };
        self.client.as_mut().expect("the app runs").next_request(&mut env)
    }

    /// An answer arrives.
    pub(crate) fn respond(
        &mut self,
        now: i64,
        request: u64,
        answer: &Answer,
    ) -> Result<(), ClientError> {
        let mut env = Env { now, entropy: &mut self.random };
        let Answer { status, content_type, body } = answer;
        let client = self.client.as_mut().expect("the app runs");
        client.respond(&mut env, request, *status, content_type, body)
    }

    /// No answer came.
    pub(crate) fn failed(&mut self, now: i64, request: u64) {
        let mut env = Env { now, entropy: &mut self.random };
        self.client.as_mut().expect("the app runs").failed(&mut env, request);
    }
}
