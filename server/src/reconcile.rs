//! `POST /v1/reconcile`: a phone whose digest differs says what it holds, record by record, and
//! gets what makes it agree.
//!
//! Reads only. The phone sends heads rather than digests, because only heads tell a phone that
//! is behind (they are in the log) from a server that lost something (they are not). Repairs
//! shrink the difference, so that a phone that asks again after a page never gets the same.

use std::collections::BTreeSet;

use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::limits::CHANGE_DEPS_MAX;
use docket_protocol::wire::{
    self, Item, ReconcileRequest, ReconcileResponse, RecordHeads, reconcile_signed_bytes,
};
use rusqlite::Connection;

use crate::app::App;
use crate::auth::caller::Phone;
use crate::auth::scope::Scope;
use crate::error::ApiError;
use crate::limits::RECONCILE_RECORDS_MAX;
use crate::log;
use crate::pull;
use crate::store::StoreError;
use crate::sync::{check_version, off_thread, open_envelope};

/// Answers one packed request with a packed response.
pub async fn exchange(app: &App, phone: Phone, packed: Vec<u8>) -> Result<Vec<u8>, ApiError> {
    app.throttle.count_reconcile(phone.device, app.clock.now_ms())?;
    let key = phone.key;
    let open = move || open_envelope::<ReconcileRequest>(&key, &packed, reconcile_signed_bytes);
    let request = off_thread(open).await??;
    check_version(request.version)?;
    if request.device != phone.device {
        return Err(ApiError::UnknownDevice);
    }
    if !is_bounded(&request.records) {
        return Err(ApiError::TooLarge);
    }
    let (scope, attest_key) = (phone.scope, app.keys.attest);
    let answer =
        app.store.try_read(move |sql| compare(sql, &attest_key, &scope, &request.records)).await?;
    let answer = ReconcileResponse { server_time: app.clock.now_ms(), ..answer };
    off_thread(move || wire::pack(&answer)).await
}

fn is_bounded(records: &[RecordHeads]) -> bool {
    let heads = |held: &RecordHeads| held.heads.len() as u64 <= CHANGE_DEPS_MAX;
    records.len() <= RECONCILE_RECORDS_MAX && records.iter().all(heads)
}

/// What makes a phone that holds these versions agree with what this person sees.
fn compare(
    sql: &Connection,
    attest_key: &[u8; 32],
    scope: &Scope,
    held: &[RecordHeads],
) -> Result<ReconcileResponse, StoreError> {
    let visible = pull::visible(sql, scope)?;
    let mut same = BTreeSet::new();
    let (mut lost, mut left) = (Vec::new(), Vec::new());
    for RecordHeads { record, heads } in held {
        let mut sorted = heads.clone();
        sorted.sort_unstable();
        if visible.get(record).is_some_and(|heads| *heads == sorted) {
            same.insert(*record);
        } else if !all_logged(sql, scope, *record, heads)? {
            lost.push(*record);
        } else if !visible.contains_key(record) && !heads.is_empty() {
            left.push(Item::Leave(*record));
        }
    }
    let differing: Vec<RecordId> =
        visible.into_keys().filter(|record| !same.contains(record)).collect();
    let (entered, waiting) = pull::whole_records(sql, attest_key, scope, &differing)?;
    left.extend(entered);
    Ok(ReconcileResponse { items: left, lost, more: waiting > 0, server_time: 0 })
}

fn all_logged(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
    heads: &[ChangeHash],
) -> rusqlite::Result<bool> {
    for head in heads {
        if !log::has(sql, scope.tenant, record, *head)? {
            return Ok(false);
        }
    }
    Ok(true)
}
