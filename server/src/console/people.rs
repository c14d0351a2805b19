//! `GET /people`: who works here, with which phones, and how much each has to do. Manager and
//! administrator withdraw phones and close accounts here, the administrator changes roles; what
//! was done stands at the foot of the page. Accounts are opened at the command line.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::ids::{DeviceId, UserId};
use docket_protocol::role::Role;
use rusqlite::Connection;
use serde::Deserialize;

use super::field::Choice;
use super::new_job::open_jobs;
use super::page::{Notice, Page, Place, html};
use super::request::{Asked, Form, Ids};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::audit::{self, AuditEntry};
use crate::auth::devices;
use crate::auth::scope::Scope;
use crate::error::ApiError;
use crate::store::WriteTx;
use crate::words::{Language, Words};

/// Deeds at the foot of the page.
const DEEDS_SHOWN: usize = 30;

struct Phone {
    id: String,
    name: String,
    seen: String,
    revoked: bool,
}

struct Line {
    id: String,
    name: String,
    login: String,
    role: String,
    phone: String,
    active: bool,
    phones: Vec<Phone>,
    open_jobs: Option<usize>,
    /// Whether the reader may close this account, and withdraw its phones.
    may_manage: bool,
    /// Where notices go to, and in which language; only for those who may change it.
    contact: Option<Contact>,
    /// Roles to choose from; none for readers who may not.
    roles: Vec<Choice>,
}

/// Where a person is told of missed clocks.
struct Contact {
    mail: String,
    languages: Vec<Choice>,
}

/// What somebody did to an account or a phone.
struct DeedLine {
    when: String,
    who: String,
    deed: String,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    page: Page,
    count: String,
    lines: Vec<Line>,
    deeds: Vec<DeedLine>,
}

#[derive(Deserialize)]
pub(crate) struct PeopleQuery {
    #[serde(default)]
    notice: String,
}

/// Shows the list.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<PeopleQuery>,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope.clone();
    let may_manage = devices::may_manage(scope.role);
    let (people, devices, open, deeds) = app
        .store
        .read(move |sql| {
            let deeds = if may_manage { DEEDS_SHOWN } else { 0 };
            let deeds = audit::latest(sql, scope.tenant, deeds)?;
            Ok((people(sql, &scope)?, devices(sql, &scope)?, open_jobs(sql, &scope)?, deeds))
        })
        .await?;
    let words = signed_in.visitor.words;
    let notice = (query.notice == "done").then(|| Notice::good(words.get("people-done")));
    let lines: Vec<Line> =
        people.into_iter().map(|person| line(&signed_in, person, &devices, &open)).collect();
    let page = Page::signed_in(&signed_in, Place::People, words.get("nav-people"));
    let template = PeoplePage {
        page: page.with_notice(notice),
        deeds: deeds.into_iter().map(|entry| deed(&signed_in, entry)).collect(),
        count: words.count("people-count", lines.len()),
        lines,
    };
    Ok(html(StatusCode::OK, &template))
}

struct Person {
    id: UserId,
    name: String,
    login: String,
    role: String,
    phone: String,
    active: bool,
    mail: String,
    language: String,
}

struct Device {
    id: DeviceId,
    user: UserId,
    name: String,
    last_seen_at: i64,
    revoked: bool,
}

fn line(
    signed_in: &SignedIn,
    person: Person,
    phones: &[Device],
    open: &BTreeMap<UserId, usize>,
) -> Line {
    let words = signed_in.visitor.words;
    let seen = |device: &Device| {
        let moment = signed_in.visitor.moments.short(device.last_seen_at);
        words.with("people-last-seen", &[("moment", moment.into())])
    };
    let own = phones.iter().filter(|device| device.user == person.id);
    let engineer = person.role == Role::Engineer.as_str();
    let reader = &signed_in.scope;
    let other = person.id != reader.user;
    let above = person.role == Role::Administrator.as_str() && reader.role != Role::Administrator;
    let may_change_role = reader.role == Role::Administrator && other && person.active;
    let contact = crate::people::may_set_contact(reader, person.id);
    let languages = || {
        let choice = |one: Language| {
            let (value, label) = (one.as_str().to_owned(), one.name().to_owned());
            Choice::new(value, label, &person.language)
        };
        Language::ALL.into_iter().map(choice).collect()
    };
    Line {
        id: person.id.to_string(),
        contact: contact.then(|| Contact { mail: person.mail.clone(), languages: languages() }),
        may_manage: devices::may_manage(reader.role) && other && !above,
        roles: if may_change_role { roles(words, &person.role) } else { Vec::new() },
        phones: own
            .map(|device| Phone {
                id: device.id.to_string(),
                name: device.name.clone(),
                seen: seen(device),
                revoked: device.revoked,
            })
            .collect(),
        open_jobs: engineer.then(|| open.get(&person.id).copied().unwrap_or(0)),
        role: words.of("role", &person.role),
        name: person.name,
        login: person.login,
        phone: person.phone,
        active: person.active,
    }
}

