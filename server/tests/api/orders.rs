//! Batches of two phones that arrive in every possible order.

use std::collections::BTreeSet;

use automerge::ActorId;
use docket_protocol::edit::{self, Author, Edit, NewEntry};
use docket_protocol::ids::{DeviceId, ItemId, RecordId, TenantId};
use docket_protocol::record::path::Path;
use docket_protocol::record::{self, RecordKind};
use docket_protocol::role::Role;
use docket_protocol::wire::{RecordPush, Verdict};
use docket_server::auth::scope::Scope;
use docket_server::ingest::stages::Sender;
use docket_server::ingest::{decode_push, push};
use docket_server::store::{StoreError, WriteTx};
use ed25519_dalek::SigningKey;

use crate::support::Office;

/// What one phone sends at once.
#[derive(Clone)]
struct Batch {
    device: DeviceId,
    changes: Vec<Vec<u8>>,
}

/// FAULTS row 17: all 5,040 orders of seven batches end in equal heads, log content and views;
/// what comes too early is asked for and kept by its phone, never by the server.
#[test]
fn every_order_of_arrival_ends_in_the_same_record() {
    let office = Office::open();
    let scope = office.scope("max");
    let batches = batches(&scope);
    let orders = permutations(batches.len());
    assert_eq!(orders.len(), 5_040);
    let mut outcomes = BTreeSet::new();
    for (hundred, orders) in orders.chunks(100).map(<[_]>::to_vec).enumerate() {
        let (batches, scope) = (batches.clone(), scope.clone());
        // A hundred records share a commit, only to save time.
        let ended = office.app.store.write_blocking(move |tx| {
            let mut outcomes = BTreeSet::new();
            for (number, order) in orders.iter().enumerate() {
                let record =
                    RecordId::new(i64::try_from(hundred * 100 + number).unwrap_or(0), [1; 10]);
                deliver(tx, &scope, record, &batches, order)?;
                outcomes.insert(outcome(tx, scope.tenant, record)?);
            }
            Ok::<_, StoreError>(outcomes)
        });
        outcomes.extend(ended.expect("a store"));
        assert_eq!(outcomes.len(), 1, "some order of hundred {hundred} ends differently");
    }
}

/// Hands the batches in, and again those that came too early.
fn deliver(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    record: RecordId,
    batches: &[Batch],
    order: &[usize],
) -> Result<(), StoreError> {
    let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
    let mut waiting = order.to_vec();
    for round in 0..=batches.len() {
        let mut early = Vec::new();
        for at in waiting {
            let Batch { device, changes } = &batches[at];
            let sender = Sender { scope, device: *device, device_key: &key, former_role: None };
            let changes = changes.iter().map(|change| change.clone().into()).collect();
            let verdicts = push(tx, &sender, decode_push(&RecordPush { record, changes }))?;
            let kept =
                |verdict: &Verdict| matches!(verdict, Verdict::Accepted(_) | Verdict::Duplicate);
            if !verdicts.iter().all(kept) {
                early.push(at);
            }
        }
        if early.is_empty() {
            return Ok(());
        }
        waiting = early;
        assert!(round < batches.len(), "{waiting:?} never arrive");
    }
    Ok(())
}

/// Heads, the set of logged changes, and the view.
fn outcome(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
) -> Result<(Vec<u8>, String, String), StoreError> {
    let query = "select r.heads, d.content,
                        (select group_concat(hash, ' ') from
                           (select hex(hash) as hash from log
                            where tenant = ?1 and record = ?2 and hash is not null order by 1))
                 from records r join dossiers d on d.tenant = r.tenant and d.record = r.record
                 where r.tenant = ?1 and r.record = ?2";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    Ok(tx.sql.query_row(query, rusqlite::params![tenant.0, record.0], row)?)
}

/// Two phones: one opens the dossier, both write, both read each other and write on.
fn batches(scope: &Scope) -> Vec<Batch> {
    let devices = [DeviceId::new(1, [1; 10]), DeviceId::new(1, [2; 10])];
    let author = Author { user: scope.user, role: Role::Manager, now: 1_795_000_000_000 };
    let mut first = record::empty(ActorId::from([0xa1; 16]));
    let set =
        |path: &str, value: &str| Edit::SetField { path: Path::new(path), value: value.into() };
    let site = |id: u8, name: &str| {
        let fields = [("name".to_owned(), name.into())].into();
        let id = ItemId::new(1, [id; 10]);
        Edit::AddEntry(NewEntry { collection: Path::new("sites"), id, fields })
    };
    let mut batches = Vec::new();
    let mut write = |doc: &mut automerge::Automerge, device: usize, edits: &[Edit]| {
        let changes = edits.iter().map(|edit| {
            edit::apply(doc, RecordKind::Dossier, edit, &author)
                .expect("allowed")
                .expect("a change");
            doc.get_last_local_change().expect("a change").raw_bytes().to_vec()
        });
        let changes = changes.collect();
        batches.push(Batch { device: devices[device], changes });
    };
    let create = Edit::Create { fields: Default::default(), entries: Vec::new() };
    write(&mut first, 0, &[create]);
    let mut second = first.clone().with_actor(ActorId::from([0xb2; 16]));
    write(&mut first, 0, &[set("name", "Harbour Water"), site(1, "Pump house")]);
    write(&mut second, 1, &[set("name", "Harbor Water"), set("address", "Pier 4")]);
    write(&mut first, 0, &[set("notes", "Key at the gate")]);
    write(&mut second, 1, &[site(2, "Pier")]);
    first.merge(&mut second).expect("both fit");
    write(&mut first, 0, &[set("contract", "Gold")]);
    second.merge(&mut first).expect("both fit");
    write(&mut second, 1, &[set("name", "Harbour Water Ltd")]);
    batches
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let shorter = permutations(count - 1);
    let all = shorter.into_iter().flat_map(|order| {
        (0..count).map(move |at| {
            let mut order = order.clone();
            order.insert(at, count - 1);
            order
        })
    });
    all.collect()
}
