//! Answers to sign-in and token renewal.

use docket_protocol::ids::{DeviceId, TenantId};
use serde::Deserialize;

use crate::client::Client;
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::session::{Session, SignedIn, Tokens};
use crate::store::meta;
use crate::sync::hand_in;
use crate::view::Person;

#[derive(Deserialize)]
struct LoginAnswer {
    access_token: String,
    access_expires_at: i64,
    refresh_token: String,
    device: DeviceId,
    person: Person,
    organisation: Organisation,
    server_key: String,
    server_time: i64,
}

#[derive(Deserialize)]
struct Organisation {
    id: TenantId,
    name: String,
}

#[derive(Deserialize)]
struct RefreshAnswer {
    access_token: String,
    access_expires_at: i64,
    refresh_token: String,
    server_time: i64,
}

#[derive(Deserialize)]
struct ErrorAnswer {
    error: ErrorBody,
}

#[derive(Deserialize)]
struct ErrorBody {
    code: String,
}

/// The answer to a sign-in.
pub(super) fn logged_in(
    client: &mut Client,
    env: &mut Env<'_>,
    status: u16,
    content_type: &str,
    body: &[u8],
) -> Result<()> {
    client.session.pending = None;
    if status == 403 && client.session.is_signed_in() {
        withdraw_if_told(client, problem_of(status, content_type, body))?;
    }
    let answer: LoginAnswer = read(status, content_type, body)?;
    let before = client.session.signed_in.as_ref();
    // Another person's records are on this phone, perhaps with unsent work: signing out is what
    // clears it, and refuses while there is any.
    if before.is_some_and(|session| session.person.id != answer.person.id) {
        return Err(ClientError::new("sign-out-first"));
    }
    let sql = client.store.transaction()?;
    let signed_in = SignedIn {
        person: answer.person,
        tenant: answer.organisation.id,
        organisation: answer.organisation.name,
        device: answer.device,
        server_key: answer.server_key,
        tokens: Tokens {
            access: answer.access_token,
            access_expires_at: answer.access_expires_at,
            refresh: answer.refresh_token,
        },
    };
    Session::store(&sql, &signed_in)?;
    super::note_clock(&sql, answer.server_time, env.now)?;
    sql.commit()?;
    hand_in::forget(client)?;
    client.session.signed_in = Some(signed_in);
    client.session.ended = false;
    client.sync.clear_problem();
    client.sync.want();
    Ok(())
}

/// The answer to a token renewal.
pub(super) fn refreshed(
    client: &mut Client,
    env: &mut Env<'_>,
    status: u16,
    content_type: &str,
    body: &[u8],
) -> Result<()> {
    if status == 401 || status == 403 {
        let problem = problem_of(status, content_type, body);
        withdraw_if_told(client, problem)?;
        if client.session.withdrawn.is_some() {
            return Err(ClientError::new(problem));
        }
        let sql = client.store.transaction()?;
        meta::set(&sql, "session_ended", &true)?;
        sql.commit()?;
        client.session.ended = true;
        return Err(ClientError::new(problem));
    }
    let answer: RefreshAnswer = read(status, content_type, body)?;
    let Some(signed_in) = &mut client.session.signed_in else { return Ok(()) };
    signed_in.tokens = Tokens {
        access: answer.access_token,
        access_expires_at: answer.access_expires_at,
        refresh: answer.refresh_token,
    };
    let sql = client.store.transaction()?;
    Session::store(&sql, signed_in)?;
    super::note_clock(&sql, answer.server_time, env.now)?;
    sql.commit()?;
    client.sync.token_is_untried = true;
    Ok(())
}

/// The server did not take the access token: renew it before the next attempt.
pub(crate) fn expire_access_token(client: &mut Client) -> Result<()> {
    let Some(signed_in) = &mut client.session.signed_in else { return Ok(()) };
    signed_in.tokens.access_expires_at = 0;
    if client.sync.token_is_untried {
        // Renewed just now and still not taken: wait before going round again.
        return Err(ClientError::new("token-invalid"));
    }
    client.sync.want();
    Ok(())
}

/// Remembers it when the office has withdrawn this phone.
fn withdraw_if_told(client: &mut Client, problem: &'static str) -> Result<()> {
    if hand_in::withdraws(problem) { hand_in::withdraw(client, problem) } else { Ok(()) }
}

fn read<T: for<'de> Deserialize<'de>>(status: u16, content_type: &str, body: &[u8]) -> Result<T> {
    if status != 200 {
        return Err(ClientError::new(problem_of(status, content_type, body)));
    }
    if !content_type.starts_with("application/json") {
        return Err(ClientError::new("not-our-server"));
    }
    serde_json::from_slice(body).map_err(|error| ClientError::with_detail("answer-damaged", &error))
}

/// The message id for an answer that is not a success.
pub(crate) fn problem_of(status: u16, content_type: &str, body: &[u8]) -> &'static str {
    const KNOWN: [&str; 14] = [
        "wrong-password",
        "token-expired",
        "token-invalid",
        "unknown-device",
        "device-revoked",
        "too-large",
        "too-many-requests",
        "malformed",
        "version-too-old",
        "account-closed",
        "hand-in-not-needed",
        "hand-in-too-late",
        "bad-signature",
        "server-too-old",
    ];
    let code = serde_json::from_slice::<ErrorAnswer>(body).map(|answer| answer.error.code);
    let known = code.ok().and_then(|code| KNOWN.into_iter().find(|known| *known == code));
    match (known, status) {
        (Some(known), _) => known,
        (None, _) if content_type.starts_with("text/html") => "not-our-server",
        (None, 500..) => "server-unavailable",
        _ => "not-our-server",
    }
}
