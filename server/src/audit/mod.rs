//! Who did what to accounts, phones, passwords, settings and data that left, when and with what:
//! the audit log. Written in the transaction of the deed, numbered without gaps and chained for
//! each organisation ([`chain`]), never changed; read by [`list`].
//!
//! What was done to records is in the record log, and reading a page is no deed.

pub mod chain;
pub mod list;

use docket_protocol::ids::{TenantId, UserId};
use docket_protocol::role::Role;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::auth::scope::Scope;
use crate::store::WriteTx;

/// What was done; each is a message id (`audit-{word}`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out.
    SignedOut,
    /// Somebody did not get in; the detail is the name that was typed, never the password.
    SignInRefused,
    /// A sign-in that had been continued came back: somebody had a copy, and it has ended.
    SignInCopied,
    /// Somebody wanted to continue a sign-in without the key of its phone.
    SignInForeign,
    /// A phone whose PIN was forgotten was opened with the password.
    PhoneUnlocked,
    /// An account was opened.
    AccountOpened,
    /// An account was closed.
    AccountClosed,
    /// An account was opened again.
    AccountReopened,
    /// Somebody has another role.
    RoleChanged,
    /// Somebody is told of missed clocks elsewhere.
    ContactChanged,
    /// Somebody signed in on a phone for the first time.
    DeviceEnrolled,
    /// A phone may not be used any more.
    DeviceRevoked,
    /// A phone may be used again.
    DeviceRestored,
    /// A browser was signed out by somebody else.
    BrowserSignedOut,
    /// Two phones, or two browsers, of one account were in use at the same time.
    UsedTogether,
    /// Somebody has a new password of their own.
    PasswordChanged,
    /// The old password was not right.
    PasswordRefused,
    /// The administrator gave somebody a password for once.
    PasswordGiven,
    /// A table was saved as a file; the detail is its name.
    TableTaken,
    /// A document, a proof or a record was saved as a file; the detail is its name.
    DocumentTaken,
    /// What the organisation works with was changed.
    SettingsChanged,
}

impl Deed {
    /// Its word in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::SignedOut => "signed-out",
            Self::SignInRefused => "sign-in-refused",
            Self::SignInCopied => "sign-in-copied",
            Self::SignInForeign => "sign-in-foreign",
            Self::PhoneUnlocked => "phone-unlocked",
            Self::AccountOpened => "account-opened",
            Self::AccountClosed => "account-closed",
            Self::AccountReopened => "account-reopened",
            Self::RoleChanged => "role-changed",
            Self::ContactChanged => "contact-changed",
            Self::DeviceEnrolled => "device-enrolled",
            Self::DeviceRevoked => "device-revoked",
            Self::DeviceRestored => "device-restored",
            Self::BrowserSignedOut => "browser-signed-out",
            Self::UsedTogether => "used-together",
            Self::PasswordChanged => "password-changed",
            Self::PasswordRefused => "password-refused",
            Self::PasswordGiven => "password-given",
            Self::TableTaken => "table-taken",
            Self::DocumentTaken => "document-taken",
            Self::SettingsChanged => "settings-changed",
        }
    }
}

/// Longest detail and name of a tool, in characters: a name, not an essay.
const DETAIL_CHARS_MAX: usize = 120;

/// Who reads the log: those in charge of people, and whoever they answer to.
pub fn may_read(role: Role) -> bool {
    matches!(role, Role::Manager | Role::Executive | Role::Administrator)
}

/// With what something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// `phone`, `browser`, `program`, `command-line`.
    pub word: &'static str,
    /// The phone's or the browser's id; nil for the others.
    pub id: Uuid,
    /// The phone's name, or the browser's family, as it was then.
    pub name: String,
}

impl Tool {
    /// A tool without a name.
    pub fn plain(word: &'static str) -> Self {
        Self { word, id: Uuid::nil(), name: String::new() }
    }

    /// What this person holds in their hands.
    fn of(sql: &Connection, scope: &Scope) -> rusqlite::Result<Self> {
        let name = |query: &str, id: Uuid| {
            let asked = params![scope.tenant.0, scope.user.0, id];
            let name = sql.prepare_cached(query)?.query_row(asked, |row| row.get(0)).optional();
            name.map(Option::unwrap_or_default)
        };
        Ok(match (scope.device, scope.browser) {
            (Some(device), _) => {
                let query = "select name from devices where tenant = ?1 and user = ?2 and id = ?3";
                Self { word: "phone", id: device.0, name: name(query, device.0)? }
            }
            (None, Some(id)) => {
                let query = "select name from browsers where tenant = ?1 and user = ?2 and id = ?3";
                Self { word: "browser", id, name: name(query, id)? }
            }
            (None, None) if scope.user == UserId::default() => Self::plain("command-line"),
            (None, None) => Self::plain("program"),
        })
    }
}

/// Writes down what somebody did to somebody's account, in the transaction of the deed.
pub fn write(
    tx: &WriteTx<'_>,
    scope: &Scope,
    deed: Deed,
    about: UserId,
    detail: &str,
) -> rusqlite::Result<()> {
    let tool = Tool::of(tx.sql, scope)?;
    write_with(tx, (scope.tenant, scope.user), &tool, deed, about, detail)
}

/// Writes down what somebody did that is about nobody else.
pub fn note(tx: &WriteTx<'_>, scope: &Scope, deed: Deed, detail: &str) -> rusqlite::Result<()> {
    write(tx, scope, deed, scope.user, detail)
}

/// Writes down what somebody did, or nobody known (nil), with a tool that their session does not
/// tell.
pub fn write_with(
    tx: &WriteTx<'_>,
    (tenant, who): (TenantId, UserId),
    tool: &Tool,
    deed: Deed,
    about: UserId,
    detail: &str,
) -> rusqlite::Result<()> {
    let (number, before) = chain::end(tx.sql, tenant)?;
    let entry = chain::Entry {
        number: number + 1,
        at: tx.now,
        who: who.0,
        tool: tool.word.to_owned(),
        tool_id: tool.id,
        tool_name: cut(&tool.name),
        what: deed.as_str().to_owned(),
        about: about.0,
        detail: cut(detail),
    };
    let chain = entry.chained(&before);
    tx.sql
        .prepare_cached(
            "insert into audit (tenant, number, at, who, tool, tool_id, tool_name, what, about,
                                detail, chain)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            tenant.0,
            entry.number,
            entry.at,
            entry.who,
            entry.tool,
            entry.tool_id,
            entry.tool_name,
            entry.what,
            entry.about,
            entry.detail,
            chain,
        ])?;
    chain::set_end(tx.sql, tenant, entry.number, &chain)
}

/// What strangers send, on one line and short.
fn cut(text: &str) -> String {
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    text.chars().map(plain).take(DETAIL_CHARS_MAX).collect()
}
