//! The organisation every run begins with: its people, its catalog, two customers. Made once a
//! process, by the server's own code from a fixed seed; each run gets a copy of the files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use argon2::password_hash::CustomizedPasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params};
use docket_protocol::edit::Edit;
use docket_protocol::ids::{RecordId, TenantId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path as Field;
use docket_protocol::role::Role;
use docket_server::app::App;
use docket_server::auth::scope::Scope;
use docket_server::clock::Clock;
use docket_server::people::{self, NewPerson};
use docket_server::random::seeded::Source;
use docket_server::store::WriteTx;
use docket_server::{desk, people::PeopleError};
use ed25519_dalek::SigningKey;

use crate::disk::{Disk, Image};
use crate::sim::time::{DAY, START};

/// When it was made.
pub(crate) const MADE_AT: i64 = START - DAY;
/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Names and roles; those who carry phones first.
const PEOPLE: [(&str, Role); 9] = [
    ("ada", Role::Engineer),
    ("lin", Role::Engineer),
    ("mei", Role::Manager),
    ("oto", Role::Engineer),
    ("eva", Role::Engineer),
    ("ken", Role::Engineer),
    ("zoe", Role::Desk),
    ("bob", Role::Desk),
    ("sys", Role::Administrator),
];

/// Somebody with an account.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Account.
    pub(crate) id: UserId,
    /// What they type to sign in.
    pub(crate) login: String,
    /// What they may do; changes in a run.
    pub(crate) role: Role,
}

/// The organisation as it is when a run begins.
#[derive(Debug, Clone)]
pub(crate) struct Organisation {
    /// Its id.
    pub(crate) tenant: TenantId,
    /// Its people, in the order of [`PEOPLE`].
    pub(crate) people: Vec<Person>,
    /// Its customers' dossiers.
    pub(crate) dossiers: Vec<RecordId>,
    /// What phones seal to.
    pub(crate) office: SigningKey,
    keys: Vec<(String, Vec<u8>)>,
    folder: String,
    database: Image,
}

impl Organisation {
    /// Made at the first call.
    pub(crate) fn get() -> &'static Self {
        static MADE: OnceLock<Organisation> = OnceLock::new();
        MADE.get_or_init(|| std::thread::spawn(make).join().expect("the organisation is made"))
    }

    /// Writes its keys into a data folder, and gives the database that belongs there.
    pub(crate) fn copy_to(&self, folder: &Path) -> Image {
        for (name, bytes) in &self.keys {
            fs::write(folder.join(name), bytes).expect("a file of the data folder");
        }
        self.database.clone().moved(&self.folder, &folder.display().to_string())
    }

    /// A person as the server knows callers.
    pub(crate) fn scope(&self, person: &Person) -> Scope {
        let Person { id, login, role } = person;
        Scope {
            tenant: self.tenant,
            user: *id,
            role: *role,
            name: login.clone(),
            device: None,
            browser: None,
        }
    }
}

/// On a thread of its own, so that its source of randomness does not stay behind.
fn make() -> Organisation {
    let source = Source::default();
    source.restart(1);
    source.adopt();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let disk = Disk::new(1);
    let storage = disk.storage();
    let clock = Clock::standing_at(MADE_AT);
    let app = App::open_on(folder.path(), &storage, clock).expect("a new server");
    let mut organisation = app.store.write_blocking(found).expect("an organisation");
    organisation.office = app.keys.countersign.clone();
    drop(app);
    let read = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().expect("a plain name");
        (name, fs::read(entry.path()).expect("a file just written"))
    };
    let entries = fs::read_dir(folder.path()).expect("the data folder");
    organisation.keys = entries.map(|entry| read(entry.expect("an entry"))).collect();
    organisation.folder = folder.path().display().to_string();
    organisation.database = disk.snapshot();
    organisation
}

fn found(tx: &mut WriteTx<'_>) -> Result<Organisation, PeopleError> {
    let tenant = people::organisation(tx, "Sim")?;
    let mut found = Organisation {
        tenant,
        people: Vec::new(),
        dossiers: Vec::new(),
        office: SigningKey::from_bytes(&[0; 32]),
        keys: Vec::new(),
        folder: String::new(),
        database: Image::default(),
    };
    for (login, role) in PEOPLE {
        let (name, phone) = (login.to_uppercase(), String::new());
        let password = PASSWORD.to_owned();
        let person = NewPerson { login: login.to_owned(), name, role, phone, password };
        let id = people::add(tx, tenant, &person)?;
        found.people.push(Person { id, login: login.to_owned(), role });
    }
    tx.sql.execute("update users set password_hash = ?", [cheap_hash()])?;
    let desk = found.scope(&found.people[6]);
    for name in ["华东水务", "Nord AG"] {
        let fields = BTreeMap::from([(Field::new("name"), name.into())]);
        let edit = Edit::Create { fields, entries: Vec::new() };
        found.dossiers.push(desk::create(tx, &desk, RecordKind::Dossier, &edit)?);
    }
    let fields = BTreeMap::from([(Field::new("title"), "流量计零点漂移".into())]);
    let edit = Edit::Create { fields, entries: Vec::new() };
    desk::create(tx, &desk, RecordKind::Article, &edit)?;
    Ok(found)
}

/// The smallest work argon2 allows: signing in takes its real path and no time.
fn cheap_hash() -> String {
    let params = Params::new(Params::MIN_M_COST, 1, 1, None).expect("the smallest parameters");
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_params(PASSWORD.as_bytes(), b"a salt for tests", params)
        .expect("a hash");
    hash.to_string()
}