fn roles(words: Words, current: &str) -> Vec<Choice> {
    let label = |role: Role| words.of("role", role.as_str());
    Role::ALL
        .into_iter()
        .map(|role| Choice::new(role.as_str().to_owned(), label(role), current))
        .collect()
}

fn deed(signed_in: &SignedIn, entry: AuditEntry) -> DeedLine {
    let words = signed_in.visitor.words;
    let detail = match Role::parse(&entry.detail) {
        Some(role) => words.of("role", role.as_str()),
        None => entry.detail,
    };
    let variables = [("name", entry.about.into()), ("detail", detail.into())];
    DeedLine {
        when: signed_in.visitor.moments.exact(entry.at),
        who: if entry.who.is_empty() { words.get("at-setup") } else { entry.who },
        deed: words.with(&format!("audit-{}", entry.what), &variables),
    }
}

fn people(sql: &Connection, scope: &Scope) -> rusqlite::Result<Vec<Person>> {
    let mut people: Vec<Person> = sql
        .prepare_cached(
            "select id, name, login, role, phone, active, mail, language from users
             where tenant = ?1 order by name",
        )?
        .query_map([scope.tenant.0], |row| {
            Ok(Person {
                id: UserId(row.get(0)?),
                name: row.get(1)?,
                login: row.get(2)?,
                role: row.get(3)?,
                phone: row.get(4)?,
                active: row.get(5)?,
                mail: row.get(6)?,
                language: row.get(7)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let place = |role: &str| Role::ALL.iter().position(|one| one.as_str() == role);
    people.sort_by_key(|person| (!person.active, place(&person.role)));
    Ok(people)
}

fn devices(sql: &Connection, scope: &Scope) -> rusqlite::Result<Vec<Device>> {
    sql.prepare_cached(
        "select user, name, last_seen_at, revoked_at is not null, id from devices
         where tenant = ?1 order by last_seen_at desc",
    )?
    .query_map([scope.tenant.0], |row| {
        Ok(Device {
            user: UserId(row.get(0)?),
            name: row.get(1)?,
            last_seen_at: row.get(2)?,
            revoked: row.get(3)?,
            id: DeviceId(row.get(4)?),
        })
    })?
    .collect()
}

#[derive(Deserialize)]
pub(crate) struct Switch {
    on: bool,
}

/// `POST /people/devices/{device}`: withdraws a phone, or lets it be used again.
pub(crate) async fn switch_device(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(device): Ids<DeviceId>,
    Form(Switch { on }): Form<Switch>,
) -> Result<Response, Trouble> {
    done(&app, signed_in, move |tx, scope| match on {
        true => devices::restore(tx, scope, device),
        false => devices::revoke(tx, scope, device),
    })
    .await
}

/// `POST /people/{person}/account`: closes an account, or opens it again.
pub(crate) async fn switch_account(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(person): Ids<UserId>,
    Form(Switch { on }): Form<Switch>,
) -> Result<Response, Trouble> {
    done(&app, signed_in, move |tx, scope| match on {
        true => crate::people::reopen(tx, scope, person),
        false => crate::people::close(tx, scope, person),
    })
    .await
}

#[derive(Deserialize)]
pub(crate) struct NewRole {
    role: Role,
}

/// `POST /people/{person}/role`
pub(crate) async fn change_role(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(person): Ids<UserId>,
    Form(NewRole { role }): Form<NewRole>,
) -> Result<Response, Trouble> {
    done(&app, signed_in, move |tx, scope| crate::people::set_role(tx, scope, person, role)).await
}

#[derive(Deserialize)]
pub(crate) struct NewContact {
    mail: String,
    language: String,
}

/// `POST /people/{person}/contact`: where notices go to.
pub(crate) async fn change_contact(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(person): Ids<UserId>,
    Form(NewContact { mail, language }): Form<NewContact>,
) -> Result<Response, Trouble> {
    let language = Language::parse(&language).ok_or(Trouble::Malformed)?;
    let mail = mail.trim().to_owned();
    if !crate::people::is_mail(&mail) {
        return Err(Trouble::Refused("bad-value".to_owned()));
    }
    done(&app, signed_in, move |tx, scope| {
        crate::people::set_contact(tx, scope, person, &mail, language)
    })
    .await
}

/// Does it, and shows the list again.
async fn done(
    app: &App,
    signed_in: SignedIn,
    deed: impl FnOnce(&mut WriteTx<'_>, &Scope) -> Result<(), ApiError> + Send + 'static,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope;
    app.store.write(move |tx| deed(tx, &scope)).await?;
    Ok(Redirect::to("/people?notice=done").into_response())
}
