//! Accounts: one person, one account, known to every phone through the catalog.

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId, Seq, TenantId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::role::Role;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::auth::devices;
use crate::auth::passwords;
use crate::auth::scope::Scope;
use crate::auth::sessions;
use crate::desk::{self, DeskError};
use crate::error::ApiError;
use crate::limits::{ONE_TIME_MS, PASSWORD_CHARS_MIN};
use crate::log::{self, CHAIN_START};
use crate::random::random;
use crate::store::{StoreError, WriteTx};
use crate::visibility;
use crate::words::Language;

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
    #[error("a password has at least {PASSWORD_CHARS_MIN} characters and is not the login")]
    Password,
    /// The name does not fit.
    #[error("a login and a name have 1 to 100 characters")]
    Name,
    /// Only the administrator opens accounts.
    #[error("only the administrator opens accounts")]
    NotAllowed,
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
    if !passwords::is_acceptable(&person.password, &person.login) {
        return Err(PeopleError::Password);
    }
    let hash = passwords::hash(&person.password).ok_or(PeopleError::Password)?;
    open(tx, &founder(tenant), person, &hash, None)
}

/// Opens an account with a password that is hashed already; until `one_time_until` where it is
/// for once.
pub fn open(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    person: &NewPerson,
    hash: &str,
    one_time_until: Option<i64>,
) -> Result<UserId, PeopleError> {
    if scope.role != Role::Administrator {
        return Err(PeopleError::NotAllowed);
    }
    let fits = |text: &str| (1..=100).contains(&text.trim().chars().count());
    if !fits(&person.login) || !fits(&person.name) {
        return Err(PeopleError::Name);
    }
    let tenant = scope.tenant;
    let user = UserId::new(tx.now, random());
    let inserted = tx.sql.execute(
        "insert into users (id, tenant, login, name, role, phone, password_hash, one_time_until)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict (login) do nothing",
        params![
            user.0,
            tenant.0,
            person.login,
            person.name,
            person.role.as_str(),
            person.phone,
            hash,
            one_time_until,
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
    desk::edit(tx, scope, catalog, &Edit::AddEntry(entry))?;
    audit::write(tx, scope, Deed::AccountOpened, user, person.role.as_str())?;
    Ok(user)
}

/// Gives somebody the password they chose. All their other sessions end, on consoles and phones;
/// says how many did. Phones keep what is on them and ask for the new password.
pub fn change_password(
    tx: &WriteTx<'_>,
    scope: &Scope,
    session: Uuid,
    hash: &str,
) -> rusqlite::Result<usize> {
    set_password(tx, scope.tenant, scope.user, hash, None)?;
    let ended = sessions::revoke_all(tx.sql, scope.user, Some(session), tx.now)?;
    audit::note(tx, scope, Deed::PasswordChanged, &ended.to_string())?;
    Ok(ended)
}

/// Gives somebody a password for once, because they forgot theirs: the console lets them go no
/// further than to choose one of their own. All their sessions end.
pub fn give_password(
    tx: &WriteTx<'_>,
    scope: &Scope,
    user: UserId,
    hash: &str,
) -> Result<(), ApiError> {
    let (_, active) = account(tx.sql, scope.tenant, user)?;
    if scope.role != Role::Administrator || scope.user == user || !active {
        return Err(ApiError::NotAllowed);
    }
    set_password(tx, scope.tenant, user, hash, Some(tx.now + ONE_TIME_MS))?;
    sessions::revoke_all(tx.sql, user, None, tx.now)?;
    audit::write(tx, scope, Deed::PasswordGiven, user, "")?;
    Ok(())
}

fn set_password(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    user: UserId,
    hash: &str,
    one_time_until: Option<i64>,
) -> rusqlite::Result<()> {
    tx.sql
        .prepare_cached(
            "update users set password_hash = ?3, one_time_until = ?4
             where tenant = ?1 and id = ?2",
        )?
        .execute(params![tenant.0, user.0, hash, one_time_until])?;
    Ok(())
}

/// Gives somebody another role. What they wrote before their phone could know is held, not
/// refused: see [`former_role`].
pub fn set_role(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    user: UserId,
    role: Role,
) -> Result<(), ApiError> {
    if scope.role != Role::Administrator || scope.user == user {
        return Err(ApiError::NotAllowed);
    }
    let (before, _) = account(tx.sql, scope.tenant, user)?;
    if before == role {
        return Ok(());
    }
    let catalog = catalog_of(tx.sql, scope.tenant)?;
    let path = Path::new("people").child(user).child("role");
    let edit = Edit::SetField { path, value: role.as_str().into() };
    // The phone learns its role with this very row, so it is also what it could know.
    let known_from = desk::edit(tx, scope, catalog, &edit)?;
    let known_from =
        known_from.map_or_else(|| log::end(tx.sql, scope.tenant).map(|it| it.0), Ok)?;
    tx.sql
        .prepare_cached(
            "insert into former_roles (tenant, user, role, until_seq) values (?1, ?2, ?3, ?4)",
        )?
        .execute(params![scope.tenant.0, user.0, before.as_str(), known_from.0.cast_signed()])?;
    tx.sql
        .prepare_cached("update users set role = ?3 where tenant = ?1 and id = ?2")?
        .execute(params![scope.tenant.0, user.0, role.as_str()])?;
    visibility::update_person(tx, scope.tenant, user)?;
    audit::write(tx, scope, Deed::RoleChanged, user, role.as_str())?;
    Ok(())
}

/// Who may say where somebody's notices go: that person, and the administrator.
pub fn may_set_contact(scope: &Scope, user: UserId) -> bool {
    scope.user == user || scope.role == Role::Administrator
}

/// Whether this can be a mail address; an empty one is none.
pub fn is_mail(text: &str) -> bool {
    text.is_empty() || (text.len() <= 254 && text.parse::<lettre::Address>().is_ok())
}

/// Says where somebody's notices go, and in which language they are told.
pub fn set_contact(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    user: UserId,
    mail: &str,
    language: Language,
) -> Result<(), ApiError> {
    account(tx.sql, scope.tenant, user)?;
    if !may_set_contact(scope, user) {
        return Err(ApiError::NotAllowed);
    }
    tx.sql
        .prepare_cached("update users set mail = ?3, language = ?4 where tenant = ?1 and id = ?2")?
        .execute(params![scope.tenant.0, user.0, mail, language.as_str()])?;
    audit::write(tx, scope, Deed::ContactChanged, user, mail)?;
    Ok(())
}

/// The role somebody had as far as a phone at this position of the log could know; none when it
/// is the one they have now.
pub fn former_role(sql: &Connection, scope: &Scope, seen: Seq) -> rusqlite::Result<Option<Role>> {
    let word: Option<String> = sql
        .prepare_cached(
            "select role from former_roles where tenant = ?1 and user = ?2 and until_seq > ?3
             order by until_seq limit 1",
        )?
        .query_row(params![scope.tenant.0, scope.user.0, seen.0.cast_signed()], |row| row.get(0))
        .optional()?;
    Ok(word.and_then(|word| Role::parse(&word)).filter(|role| *role != scope.role))
}

/// Closes an account: its very next request is refused on every phone and console. What is
/// unsent on its phones can be handed in.
pub fn close(tx: &mut WriteTx<'_>, scope: &Scope, user: UserId) -> Result<(), ApiError> {
    switch(tx, scope, user, Some(tx.now), Deed::AccountClosed)
}

/// Opens a closed account again.
pub fn reopen(tx: &mut WriteTx<'_>, scope: &Scope, user: UserId) -> Result<(), ApiError> {
    switch(tx, scope, user, None, Deed::AccountReopened)
}

fn switch(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    user: UserId,
    left_at: Option<i64>,
    deed: Deed,
) -> Result<(), ApiError> {
    let (role, active) = account(tx.sql, scope.tenant, user)?;
    // Nobody locks themselves out, and a manager does not close the administrator's account.
    let above = role == Role::Administrator && scope.role != Role::Administrator;
    if !devices::may_manage(scope.role) || scope.user == user || above {
        return Err(ApiError::NotAllowed);
    }
    if active == left_at.is_none() {
        return Ok(());
    }
    tx.sql
        .prepare_cached("update users set active = ?3, left_at = ?4 where tenant = ?1 and id = ?2")?
        .execute(params![scope.tenant.0, user.0, left_at.is_none(), left_at])?;
    visibility::update_person(tx, scope.tenant, user)?;
    audit::write(tx, scope, deed, user, "")?;
    Ok(())
}

/// Role of an account, and whether it is open.
fn account(sql: &Connection, tenant: TenantId, user: UserId) -> Result<(Role, bool), ApiError> {
    let row = sql
        .prepare_cached("select role, active from users where tenant = ?1 and id = ?2")?
        .query_row(params![tenant.0, user.0], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))
        .optional()?;
    let (role, active) = row.ok_or(ApiError::NotFound)?;
    Ok((Role::parse(&role).ok_or(ApiError::NotFound)?, active))
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
pub(crate) fn founder(tenant: TenantId) -> Scope {
    let user = UserId::default();
    Scope {
        tenant,
        user,
        role: Role::Administrator,
        name: String::new(),
        device: None,
        browser: None,
    }
}
