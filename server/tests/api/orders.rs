//! Batches of two phones that arrive in every possible order.

use std::collections::{BTreeMap, BTreeSet};

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
use docket_server::store::documents::Document;
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
    assert_eq!(batches.len(), 7);
    let ended = office.app.store.write_blocking(move |tx| {
        let mut orders = Orders { scope, batches, records: 0, ends: BTreeMap::new() };
        orders.explore(tx, &Arrived::default())?;
        Ok::<_, StoreError>(orders.ends)
    });
    let ends = ended.expect("a store");
    assert_eq!(ends.len(), 1, "orders end differently: {ends:?}");
    assert_eq!(ends.values().sum::<u32>(), 5_040);
}

/// Heads, hashes of the logged changes, the view.
type End = (Vec<u8>, String, String);

/// All orders as a tree: orders that begin alike share their beginning, which is taken back by a
/// savepoint before the next one is tried.
struct Orders {
    scope: Scope,
    batches: Vec<Batch>,
    records: i64,
    /// How orders end, and how many end so.
    ends: BTreeMap<End, u32>,
}

/// What has arrived so far.
#[derive(Default, Clone)]
struct Arrived {
    /// None until the record has begun: each beginning is a record of its own.
    record: Option<RecordId>,
    all: BTreeSet<usize>,
    /// Those that came too early and are still on their phone.
    early: Vec<usize>,
}

impl Orders {
    fn explore(&mut self, tx: &mut WriteTx<'_>, arrived: &Arrived) -> Result<(), StoreError> {
        let tenant = self.scope.tenant;
        if arrived.all.len() == self.batches.len() {
            assert!(arrived.early.is_empty(), "{:?} never arrive", arrived.early);
            let record = arrived.record.expect("the record has begun");
            *self.ends.entry(end(tx, tenant, record)?).or_default() += 1;
            return Ok(());
        }
        for next in (0..self.batches.len()).filter(|next| !arrived.all.contains(next)) {
            tx.sql.execute_batch("savepoint arrival")?;
            let before = match arrived.record {
                Some(record) => tx.documents.get(tx.sql, tenant, record)?,
                None => None,
            };
            let mut then = arrived.clone();
            then.all.insert(next);
            self.deliver(tx, &mut then, next)?;
            self.explore(tx, &then)?;
            tx.sql.execute_batch("rollback to arrival; release arrival")?;
            if let (Some(record), Some(document)) = (arrived.record, before) {
                let last = "select last_seq from records where tenant = ?1 and record = ?2";
                let last = tx.sql.query_row(last, (tenant.0, record.0), |row| row.get(0))?;
                tx.documents.put(tenant, record, last, Document::clone(&document));
            }
        }
        Ok(())
    }

    /// A batch arrives; whenever one is taken, phones send again what came too early.
    fn deliver(
        &mut self,
        tx: &mut WriteTx<'_>,
        arrived: &mut Arrived,
        next: usize,
    ) -> Result<(), StoreError> {
        let mut arriving = vec![next];
        while let Some(at) = arriving.pop() {
            self.records += i64::from(arrived.record.is_none());
            let record = arrived.record.unwrap_or(RecordId::new(self.records, [1; 10]));
            if self.push(tx, record, at)? {
                arrived.record = Some(record);
                arriving.append(&mut arrived.early);
            } else {
                arrived.early.push(at);
            }
        }
        Ok(())
    }

    /// Whether a batch was taken; otherwise it was asked to come again.
    fn push(&self, tx: &mut WriteTx<'_>, record: RecordId, at: usize) -> Result<bool, StoreError> {
        let Batch { device, changes } = &self.batches[at];
        let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
        let scope = &self.scope;
        let sender = Sender { scope, device: *device, device_key: &key, former_role: None };
        let changes = changes.iter().map(|change| change.clone().into()).collect();
        let verdicts = push(tx, &sender, decode_push(&RecordPush { record, changes }))?;
        Ok(verdicts.iter().all(|word| matches!(word, Verdict::Accepted(_) | Verdict::Duplicate)))
    }
}

/// Heads, the set of logged changes, and the view.
fn end(tx: &WriteTx<'_>, tenant: TenantId, record: RecordId) -> Result<End, StoreError> {
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
