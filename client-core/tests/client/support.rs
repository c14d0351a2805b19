//! The phone of the stories, and a server that says whatever the story needs.

use docket_client_core::{
    Client, Entropy, Env, FileAnswer, FileRequest, Medium, Request, RequestKind,
};
use docket_protocol::ids::{RecordId, Seq};
use docket_protocol::wire::{
    self, CONTENT_TYPE, Cursor, HandInAnswer, RecordPush, RecordVerdicts, SyncEnvelope,
    SyncRequest, SyncResponse, Verdict,
};
use ed25519_dalek::SigningKey;
use serde_json::{Value as Json, json};

pub(crate) const NOW: i64 = 1_795_000_000_000;

/// Numbers that look random and are the same in every run.
struct Counter(u64);

impl Entropy for Counter {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = (self.0 >> 56) as u8;
        }
    }
}

pub(crate) struct Phone {
    client: Client,
    entropy: Counter,
    pub(crate) now: i64,
    folder: tempfile::TempDir,
}

impl Phone {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut entropy = Counter(1);
        let client = open(&folder, &mut entropy);
        Self { client, entropy, now: NOW, folder }
    }

    pub(crate) fn signed_in() -> Self {
        let mut phone = Self::new();
        phone.sign_in();
        let request = phone.next().unwrap();
        phone.answer(&request, &request_of(&request), Vec::new());
        phone
    }

    /// Closes without any farewell and opens again from what is on disk.
    pub(crate) fn reopened(mut self) -> Self {
        drop(self.client);
        self.client = open(&self.folder, &mut self.entropy);
        self
    }

    pub(crate) fn sign_in(&mut self) {
        self.ok(&json!({"do": "sign_in", "login": "ada", "password": "x", "device_name": "A"}));
        let request = self.next().unwrap();
        assert_eq!(request.kind, RequestKind::Login);
        let answer = login_answer(2, "Ada");
        self.respond(&request, 200, "application/json", answer.to_string().as_bytes()).unwrap();
    }

    pub(crate) fn call(&mut self, command: &Json) -> Json {
        let mut env = Env { now: self.now, entropy: &mut self.entropy };
        serde_json::from_str(&self.client.call(&mut env, &command.to_string())).unwrap()
    }

    pub(crate) fn ok(&mut self, command: &Json) -> Json {
        let answer = self.call(command);
        assert!(answer.get("ok").is_some(), "{command} -> {answer}");
        answer["ok"].clone()
    }

    pub(crate) fn error(&mut self, command: &Json) -> String {
        let answer = self.call(command);
        answer["error"]["code"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    pub(crate) fn open_job(&mut self, title: &str) -> String {
        let view = self.ok(&json!({"do": "open_job", "fields": {"intake/title": title}}));
        view["record"].as_str().unwrap().to_owned()
    }

    pub(crate) fn set(&mut self, record: &str, path: &str, value: &str) -> Json {
        let edit = json!({"edit": "set_field", "path": path, "value": value});
        self.ok(&json!({"do": "edit", "record": record, "edit": edit}))
    }

    pub(crate) fn status(&mut self) -> Json {
        self.ok(&json!({"do": "status"}))
    }

    pub(crate) fn next(&mut self) -> Option<Request> {
        let mut env = Env { now: self.now, entropy: &mut self.entropy };
        self.client.next_request(&mut env).unwrap()
    }

    pub(crate) fn respond(
        &mut self,
        request: &Request,
        status: u16,
        content_type: &str,
        body: &[u8],
    ) -> Result<(), String> {
        let mut env = Env { now: self.now, entropy: &mut self.entropy };
        self.client
            .respond(&mut env, request.id, status, content_type, body)
            .map_err(|error| error.code.to_owned())
    }

    /// The office's refusal; what the phone makes of it shows in its status.
    pub(crate) fn deny(&mut self, request: &Request, status: u16, code: &str) {
        let body = json!({"error": {"code": code, "message": ""}}).to_string();
        drop(self.respond(request, status, "application/json", body.as_bytes()));
    }

    /// The office holds everything that was handed in.
    pub(crate) fn hold(&mut self, request: &Request, reason: &str) {
        let verdicts = |RecordPush { record, changes }: RecordPush| {
            let verdicts = vec![Verdict::Held(reason.to_owned()); changes.len()];
            RecordVerdicts { record, verdicts, attest: None }
        };
        let verdicts = request_of(request).pushes.into_iter().map(verdicts).collect();
        let answer = wire::pack(&HandInAnswer { verdicts, server_time: NOW });
        self.respond(request, 200, CONTENT_TYPE, &answer).unwrap();
    }

    pub(crate) fn sealed_piece(&mut self, sha256: &str, from: u64, piece: &[u8]) -> Vec<u8> {
        let mut env = Env { now: self.now, entropy: &mut self.entropy };
        self.client.sealed_piece(&mut env, sha256, from, piece).unwrap()
    }

    pub(crate) fn fail(&mut self, request: &Request) {
        let mut env = Env { now: self.now, entropy: &mut self.entropy };
        self.client.failed(&mut env, request.id);
    }

    pub(crate) fn next_file(&mut self, metered: Option<bool>) -> Option<FileRequest> {
        let mut env = Env { now: self.now, entropy: &mut self.entropy };
        self.client.next_file_request(&mut env, metered).unwrap()
    }

    pub(crate) fn file_answered(&mut self, request: u64, answer: &FileAnswer) {
        let mut env = Env { now: self.now, entropy: &mut self.entropy };
        self.client.file_answered(&mut env, request, answer).unwrap();
    }

    pub(crate) fn file_failed(&mut self, request: u64) {
        let mut env = Env { now: self.now, entropy: &mut self.entropy };
        self.client.file_failed(&mut env, request);
    }

    /// Answers a sync with these verdicts for its first record.
    pub(crate) fn answer(
        &mut self,
        request: &Request,
        asked: &SyncRequest,
        verdicts: Vec<Verdict>,
    ) {
        let verdicts = asked
            .pushes
            .first()
            .map(|push| RecordVerdicts { record: push.record, verdicts, attest: None })
            .into_iter()
            .collect();
        self.answer_with(request, SyncResponse { verdicts, ..SyncResponse::default() });
    }

    /// Answers a sync with everything the response says, at log position 5.
    pub(crate) fn answer_with(&mut self, request: &Request, response: SyncResponse) {
        self.answer_at(request, response, NOW);
    }

    /// The same at a time of the server's.
    pub(crate) fn answer_at(&mut self, request: &Request, response: SyncResponse, at: i64) {
        let cursor = Cursor { seq: Seq(5), tag: [5; 8] };
        let response = SyncResponse { cursor, server_time: at, ..response };
        self.respond(request, 200, CONTENT_TYPE, &wire::pack(&response)).unwrap();
    }
}

fn open(folder: &tempfile::TempDir, entropy: &mut Counter) -> Client {
    let connection = rusqlite::Connection::open(folder.path().join("docket.db")).unwrap();
    Client::open(connection, Medium::File, &mut Env { now: NOW, entropy }).unwrap()
}

/// The key that the office signs with, and opens what is sealed to it.
pub(crate) fn office() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub(crate) fn login_answer(person: u8, name: &str) -> Json {
    json!({
        "access_token": "token", "access_expires_at": NOW + 600_000, "refresh_token": "again",
        "device": RecordId::new(1, [1; 10]),
        "person": {"id": RecordId::new(2, [person; 10]), "name": name, "role": "engineer"},
        "organisation": {"id": RecordId::new(3, [3; 10]), "name": "Docket"},
        "server_key": data_encoding::HEXLOWER.encode(office().verifying_key().as_bytes()),
        "server_time": NOW,
    })
}

pub(crate) fn request_of(request: &Request) -> SyncRequest {
    assert!(matches!(request.kind, RequestKind::Sync | RequestKind::HandIn));
    let envelope: SyncEnvelope = wire::unpack(&request.body, 1 << 20).unwrap();
    wire::from_cbor(&envelope.body).unwrap()
}

pub(crate) fn hashes(push: &RecordPush) -> Vec<Vec<u8>> {
    push.changes.iter().map(|change| change.to_vec()).collect()
}
