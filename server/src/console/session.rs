//! Signing in at a desk: a session in a cookie that scripts cannot read and other sites cannot
//! send. The session is looked up at every request, so that closing an account ends it at once.
//!
//! Engineers may sign in too; they see here what they see on their phones.

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::page::{LANGUAGE_COOKIE, Notice, Page, Place, Visitor, cookie, html};
use super::request::{Asked, Form};
use super::trouble::Trouble;
use crate::api::sessions::{Try, check_password};
use crate::app::App;
use crate::audit::{self, Deed, Tool};
use crate::auth::scope::Scope;
use crate::auth::sessions::{self, Session, SessionKind};
use crate::auth::{browsers, together};
use crate::error::ApiError;
use crate::held::inbox;
use crate::levels::notices;
use crate::limits::{CONSOLE_SESSION_MS, LAST_SEEN_STEP_MS};
use crate::random::random;
use crate::store::WriteTx;
use crate::words::Language;

const SESSION_COOKIE: &str = "docket_session";
/// Says that it is the same browser as before; opens nothing. None keeps it any longer.
const BROWSER_COOKIE: &str = "docket_browser";
const BROWSER_COOKIE_SECONDS: i64 = 400 * 24 * 3_600;
/// Where a password given for once is replaced by one's own.
pub(crate) const PASSWORD_PAGE: &str = "/password";

/// Somebody with an account.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    pub(crate) visitor: Visitor,
    pub(crate) scope: Scope,
    /// The session.
    pub(crate) id: uuid::Uuid,
    /// Whether the password was given for once and has to be changed first.
    pub(crate) one_time: bool,
    pub(crate) organisation: String,
    /// Pieces of held work that wait for a decision.
    pub(crate) waiting: usize,
    /// Notices to this person that they have not seen.
    pub(crate) unseen: usize,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Trouble> {
        let visitor =
            Visitor::from_request_parts(parts, app).await.unwrap_or_else(|never| match never {});
        let Some(token) = cookie(&parts.headers, SESSION_COOKIE) else {
            return Err(Trouble::SignIn(""));
        };
        let (keys, now) = (std::sync::Arc::clone(&app.keys), app.clock.now_ms());
        let found = app.store.try_read(move |sql| {
            let session =
                sessions::session_of_token(sql, &keys, &token, SessionKind::Console, now)?;
            let organisation = sql
                .prepare_cached("select name from tenants where id = ?1")?
                .query_row([session.scope.tenant.0], |row| row.get(0))?;
            let waiting = inbox::count_waiting(sql, &session.scope)?;
            let unseen = notices::count_unseen(sql, &session.scope)?;
            Ok::<(Session, String, usize, usize), ApiError>((
                session,
                organisation,
                waiting,
                unseen,
            ))
        });
        let (session, organisation, waiting, unseen) =
            found.await.map_err(|error| match error {
                ApiError::Unavailable | ApiError::TooManyRequests => Trouble::Unavailable,
                _ => Trouble::SignIn("expired"),
            })?;
        if now - session.last_used_at() > LAST_SEEN_STEP_MS {
            let session = session.clone();
            let family = family_of(&parts.headers);
            app.store
                .write(move |tx| in_use(tx, &session, family).map_err(ApiError::from))
                .await
                .map_err(|_| Trouble::Unavailable)?;
        }
        let (id, one_time) = (session.id, session.is_one_time());
        if one_time && parts.uri.path() != PASSWORD_PAGE {
            return Err(Trouble::NewPassword);
        }
        Ok(Self { visitor, scope: session.scope, id, one_time, organisation, waiting, unseen })
    }
}

/// Notes that a session is in use, and with what.
fn in_use(tx: &WriteTx<'_>, session: &Session, family: &str) -> rusqlite::Result<()> {
    sessions::touch(tx.sql, session, tx.now)?;
    if session.scope.browser.is_some() {
        browsers::seen(tx, &session.scope, family)?;
        together::notice(tx, &session.scope)?;
    }
    Ok(())
}

