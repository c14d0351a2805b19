//! `GET /people`: who works here, with which phones, and how much each has to do. Read only:
//! accounts are opened and closed by the administrator at the command line.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use docket_protocol::ids::UserId;
use docket_protocol::role::Role;
use rusqlite::Connection;

use super::new_job::open_jobs;
use super::page::{Page, Place, html};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::auth::scope::Scope;

struct Phone {
    name: String,
    seen: String,
    revoked: bool,
}

struct Line {
    name: String,
    login: String,
    role: String,
    phone: String,
    active: bool,
    phones: Vec<Phone>,
    open_jobs: Option<usize>,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    page: Page,
    count: String,
    lines: Vec<Line>,
}

/// Shows the list.
pub(crate) async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Trouble> {
    let scope = signed_in.scope.clone();
    let (people, devices, open) = app
        .store
        .read(move |sql| Ok((people(sql, &scope)?, devices(sql, &scope)?, open_jobs(sql, &scope)?)))
        .await?;
    let words = signed_in.visitor.words;
    let lines: Vec<Line> =
        people.into_iter().map(|person| line(&signed_in, person, &devices, &open)).collect();
    let template = PeoplePage {
        page: Page::signed_in(&signed_in, Place::People, words.get("nav-people")),
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
}

struct Device {
    user: UserId,
    name: String,
    last_seen_at: i64,
    revoked: bool,
}

fn line(
    signed_in: &SignedIn,
    person: Person,
    devices: &[Device],
    open: &BTreeMap<UserId, usize>,
) -> Line {
    let words = signed_in.visitor.words;
    let seen = |device: &Device| {
        let moment = signed_in.visitor.moments.short(device.last_seen_at);
        words.with("people-last-seen", &[("moment", moment.into())])
    };
    let own = devices.iter().filter(|device| device.user == person.id);
    let engineer = person.role == Role::Engineer.as_str();
    Line {
        phones: own
            .map(|device| Phone {
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

fn people(sql: &Connection, scope: &Scope) -> rusqlite::Result<Vec<Person>> {
    let mut people: Vec<Person> = sql
        .prepare_cached(
            "select id, name, login, role, phone, active from users
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
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let place = |role: &str| Role::ALL.iter().position(|one| one.as_str() == role);
    people.sort_by_key(|person| (!person.active, place(&person.role)));
    Ok(people)
}

fn devices(sql: &Connection, scope: &Scope) -> rusqlite::Result<Vec<Device>> {
    sql.prepare_cached(
        "select user, name, last_seen_at, revoked_at is not null from devices
         where tenant = ?1 order by last_seen_at desc",
    )?
    .query_map([scope.tenant.0], |row| {
        Ok(Device {
            user: UserId(row.get(0)?),
            name: row.get(1)?,
            last_seen_at: row.get(2)?,
            revoked: row.get(3)?,
        })
    })?
    .collect()
}
