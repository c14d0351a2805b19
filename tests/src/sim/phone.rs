//! The simulated phone: the real client core on its own store, with its own wrong clock, and
//! beside it the model of what a person holding it was told.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use docket_client_core::command::Command;
use docket_client_core::{Client, ClientError, Env, Medium, Request};
use docket_protocol::ids::{ChangeHash, RecordId};
use serde_json::Value as Json;

use crate::disk::{Disk, Fault, Image, Outcome, Semantics};
use crate::{Answer, Random};

const FIRST_SCHEMA: &str = include_str!("../../../client-core/src/store/schema/0001_spine.sql");

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

impl Flight {
    /// Whether it carries somebody else's work.
    pub(crate) fn is_parcel(&self) -> bool {
        self.request.path == "/v1/parcels"
    }
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
    /// With the office, which has not decided.
    pub(crate) held: BTreeSet<i64>,
    /// Under "not accepted".
    pub(crate) refused: BTreeSet<i64>,
}

/// A phone as it was once.
struct Backup {
    image: Image,
    kept: Kept,
    person: usize,
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
    /// The last answer asked for something that it could not give.
    pub(crate) asked_in_vain: bool,
    /// What it holds that a restored server has lost.
    pub(crate) returns: BTreeSet<(RecordId, ChangeHash)>,
    /// What it is called; a copy has the name of its original.
    pub(crate) name: String,
    backup: Option<Backup>,
    client: Option<Client>,
    disk: Disk,
    medium: Medium,
    /// The step of its disk at which the app dies.
    dies_at: Option<u64>,
    random: Random,
}

impl PhoneNode {
    /// A new phone with an empty store, natively or as in a browser.
    pub(crate) fn new(name: String, person: usize, skew: i64, now: i64, seed: u64) -> Self {
        let (disk, medium) = match seed % 2 {
            0 => (Disk::new(seed), Medium::File),
            _ => (Disk::opfs(seed), Medium::Opfs),
        };
        let mut phone = Self {
            person,
            skew,
            covered: true,
            revoked: false,
            life: 0,
            flight: None,
            kept: Kept::default(),
            asked_in_vain: false,
            returns: BTreeSet::new(),
            name,
            backup: None,
            client: None,
            disk,
            medium,
            dies_at: None,
            random: Random::new(seed),
        };
        if phone.random.chance(200) {
            phone.left_by_an_older_app().expect("an old store");
        }
        phone.open(now).expect("a new store opens");
        phone
    }

    /// An empty store of the first schema, which the app then brings up to date.
    fn left_by_an_older_app(&self) -> rusqlite::Result<()> {
        let sql = self.disk.connection("/phone.db")?;
        sql.execute_batch(FIRST_SCHEMA)?;
        sql.pragma_update(None, "user_version", 1)
    }

    /// Somebody opens the app a second time beside the first; true when it gets at the store.
    pub(crate) fn opens_twice(&mut self, now: i64) -> bool {
        let Ok(connection) = self.disk.connection("/phone.db") else { return false };
        let mut env = Env { now, entropy: &mut self.random };
        Client::open(connection, self.medium, &mut env).is_ok()
    }

    /// Starts the app on what is on disk.
    pub(crate) fn open(&mut self, now: i64) -> Result<(), ClientError> {
        let connection = self.disk.connection("/phone.db")?;
        let mut env = Env { now, entropy: &mut self.random };
        self.client = Some(Client::open(connection, self.medium, &mut env)?);
        Ok(())
    }

    /// The app ends without farewell; the disk keeps what the outcome says.
    pub(crate) fn kill(&mut self, outcome: Outcome) {
        self.disk.mend();
        self.disk.power_cut(outcome);
        self.client = None;
        self.flight = None;
        self.dies_at = None;
        self.life += 1;
    }

    /// The app will die at some step of its disk from now.
    pub(crate) fn dies_after(&mut self, steps: u64) {
        let step = self.disk.steps() + steps;
        self.disk.fail_during(step..u64::MAX, Fault::Io);
        self.dies_at = Some(step);
    }

    /// Whether the step has come at which the app dies.
    pub(crate) fn is_dying(&self) -> bool {
        self.dies_at.is_some_and(|step| self.disk.steps() > step)
    }

    /// The disk answers with this error for so many steps from now.
    pub(crate) fn disk_fails(&self, steps: u64, fault: Fault) {
        let now = self.disk.steps();
        self.disk.fail_during(now..now + steps, fault);
    }

    /// The disk answers without errors again.
    pub(crate) fn mend(&mut self) {
        self.disk.mend();
        self.dies_at = None;
    }

    /// Somebody makes a backup of it.
    pub(crate) fn back_up(&mut self) {
        let (image, kept) = (self.disk.snapshot(), self.kept.clone());
        self.backup = Some(Backup { image, kept, person: self.person });
    }

    /// Somebody puts the backup back, if there is one. What was saved since is given up knowingly.
    pub(crate) fn put_back(&mut self) -> bool {
        let Some(Backup { image, kept, person }) = self.backup.take() else { return false };
        self.kill(Outcome::Kept);
        self.disk.restore(&image);
        self.kept = kept;
        self.person = person;
        self.returns.clear();
        true
    }

    /// The same store in another phone, which from then on writes on its own.
    pub(crate) fn copy(&self, now: i64, seed: u64) -> Result<Self, ClientError> {
        let semantics = match self.medium {
            Medium::File => Semantics::File,
            Medium::Opfs => Semantics::Opfs,
        };
        let mut copy = Self {
            name: self.name.clone(),
            flight: None,
            kept: self.kept.clone(),
            returns: BTreeSet::new(),
            backup: None,
            client: None,
            disk: Disk::with(semantics, seed, self.disk.snapshot()),
            dies_at: None,
            random: Random::new(seed),
            life: 0,
            ..*self
        };
        copy.open(now)?;
        Ok(copy)
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
