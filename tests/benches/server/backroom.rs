//! The data folder while no server serves it: where a large organisation is written within
//! seconds, through the desk's own functions, many edits to a commit.

use docket_protocol::edit::Edit;
use docket_protocol::ids::{RecordId, TenantId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::role::Role;
use docket_server::app::App;
use docket_server::auth::passwords;
use docket_server::auth::scope::Scope;
use docket_server::clock::Clock;
use docket_server::desk::{self, DeskError};
use docket_server::people::{self, NewPerson, PeopleError};
use docket_server::store::{StoreError, WriteTx};
use docket_tests::{Job, Server};
use serde_json::{Value as Json, json};

/// Jobs, or records with their edits, in one commit.
const AT_ONCE: usize = 100;

/// The folder, open for one engineer's work.
pub(crate) struct Backroom {
    app: App,
    scope: Scope,
}

impl Backroom {
    /// Does something in the data folder of a server that is stopped meanwhile.
    pub(crate) fn with<T>(server: &mut Server, login: &str, work: impl FnOnce(&Self) -> T) -> T {
        server.kill();
        let done = work(&Self::open(server, login));
        server.restart();
        done
    }

    fn open(server: &Server, login: &str) -> Self {
        let app = App::open(server.data(), Clock::default()).expect("the data folder opens");
        let person = "select tenant, id, name from users where login = ?1";
        let scope = app.store.read_blocking(|sql| {
            Ok::<_, StoreError>(sql.query_row(person, [login], |row| {
                let (tenant, user) = (TenantId(row.get(0)?), UserId(row.get(1)?));
                let (role, name) = (Role::Engineer, row.get(2)?);
                Ok(Scope { tenant, user, role, name, device: None, browser: None })
            })?)
        });
        Self { app, scope: scope.expect("the engineer has an account") }
    }

    /// Accounts of so many numbered engineers.
    pub(crate) fn add_engineers(&self, count: usize) {
        let hash = passwords::hash(Server::PASSWORD).expect("a password that can be used");
        let scope = Scope { role: Role::Administrator, ..self.scope.clone() };
        let add = move |tx: &mut WriteTx<'_>| {
            for login in (0..count).map(Server::engineer) {
                let person = NewPerson {
                    name: login.clone(),
                    login,
                    role: Role::Engineer,
                    phone: String::new(),
                    password: String::new(),
                };
                people::open(tx, &scope, &person, &hash, None)?;
            }
            Ok::<_, PeopleError>(())
        };
        self.app.store.write_blocking(add).expect("people get their accounts");
    }

    /// Opens jobs as this engineer.
    pub(crate) fn open_jobs(&self, jobs: &[Job]) -> Vec<RecordId> {
        let mut records = Vec::with_capacity(jobs.len());
        for some in jobs.chunks(AT_ONCE) {
            let (scope, some) = (self.scope.clone(), some.iter().map(opening).collect::<Vec<_>>());
            let open = move |tx: &mut WriteTx<'_>| {
                let open = |edit| desk::create(tx, &scope, RecordKind::Job, edit);
                some.iter().map(open).collect::<Result<Vec<_>, DeskError>>()
            };
            records.extend(self.app.store.write_blocking(open).expect("jobs are opened"));
        }
        records
    }

    /// Makes the first so many of these edits that change something in a record.
    pub(crate) fn edit(&self, record: RecordId, edits: &[Json], count: usize) {
        let scope = self.scope.clone();
        let edits: Vec<_> = edits.iter().cloned().map(read).collect();
        let make = move |tx: &mut WriteTx<'_>| {
            let mut made = 0;
            for edit in &edits {
                if made == count {
                    break;
                }
                made += usize::from(desk::edit(tx, &scope, record, edit)?.is_some());
            }
            Ok::<_, DeskError>(made)
        };
        let made = self.app.store.write_blocking(make).expect("the edits are allowed");
        assert_eq!(made, count, "enough edits change something");
    }
}

fn opening(job: &Job) -> Edit {
    read(json!({"edit": "create", "fields": job.fields, "entries": job.entries}))
}

fn read(edit: Json) -> Edit {
    serde_json::from_value(edit).expect("an edit")
}
