//! 签字确认 on the phone: what the customer sees, what the phone signs, what stands in a job.

use data_encoding::BASE64;
use docket_protocol::amendment::{amendings, binding};
use docket_protocol::automerge::Automerge;
use docket_protocol::edit::Edit;
use docket_protocol::ids::{ChangeHash, ItemId, RecordId};
use docket_protocol::limits::DRAWING_BYTES_MAX;
use docket_protocol::record::compare::differences;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::late::{LateEdit, late_edits};
use docket_protocol::record::path::Path;
use docket_protocol::record::read::locked_part;
use docket_protocol::record::{RecordKind, SCHEMA, read};
use docket_protocol::signoff::{STATEMENT_DOMAIN, Signed, Statement, content_digest, hex_digest};

use serde_json::Value as Json;

use crate::client::Client;
use crate::command::Signing;
use crate::conflicts::Authors;
use crate::editing;
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::sync;
use crate::view::{LateEditView, OtherVersionView, SignoffDraft, SignoffView};

/// The content as it is now, with its digest.
pub(crate) fn draft(client: &mut Client, record: RecordId) -> Result<SignoffDraft> {
    let doc = &client.documents.get(client.store.read(), record)?.doc;
    let content = read::content(doc, RecordKind::Job);
    Ok(SignoffDraft {
        content_digest: content_digest(&content),
        content: JobContent::from_json(content),
    })
}

/// Signs the version that was shown and puts the sign-off into the record.
pub(crate) fn sign(
    client: &mut Client,
    env: &mut Env<'_>,
    record: RecordId,
    signing: Signing,
) -> Result<()> {
    let drawing = BASE64
        .decode(signing.drawing.as_bytes())
        .map_err(|error| ClientError::with_detail("bad-signoff", &error))?;
    if drawing.is_empty() || drawing.len() > DRAWING_BYTES_MAX {
        return Err(ClientError::new("bad-drawing"));
    }
    if signing.signatory.name.trim().is_empty() {
        return Err(ClientError::new("signatory-missing"));
    }
    let statement = statement(client, env, record, signing, &drawing)?;
    let signoff = statement.signoff;
    let signed = statement.sign(&client.session.device_key, drawing);
    editing::edit(client, env, record, Edit::SignOff { signoff, signed })
}

fn statement(
    client: &mut Client,
    env: &mut Env<'_>,
    record: RecordId,
    signing: Signing,
    drawing: &[u8],
) -> Result<Statement> {
    let not_signed_in = ClientError::new("not-signed-in");
    let session = client.session.signed_in.clone().ok_or(not_signed_in)?;
    let device_key = client.session.device_key_hex();
    let sql = client.store.read();
    let server_seen_at = sync::last_sync_at(sql)?.unwrap_or(0);
    let doc = &client.documents.get(sql, record)?.doc;
    let content = read::content(doc, RecordKind::Job);
    let digest = content_digest(&content);
    if digest != signing.content_digest {
        return Err(ClientError::new("changed-while-signing"));
    }
    let mut heads: Vec<ChangeHash> = doc.get_heads().into_iter().map(ChangeHash::from).collect();
    heads.sort_unstable();
    Ok(Statement {
        domain: STATEMENT_DOMAIN.to_owned(),
        tenant: session.tenant,
        record,
        signoff: env.item_id(),
        purpose: signing.purpose,
        heads,
        schema: SCHEMA,
        content_digest: digest,
        attachment_digests: JobContent::from_json(content).attachment_digests(),
        outcome: signing.outcome,
        reservations: signing.reservations,
        signatory: signing.signatory,
        satisfaction: signing.satisfaction,
        remarks: signing.remarks,
        drawing_digest: hex_digest(drawing),
        engineer: session.person.id,
        device_key,
        signed_at: env.now,
        server_seen_at,
    })
}

/// The sign-offs of a job, oldest first, each with what stands beside it.
pub(crate) fn signoffs(doc: &Automerge, authors: &Authors<'_>) -> Result<Vec<SignoffView>> {
    let found = Signed::all_in(doc);
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let now = locked_part(RecordKind::Job, &read::content(doc, RecordKind::Job));
    let binding: Vec<ItemId> = binding(doc).into_iter().map(|one| one.signoff).collect();
    let amendings = amendings(doc);
    let versions: Vec<_> = found
        .iter()
        .map(|(_, signed)| {
            let statement = signed.verify().ok();
            let seen = statement.as_ref().and_then(|statement| signed_content(doc, statement));
            (statement, seen)
        })
        .collect();
    let mut signoffs = Vec::with_capacity(found.len());
    for ((id, signed), (statement, seen)) in found.iter().zip(&versions) {
        let amended = amendings.iter().filter(|one| one.signoffs.contains(id));
        let changed = |seen: &Json| locked_part(RecordKind::Job, seen) != now;
        signoffs.push(SignoffView {
            id: *id,
            valid: seen.is_some(),
            changed_since: seen.as_ref().is_some_and(changed),
            drawing: BASE64.encode(&signed.drawing),
            statement: statement.clone(),
            binds: binding.contains(id),
            amended_by: amended.map(|one| one.amendment).collect(),
            late_edits: late(doc, authors, statement.as_ref())?,
            other_versions: other_versions(statement.as_ref(), seen.as_ref(), &versions),
        });
    }
    signoffs.sort_by_key(|signoff| signoff.id);
    Ok(signoffs)
}

fn late(
    doc: &Automerge,
    authors: &Authors<'_>,
    statement: Option<&Statement>,
) -> Result<Vec<LateEditView>> {
    let found = statement.and_then(|statement| late_edits(doc, statement).ok());
    let view = |late: LateEdit| {
        let (author, mine) = authors.name(&late.actor)?;
        let LateEdit { path, signed, later, at, .. } = late;
        Ok(LateEditView { path, signed, later, author, mine, at })
    };
    found.unwrap_or_default().into_iter().map(view).collect()
}

fn other_versions(
    statement: Option<&Statement>,
    seen: Option<&Json>,
    versions: &[(Option<Statement>, Option<Json>)],
) -> Vec<OtherVersionView> {
    let (Some(statement), Some(seen)) = (statement, seen) else { return Vec::new() };
    let others = versions.iter().filter_map(|(other, there)| {
        let other = other.as_ref().filter(|other| {
            other.signoff != statement.signoff && other.purpose == statement.purpose
        })?;
        let covers = |path: &Path| statement.purpose.covers(path);
        let fields = differences(seen, there.as_ref()?, covers);
        (!fields.is_empty()).then_some(OtherVersionView { signoff: other.signoff, fields })
    });
    others.collect()
}

/// The version the statement names, if the record has it and it is the one that was signed.
fn signed_content(doc: &Automerge, statement: &Statement) -> Option<Json> {
    let heads: Vec<_> = statement.heads.iter().map(|head| (*head).into()).collect();
    let content = read::content_at(doc, RecordKind::Job, &heads).ok()?;
    (content_digest(&content) == statement.content_digest).then_some(content)
}
