//! What a page says when it cannot be shown: in the reader's language, what happened and where
//! to go, never why inside. Handlers return a [`Trouble`]; [`show`] turns it into a page.

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::page::{Page, Place, Visitor, html};
use super::session::PASSWORD_PAGE;
use crate::desk::DeskError;
use crate::error::ApiError;
use crate::paper::PaperError;
use crate::store::StoreError;

/// Why a page cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is no such page or record, or not for this person: both look the same.
    NotFound,
    /// An account is needed; the words say why.
    SignIn(&'static str),
    /// A password of one's own is needed first.
    NewPassword,
    /// The request does not come from our own page, or cannot be read.
    Malformed,
    /// A rule refuses; the code is a message id (`error-{code}`).
    Refused(String),
    /// A job cannot be filed yet; what is missing, in words.
    Lacks(String),
    /// The store cannot answer now.
    Unavailable,
    /// A document was not printed.
    NotPrinted(PaperError),
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

impl From<ApiError> for Trouble {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::NotFound => Self::NotFound,
            ApiError::NotAllowed => Self::Refused("not-allowed".to_owned()),
            _ => Self::Unavailable,
        }
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
            Self::SignIn(_) | Self::NewPassword => StatusCode::SEE_OTHER,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Refused(_) => StatusCode::FORBIDDEN,
            Self::Lacks(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotPrinted(PaperError::TooLong) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotPrinted(PaperError::NotSet(_)) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotPrinted(_) | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
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
pub(crate) async fn show(request: Request, next: Next) -> Response {
    let visitor = Visitor::of(request.headers(), request.uri(), 0);
    let response = next.run(request).await;
    let Some(trouble) = response.extensions().get::<Trouble>() else {
        return response;
    };
    if let Trouble::SignIn(reason) = trouble {
        return Redirect::to(&format!("/sign-in?reason={reason}")).into_response();
    }
    if *trouble == Trouble::NewPassword {
        return Redirect::to(PASSWORD_PAGE).into_response();
    }
    let words = visitor.words;
    let title = match trouble {
        Trouble::NotFound => words.get("error-title-not-found"),
        _ => words.get("error-title"),
    };
    let explained = match trouble {
        Trouble::Refused(code) => words.of("error", code),
        Trouble::Lacks(what) => format!("{} {what}", words.get("filing-lacks-here")),
        Trouble::NotFound => words.get("trouble-not-found"),
        Trouble::SignIn(_) | Trouble::NewPassword | Trouble::Malformed => {
            words.get("trouble-malformed")
        }
        Trouble::Unavailable => words.get("trouble-unavailable"),
        Trouble::NotPrinted(PaperError::NoChineseFont) => words.get("paper-no-chinese-font"),
        Trouble::NotPrinted(PaperError::TooLong) => words.get("paper-too-long"),
        Trouble::NotPrinted(PaperError::Busy) => words.get("paper-busy"),
        Trouble::NotPrinted(PaperError::NotSet(_)) => words.get("paper-not-set"),
    };
    let page = Page::open(&visitor, Place::Door, title);
    html(trouble.status(), &TroublePage { page, explained })
}
