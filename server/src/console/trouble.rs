//! What a page says when it cannot be shown: in the reader's language, what happened and where
//! to go, never why inside. Handlers return a [`Trouble`]; [`show`] turns it into a page.

use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::page::{Page, Place, Visitor, html};
use crate::app::App;
use crate::desk::DeskError;
use crate::store::StoreError;

/// Why a page cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is no such page or record, or not for this person: both look the same.
    NotFound,
    /// An account is needed; the words say why.
    SignIn(&'static str),
    /// The request does not come from our own page, or cannot be read.
    Malformed,
    /// A rule refuses; the code is a message id (`error-{code}`).
    Refused(String),
    /// The store cannot answer now.
    Unavailable,
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a page could not be read or saved");
        Self::Unavailable
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<DeskError> for Trouble {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NotFound => Self::NotFound,
            DeskError::Refused(error) => Self::Refused(error.code.to_owned()),
            DeskError::Store(error) => error.into(),
        }
    }
}

impl Trouble {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn(_) => StatusCode::SEE_OTHER,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Refused(_) => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::NotFound => "not-found",
            Self::SignIn(_) | Self::Malformed => "malformed",
            Self::Refused(code) => code,
            Self::Unavailable => "unavailable",
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage {
    page: Page,
    explained: String,
}

/// Middleware of every page: shows the trouble a handler ran into.
pub(crate) async fn show(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let visitor = Visitor::from_request_parts(&mut parts, &app).await;
    let visitor = visitor.unwrap_or_else(|never| match never {});
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(trouble) = response.extensions().get::<Trouble>() else {
        return response;
    };
    if let Trouble::SignIn(reason) = trouble {
        return Redirect::to(&format!("/sign-in?reason={reason}")).into_response();
    }
    let words = visitor.words;
    let title = match trouble {
        Trouble::NotFound => words.get("error-title-not-found"),
        _ => words.get("error-title"),
    };
    let explained = words.of("error", trouble.code());
    let page = Page::open(&visitor, Place::Door, title);
    html(trouble.status(), &TroublePage { page, explained })
}