fn family_of(headers: &HeaderMap) -> &'static str {
    let said = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    browsers::family(said.unwrap_or_default())
}

/// The browser this is: the one its cookie names, or a new one.
fn browser_of(headers: &HeaderMap) -> uuid::Uuid {
    let known = cookie(headers, BROWSER_COOKIE).and_then(|id| uuid::Uuid::parse_str(&id).ok());
    known.unwrap_or_else(|| uuid::Builder::from_random_bytes(random()).into_uuid())
}

/// What a browser is in the audit log.
pub(crate) fn tool_of(headers: &HeaderMap, browser: uuid::Uuid) -> Tool {
    Tool { word: "browser", id: browser, name: family_of(headers).to_owned() }
}

#[derive(askama::Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    page: Page,
    login: String,
}

#[derive(Deserialize)]
pub(crate) struct SignInQuery {
    #[serde(default)]
    reason: String,
}

/// `GET /sign-in`
pub(crate) async fn show_sign_in(visitor: Visitor, Asked(query): Asked<SignInQuery>) -> Response {
    let words = visitor.words;
    let notice = match query.reason.as_str() {
        "expired" => Some(Notice::alarm(words.get("sign-in-expired"))),
        "out" => Some(Notice::good(words.get("signed-out"))),
        _ => None,
    };
    sign_in_page(&visitor, StatusCode::OK, notice, String::new())
}

fn sign_in_page(
    visitor: &Visitor,
    status: StatusCode,
    notice: Option<Notice>,
    login: String,
) -> Response {
    let title = visitor.words.get("sign-in-title");
    let page = Page::open(visitor, Place::Door, title).with_notice(notice);
    html(status, &SignInPage { page, login })
}

#[derive(Deserialize)]
pub(crate) struct Credentials {
    login: String,
    password: String,
}

/// `POST /sign-in`
pub(crate) async fn start_session(
    State(app): State<App>,
    visitor: Visitor,
    ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>,
    headers: HeaderMap,
    Form(credentials): Form<Credentials>,
) -> Result<Response, Trouble> {
    let login = credentials.login.trim().to_owned();
    let (browser, family) = (browser_of(&headers), family_of(&headers));
    let tried = Try {
        login: login.clone(),
        password: credentials.password,
        address: peer,
        tool: tool_of(&headers, browser),
        refused: Deed::SignInRefused,
    };
    let scope = match check_password(&app, tried).await {
        Ok(account) => Scope { browser: Some(browser), ..account.scope },
        Err(error @ (ApiError::WrongPassword | ApiError::TooManyRequests)) => {
            let notice = Notice::alarm(visitor.words.of("error", error.code()));
            return Ok(sign_in_page(&visitor, error.status(), Some(notice), login));
        }
        Err(_) => return Err(Trouble::Unavailable),
    };
    let started = app.store.write(move |tx| {
        browsers::seen(tx, &scope, family)?;
        audit::note(tx, &scope, Deed::SignedIn, "")?;
        together::notice(tx, &scope)?;
        let started = sessions::start(tx.sql, tx.keys, scope, SessionKind::Console, tx.now);
        started.map_err(ApiError::from)
    });
    let (_, token) = started.await.map_err(|_| Trouble::Unavailable)?;
    let seconds = CONSOLE_SESSION_MS / 1_000;
    let session = set_cookie(&headers, SESSION_COOKIE, &token, seconds, "; HttpOnly");
    let (name, browser) = (BROWSER_COOKIE, browser.to_string());
    let browser = set_cookie(&headers, name, &browser, BROWSER_COOKIE_SECONDS, "; HttpOnly");
    Ok((AppendCookie(session), AppendCookie(browser), Redirect::to("/")).into_response())
}

