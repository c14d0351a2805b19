//! What stands in the organisation before the first call: people, catalog, customers.

use std::collections::BTreeMap;

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{RecordId, TenantId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_protocol::role::Role;

use super::DemoError;
use super::story::{entry, entry_of};
use super::world::{Article, Customer, Level, Organisation, World};
use crate::app::App;
use crate::auth::scope::Scope;
use crate::desk::{self, DeskError};
use crate::people::{self, NewPerson};
use crate::store::WriteTx;

const DAY_MS: i64 = 86_400_000;
/// Weeks for which it is said who is on call.
const DUTY_WEEKS: usize = 4;

/// Everybody by key, as themselves.
pub(super) type People = BTreeMap<String, Scope>;

/// Opens the accounts.
pub(super) fn hire(app: &App, world: &World) -> Result<People, DemoError> {
    let name = world.organisation.name.clone();
    let tenant = app.store.write_blocking(move |tx| people::organisation(tx, &name))?;
    let mut people = People::new();
    for person in &world.organisation.people {
        let account = NewPerson {
            login: person.login.clone(),
            name: person.name.clone(),
            role: person.role,
            phone: person.phone.clone(),
            password: super::PASSWORD.to_owned(),
        };
        let user = app.store.write_blocking(move |tx| people::add(tx, tenant, &account))?;
        people.insert(person.key.clone(), scope(tenant, user, person.role, &person.name));
    }
    Ok(people)
}

fn scope(tenant: TenantId, user: UserId, role: Role, name: &str) -> Scope {
    Scope { tenant, user, role, name: name.to_owned(), device: None, browser: None }
}

/// Writes categories, checklists and what is promised into the catalog.
pub(super) fn stock(app: &App, clerk: &Scope, world: &World) -> Result<(), DemoError> {
    let Organisation { categories, checklists, service, levels, holidays, .. } =
        &world.organisation;
    let now = app.clock.now_ms();
    let categories = categories
        .iter()
        .zip(now..)
        .map(|(name, at)| entry("categories", at, [("name", name.as_str().into())]));
    let checklists = checklists.iter().zip(now..).map(|(list, at)| {
        let fields = [("name", list.name.as_str().into()), ("items", list.items.as_str().into())];
        entry("checklists", at, fields)
    });
    let holidays = holidays.iter().zip(now..).map(|((name, from, until, worked), at)| {
        let fields = [
            ("name", name.as_str().into()),
            ("from", from.as_str().into()),
            ("until", until.as_str().into()),
            ("worked", (*worked).into()),
        ];
        entry("holidays", at, fields)
    });
    let levels = self::levels(levels, now);
    let entries = categories.chain(checklists).chain(levels).chain(holidays);
    let mut edits: Vec<Edit> = entries.map(Edit::AddEntry).collect();
    edits.extend(self::service(service).map(|(path, value)| Edit::SetField { path, value }));
    into_catalog(app, clerk, edits)
}

fn into_catalog(app: &App, clerk: &Scope, edits: Vec<Edit>) -> Result<(), DemoError> {
    let clerk = clerk.clone();
    app.store.write_blocking(move |tx| {
        let catalog = people::catalog_of(tx.sql, clerk.tenant).map_err(DeskError::from)?;
        apply(tx, &clerk, catalog, &edits)
    })
}

/// Puts engineers on call, a week each, beginning with the week that runs at `now`.
pub(super) fn roster(app: &App, clerk: &Scope, people: &People, now: i64) -> Result<(), DemoError> {
    let engineers = people.values().filter(|person| person.role == Role::Engineer);
    let begun = now - now % DAY_MS - 2 * DAY_MS;
    let turns = engineers.take(DUTY_WEEKS).zip(0..).map(|(person, week)| {
        let from = begun + week * 7 * DAY_MS;
        let fields = [
            ("person", person.user.to_string().into()),
            ("from", from.into()),
            ("until", (from + 7 * DAY_MS).into()),
        ];
        Edit::AddEntry(entry("duty", begun + week, fields))
    });
    into_catalog(app, clerk, turns.collect())
}

fn levels(levels: &[Level], now: i64) -> impl Iterator<Item = NewEntry> {
    levels.iter().zip(now..).map(|((level, [response, on_site, recovery]), at)| {
        let promised = [
            ("response_minutes", response),
            ("on_site_minutes", on_site),
            ("recovery_minutes", recovery),
        ];
        let promised = promised.into_iter().filter_map(|(field, it)| Some((field, (*it)?.into())));
        let said = [("level", level.as_str().into())];
        entry_of("levels", at, said.into_iter().chain(promised))
    })
}

fn service(said: &[(String, String)]) -> impl Iterator<Item = (Path, FieldValue)> {
    let path = |field: &String| Path::new("service").child(field);
    said.iter().map(move |(field, value)| (path(field), value.as_str().into()))
}

/// Opens a customer's dossier.
pub(super) fn dossier(
    app: &App,
    clerk: &Scope,
    customer: &Customer,
) -> Result<RecordId, DemoError> {
    let fields = [
        ("name", &customer.name),
        ("address", &customer.address),
        ("contract", &customer.contract),
        ("notes", &customer.notes),
    ];
    let fields = fields.map(|(field, text)| (Path::new(field), text.as_str().into()));
    let every =
        customer.inspection_days.map(|days| (Path::new("service/inspection_days"), days.into()));
    let fields = fields.into_iter().chain(service(&customer.service)).chain(every).collect();
    let now = app.clock.now_ms();
    let sites = customer.sites.iter().zip(now..).map(|(site, at)| {
        let fields =
            [("name", site.name.as_str().into()), ("address", site.address.as_str().into())];
        entry("sites", at, fields)
    });
    let contacts = customer.contacts.iter().zip(now..).map(|(contact, at)| {
        let fields = [
            ("name", contact.name.as_str().into()),
            ("title", contact.title.as_str().into()),
            ("phone", contact.phone.as_str().into()),
            ("reports_to", contact.reports_to.as_str().into()),
        ];
        entry("contacts", at, fields)
    });
    let equipment = customer.equipment.iter().zip(now..).map(|(thing, at)| {
        let texts = [
            ("name", &thing.name),
            ("kind", &thing.kind),
            ("model", &thing.model),
            ("serial", &thing.serial),
            ("site", &thing.site),
            ("place", &thing.place),
            ("versions", &thing.versions),
        ];
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
        let texts = texts.map(|(field, text)| (field, text.as_str().into()));
        let until = thing.warranty_days.map(|days| now + days * DAY_MS);
        let until = until.map(|until| ("warranty_until", until.into()));
        entry_of("equipment", at, texts.chain(until))
    });
    let levels = levels(&customer.levels, now);
    let entries = sites.chain(contacts).chain(equipment).chain(levels).collect();
    let create = Edit::Create { fields, entries };
    let clerk = clerk.clone();
    let opened = app
        .store
        .write_blocking(move |tx| desk::create(tx, &clerk, RecordKind::Dossier, &create))?;
    Ok(opened)
}

/// The backups of a customer's systems; the manager approves those that were tested.
pub(super) fn backups(
    app: &App,
    manager: &Scope,
    dossier: RecordId,
    customer: &Customer,
) -> Result<(), DemoError> {
    let now = app.clock.now_ms();
    let mut edits = Vec::new();
    for (backup, at) in customer.backups.iter().zip(now..) {
        let entered = entry(
            "backups",
            at,
            [
                ("system", backup.system.as_str().into()),
                ("version", backup.version.as_str().into()),
                ("medium", backup.medium.as_str().into()),
                ("place", backup.place.as_str().into()),
                ("tested", backup.tested.into()),
            ],
        );
        let path = Path::new("backups").child(entered.id);
        edits.push(Edit::AddEntry(entered));
        if backup.tested {
            let by = manager.user.to_string().into();
            edits.push(Edit::SetField { path: path.child("approved_by"), value: by });
            edits.push(Edit::SetField { path: path.child("approved_at"), value: now.into() });
        }
    }
    let manager = manager.clone();
    app.store.write_blocking(move |tx| apply(tx, &manager, dossier, &edits))
}

/// Writes an article into the knowledge base.
pub(super) fn article(app: &App, clerk: &Scope, learnt: &Article) -> Result<(), DemoError> {
    let fields = [
        ("title", &learnt.title),
        ("category", &learnt.category),
        ("equipment", &learnt.equipment),
        ("symptom", &learnt.symptom),
        ("cause", &learnt.cause),
        ("solution", &learnt.solution),
    ];
    let fields = fields.map(|(field, text)| (Path::new(field), text.as_str().into())).into();
    let create = Edit::Create { fields, entries: Vec::new() };
    let clerk = clerk.clone();
    app.store.write_blocking(move |tx| desk::create(tx, &clerk, RecordKind::Article, &create))?;
    Ok(())
}

fn apply(
    tx: &mut WriteTx<'_>,
    clerk: &Scope,
    record: RecordId,
    edits: &[Edit],
) -> Result<(), DemoError> {
    for edit in edits {
        desk::edit(tx, clerk, record, edit)?;
    }
    Ok(())
}
