//! Accounts: one person, one account, known to every phone through the catalog.

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId, TenantId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::role::Role;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

use crate::auth::passwords;
use crate::auth::scope::Scope;
use crate::desk::{self, DeskError};
use crate::log::CHAIN_START;
use crate::random::random;
use crate::store::{StoreError, WriteTx};

/// Somebody who is to get an account.
#[derive(Clone)]
pub struct NewPerson {
    /// What they type to sign in.
    pub login: String,
    /// Full name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Phone number, or empty.
    pub phone: String,
    /// Their first password.
    pub password: String,
}

/// Why there is no account.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// Somebody has that login already.
    #[error("there is already an account with the login {0:?}")]
    LoginTaken(String),
    /// The password cannot be used.
    #[error("a password has 8 to 1024 bytes")]
    Password,
    /// The name does not fit.
    #[error("a login and a name have 1 to 100 characters")]
    Name,
    /// The catalog could not be written.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<rusqlite::Error> for PeopleError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Desk(error.into())
    }
}

impl From<StoreError> for PeopleError {
    fn from(error: StoreError) -> Self {
        Self::Desk(error.into())
    }
}

/// The only organisation of this data folder, made with its catalog when there is none.
pub fn organisation(tx: &mut WriteTx<'_>, name: &str) -> Result<TenantId, PeopleError> {
    let first = "select id from tenants order by id limit 1";
    let known = tx.sql.query_row(first, [], |row| row.get(0)).optional()?.map(TenantId);
    if let Some(tenant) = known {
        return Ok(tenant);
    }
    let tenant = TenantId::new(tx.now, random());
    tx.sql.execute(
        "insert into tenants (id, name, last_seq, chain) values (?1, ?2, 0, ?3)",
        params![tenant.0, name, CHAIN_START],
    )?;
    let fields = BTreeMap::from([(Path::new("organisation"), name.into())]);
    let scope = founder(tenant);
    desk::create(tx, &scope, RecordKind::Catalog, &Edit::Create { fields, entries: Vec::new() })?;
    Ok(tenant)
}

/// Opens an account and puts the person into the catalog.
pub fn add(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    person: &NewPerson,
) -> Result<UserId, PeopleError> {
    let fits = |text: &str| (1..=100).contains(&text.trim().chars().count());
    if !fits(&person.login) || !fits(&person.name) {
        return Err(PeopleError::Name);
    }
    if person.password.len() < 8 {
        return Err(PeopleError::Password);
    }
    let hash = passwords::hash(&person.password).ok_or(PeopleError::Password)?;
    let user = UserId::new(tx.now, random());
    let inserted = tx.sql.execute(
        "insert into users (id, tenant, login, name, role, phone, password_hash)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (login) do nothing",
        params![
            user.0,
            tenant.0,
            person.login,
            person.name,
            person.role.as_str(),
            person.phone,
            hash
        ],
    )?;
    if inserted == 0 {
        return Err(PeopleError::LoginTaken(person.login.clone()));
    }
    let entry = NewEntry {
        collection: Path::new("people"),
        id: ItemId(user.0),
        fields: BTreeMap::from([
            ("name".to_owned(), person.name.as_str().into()),
            ("role".to_owned(), person.role.as_str().into()),
            ("phone".to_owned(), person.phone.as_str().into()),
        ]),
    };
    let catalog = catalog_of(tx.sql, tenant)?;
    desk::edit(tx, &founder(tenant), catalog, &Edit::AddEntry(entry))?;
    Ok(user)
}

/// The organisation's catalog.
pub fn catalog_of(sql: &Connection, tenant: TenantId) -> rusqlite::Result<RecordId> {
    sql.query_row(
        "select record from records where tenant = ?1 and kind = 'catalog'",
        [tenant.0],
        |row| row.get(0).map(RecordId),
    )
}

/// Whoever runs the command line: no account, the administrator's rights.
fn founder(tenant: TenantId) -> Scope {
    let user = UserId::default();
    Scope { tenant, user, role: Role::Administrator, name: String::new(), device: None }
}
