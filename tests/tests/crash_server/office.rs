//! The real server on a crash disk, in this process and without sockets, and a phone that speaks
//! to it through the real router.

use std::net::{Ipv4Addr, SocketAddr};

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::Request as HttpRequest;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use docket_client_core::{Client, Env, Medium, Request};
use docket_protocol::edit::Edit;
use docket_protocol::ids::{RecordId, TenantId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::role::Role;
use docket_server::app::App;
use docket_server::auth::scope::Scope;
use docket_server::clock::Clock;
use docket_server::desk::{self, DeskError};
use docket_server::people::{self, NewPerson, PeopleError};
use docket_server::router::router;
use docket_tests::disk::Disk;
use docket_tests::{Answer, Random};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

const PASSWORD: &str = "correct horse battery staple";
const ANSWER_BYTES_MAX: usize = 1 << 24;

/// A server; its keys lie in a folder that no crash touches.
pub(crate) struct Office {
    pub(crate) app: App,
    runtime: Runtime,
}

impl Office {
    /// Opens on what the disk holds.
    pub(crate) fn open(folder: &TempDir, disk: &Disk) -> Self {
        let storage = disk.storage();
        let app = App::open_on(folder.path(), &storage, Clock::default()).expect("opens");
        Self { app, runtime: Runtime::new().expect("a runtime") }
    }

    /// Makes the organisation with its people.
    pub(crate) fn people(&self) -> TenantId {
        let added = self.app.store.write_blocking(|tx| {
            let tenant = people::organisation(tx, "Northwind")?;
            for (login, role) in
                [("ada", Role::Engineer), ("lin", Role::Engineer), ("dora", Role::Desk)]
            {
                let (login, phone) = (login.to_owned(), String::new());
                let (name, password) = (login.clone(), PASSWORD.to_owned());
                people::add(tx, tenant, &NewPerson { login, name, role, phone, password })?;
            }
            Ok::<_, PeopleError>(tenant)
        });
        added.expect("people get their accounts")
    }

    /// A person as the server knows them.
    pub(crate) fn scope(&self, login: &str) -> Scope {
        let found = self.app.store.read_blocking(|sql| {
            let query = "select tenant, id, role, name from users where login = ?1";
            sql.query_row(query, [login], |row| {
                Ok(Scope {
                    tenant: TenantId(row.get(0)?),
                    user: UserId(row.get(1)?),
                    role: Role::parse(&row.get::<_, String>(2)?).expect("a role"),
                    name: row.get(3)?,
                    device: None,
                    browser: None,
                })
            })
            .map_err(docket_server::store::StoreError::from)
        });
        found.expect("the account exists")
    }

    /// Dora opens a record at the desk.
    pub(crate) fn opens(&self, kind: RecordKind, edit: &Json) -> Result<RecordId, DeskError> {
        let (dora, edit) = (self.scope("dora"), read(edit));
        self.app.store.write_blocking(move |tx| desk::create(tx, &dora, kind, &edit))
    }

    /// Dora edits a record at the desk.
    pub(crate) fn edits(&self, record: RecordId, edit: &Json) -> Result<(), DeskError> {
        let (dora, edit) = (self.scope("dora"), read(edit));
        self.app.store.write_blocking(move |tx| desk::edit(tx, &dora, record, &edit).map(drop))
    }

    /// Answers a request.
    pub(crate) fn carry(&self, request: &Request) -> Answer {
        let mut post = HttpRequest::post(request.path).header(CONTENT_TYPE, request.content_type);
        if let Some(authorization) = &request.authorization {
            post = post.header(AUTHORIZATION, authorization);
        }
        let peer = ConnectInfo(SocketAddr::from((Ipv4Addr::LOCALHOST, 1)));
        let post = post.extension(peer).body(Body::from(request.body.clone()));
        let router = router(self.app.clone());
        self.runtime.block_on(async {
            let response = router.oneshot(post.expect("a request")).await.expect("an answer");
            let content_type = response.headers().get(CONTENT_TYPE);
            let content_type = content_type.and_then(|it| it.to_str().ok()).unwrap_or_default();
            Answer {
                status: response.status().as_u16(),
                content_type: content_type.to_owned(),
                body: to_bytes(response.into_body(), ANSWER_BYTES_MAX)
                    .await
                    .expect("a body")
                    .into(),
            }
        })
    }
}

fn read(edit: &Json) -> Edit {
    serde_json::from_value(edit.clone()).expect("an edit")
}

/// A phone, in memory: here only the server's disk fails.
pub(crate) struct Phone {
    client: Client,
    random: Random,
}

impl Phone {
    /// A new phone.
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let memory = rusqlite::Connection::open_in_memory().expect("memory");
        let mut env = Env { now: now(), entropy: &mut random };
        let client = Client::open(memory, Medium::File, &mut env).expect("an empty store");
        Self { client, random }
    }

    /// Carries out a command.
    pub(crate) fn ok(&mut self, command: &Json) -> Json {
        let mut env = Env { now: now(), entropy: &mut self.random };
        let answer = self.client.call(&mut env, &command.to_string());
        let mut answer: Json = serde_json::from_str(&answer).expect("JSON");
        assert!(answer.get("ok").is_some(), "{command} -> {answer}");
        answer["ok"].take()
    }

    /// Edits a job.
    pub(crate) fn edit(&mut self, record: &str, edit: &Json) {
        self.ok(&json!({"do": "edit", "record": record, "edit": edit}));
    }

    /// Asks to sign in.
    pub(crate) fn sign_in(&mut self, login: &str) {
        let command = json!({"do": "sign_in", "login": login, "password": PASSWORD,
            "device_name": "A"});
        self.ok(&command);
    }

    /// Has the report signed.
    pub(crate) fn sign(&mut self, record: &str) {
        let draft = self.ok(&json!({"do": "prepare_signoff", "record": record}));
        self.ok(&json!({"do": "sign", "record": record, "signing": {
            "purpose": "report", "content_digest": draft["content_digest"], "outcome": "accepted",
            "signatory": {"name": "王芳", "title": "厂长", "deputy_reason": ""},
            "drawing": docket_tests::DRAWING_PNG,
        }}));
    }

    /// What the phone has to say.
    pub(crate) fn request(&mut self) -> Option<Request> {
        let mut env = Env { now: now(), entropy: &mut self.random };
        self.client.next_request(&mut env).expect("a request")
    }

    /// Hands in an answer; true when it was a good one.
    pub(crate) fn answered(&mut self, request: &Request, answer: &Answer) -> bool {
        let mut env = Env { now: now(), entropy: &mut self.random };
        let Answer { status, content_type, body } = answer;
        self.client.respond(&mut env, request.id, *status, content_type, body).is_ok()
    }

    /// Speaks until there is nothing more to say; true when all went well.
    pub(crate) fn sync(&mut self, office: &Office) -> bool {
        self.ok(&json!({"do": "sync_now"}));
        while let Some(request) = self.request() {
            if !self.answered(&request, &office.carry(&request)) {
                return false;
            }
        }
        true
    }

    /// Edits that the office has not acknowledged.
    pub(crate) fn unsent(&mut self) -> u64 {
        self.ok(&json!({"do": "status"}))["unsent_edits"].as_u64().expect("a number")
    }
}

fn now() -> i64 {
    Clock::default().now_ms()
}
