//! Browsers at desks: known again by a cookie, as phones are by their key. The cookie opens
//! nothing; it only says that it is the same browser as before.

use docket_protocol::ids::UserId;
use docket_protocol::role::Role;
use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::auth::scope::Scope;
use crate::auth::{devices, sessions};
use crate::error::ApiError;
use crate::store::WriteTx;

/// The family of a browser by what it says of itself. Most name several; the rarest word counts.
pub fn family(user_agent: &str) -> &'static str {
    const WORDS: [(&str, &str); 5] = [
        ("Edg/", "edge"),
        ("Firefox/", "firefox"),
        ("Chrome/", "chrome"),
        ("Chromium/", "chrome"),
        ("Safari/", "safari"),
    ];
    let found = WORDS.into_iter().find(|(word, _)| user_agent.contains(word));
    found.map_or("other", |(_, family)| family)
}

/// Notes that a person is in this browser now.
pub fn seen(tx: &WriteTx<'_>, scope: &Scope, family: &str) -> rusqlite::Result<()> {
    tx.sql
        .prepare_cached(
            "insert into browsers (tenant, user, id, name, first_seen_at, last_seen_at)
             values (?1, ?2, ?3, ?4, ?5, ?5)
             on conflict (tenant, user, id) do update
             set last_seen_at = excluded.last_seen_at, name = excluded.name",
        )?
        .execute(params![scope.tenant.0, scope.user.0, scope.browser, family, tx.now])?;
    Ok(())
}

/// Signs somebody out in one browser. Whoever knows the password can sign in there again.
pub fn sign_out(
    tx: &WriteTx<'_>,
    scope: &Scope,
    user: UserId,
    browser: Uuid,
) -> Result<(), ApiError> {
    let found: Option<(String, String)> = tx
        .sql
        .prepare_cached(
            "select b.name, u.role from browsers b join users u on u.id = b.user
             where b.tenant = ?1 and b.user = ?2 and b.id = ?3",
        )?
        .query_row(params![scope.tenant.0, user.0, browser], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let above = found.as_ref().is_some_and(|(_, role)| role == Role::Administrator.as_str())
        && scope.role != Role::Administrator;
    let own = scope.user == user;
    if !own && (!devices::may_manage(scope.role) || above) {
        return Err(ApiError::NotAllowed);
    }
    let (name, _) = found.ok_or(ApiError::NotFound)?;
    if sessions::revoke_in_browser(tx.sql, user, browser, tx.now)? > 0 {
        audit::write(tx, scope, Deed::BrowserSignedOut, user, &name)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::family;

    #[test]
    fn a_browser_is_what_its_rarest_word_says() {
        let mozilla = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) ";
        assert_eq!(family(&format!("{mozilla}Chrome/150.0 Safari/537.36")), "chrome");
        assert_eq!(family(&format!("{mozilla}Chrome/150.0 Safari/537.36 Edg/150.0")), "edge");
        assert_eq!(family(&format!("{mozilla}Version/19 Safari/605.1")), "safari");
        assert_eq!(family("Mozilla/5.0 (X11; rv:150.0) Gecko/20100101 Firefox/150.0"), "firefox");
        assert_eq!(family("<script>"), "other");
    }
}
