//! A phone on a crash disk whose office is the test: every verdict and every item is given on
//! purpose. Time stands still and randomness is seeded, so that the same day gives the same bytes.

use data_encoding::BASE64;
use docket_client_core::{Client, ClientError, Env, Medium, Request, RequestKind};
use docket_protocol::automerge::{ActorId, Automerge};
use docket_protocol::edit::{self, Author, Edit};
use docket_protocol::ids::{RecordId, Seq, TenantId, UserId};
use docket_protocol::record::{self, RecordKind};
use docket_protocol::role::Role;
use docket_protocol::wire::{
    self, ActorAuthor, CONTENT_TYPE, Cursor, HandOver, Item, Parcel, RecordChanges, RecordPush,
    RecordSnapshot, RecordVerdicts, SyncEnvelope, SyncRequest, SyncResponse, Verdict,
};
use serde_json::{Value as Json, json};

use crate::disk::Disk;
use crate::phone::DRAWING_PNG;
use crate::random::Random;

/// What time it is, Unix ms.
pub const NOW: i64 = 1_795_000_000_000;
const FILE: &str = "docket.db";

/// A phone.
pub struct Pocket {
    client: Client,
    random: Random,
    seq: u64,
}

impl Pocket {
    /// Starts the app on what the disk holds.
    pub fn open(disk: &Disk, medium: Medium, seed: u64) -> Result<Self, ClientError> {
        let mut random = Random::new(seed);
        let connection = disk.connection(FILE)?;
        let mut env = Env { now: NOW, entropy: &mut random };
        let client = Client::open(connection, medium, &mut env)?;
        Ok(Self { client, random, seq: 0 })
    }

    /// The phone's database, for a look with SQL while the app is closed.
    pub fn database(disk: &Disk) -> rusqlite::Connection {
        disk.connection(FILE).expect("the phone's database")
    }

    /// Carries out a command.
    pub fn call(&mut self, command: &Json) -> Json {
        let mut env = Env { now: NOW, entropy: &mut self.random };
        serde_json::from_str(&self.client.call(&mut env, &command.to_string())).expect("JSON")
    }

    /// Carries out a command; the error's code when it fails.
    pub fn attempt(&mut self, command: &Json) -> Result<Json, String> {
        let mut answer = self.call(command);
        match answer["error"]["code"].as_str() {
            Some(code) => Err(code.to_owned()),
            None => Ok(answer["ok"].take()),
        }
    }

    /// Carries out a command that must succeed.
    pub fn ok(&mut self, command: &Json) -> Json {
        let answer = self.call(command);
        assert!(answer.get("ok").is_some(), "{command} -> {answer}");
        answer["ok"].clone()
    }