/// `POST /sign-out`
pub(crate) async fn end_session(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    if let Some(token) = cookie(&headers, SESSION_COOKIE) {
        let now = app.clock.now_ms();
        let ended = app.store.write(move |tx| {
            match sessions::session_of_token(tx.sql, tx.keys, &token, SessionKind::Console, now) {
                Ok(session) => {
                    sessions::revoke(tx.sql, session.id, now)?;
                    audit::note(tx, &session.scope, Deed::SignedOut, "").map_err(ApiError::from)
                }
                // There is nothing left to end.
                Err(_) => Ok(()),
            }
        });
        ended.await.map_err(|_| Trouble::Unavailable)?;
    }
    let cookie = set_cookie(&headers, SESSION_COOKIE, "", 0, "; HttpOnly");
    Ok((AppendCookie(cookie), Redirect::to("/sign-in?reason=out")).into_response())
}

#[derive(Deserialize)]
pub(crate) struct LanguageChoice {
    language: String,
    #[serde(default)]
    back: String,
}

/// `POST /language`
pub(crate) async fn choose_language(
    headers: HeaderMap,
    Form(choice): Form<LanguageChoice>,
) -> Result<Response, Trouble> {
    let language = Language::parse(&choice.language).ok_or(Trouble::Malformed)?;
    let back = if is_own_path(&choice.back) { choice.back.as_str() } else { "/" };
    let year_seconds = 365 * 24 * 3_600;
    let cookie = set_cookie(&headers, LANGUAGE_COOKIE, language.as_str(), year_seconds, "");
    Ok((AppendCookie(cookie), Redirect::to(back)).into_response())
}

/// A path of this server: `//host` and `/\\host` would send the reader to another site.
fn is_own_path(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']))
}

struct AppendCookie(String);

impl axum::response::IntoResponseParts for AppendCookie {
    type Error = std::convert::Infallible;

    fn into_response_parts(
        self,
        mut response: axum::response::ResponseParts,
    ) -> Result<axum::response::ResponseParts, Self::Error> {
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        Ok(response)
    }
}

/// `Secure` wherever the browser came over https; a demo on plain http still works.
fn set_cookie(headers: &HeaderMap, name: &str, value: &str, seconds: i64, more: &str) -> String {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let secure = match origin {
        Some(origin) if origin.starts_with("https:") => "; Secure",
        _ => "",
    };
    format!("{name}={value}; Path=/; Max-Age={seconds}; SameSite=Strict{secure}{more}")
}

/// Middleware of every page: a form is only taken from a page of this server.
///
/// `SameSite=Strict` already keeps other sites from using the cookie; this also holds for
/// signing in, where there is no cookie yet.
pub(crate) async fn own_origin_only(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_own_origin(request.headers()) {
        next.run(request).await
    } else {
        Trouble::Malformed.into_response()
    }
}

fn is_own_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else {
        return text(header::HeaderName::from_static("sec-fetch-site")) == Some("same-origin");
    };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.is_some() && authority == text(header::HOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                let name = header::HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            })
            .collect()
    }

    #[test]
    fn forms_from_elsewhere_are_not_taken() {
        let own = |pairs: &[(&'static str, &'static str)]| is_own_origin(&headers(pairs));
        assert!(own(&[("origin", "http://docket.test:8080"), ("host", "docket.test:8080")]));
        assert!(own(&[("sec-fetch-site", "same-origin"), ("host", "docket.test")]));
        assert!(!own(&[("origin", "https://evil.test"), ("host", "docket.test")]));
        assert!(!own(&[("origin", "null"), ("host", "docket.test")]));
        assert!(!own(&[("host", "docket.test")]));
    }

    #[test]
    fn the_way_back_stays_here() {
        assert!(is_own_path("/") && is_own_path("/jobs/1?edit=report"));
        assert!(!is_own_path("//evil.test") && !is_own_path("/\\evil.test"));
        assert!(!is_own_path("https://evil.test") && !is_own_path(""));
    }

    #[test]
    fn cookies_are_strict_and_secure_over_https() {
        let plain = set_cookie(&headers(&[]), "a", "b", 5, "; HttpOnly");
        assert_eq!(plain, "a=b; Path=/; Max-Age=5; SameSite=Strict; HttpOnly");
        let secure = set_cookie(&headers(&[("origin", "https://x")]), "a", "b", 5, "");
        assert!(secure.contains("; Secure"));
    }
}
