//! What a browser sends, read into types. Whatever cannot be read is a page in the reader's
//! language, never a library's own words.

use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use tokio_stream::{Stream, StreamExt};

use super::trouble::Trouble;
use crate::app::App;

/// A submitted form.
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, app: &App) -> Result<Self, Trouble> {
        let read = axum::extract::Form::from_request(request, app).await;
        read.map(|axum::extract::Form(form)| Self(form)).map_err(|_| Trouble::Malformed)
    }
}

/// A submitted form with a file in it.
pub(crate) struct Upload(Multipart);

impl FromRequest<App> for Upload {
    type Rejection = Trouble;

    async fn from_request(request: Request, app: &App) -> Result<Self, Trouble> {
        Multipart::from_request(request, app).await.map(Self).map_err(|_| Trouble::Malformed)
    }
}

impl Upload {
    /// The file of that name; empty where there is none.
    pub(crate) async fn file(mut self, name: &str) -> Result<Bytes, Trouble> {
        while let Some(field) = self.0.next_field().await.map_err(|_| Trouble::Malformed)? {
            if field.name() == Some(name) {
                return field.bytes().await.map_err(|_| Trouble::Malformed);
            }
        }
        Ok(Bytes::new())
    }

    /// The file that is all of the form, as it comes; none where none was chosen, or an empty one.
    pub(crate) async fn only_file(
        &mut self,
    ) -> Result<Option<impl Stream<Item = Result<Bytes, MultipartError>> + '_>, Trouble> {
        let Some(mut field) = self.0.next_field().await.map_err(|_| Trouble::Malformed)? else {
            return Ok(None);
        };
        let first = field.chunk().await.map_err(|_| Trouble::Malformed)?;
        let first = first.filter(|first| !first.is_empty());
        Ok(first.map(|first| tokio_stream::once(Ok(first)).chain(field)))
    }
}

/// The part of the address behind `?`.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Trouble> {
        let read = Query::from_request_parts(parts, app).await;
        read.map(|Query(query)| Self(query)).map_err(|_| Trouble::Malformed)
    }
}

/// Ids in the address; one that is none leads to the same page as one that is unknown.
pub(crate) struct Ids<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Ids<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Trouble> {
        let read = Path::from_request_parts(parts, app).await;
        read.map(|Path(ids)| Self(ids)).map_err(|_| Trouble::NotFound)
    }
}
