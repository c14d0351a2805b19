//! What this phone says of itself with every request, for the office's board of phones.

use docket_protocol::wire::{DeviceReport, HandBack, RecordPush};

use crate::client::Client;
use crate::error::Result;
use crate::store::{files, outbox};

/// What stays on this phone beside what a request carries.
pub(super) fn beside(
    client: &Client,
    pushes: &[RecordPush],
    hand_backs: &[HandBack],
) -> Result<DeviceReport> {
    let sql = client.store.read();
    let pushed = pushes.iter().map(|push| push.changes.len());
    let handed_back = hand_backs.iter().map(|back| back.changes.len());
    let carried = pushed.chain(handed_back).sum::<usize>() as u64;
    let unsent = outbox::unsent(sql)?;
    let left = unsent.edits.saturating_sub(carried);
    let stays = left > 0;
    Ok(DeviceReport {
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
        unsent_changes: left,
        unsent_jobs: if stays { unsent.jobs } else { 0 },
        unsent_files: files::waiting(sql)?.files,
        unsent_signature_at: unsent.oldest_signature_at.filter(|_| stays),
        storage_free_bytes: client.free_bytes,
    })
}
