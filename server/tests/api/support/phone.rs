//! A phone, as thin as the contract allows: it keeps documents, makes changes with
//! `protocol::edit`, and speaks the wire. It can also say things no real phone would.

use std::collections::BTreeMap;

use automerge::transaction::{CommitOptions, Transaction};
use automerge::{ActorId, Automerge, Change};
use data_encoding::HEXLOWER;
use docket_protocol::edit::{self, Author, Edit};
use docket_protocol::ids::{ChangeHash, DeviceId, IncarnationId, ItemId, RecordId, UserId};
use docket_protocol::limits::INFLATED_BYTES_MAX;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_protocol::record::{self, RecordKind, SCHEMA, read};
use docket_protocol::role::Role;
use docket_protocol::signoff::{
    Outcome, Purpose, STATEMENT_DOMAIN, Signatory, Signed, Statement, content_digest, hex_digest,
};
use docket_protocol::wire::{
    self, Cursor, Item, Parcel, ReconcileRequest, ReconcileResponse, RecordHeads, RecordPush,
    SyncEnvelope, SyncRequest, SyncResponse, Verdict,
};
use docket_server::random::random;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value as Json, json};

use super::office::{Answer, Office, PASSWORD};

/// Changes that wait to be pushed, by record.
pub(crate) type Unsent = BTreeMap<RecordId, Vec<Vec<u8>>>;

pub(crate) struct Phone<'o> {
    pub(crate) office: &'o Office,
    pub(crate) key: SigningKey,
    pub(crate) user: UserId,
    pub(crate) role: Role,
    pub(crate) device: DeviceId,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) records: BTreeMap<RecordId, (RecordKind, Automerge)>,
    pub(crate) unsent: Unsent,
    /// Decisions the server told of: change, accepted, note.
    pub(crate) decided: Vec<(ChangeHash, bool, String)>,
    pub(crate) clock_ms: i64,
}

impl<'o> Phone<'o> {
    /// A new phone, signed in.
    pub(crate) fn of(office: &'o Office, login: &str) -> Self {
        let key = SigningKey::from_bytes(&random());
        let answer = office.post_json("/v1/login", None, &login_body(login, PASSWORD, &key));
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let answer = answer.json();
        let text = |value: &Json| value.as_str().expect("text").to_owned();
        let read = |value: &Json| serde_json::from_value(value.clone());
        Self {
            office,
            key,
            user: read(&answer["person"]["id"]).expect("a person's id"),
            role: serde_json::from_value(answer["person"]["role"].clone()).expect("a role"),
            device: text(&answer["device"]).parse().expect("a device's id"),
            access_token: text(&answer["access_token"]),
            refresh_token: text(&answer["refresh_token"]),
            cursor: None,
            records: BTreeMap::new(),
            unsent: Unsent::new(),
            decided: Vec::new(),
            clock_ms: office.app.clock.now_ms(),
        }
    }

    /// A new job, opened on the phone.
    pub(crate) fn open_job(&mut self, title: &str) -> RecordId {
        let record = RecordId::new(self.clock_ms, random());
        let doc = record::empty(ActorId::from(random::<16>()));
        self.records.insert(record, (RecordKind::Job, doc));
        let fields = BTreeMap::from([(Path::new("intake/title"), title.into())]);
        self.edit(record, &Edit::Create { fields, entries: Vec::new() });
        record
    }

    /// An edit, checked as the app checks it, kept to be pushed.
    pub(crate) fn edit(&mut self, record: RecordId, edit: &Edit) {
        let author = Author { user: self.user, role: self.role, now: self.clock_ms };
        let (kind, doc) = self.records.get_mut(&record).expect("the record is on the phone");
        edit::apply(doc, *kind, edit, &author).expect("the edit is allowed").expect("it changes");
        self.keep_last_change(record);
    }

    pub(crate) fn set(&mut self, record: RecordId, path: &str, value: impl Into<FieldValue>) {
        self.edit(record, &Edit::SetField { path: Path::new(path), value: value.into() });
    }

