//! JSON bodies, read with errors that say what to do and show nothing of the inside.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// A JSON body of type `T`.
#[derive(Debug, Clone)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let read = Json::from_request(request, state).await;
        let Json(body) = read.map_err(|rejection| match rejection {
            JsonRejection::MissingJsonContentType(_) => ApiError::WrongContentType,
            JsonRejection::BytesRejection(rejection) => rejection.into(),
            _ => ApiError::Malformed,
        })?;
        Ok(Self(body))
    }
}
