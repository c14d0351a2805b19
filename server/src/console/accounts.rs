//! What the administrator does to accounts from the people page: opens one, and gives somebody
//! who forgot theirs a password for once. The password is on the answer and nowhere else.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::ids::UserId;
use docket_protocol::role::Role;
use rusqlite::OptionalExtension;
use serde::Deserialize;

use super::page::{Page, Place, html};
use super::request::{Form, Ids};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::auth::passwords;
use crate::limits::ONE_TIME_MS;
use crate::people::{self, NewPerson, PeopleError};

#[derive(Template)]
#[template(path = "one_time.html")]
struct OneTimePage {
    page: Page,
    explained: String,
    login: String,
    password: String,
    until: String,
}

fn shown(app: &App, signed_in: &SignedIn, name: &str, login: String, password: String) -> Response {
    let visitor = &signed_in.visitor;
    let title = visitor.words.get("one-time-title");
    let template = OneTimePage {
        page: Page::signed_in(signed_in, Place::People, title),
        explained: visitor.words.with("one-time-explained", &[("name", name.into())]),
        login,
        password,
        until: visitor.moments.exact(app.clock.now_ms() + ONE_TIME_MS),
    };
    html(StatusCode::OK, &template)
}

/// Somebody new.
#[derive(Deserialize)]
pub(crate) struct NewAccount {
    name: String,
    login: String,
    role: Role,
    #[serde(default)]
    phone: String,
}

/// `POST /people`: opens an account.
pub(crate) async fn open(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(new): Form<NewAccount>,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope.clone();
    if scope.role != Role::Administrator {
        return Err(Trouble::Refused("not-allowed".to_owned()));
    }
    let password = passwords::one_time();
    let hash = app.passwords.hash(password.clone()).await?;
    let trimmed = |text: String| text.trim().to_owned();
    let (name, login) = (trimmed(new.name), trimmed(new.login));
    let person = NewPerson {
        login: login.clone(),
        name: name.clone(),
        role: new.role,
        phone: trimmed(new.phone).chars().take(100).collect(),
        // Only its hash is wanted.
        password: String::new(),
    };
    let opened = app.store.write(move |tx| {
        let until = Some(tx.now + ONE_TIME_MS);
        people::open(tx, &scope, &person, &hash, until)
    });
    match opened.await {
        Ok(_) => Ok(shown(&app, &signed_in, &name, login, password)),
        Err(PeopleError::LoginTaken(_)) => {
            Ok(Redirect::to("/people?notice=login-taken").into_response())
        }
        Err(PeopleError::Name | PeopleError::Password) => {
            Ok(Redirect::to("/people?notice=bad-name").into_response())
        }
        Err(PeopleError::NotAllowed) => Err(Trouble::Refused("not-allowed".to_owned())),
        Err(PeopleError::Desk(error)) => Err(error.into()),
    }
}

/// `POST /people/{person}/password`: a password for once, for somebody who forgot theirs.
pub(crate) async fn give_password(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(person): Ids<UserId>,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope.clone();
    let password = passwords::one_time();
    let hash = app.passwords.hash(password.clone()).await?;
    let tenant = scope.tenant;
    app.store.write(move |tx| people::give_password(tx, &scope, person, &hash)).await?;
    let found = app.store.read(move |sql| {
        sql.prepare_cached("select name, login from users where tenant = ?1 and id = ?2")?
            .query_row([tenant.0, person.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
    });
    let (name, login): (String, String) = found.await?.ok_or(Trouble::NotFound)?;
    Ok(shown(&app, &signed_in, &name, login, password))
}
