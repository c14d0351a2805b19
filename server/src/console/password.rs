//! `GET /password`: everybody's own password. The old one, the new one twice; then all other
//! consoles and phones of this person have to sign in again, and lose nothing.

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::page::{Notice, Page, Place, html};
use super::request::{Asked, Form};
use super::session::{PASSWORD_PAGE, SignedIn, tool_of};
use super::trouble::Trouble;
use crate::api::sessions::{Try, check_password};
use crate::app::App;
use crate::audit::Deed;
use crate::auth::passwords;
use crate::error::ApiError;
use crate::limits::PASSWORD_CHARS_MIN;
use crate::people;

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    page: Page,
    /// Whether the present one was given for once.
    one_time: bool,
    login: String,
    rule: String,
}

#[derive(Deserialize)]
pub(crate) struct PasswordQuery {
    #[serde(default)]
    ended: Option<usize>,
}

/// Shows the form.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<PasswordQuery>,
) -> Result<Response, Trouble> {
    let words = signed_in.visitor.words;
    let notice = query.ended.map(|ended| {
        let text = [words.get("password-done"), words.count("password-ended", ended)].join(" ");
        Notice::good(text)
    });
    let login = login_of(&app, &signed_in).await?;
    Ok(form(&signed_in, StatusCode::OK, notice, login))
}

fn form(
    signed_in: &SignedIn,
    status: StatusCode,
    notice: Option<Notice>,
    login: String,
) -> Response {
    let words = signed_in.visitor.words;
    let page = Page::signed_in(signed_in, Place::Password, words.get("password-title"));
    let one_time = signed_in.one_time;
    let rule = words.with("password-rule", &[("count", PASSWORD_CHARS_MIN.into())]);
    html(status, &PasswordPage { page: page.with_notice(notice), one_time, login, rule })
}

async fn login_of(app: &App, signed_in: &SignedIn) -> Result<String, Trouble> {
    let (tenant, user) = (signed_in.scope.tenant, signed_in.scope.user);
    let login = app.store.read(move |sql| {
        sql.prepare_cached("select login from users where tenant = ?1 and id = ?2")?
            .query_row([tenant.0, user.0], |row| row.get(0))
    });
    Ok(login.await?)
}

#[derive(Deserialize)]
pub(crate) struct NewPassword {
    old: String,
    new: String,
    again: String,
}

/// `POST /password`
pub(crate) async fn change(
    State(app): State<App>,
    signed_in: SignedIn,
    ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>,
    headers: HeaderMap,
    Form(typed): Form<NewPassword>,
) -> Result<Response, Trouble> {
    let words = signed_in.visitor.words;
    let login = login_of(&app, &signed_in).await?;
    let wrong = match &typed {
        NewPassword { new, again, .. } if new != again => Some("password-not-twice"),
        NewPassword { new, old, .. } if new == old => Some("password-same"),
        NewPassword { new, .. } if !passwords::is_acceptable(new, &login) => Some("password-short"),
        _ => None,
    };
    if let Some(id) = wrong {
        let notice = Notice::alarm(words.with(id, &[("count", PASSWORD_CHARS_MIN.into())]));
        return Ok(form(&signed_in, StatusCode::UNPROCESSABLE_ENTITY, Some(notice), login));
    }
    let tried = Try {
        login: login.clone(),
        password: typed.old,
        address: peer,
        tool: tool_of(&headers, signed_in.scope.browser.unwrap_or_default()),
        refused: Deed::PasswordRefused,
    };
    match check_password(&app, tried).await {
        Ok(_) => {}
        Err(error @ (ApiError::WrongPassword | ApiError::TooManyRequests)) => {
            let id = match error {
                ApiError::WrongPassword => "password-old-wrong",
                _ => "error-too-many-requests",
            };
            let notice = Some(Notice::alarm(words.get(id)));
            return Ok(form(&signed_in, error.status(), notice, login));
        }
        Err(_) => return Err(Trouble::Unavailable),
    }
    let hash = app.passwords.hash(typed.new).await?;
    let (scope, session) = (signed_in.scope, signed_in.id);
    let changed = app.store.write(move |tx| {
        people::change_password(tx, &scope, session, &hash).map_err(ApiError::from)
    });
    let ended = changed.await?;
    Ok(Redirect::to(&format!("{PASSWORD_PAGE}?ended={ended}")).into_response())
}
