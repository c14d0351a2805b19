//! The audit log as it is read: newest first, by person, tool, kind of deed and period.

use docket_protocol::ids::{TenantId, UserId};
use rusqlite::{Connection, ToSql, named_params};
use uuid::Uuid;

use super::Deed;
use crate::limits::AUDIT_SEARCHED_MAX;

/// Deeds that belong together; each is a message id (`audit-kind-{word}`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In and out.
    SignIns,
    /// What did not work, and what looks like somebody else.
    Refused,
    /// Accounts, roles, where notices go.
    Accounts,
    /// Phones and browsers.
    Tools,
    /// Passwords.
    Passwords,
    /// Data that left.
    Taken,
    /// What the organisation works with.
    Settings,
}

impl Kind {
    /// In the order of the page.
    pub const ALL: [Self; 7] = [
        Self::SignIns,
        Self::Refused,
        Self::Accounts,
        Self::Tools,
        Self::Passwords,
        Self::Taken,
        Self::Settings,
    ];

    /// Its word in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::Refused => "refused",
            Self::Accounts => "accounts",
            Self::Tools => "tools",
            Self::Passwords => "passwords",
            Self::Taken => "taken",
            Self::Settings => "settings",
        }
    }

    /// The kind with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The deeds of this kind.
    pub fn deeds(self) -> &'static [Deed] {
        match self {
            Self::SignIns => &[Deed::SignedIn, Deed::SignedOut, Deed::PhoneUnlocked],
            Self::Refused => &[
                Deed::SignInRefused,
                Deed::SignInCopied,
                Deed::SignInForeign,
                Deed::PasswordRefused,
                Deed::UsedTogether,
            ],
            Self::Accounts => &[
                Deed::AccountOpened,
                Deed::AccountClosed,
                Deed::AccountReopened,
                Deed::RoleChanged,
                Deed::ContactChanged,
            ],
            Self::Tools => &[
                Deed::DeviceEnrolled,
                Deed::DeviceRevoked,
                Deed::DeviceRestored,
                Deed::BrowserSignedOut,
                Deed::UsedTogether,
            ],
            Self::Passwords => &[Deed::PasswordChanged, Deed::PasswordRefused, Deed::PasswordGiven],
            Self::Taken => &[Deed::TableTaken, Deed::DocumentTaken],
            Self::Settings => &[Deed::SettingsChanged],
        }
    }
}

/// What to look for.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Done by this person, or to their account.
    pub person: Option<UserId>,
    /// Done with this phone or browser.
    pub tool: Option<Uuid>,
    /// Only deeds of this kind.
    pub kind: Option<Kind>,
    /// Not before this moment, Unix ms.
    pub from: Option<i64>,
    /// Before this moment.
    pub until: Option<i64>,
    /// Before this entry.
    pub before: Option<i64>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place in the log.
    pub number: i64,
    /// Server clock, Unix ms.
    pub at: i64,
    /// Who did it; empty for nobody known.
    pub who: String,
    /// The deed's word.
    pub what: String,
    /// To whom.
    pub about: String,
    /// What the deed says beyond that: a name, a role, a file.
    pub detail: String,
    /// With what: a word of [`super::Tool`]; empty in entries of before that was written.
    pub tool: String,
    /// The phone's or browser's id.
    pub tool_id: Uuid,
    /// Its name.
    pub tool_name: String,
    /// Its digest, which covers everything before it.
    pub chain: [u8; 32],
}

/// A window on the log.
#[derive(Debug)]
pub struct Window<T> {
    /// Newest first.
    pub entries: Vec<T>,
    /// Where to look on, if there may be more.
    pub rest: Option<i64>,
}

/// The newest entries that pass the filter and that `shown` makes something of, so many at most.
pub fn list<T>(
    sql: &Connection,
    tenant: TenantId,
    filter: &AuditFilter,
    most: usize,
    mut shown: impl FnMut(AuditEntry) -> Option<T>,
) -> rusqlite::Result<Window<T>> {
    let (text, person, tool) = statement(filter);
    let mut statement = sql.prepare_cached(&text)?;
    let (from, until) = (filter.from.unwrap_or(0), filter.until.unwrap_or(i64::MAX));
    let before = filter.before.unwrap_or(i64::MAX);
    let most_read = AUDIT_SEARCHED_MAX.max(most) + 1;
    let mut asked: Vec<(&str, &dyn ToSql)> = named_params! {
        ":tenant": tenant.0, ":before": before, ":from": from, ":until": until, ":most": most_read
    }
    .to_vec();
    asked.extend(person.as_ref().map(|id| (":person", id as &dyn ToSql)));
    asked.extend(tool.as_ref().map(|id| (":tool", id as &dyn ToSql)));
    let mut rows = statement.query(asked.as_slice())?;
    let (mut entries, mut seen, mut last) = (Vec::new(), 0, before);
    while let Some(row) = rows.next()? {
        if entries.len() == most || seen + 1 == most_read {
            return Ok(Window { entries, rest: Some(last) });
        }
        seen += 1;
        let entry = AuditEntry {
            number: row.get(0)?,
            at: row.get(1)?,
            who: row.get(2)?,
            what: row.get(3)?,
            about: row.get(4)?,
            detail: row.get(5)?,
            tool: row.get(6)?,
            tool_id: row.get(7)?,
            tool_name: row.get(8)?,
            chain: row.get(9)?,
        };
        last = entry.number;
        entries.extend(shown(entry));
    }
    Ok(Window { entries, rest: None })
}

/// The statement for a filter; only our own words become part of it.
fn statement(filter: &AuditFilter) -> (String, Option<Uuid>, Option<Uuid>) {
    let (person, tool) = (filter.person.map(|user| user.0), filter.tool);
    let of_person =
        if person.is_some() { "and (a.who = :person or a.about = :person)" } else { "" };
    let with_tool = if tool.is_some() { "and a.tool_id = :tool" } else { "" };
    let in_period = match (filter.from, filter.until) {
        (None, None) => "and :from <= :until",
        _ => "and a.at >= :from and a.at < :until",
    };
    let of_kind = filter.kind.map(|kind| {
        let words: Vec<_> = kind.deeds().iter().map(|one| format!("'{}'", one.as_str())).collect();
        format!("and a.what in ({})", words.join(", "))
    });
    let text = format!(
        "select a.number, a.at, coalesce(w.name, ''), a.what, coalesce(u.name, ''), a.detail,
                a.tool, a.tool_id, a.tool_name, a.chain
         from audit a left join users w on w.id = a.who left join users u on u.id = a.about
         where a.tenant = :tenant and a.number < :before {of_person} {with_tool} {in_period} {}
         order by a.number desc limit :most",
        of_kind.unwrap_or_default()
    );
    (text, person, tool)
}

/// Phones and browsers with their names: what one may look for.
pub fn tools(sql: &Connection, tenant: TenantId) -> rusqlite::Result<Vec<(Uuid, String, String)>> {
    let phones = "select d.id, d.name, u.name from devices d join users u on u.id = d.user
                  where d.tenant = ?1 order by u.name, d.name";
    sql.prepare_cached(phones)?
        .query_map([tenant.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
}