    /// A change that no app would make, kept to be pushed.
    pub(crate) fn hack(&mut self, record: RecordId, act: impl FnOnce(&mut Transaction<'_>)) {
        let (_, doc) = self.records.get_mut(&record).expect("the record is on the phone");
        change_with(doc, act);
        self.keep_last_change(record);
    }

    fn keep_last_change(&mut self, record: RecordId) {
        let (_, doc) = &self.records[&record];
        let change = doc.get_last_local_change().expect("a change was made");
        self.unsent.entry(record).or_default().push(change.raw_bytes().to_vec());
    }

    pub(crate) fn content(&self, record: RecordId) -> Json {
        let (kind, doc) = &self.records[&record];
        read::content(doc, *kind)
    }

    /// One round trip with everything unsent.
    pub(crate) fn sync(&mut self) -> SyncResponse {
        let pushes: Vec<_> = std::mem::take(&mut self.unsent)
            .into_iter()
            .map(|(record, changes)| push_of(record, changes))
            .collect();
        let response = self.exchange(pushes);
        self.take(&response);
        response
    }

    /// Pushes some changes of one record and returns the verdicts, keeping nothing of the answer.
    pub(crate) fn push(&self, record: RecordId, changes: Vec<Vec<u8>>) -> Vec<Verdict> {
        let mut response = self.exchange(vec![push_of(record, changes)]);
        response.verdicts.remove(0).verdicts
    }

    /// Sends a request and reads its answer.
    pub(crate) fn exchange(&self, pushes: Vec<RecordPush>) -> SyncResponse {
        let answer = self.send(&self.request(pushes));
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        assert_eq!(answer.content_type, wire::CONTENT_TYPE);
        wire::unpack(&answer.body, INFLATED_BYTES_MAX).expect("a readable answer")
    }

    pub(crate) fn request(&self, pushes: Vec<RecordPush>) -> SyncRequest {
        SyncRequest {
            version: wire::VERSION,
            device: self.device,
            incarnation: IncarnationId::new(self.clock_ms, [1; 10]),
            cursor: self.cursor,
            sent_at: self.clock_ms,
            pushes,
            hand_backs: Vec::new(),
            report: None,
        }
    }

    pub(crate) fn send(&self, request: &SyncRequest) -> Answer {
        self.send_bytes(&self.sealed(request))
    }

    fn sealed(&self, request: &SyncRequest) -> Vec<u8> {
        let body = wire::to_cbor(request);
        let signature = self.key.sign(&wire::signed_bytes(&body)).to_bytes();
        wire::pack(&SyncEnvelope { body: body.into(), signature })
    }

    /// The same, saying which encodings it takes: the body and its encoding.
    pub(crate) fn fetch(&self, request: &SyncRequest, takes: &str) -> (Vec<u8>, Option<String>) {
        let headers = [("accept-encoding", takes), ("content-type", wire::CONTENT_TYPE)];
        let token = Some(self.access_token.as_str());
        self.office.post_with("/v1/sync", token, &headers, &self.sealed(request))
    }

    /// Says what it holds and reads what the server makes of it.
    pub(crate) fn reconcile(&self, records: Vec<RecordHeads>) -> ReconcileResponse {
        let answer = self.send_reconcile(records);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        wire::unpack(&answer.body, INFLATED_BYTES_MAX).expect("a readable answer")
    }

    pub(crate) fn send_reconcile(&self, records: Vec<RecordHeads>) -> Answer {
        let (version, device) = (wire::VERSION, self.device);
        let request = ReconcileRequest { version, device, records, ..ReconcileRequest::default() };
        let body = wire::to_cbor(&request);
        let signature = self.key.sign(&wire::reconcile_signed_bytes(&body)).to_bytes();
        let packed = wire::pack(&SyncEnvelope { body: body.into(), signature });
        let token = Some(self.access_token.as_str());
        self.office.post("/v1/reconcile", token, wire::CONTENT_TYPE, &packed)
    }

    /// What it holds of a record.
    pub(crate) fn held_version(&self, record: RecordId) -> RecordHeads {
        let (_, doc) = &self.records[&record];
        RecordHeads { record, heads: doc.get_heads().into_iter().map(Into::into).collect() }
    }

    pub(crate) fn send_bytes(&self, body: &[u8]) -> Answer {
        self.office.post("/v1/sync", Some(&self.access_token), wire::CONTENT_TYPE, body)
    }

    /// Everything unsent as it leaves by hand, signed with this key.
    pub(crate) fn parcel_signed_by(&self, key: &SigningKey) -> Parcel {
        let push = |(record, changes): (&RecordId, &Vec<Vec<u8>>)| {
            let changes = changes.iter().map(|change| change.clone().into()).collect();
            RecordPush { record: *record, changes }
        };
        let body = wire::to_cbor(&self.request(self.unsent.iter().map(push).collect()));
        let signature = key.sign(&wire::signed_bytes(&body)).to_bytes();
        Parcel { batches: vec![SyncEnvelope { body: body.into(), signature }], ..Parcel::default() }
    }

    /// Hands in everything unsent at the door for withdrawn phones.
    pub(crate) fn hand_in(&self) -> Answer {
        let pushes = self.unsent.iter().map(|(record, changes)| push_of(*record, changes.clone()));
        self.hand_in_request(&self.request(pushes.collect()), &self.key)
    }

    pub(crate) fn hand_in_request(&self, request: &SyncRequest, key: &SigningKey) -> Answer {
        let body = wire::to_cbor(request);
        let signature = key.sign(&wire::signed_bytes(&body)).to_bytes();
        let envelope = SyncEnvelope { body: body.into(), signature };
        self.office.post("/v1/hand-in", None, wire::CONTENT_TYPE, &wire::pack(&envelope))
    }

    pub(crate) fn refresh_with(&self, token: &str, key: &SigningKey) -> Answer {
        let proof = [b"docket-refresh-1\0", token.as_bytes()].concat();
        let body = json!({
            "refresh_token": token,
            "device": self.device,
            "signature": HEXLOWER.encode(&key.sign(&proof).to_bytes()),
        });
        self.office.post_json("/v1/refresh", None, &body)
    }

    fn take(&mut self, response: &SyncResponse) {
        for item in &response.items {
            match item {
                Item::Enter(entered) => {
                    let actor = ActorId::from(random::<16>());
                    let doc = record::load(&entered.document, actor).expect("a loadable record");
                    self.records.insert(entered.record, (entered.kind, doc));
                }
                Item::Changes(changes) => {
                    let (_, doc) = self.records.get_mut(&changes.record).expect("a known record");
                    let read = |chunk: &Vec<u8>| Change::from_bytes(chunk.clone()).expect("sound");
                    let changes: Vec<_> = changes.changes.iter().map(|c| read(c)).collect();
                    doc.apply_changes(changes).expect("changes that fit");
                }
                Item::Leave(record) => drop(self.records.remove(record)),
                Item::Decided { hash, accepted, note, .. } => {
                    self.decided.push((*hash, *accepted, note.clone()));
                }
            }
        }
        self.cursor = Some(response.cursor);
    }

    /// A statement about the record as it stands on this phone, accepted by the customer.
    pub(crate) fn statement(&self, record: RecordId, purpose: Purpose) -> Statement {
        let (kind, doc) = &self.records[&record];
        let mut heads: Vec<_> = doc.get_heads().into_iter().map(Into::into).collect();
        heads.sort_unstable();
        let content = read::content(doc, *kind);
        Statement {
            domain: STATEMENT_DOMAIN.to_owned(),
            tenant: self.office.tenant,
            record,
            signoff: ItemId::new(self.clock_ms, random()),
            purpose,
            heads,
            schema: SCHEMA,
            content_digest: content_digest(&content),
            attachment_digests: JobContent::from_json(content).attachment_digests(),
            outcome: Outcome::Accepted,
            reservations: String::new(),
            signatory: Signatory { name: "Wang Min".into(), ..Signatory::default() },
            satisfaction: Some(5),
            remarks: String::new(),
            drawing_digest: hex_digest(DRAWING),
            engineer: self.user,
            device_key: HEXLOWER.encode(self.key.verifying_key().as_bytes()),
            signed_at: self.clock_ms,
            server_seen_at: 0,
        }
    }

    pub(crate) fn sign(&self, statement: &Statement) -> Signed {
        statement.sign(&self.key, DRAWING.to_vec())
    }

    /// Has the customer sign.
    pub(crate) fn sign_off(&mut self, record: RecordId, purpose: Purpose) -> ItemId {
        let statement = self.statement(record, purpose);
        let signed = self.sign(&statement);
        self.edit(record, &Edit::SignOff { signoff: statement.signoff, signed });
        statement.signoff
    }
}

const DRAWING: &[u8] = b"\x89PNG a drawn name";

/// A change on a document, whatever it does.
pub(crate) fn change_with(doc: &mut Automerge, act: impl FnOnce(&mut Transaction<'_>)) -> Vec<u8> {
    let mut tx = doc.transaction();
    act(&mut tx);
    tx.commit_with(CommitOptions::default().with_time(1)).0.expect("the change is not empty");
    doc.get_last_local_change().expect("a change was made").raw_bytes().to_vec()
}

pub(crate) fn login_body(login: &str, password: &str, key: &SigningKey) -> Json {
    let public = key.verifying_key();
    let proof = [b"docket-device-1\0", login.as_bytes(), b"\0", public.as_bytes()].concat();
    json!({
        "login": login,
        "password": password,
        "device": {
            "public_key": HEXLOWER.encode(public.as_bytes()),
            "name": format!("{login}'s phone"),
            "signature": HEXLOWER.encode(&key.sign(&proof).to_bytes()),
        },
    })
}

fn push_of(record: RecordId, changes: Vec<Vec<u8>>) -> RecordPush {
    RecordPush { record, changes: changes.into_iter().map(Into::into).collect() }
}
