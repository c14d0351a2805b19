//! Lives through the demo's moments in the order of time, the server's clock set to each one.

use std::collections::BTreeMap;

use automerge::Automerge;
use docket_protocol::edit::Edit;
use docket_protocol::ids::{ChangeHash, ItemId, RecordId};
use docket_protocol::record::path::Path;
use docket_protocol::record::{RecordKind, SCHEMA, read};
use docket_protocol::signoff::{
    Purpose, STATEMENT_DOMAIN, Signatory, Statement, content_digest, hex_digest,
};
use ed25519_dalek::SigningKey;

use super::DemoError;
use super::drawing::signature;
use super::office::{People, article, backups, dossier, hire, roster, stock};
use super::phone::Phone;
use super::story::{Act, Moment, moments};
use super::world::{Customer, Sign, World};
use crate::app::App;
use crate::auth::scope::Scope;
use crate::clock::Clock;
use crate::desk;
use crate::random::random;

/// How long the organisation has existed.
const FOUNDED_DAYS_AGO: i64 = 40;
const DAY_MS: i64 = 86_400_000;

/// Tells the whole world, ending at `now`.
pub(super) fn tell(app: &App, world: &World, now: i64) -> Result<(), DemoError> {
    let mut past = Past::of(&app.clock);
    past.go_to(now - FOUNDED_DAYS_AGO * DAY_MS);
    let people = hire(app, world)?;
    let clerk = person(&people, "desk")?;
    stock(app, clerk, world)?;
    roster(app, clerk, &people, now)?;
    let mut dossiers = BTreeMap::new();
    for customer in &world.customers {
        let opened = dossier(app, clerk, customer)?;
        backups(app, person(&people, "manager")?, opened, customer)?;
        dossiers.insert(customer.key.as_str(), opened);
    }
    for learnt in &world.articles {
        article(app, clerk, learnt)?;
    }
    let phones = phones(app, world, &people)?;
    let records = BTreeMap::new();
    let mut teller = Teller { app, past, world, people, phones, dossiers, records };
    let mut story = Vec::new();
    for (at, told) in world.stories.iter().enumerate() {
        let customer = world.customer(&told.customer)?;
        story.extend(moments(at, told, customer, &world.organisation, now));
    }
    story.sort_by_key(|moment| moment.at);
    story.into_iter().try_for_each(|moment| teller.happen(moment))
}

/// The server's clock while it is moved; right again when this is dropped.
pub(super) struct Past<'a> {
    clock: &'a Clock,
    moved_ms: i64,
}

impl<'a> Past<'a> {
    pub(super) fn of(clock: &'a Clock) -> Self {
        Self { clock, moved_ms: 0 }
    }

    pub(super) fn go_to(&mut self, at_ms: i64) {
        let step_ms = at_ms - self.clock.now_ms();
        self.clock.advance_ms(step_ms);
        self.moved_ms += step_ms;
    }
}

impl Drop for Past<'_> {
    fn drop(&mut self) {
        self.clock.advance_ms(-self.moved_ms);
    }
}

/// The phones of those who have one, by their owners' keys.
pub(super) fn phones(
    app: &App,
    world: &World,
    people: &People,
) -> Result<BTreeMap<String, Phone>, DemoError> {
    let mut phones = BTreeMap::new();
    // No two clocks agree; one of them is noticeably ahead.
    let mut ahead_ms = [2_000, -4_000, 94_000, 1_000].into_iter().cycle();
    for owner in &world.organisation.people {
        let Some(name) = &owner.device else { continue };
        let scope = person(people, &owner.key)?.clone();
        let ahead_ms = ahead_ms.next().unwrap_or_default();
        let phone = Phone::enrol(app, scope, &owner.login, name, ahead_ms)?;
        phones.insert(owner.key.clone(), phone);
    }
    Ok(phones)
}

pub(super) fn person<'people>(
    people: &'people People,
    key: &str,
) -> Result<&'people Scope, DemoError> {
    people.get(key).ok_or_else(|| DemoError::World(format!("nobody called {key}")))
}

struct Teller<'a> {
    app: &'a App,
    past: Past<'a>,
    world: &'a World,
    people: People,
    phones: BTreeMap<String, Phone>,
    dossiers: BTreeMap<&'a str, RecordId>,
    records: BTreeMap<usize, RecordId>,
}

