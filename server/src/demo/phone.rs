//! A phone of the demo: its own key, its own copy of each record, and changes that wait until
//! it has coverage. What it sends goes through the gate as from any phone.

use std::collections::BTreeMap;

use automerge::{ActorId, Automerge};
use docket_protocol::edit::{self, Author, Edit};
use docket_protocol::ids::{DeviceId, RecordId};
use docket_protocol::record::RecordKind;
use docket_protocol::wire::{DeviceReport, RecordPush, Verdict};
use ed25519_dalek::{Signer, SigningKey};

use super::DemoError;
use crate::app::App;
use crate::auth::devices::{self, Enrolment};
use crate::auth::scope::Scope;
use crate::error::ApiError;
use crate::ingest::stages::Sender;
use crate::ingest::{decode_push, push};
use crate::random::random;
use crate::reports::fleet::Saying;
use crate::store::{StoreError, documents};

/// One engineer's phone.
pub(super) struct Phone {
    pub(super) scope: Scope,
    pub(super) key: SigningKey,
    pub(super) device: DeviceId,
    copies: BTreeMap<RecordId, Copy>,
    /// How far its clock is ahead of the server's.
    ahead_ms: i64,
}

/// A record on the phone.
struct Copy {
    doc: Automerge,
    /// What the server is known to have.
    sent: Vec<automerge::ChangeHash>,
}

impl Phone {
    /// Enrols a new phone for this person, as signing in on it would.
    pub(super) fn enrol(
        app: &App,
        scope: Scope,
        login: &str,
        name: &str,
        ahead_ms: i64,
    ) -> Result<Self, DemoError> {
        let key = SigningKey::from_bytes(&random());
        let public = key.verifying_key();
        let asked = [b"docket-device-1\0", login.as_bytes(), b"\0", public.as_bytes()].concat();
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        let signature = hex(&key.sign(&asked).to_bytes());
        let enrolment = Enrolment::prove(login, &hex(public.as_bytes()), name, &signature)?;
        let (tenant, user) = (scope.tenant, scope.user);
        let device = app
            .store
            .write_blocking(move |tx| enrolment.enrol(tx, tenant, user).map_err(DemoError::from))?;
        let scope = Scope { device: Some(device), ..scope };
        Ok(Self { scope, key, device, copies: BTreeMap::new(), ahead_ms })
    }

    /// What this phone's clock says when the server's says `at_ms`.
    pub(super) fn clock(&self, at_ms: i64) -> i64 {
        at_ms + self.ahead_ms
    }

    /// Makes an edit on the phone's own copy; it stays here until [`Phone::send`].
    pub(super) fn write(
        &mut self,
        app: &App,
        record: RecordId,
        edit: &Edit,
        at_ms: i64,
    ) -> Result<(), DemoError> {
        let now = self.clock(at_ms);
        let author = Author { user: self.scope.user, role: self.scope.role, now };
        let copy = self.copy(app, record)?;
        edit::apply(&mut copy.doc, RecordKind::Job, edit, &author)
            .map_err(|error| DemoError::World(error.to_string()))?;
        Ok(())
    }

    /// The phone's copy of a record, as it is without the server.
    pub(super) fn document(
        &mut self,
        app: &App,
        record: RecordId,
    ) -> Result<&Automerge, DemoError> {
        Ok(&self.copy(app, record)?.doc)
    }

    /// Hands everything unsent of a record to the gate, then takes what the server has.
    pub(super) fn send(&mut self, app: &App, record: RecordId) -> Result<(), DemoError> {
        let copy = self.copy(app, record)?;
        let unsent = copy.doc.get_changes(&copy.sent);
        let changes = unsent.iter().map(|change| change.raw_bytes().to_vec().into()).collect();
        let decoded = decode_push(&RecordPush { record, changes });
        let (scope, device, key) = (self.scope.clone(), self.device, self.key.verifying_key());
        let said = DeviceReport {
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            storage_free_bytes: Some(11_800_000_000),
            ..DeviceReport::default()
        };
        let saying = Saying::new(device, self.clock(app.clock.now_ms()), &said);
        let verdicts = app.store.write_blocking(move |tx| {
            let sender = Sender { scope: &scope, device, device_key: &key, former_role: None };
            let verdicts = push(tx, &sender, decoded)?;
            devices::seen(tx.sql, device, tx.now).map_err(ApiError::from)?;
            saying.note(tx.sql, tx.now).map_err(ApiError::from)?;
            Ok::<_, DemoError>(verdicts)
        })?;
        let taken = |verdict: &&Verdict| matches!(verdict, Verdict::Accepted(_) | Verdict::Held(_));
        let refused = verdicts.iter().find(|verdict| !taken(verdict));
        if let Some(verdict) = refused {
            let (who, verdict) = (self.scope.name.clone(), format!("{verdict:?}"));
            return Err(DemoError::Gate { who, verdict });
        }
        self.refresh(app, record)
    }

    fn refresh(&mut self, app: &App, record: RecordId) -> Result<(), DemoError> {
        let mut server = load(app, &self.scope, record)?;
        let copy = self.copy(app, record)?;
        copy.doc.merge(&mut server).map_err(|error| DemoError::World(error.to_string()))?;
        copy.sent = copy.doc.get_heads();
        Ok(())
    }

    /// The copy, downloaded when the phone does not have the record yet.
    fn copy(&mut self, app: &App, record: RecordId) -> Result<&mut Copy, DemoError> {
        if !self.copies.contains_key(&record) {
            let server = load(app, &self.scope, record)?;
            // A new actor for every record: actors never repeat, whatever else does.
            let doc = server.with_actor(ActorId::from(random::<16>()));
            let sent = doc.get_heads();
            self.copies.insert(record, Copy { doc, sent });
        }
        let missing = || DemoError::World(format!("no copy of {record}"));
        self.copies.get_mut(&record).ok_or_else(missing)
    }
}

fn load(app: &App, scope: &Scope, record: RecordId) -> Result<Automerge, DemoError> {
    let tenant = scope.tenant;
    let document = app.store.read_blocking(|sql| documents::load(sql, tenant, record))?;
    let document = document.ok_or(StoreError::Damaged(record))?;
    Ok(document.automerge)
}
