//! People, jobs and signatures the protocol's tests tell stories about.

use std::collections::BTreeMap;

use docket_protocol::automerge::{ActorId, Automerge};
use docket_protocol::edit::{Author, Edit, EditError, NewEntry, apply};
use docket_protocol::ids::{ChangeHash, ItemId, RecordId, TenantId, UserId};
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_protocol::record::{self, RecordKind, SCHEMA, read};
use docket_protocol::role::Role;
use docket_protocol::signoff::{
    Outcome, Purpose, STATEMENT_DOMAIN, Signatory, Statement, content_digest, hex_digest,
};
use ed25519_dalek::SigningKey;

pub(crate) const DRAWING: &[u8] = b"a drawn name";
/// The checklist item and the step every job of these stories has.
pub(crate) const ENTRY: u8 = 9;

pub(crate) fn item(byte: u8) -> ItemId {
    ItemId(uuid::Uuid::from_bytes([byte; 16]))
}

/// Somebody who may write everything, told apart by a byte.
pub(crate) fn author(byte: u8) -> Author {
    let user = UserId(uuid::Uuid::from_bytes([byte; 16]));
    Author { user, role: Role::Manager, now: 1_000 * i64::from(byte) }
}

pub(crate) fn set(path: &str, value: impl Into<FieldValue>) -> Edit {
    Edit::SetField { path: Path::new(path), value: value.into() }
}

/// A job with a checklist item and a step.
pub(crate) fn job() -> Automerge {
    let mut doc = record::empty(ActorId::from([1; 16]));
    let entry = |collection: &str| NewEntry {
        collection: Path::new(collection),
        id: item(ENTRY),
        fields: BTreeMap::from([("text".to_owned(), "Isolate the supply".into())]),
    };
    let fields = BTreeMap::from([(Path::new("report/cause"), "Dirt".into())]);
    let create = Edit::Create { fields, entries: vec![entry("checklist"), entry("steps")] };
    apply(&mut doc, RecordKind::Job, &create, &author(1)).unwrap();
    doc
}

/// A phone's copy of a record.
pub(crate) fn phone(doc: &Automerge, byte: u8) -> Automerge {
    doc.fork().with_actor(ActorId::from([byte; 16]))
}

pub(crate) fn edit(
    doc: &mut Automerge,
    byte: u8,
    edit: &Edit,
) -> Result<Option<ChangeHash>, EditError> {
    apply(doc, RecordKind::Job, edit, &author(byte))
}

/// Both; the first one's actor goes on writing.
pub(crate) fn merge(doc: &mut Automerge, other: &Automerge) {
    doc.merge(&mut other.fork()).unwrap();
}

/// What a customer would sign on this phone now.
pub(crate) fn statement(doc: &Automerge, byte: u8, purpose: Purpose, signoff: ItemId) -> Statement {
    let key = SigningKey::from_bytes(&[byte; 32]);
    let mut heads: Vec<ChangeHash> = doc.get_heads().into_iter().map(Into::into).collect();
    heads.sort_unstable();
    Statement {
        domain: STATEMENT_DOMAIN.to_owned(),
        tenant: TenantId::new(1, [1; 10]),
        record: RecordId::new(2, [2; 10]),
        signoff,
        purpose,
        heads,
        schema: SCHEMA,
        content_digest: content_digest(&read::content(doc, RecordKind::Job)),
        attachment_digests: Vec::new(),
        outcome: Outcome::Accepted,
        reservations: String::new(),
        signatory: Signatory { name: "王芳".to_owned(), ..Signatory::default() },
        satisfaction: None,
        remarks: String::new(),
        drawing_digest: hex_digest(DRAWING),
        engineer: author(byte).user,
        device_key: data_encoding::HEXLOWER.encode(key.verifying_key().as_bytes()),
        signed_at: author(byte).now,
        server_seen_at: 0,
    }
}

/// The customer signs on this phone.
pub(crate) fn put(doc: &mut Automerge, byte: u8, statement: &Statement) {
    let signed = statement.sign(&SigningKey::from_bytes(&[byte; 32]), DRAWING.to_vec());
    edit(doc, byte, &Edit::SignOff { signoff: statement.signoff, signed }).unwrap();
}

/// The customer signs the report as it stands on this phone.
pub(crate) fn sign(doc: &mut Automerge, byte: u8, signoff: ItemId) -> Statement {
    let statement = statement(doc, byte, Purpose::Report, signoff);
    put(doc, byte, &statement);
    statement
}

/// The report is opened again.
pub(crate) fn amend(
    doc: &mut Automerge,
    byte: u8,
    amendment: ItemId,
    signoffs: &[ItemId],
) -> Result<ItemId, EditError> {
    let reason = "The serial number was wrong".to_owned();
    let signoffs = signoffs.to_vec();
    edit(doc, byte, &Edit::Amend { amendment, signoffs, reason }).map(|_| amendment)
}
