//! `GET /people`: who works here, with which phones, and how much each has to do. Manager and
//! administrator withdraw phones, sign browsers out and close accounts here; the administrator
//! changes roles, and opens accounts ([`super::accounts`]). What was done is in [`super::audit`].

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::ids::{DeviceId, UserId};
use docket_protocol::role::Role;
use rusqlite::{Connection, params};
use serde::Deserialize;
use uuid::Uuid;

use super::field::Choice;
use super::new_job::open_jobs;
use super::page::{Notice, Page, Place, html};
use super::request::{Asked, Form, Ids};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::auth::scope::Scope;
use crate::auth::together::{self, Pair};
use crate::auth::{browsers, devices};
use crate::error::ApiError;
use crate::limits::CONSOLE_SESSION_MS;
use crate::store::WriteTx;
use crate::words::{Language, Words};

struct Phone {
    id: String,
    name: String,
    seen: String,
    revoked: bool,
}

/// A browser in which somebody is signed in.
struct Window {
    id: String,
    name: String,
    seen: String,
}

struct Line {
    id: String,
    name: String,
    login: String,
    role: String,
    phone: String,
    active: bool,
    /// Whether the password is still the one-time one.
    one_time: bool,
    phones: Vec<Phone>,
    browsers: Vec<Window>,
    open_jobs: Option<usize>,
    /// Whether the reader may close this account, and withdraw its phones.
    may_manage: bool,
    /// Where notices go to, and in which language; only for those who may change it.
    contact: Option<Contact>,
    /// Whether the reader may sign this person out of a browser: those who manage it, and itself.
    may_sign_out: bool,
    /// Whether the reader may give a one-time password.
    may_give_password: bool,
    /// Roles to choose from; none for readers who may not.
    roles: Vec<Choice>,
}

/// Where a person is told of missed clocks.
struct Contact {
    mail: String,
    languages: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    page: Page,
    count: String,
    lines: Vec<Line>,
    /// Roles of a new account; none for readers who may not open one.
    new_roles: Vec<Choice>,
    shared: Vec<String>,
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
    let now = app.clock.now_ms();
    let read = app.store.read(move |sql| Everybody::read(sql, &scope, now)).await?;
    let words = signed_in.visitor.words;
    let notice = match query.notice.as_str() {
        "done" => Some(Notice::good(words.get("people-done"))),
        "login-taken" => Some(Notice::alarm(words.get("people-login-taken"))),
        "bad-name" => Some(Notice::alarm(words.get("people-bad-name"))),
        _ => None,
    };
    let lines: Vec<Line> =
        read.people.iter().map(|person| line(&signed_in, person, &read)).collect();
    let page = Page::signed_in(&signed_in, Place::People, words.get("nav-people"));
    let administrator = signed_in.scope.role == Role::Administrator;
    let template = PeoplePage {
        page: page.with_notice(notice),
        new_roles: if administrator { roles(words, "engineer") } else { Vec::new() },
        shared: read.pairs.iter().map(|pair| shared(&signed_in, pair, &read.people)).collect(),
        count: words.count("people-count", lines.len()),
        lines,
    };
    Ok(html(StatusCode::OK, &template))
}

/// What the page is made of.
struct Everybody {
    people: Vec<Person>,
    devices: Vec<Device>,
    /// Browsers somebody is signed in with; only for those who may sign them out.
    browsers: Vec<Device<Uuid>>,
    open: BTreeMap<UserId, usize>,
    /// Phones and browsers that were in use together; only for those who may do something.
    pairs: Vec<Pair>,
}

impl Everybody {
    fn read(sql: &Connection, scope: &Scope, now: i64) -> rusqlite::Result<Self> {
        let since = now - CONSOLE_SESSION_MS;
        let may_manage = devices::may_manage(scope.role);
        Ok(Self {
            people: people(sql, scope)?,
            devices: devices(sql, scope)?,
            browsers: if may_manage { signed_in_browsers(sql, scope, since)? } else { Vec::new() },
            open: open_jobs(sql, scope)?,
            pairs: if may_manage { together::pairs(sql, scope.tenant)? } else { Vec::new() },
        })
    }
}