impl Teller<'_> {
    fn happen(&mut self, moment: Moment) -> Result<(), DemoError> {
        let Moment { at, story, act } = moment;
        self.past.go_to(at);
        match act {
            Act::Open(edit) => self.open(story, edit),
            Act::Assign(who) => {
                let lead = person(&self.people, &who)?.user;
                self.at_desk("desk", story, Edit::Assign { lead })
            }
            Act::Help(who) => {
                let helper = person(&self.people, &who)?.user;
                let path = Path::new("assignment/helpers").child(helper);
                self.at_desk("desk", story, Edit::SetField { path, value: true.into() })
            }
            Act::AtDesk { manager, edit } => {
                self.at_desk(if manager { "manager" } else { "desk" }, story, edit)
            }
            Act::Approve => {
                let by = person(&self.people, "manager")?.user;
                for (field, value) in
                    [("approved_by", by.to_string().into()), ("approved_at", at.into())]
                {
                    let path = Path::new("preparation").child(field);
                    self.at_desk("manager", story, Edit::SetField { path, value })?;
                }
                Ok(())
            }
            Act::OnPhone { who, edits } => {
                let record = self.record(story)?;
                let app = self.app;
                let phone = self.phone(&who)?;
                // A person needs a moment for each.
                let each = (0_i64..).step_by(7_000);
                edits
                    .iter()
                    .zip(each)
                    .try_for_each(|(edit, later)| phone.write(app, record, edit, at + later))
            }
            Act::Send(who) => {
                let record = self.record(story)?;
                let app = self.app;
                self.phone(&who)?.send(app, record)
            }
            Act::Sign(who) => self.sign(story, &who, at),
        }
    }

    fn open(&mut self, story: usize, edit: Edit) -> Result<(), DemoError> {
        let Edit::Create { mut fields, entries } = edit else { return Ok(()) };
        let customer = self.world.stories[story].customer.as_str();
        if let Some(dossier) = self.dossiers.get(customer) {
            fields.insert(Path::new("intake/dossier"), dossier.to_string().into());
        }
        let clerk = person(&self.people, "desk")?.clone();
        let create = Edit::Create { fields, entries };
        let record = self
            .app
            .store
            .write_blocking(move |tx| desk::create(tx, &clerk, RecordKind::Job, &create))?;
        self.records.insert(story, record);
        Ok(())
    }

    fn at_desk(&mut self, who: &str, story: usize, edit: Edit) -> Result<(), DemoError> {
        let (clerk, record) = (person(&self.people, who)?.clone(), self.record(story)?);
        self.app.store.write_blocking(move |tx| desk::edit(tx, &clerk, record, &edit))?;
        Ok(())
    }

    fn sign(&mut self, story: usize, who: &str, at: i64) -> Result<(), DemoError> {
        let told = &self.world.stories[story];
        let customer = self.world.customer(&told.customer)?;
        let record = self.record(story)?;
        let app = self.app;
        let phone = self.phone(who)?;
        let Some(sign) = &told.sign else { return Ok(()) };
        let drawing = signature(&sign.contact);
        let (scope, key, signed_at) = (phone.scope.clone(), phone.key.clone(), phone.clock(at));
        let signing = Signing { scope: &scope, key: &key, signed_at, seen_at: at };
        let doc = phone.document(app, record)?;
        let statement = statement(doc, &signing, record, sign, customer, &drawing);
        let signoff = statement.signoff;
        let signed = statement.sign(&phone.key, drawing);
        phone.write(app, record, &Edit::SignOff { signoff, signed }, at)
    }

    fn record(&self, story: usize) -> Result<RecordId, DemoError> {
        let found = self.records.get(&story).copied();
        found.ok_or_else(|| DemoError::World(format!("story {story} is not open")))
    }

    fn phone(&mut self, who: &str) -> Result<&mut Phone, DemoError> {
        self.phones.get_mut(who).ok_or_else(|| DemoError::World(format!("{who} has no phone")))
    }
}

/// On whose phone somebody signs, and when.
pub(super) struct Signing<'a> {
    pub(super) scope: &'a Scope,
    pub(super) key: &'a SigningKey,
    /// By the phone's clock.
    pub(super) signed_at: i64,
    /// The server's time as the phone has last heard it.
    pub(super) seen_at: i64,
}

/// What the customer signs: the record as it is on that phone.
pub(super) fn statement(
    doc: &Automerge,
    signing: &Signing<'_>,
    record: RecordId,
    sign: &Sign,
    customer: &Customer,
    drawing: &[u8],
) -> Statement {
    let Signing { scope, key, signed_at, seen_at } = *signing;
    let mut heads: Vec<ChangeHash> = doc.get_heads().into_iter().map(ChangeHash::from).collect();
    heads.sort_unstable();
    let contact = customer.contacts.iter().find(|contact| contact.name == sign.contact);
    let title = contact.map(|contact| contact.title.clone()).unwrap_or_default();
    Statement {
        domain: STATEMENT_DOMAIN.to_owned(),
        tenant: scope.tenant,
        record,
        signoff: ItemId::new(signed_at, random()),
        purpose: Purpose::Report,
        heads,
        schema: SCHEMA,
        content_digest: content_digest(&read::content(doc, RecordKind::Job)),
        attachment_digests: Vec::new(),
        outcome: sign.outcome,
        reservations: sign.reservations.clone(),
        signatory: Signatory {
            name: sign.contact.clone(),
            title,
            deputy_reason: sign.deputy_reason.clone(),
        },
        satisfaction: Some(sign.satisfaction),
        remarks: sign.remarks.clone(),
        drawing_digest: hex_digest(drawing),
        engineer: scope.user,
        device_key: data_encoding::HEXLOWER.encode(key.verifying_key().as_bytes()),
        signed_at,
        server_seen_at: seen_at,
    }
}