    /// The code of the error that a command must end in.
    pub fn error(&mut self, command: &Json) -> String {
        let answer = self.call(command);
        answer["error"]["code"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// A job as its page shows it.
    pub fn job(&mut self, record: &str) -> Json {
        self.ok(&json!({"do": "job", "record": record}))
    }

    /// Opens a job.
    pub fn open_job(&mut self, title: &str) -> String {
        let job = self.ok(&json!({"do": "open_job", "fields": {"intake/title": title}}));
        job["record"].as_str().expect("an id").to_owned()
    }

    /// Edits a job.
    pub fn edit(&mut self, record: &str, edit: &Json) -> Json {
        self.ok(&json!({"do": "edit", "record": record, "edit": edit}))
    }

    /// Writes a field of a job.
    pub fn set(&mut self, record: &str, path: &str, value: &str) -> Json {
        self.edit(record, &json!({"edit": "set_field", "path": path, "value": value}))
    }

    /// The command that signs a job as it stands.
    pub fn signing(&mut self, record: &str) -> Json {
        let draft = self.ok(&json!({"do": "prepare_signoff", "record": record}));
        json!({"do": "sign", "record": record, "signing": {
            "purpose": "report", "content_digest": draft["content_digest"], "outcome": "accepted",
            "signatory": {"name": "王芳", "title": "厂长", "deputy_reason": ""},
            "drawing": DRAWING_PNG,
        }})
    }

    /// Signs in as Ada, who leads the engineers.
    pub fn sign_in(&mut self) -> Result<(), ClientError> {
        self.ok(&json!({"do": "sign_in", "login": "ada", "password": "x", "device_name": "A"}));
        let request = self.next_request().expect("a sign-in");
        assert_eq!(request.kind, RequestKind::Login);
        let answer = json!({
            "access_token": "token", "access_expires_at": NOW + 600_000, "refresh_token": "again",
            "device": RecordId::new(1, [1; 10]),
            "person": {"id": ada(), "name": "Ada", "role": "manager"},
            "organisation": {"id": RecordId::new(3, [3; 10]), "name": "Docket"},
            "server_key": "00", "server_time": NOW,
        });
        self.respond(&request, "application/json", answer.to_string().as_bytes())
    }

    /// What the phone has to say.
    pub fn next_request(&mut self) -> Option<Request> {
        let mut env = Env { now: NOW, entropy: &mut self.random };
        self.client.next_request(&mut env).expect("a request")
    }

    /// Hands in an answer.
    pub fn respond(
        &mut self,
        request: &Request,
        content_type: &str,
        body: &[u8],
    ) -> Result<(), ClientError> {
        let mut env = Env { now: NOW, entropy: &mut self.random };
        self.client.respond(&mut env, request.id, 200, content_type, body)
    }

    /// One sync: every pushed change gets the verdict that `judge` gives it by record and place.
    pub fn sync(
        &mut self,
        items: Vec<Item>,
        judge: impl FnMut(&RecordPush, usize) -> Verdict,
    ) -> Result<SyncRequest, ClientError> {
        self.exchange(SyncResponse { items, ..SyncResponse::default() }, judge)
    }

    /// One sync with a server that was put back to an older state.
    pub fn sync_rewound(&mut self) {
        let rewound = SyncResponse { rewound: true, ..SyncResponse::default() };
        self.exchange(rewound, |_, _| Verdict::Accepted(Seq(1))).expect("a good answer");
    }

    fn exchange(
        &mut self,
        says: SyncResponse,
        mut judge: impl FnMut(&RecordPush, usize) -> Verdict,
    ) -> Result<SyncRequest, ClientError> {
        self.ok(&json!({"do": "sync_now"}));
        let request = self.next_request().expect("a sync");
        let asked = asked_in(&request);
        self.seq += 1;
        let verdicts = asked.pushes.iter().map(|push| RecordVerdicts {
            record: push.record,
            verdicts: (0..push.changes.len()).map(|at| judge(push, at)).collect(),
            attest: None,
        });
        let response = SyncResponse {
            verdicts: verdicts.collect(),
            cursor: Cursor { seq: Seq(self.seq), tag: [self.seq as u8; 8] },
            server_time: NOW,
            ..says
        };
        self.respond(&request, CONTENT_TYPE, &wire::pack(&response)).map(|()| asked)
    }

    /// One sync in which everything is accepted.
    pub fn sync_all(&mut self, items: Vec<Item>) -> SyncRequest {
        self.sync(items, |_, _| Verdict::Accepted(Seq(1))).expect("a good answer")
    }
}

/// What a request asks.
pub fn asked_in(request: &Request) -> SyncRequest {
    assert_eq!(request.kind, RequestKind::Sync);
    let envelope: SyncEnvelope = wire::unpack(&request.body, 1 << 24).expect("an envelope");
    wire::from_cbor(&envelope.body).expect("a request")
}

/// The person whose phone it is.
pub fn ada() -> UserId {
    UserId::new(2, [2; 10])
}

/// A job that somebody at the office writes.
pub struct OfficeJob {
    /// Its id.
    pub record: RecordId,
    doc: Automerge,
    sent: Vec<docket_protocol::automerge::ChangeHash>,
}

impl OfficeJob {
    /// A new job; the number tells jobs apart.
    pub fn new(number: u8, title: &str) -> Self {
        let record = RecordId::new(NOW - 1_000, [number; 10]);
        let doc = record::empty(ActorId::from([number; 16]));
        let mut job = Self { record, doc, sent: Vec::new() };
        let create = json!({"edit": "create", "fields": {"intake/title": title}});
        job.edit(&create);
        job
    }

    /// Writes a field.
    pub fn set(&mut self, path: &str, value: &str) {
        self.edit(&json!({"edit": "set_field", "path": path, "value": value}));
    }

    /// Makes an edit.
    pub fn edit(&mut self, edit: &Json) {
        let author = Author { user: boss(), role: Role::Manager, now: NOW };
        let edit: Edit = serde_json::from_value(edit.clone()).expect("an edit");
        edit::apply(&mut self.doc, RecordKind::Job, &edit, &author).expect("allowed");
    }

    /// The whole job.
    pub fn enters(&mut self) -> Item {
        self.sent = self.doc.get_heads();
        Item::Enter(RecordSnapshot {
            record: self.record,
            kind: RecordKind::Job,
            document: self.doc.save_nocompress().into(),
            authors: self.authors(),
            attest: None,
        })
    }

    /// The whole job as a colleague's phone hands it over, in base64; the office has all of it.
    pub fn handed_over(&self) -> String {
        let file = HandOver {
            tenant: TenantId::new(3, [3; 10]),
            record: self.record,
            to: ada(),
            document: self.doc.save_nocompress().into(),
            authors: self.authors(),
            parcel: Parcel { person: "Lin Tao".to_owned(), made_at: NOW, ..Parcel::default() },
        };
        BASE64.encode(&file.to_file())
    }

    /// What was written since the last time.
    pub fn changes(&mut self) -> Item {
        let changes = self.doc.get_changes(&self.sent);
        self.sent = self.doc.get_heads();
        Item::Changes(RecordChanges {
            record: self.record,
            changes: changes.iter().map(|it| it.raw_bytes().to_vec().into()).collect(),
            authors: self.authors(),
            attest: None,
        })
    }

    fn authors(&self) -> Vec<ActorAuthor> {
        let actor = self.doc.get_actor().to_bytes().to_vec().into();
        vec![ActorAuthor { actor, user: boss(), device: None }]
    }
}

fn boss() -> UserId {
    UserId::new(2, [9; 10])
}