/// One account in two hands, in words.
fn shared(signed_in: &SignedIn, pair: &Pair, people: &[Person]) -> String {
    let words = signed_in.visitor.words;
    let person = people.iter().find(|person| person.id == pair.user);
    let name = person.map(|person| person.name.clone()).unwrap_or_default();
    let [one, other] = match pair.browsers {
        true => pair.names.each_ref().map(|family| words.of("browser", family)),
        false => pair.names.clone(),
    };
    let id = if pair.browsers { "people-shared-browsers" } else { "people-shared-phones" };
    let moment = signed_in.visitor.moments.short(pair.at);
    let variables = [
        ("name", name.into()),
        ("one", one.into()),
        ("other", other.into()),
        ("moment", moment.into()),
    ];
    words.with(id, &variables)
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
    one_time: bool,
}

struct Device<Id = DeviceId> {
    id: Id,
    user: UserId,
    name: String,
    last_seen_at: i64,
    revoked: bool,
}

fn line(signed_in: &SignedIn, person: &Person, everybody: &Everybody) -> Line {
    let words = signed_in.visitor.words;
    let seen = |at: i64| {
        let moment = signed_in.visitor.moments.short(at);
        words.with("people-last-seen", &[("moment", moment.into())])
    };
    let own = everybody.devices.iter().filter(|device| device.user == person.id);
    let windows = everybody.browsers.iter().filter(|browser| browser.user == person.id);
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
        may_sign_out: devices::may_manage(reader.role) && !above,
        may_give_password: may_change_role,
        roles: if may_change_role { roles(words, &person.role) } else { Vec::new() },
        phones: own
            .map(|device| Phone {
                id: device.id.to_string(),
                name: device.name.clone(),
                seen: seen(device.last_seen_at),
                revoked: device.revoked,
            })
            .collect(),
        browsers: windows
            .map(|browser| Window {
                id: browser.id.to_string(),
                name: words.of("browser", &browser.name),
                seen: seen(browser.last_seen_at),
            })
            .collect(),
        open_jobs: engineer.then(|| everybody.open.get(&person.id).copied().unwrap_or(0)),
        role: words.of("role", &person.role),
        name: person.name.clone(),
        login: person.login.clone(),
        phone: person.phone.clone(),
        active: person.active,
        one_time: person.one_time,
    }
}

pub(super) fn roles(words: Words, current: &str) -> Vec<Choice> {
    let label = |role: Role| words.of("role", role.as_str());
    Role::ALL
        .into_iter()
        .map(|role| Choice::new(role.as_str().to_owned(), label(role), current))
        .collect()
}

fn people(sql: &Connection, scope: &Scope) -> rusqlite::Result<Vec<Person>> {
    let mut people: Vec<Person> = sql
        .prepare_cached(
            "select id, name, login, role, phone, active, mail, language,
                    one_time_until is not null from users
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
                one_time: row.get(8)?,
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

/// Browsers with a session that has not ended, the latest first. People come first (`cross`): they
/// are few, and each has few browsers.
fn signed_in_browsers(
    sql: &Connection,
    scope: &Scope,
    since: i64,
) -> rusqlite::Result<Vec<Device<Uuid>>> {
    sql.prepare_cached(
        "select b.user, b.name, b.last_seen_at, b.id from users u
         cross join browsers b on b.tenant = u.tenant and b.user = u.id
         where u.tenant = ?1 and exists (
             select 1 from sessions s
             where s.user = u.id and s.browser = b.id and s.revoked_at is null
                   and s.last_used_at >= ?2)
         order by b.last_seen_at desc",
    )?
    .query_map(params![scope.tenant.0, since], |row| {
        Ok(Device {
            user: UserId(row.get(0)?),
            name: row.get(1)?,
            last_seen_at: row.get(2)?,
            revoked: false,
            id: row.get(3)?,
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

/// `POST /people/{person}/browsers/{browser}`: signs somebody out there.
pub(crate) async fn sign_out(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids((person, browser)): Ids<(UserId, Uuid)>,
) -> Result<Response, Trouble> {
    done(&app, signed_in, move |tx, scope| browsers::sign_out(tx, scope, person, browser)).await
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
