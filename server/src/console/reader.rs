//! Loads what is needed to put an organisation's values into words: people and customers.
//!
//! Read in the same snapshot as the page's own data, so that a page never names somebody it
//! does not know.

use docket_protocol::ids::UserId;
use docket_protocol::role::Role;
use rusqlite::Connection;

use super::field::Reader;
use super::page::Visitor;
use crate::auth::scope::Scope;
use crate::read_model::dossiers;

/// The reader of this person's organisation.
pub(crate) fn load(sql: &Connection, scope: &Scope, visitor: &Visitor) -> rusqlite::Result<Reader> {
    let people: Vec<(UserId, String, String, bool)> = sql
        .prepare_cached("select id, name, role, active from users where tenant = ?1 order by name")?
        .query_map([scope.tenant.0], |row| {
            Ok((UserId(row.get(0)?), row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let engineers = people
        .iter()
        .filter(|(_, _, role, active)| *active && role == Role::Engineer.as_str())
        .map(|(id, name, ..)| (*id, name.clone()))
        .collect();
    let dossiers = dossiers::names(sql, scope)?;
    Ok(Reader {
        words: visitor.words,
        moments: visitor.moments.clone(),
        people: people.into_iter().map(|(id, name, ..)| (id, name)).collect(),
        dossiers: dossiers.into_iter().map(|(record, name)| (record.to_string(), name)).collect(),
        unknown_person: visitor.words.get("somebody"),
        engineers,
    })
}

/// Whether this is somebody here who can be given work.
pub(crate) fn is_engineer(sql: &Connection, scope: &Scope, user: UserId) -> rusqlite::Result<bool> {
    sql.prepare_cached(
        "select exists (select 1 from users
         where tenant = ?1 and id = ?2 and role = 'engineer' and active = 1)",
    )?
    .query_row([scope.tenant.0, user.0], |row| row.get(0))
}

/// A reader without an organisation, for the verify page.
pub(crate) fn stranger(visitor: &Visitor) -> Reader {
    Reader {
        words: visitor.words,
        moments: visitor.moments.clone(),
        people: Default::default(),
        dossiers: Default::default(),
        unknown_person: String::new(),
        engineers: Vec::new(),
    }
}
