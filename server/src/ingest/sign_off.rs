//! A change that carries a sign-off carries nothing else, and everything it claims is true:
//! the version, the content, the person, the phone.

use automerge::Automerge;
use docket_protocol::ids::{ChangeHash, ItemId, RecordId};
use docket_protocol::ops::LocatedOp;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::path::Path;
use docket_protocol::record::{RecordKind, SCHEMA, read};
use docket_protocol::signoff::{Signed, content_digest};

use super::stages::{Refusal, Sender, VerifiedSignOff};

/// The sign-off in a change that was just applied to `version`, which had these heads before;
/// none when it has none.
pub(super) fn verified(
    sender: &Sender<'_>,
    record: RecordId,
    version: &Automerge,
    parents: &[ChangeHash],
    ops: &[LocatedOp],
) -> Result<Option<VerifiedSignOff>, Refusal> {
    let Some(signoff) = ops.iter().find_map(|op| entry_of(&op.path)) else {
        return Ok(None);
    };
    let path = Path::new("signoffs").child(signoff);
    if ops.iter().any(|op| entry_of(&op.path) != Some(signoff)) {
        return Err(Refusal::at("signoff-not-alone", &path));
    }
    let bad = || Refusal::at("bad-signoff", &path);
    let stored = Signed::all_in(version).into_iter().find(|(id, _)| *id == signoff);
    let (_, signed) = stored.ok_or_else(bad)?;
    let statement = signed.verify().map_err(|_| bad())?;
    // Sign-offs are not part of the content, so it reads the same before and after this change.
    let content = read::content(version, RecordKind::Job);
    let content_digest = content_digest(&content);
    let attached = JobContent::from_json(content).attachment_digests();
    // Phones of the version before name none; the content they sign holds the same hashes.
    let named = &statement.attachment_digests;
    let key = data_encoding::HEXLOWER.encode(sender.device_key.as_bytes());
    let true_in_all = statement.signoff == signoff
        && statement.record == record
        && statement.tenant == sender.scope.tenant
        && statement.engineer == sender.scope.user
        && statement.device_key == key
        && statement.schema == SCHEMA
        && statement.heads == parents
        && statement.content_digest == content_digest
        && (named.is_empty() || *named == attached);
    if !true_in_all {
        return Err(bad());
    }
    Ok(Some(VerifiedSignOff { signoff, signed, statement }))
}

/// The sign-off in a change that was in the log before and comes back: what it claimed was
/// checked when it first arrived, only its signature is looked at again.
pub(super) fn carried(version: &Automerge, ops: &[LocatedOp]) -> Option<VerifiedSignOff> {
    let signoff = ops.iter().find_map(|op| entry_of(&op.path))?;
    let stored = Signed::all_in(version).into_iter().find(|(id, _)| *id == signoff);
    let (_, signed) = stored?;
    let statement = signed.verify().ok()?;
    Some(VerifiedSignOff { signoff, signed, statement })
}

fn entry_of(path: &Path) -> Option<ItemId> {
    let mut segments = path.segments();
    (segments.next() == Some("signoffs")).then(|| segments.next()?.parse().ok()).flatten()
}
