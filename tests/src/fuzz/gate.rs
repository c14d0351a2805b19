//! A gate that judges and forgets: a real server store with one honest job, in which every push
//! is rolled back, so that a million inputs meet the same record.

use std::sync::OnceLock;

use docket_protocol::ids::{DeviceId, RecordId};
use docket_protocol::role::Role;
use docket_protocol::wire::{RecordPush, Verdict};
use docket_server::app::App;
use docket_server::auth::scope::Scope;
use docket_server::clock::Clock;
use docket_server::ingest::stages::Sender;
use docket_server::ingest::{decode_push, push};
use docket_server::people::{self, NewPerson, PeopleError};
use docket_server::store::{StoreError, WriteTx};
use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::seeds;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// A document.
pub(super) const DOCUMENT: u8 = 0;
/// A change.
pub(super) const CHANGE: u8 = 1;

/// A chunk around a body, its checksum and length as they should be.
pub(super) fn sealed(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    let mut length = body.len();
    while length >= 0x80 {
        hashed.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    hashed.push(length as u8);
    hashed.extend(body);
    let checksum = Sha256::digest(&hashed);
    [&MAGIC[..], &checksum[..4], &hashed].concat()
}

/// The gate's word on a change that Ada sends; nothing of it stays.
pub(super) fn judge(chunk: &[u8]) -> Verdict {
    static GATE: OnceLock<Gate> = OnceLock::new();
    GATE.get_or_init(Gate::open).judge(chunk)
}

struct Gate {
    app: App,
    scope: Scope,
    device: DeviceId,
    key: VerifyingKey,
    record: RecordId,
    _folder: TempDir,
}

/// Every job ends like this, so that it is rolled back.
enum Judged {
    Word(Box<Verdict>),
    Store(StoreError),
}

impl From<StoreError> for Judged {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Gate {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let app = App::open(folder.path(), Clock::default()).expect("the data folder opens");
        let ada = NewPerson {
            login: "ada".to_owned(),
            name: "Ada Novak".to_owned(),
            role: Role::Engineer,
            phone: String::new(),
            password: "correct horse battery".to_owned(),
        };
        let scope = app.store.write_blocking(move |tx| {
            let tenant = people::organisation(tx, "Northwind Instruments")?;
            let user = people::add(tx, tenant, &ada)?;
            let name = ada.name.clone();
            Ok::<_, PeopleError>(Scope {
                tenant,
                user,
                role: ada.role,
                name,
                device: None,
                browser: None,
            })
        });
        let scope = scope.expect("Ada gets her account");
        let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
        let (device, record) = (DeviceId::new(1, [1; 10]), RecordId::new(1, [2; 10]));
        let gate = Self { app, scope, device, key, record, _folder: folder };
        let begun = gate.push(seeds::honest_job(), Ok::<_, StoreError>);
        let begun = begun.expect("a store");
        assert!(begun.iter().all(|word| matches!(word, Verdict::Accepted(_))), "{begun:?}");
        gate
    }

    fn judge(&self, chunk: &[u8]) -> Verdict {
        let judged = self.push(vec![chunk.to_vec()], |mut verdicts| {
            Err::<(), _>(Judged::Word(Box::new(verdicts.remove(0))))
        });
        match judged {
            Err(Judged::Word(verdict)) => *verdict,
            Err(Judged::Store(error)) => panic!("the gate fell over: {error}"),
            Ok(()) => unreachable!("every judgement is rolled back"),
        }
    }

    fn push<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        changes: Vec<Vec<u8>>,
        end: impl FnOnce(Vec<Verdict>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let (scope, device, key, record) = (self.scope.clone(), self.device, self.key, self.record);
        let changes = changes.into_iter().map(Into::into).collect();
        let decoded = decode_push(&RecordPush { record, changes });
        self.app.store.write_blocking(move |tx: &mut WriteTx<'_>| {
            let sender = Sender { scope: &scope, device, device_key: &key, former_role: None };
            end(push(tx, &sender, decoded)?)
        })
    }
}
