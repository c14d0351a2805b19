//! A page that is asked for again and says the same is not sent again. An open page asks at every
//! bell, and most bells are about jobs that do not stand on it.
//!
//! Only for those who say what they have: a page that somebody opens is sent as it is.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use docket_protocol::signoff::hex_digest;

/// Answers with the page and its tag, or with nothing where the tag is the one they have.
pub(crate) async fn answer(request: Request, next: Next) -> Response {
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let (Some(known), StatusCode::OK, true) = (known, response.status(), is_page(&response)) else {
        return response;
    };
    let (mut head, body) = response.into_parts();
    // It was made in memory, whole.
    let Ok(page) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", hex_digest(&page))) else {
        return Response::from_parts(head, Body::from(page));
    };
    let body = if tag == known {
        head.status = StatusCode::NOT_MODIFIED;
        Body::empty()
    } else {
        Body::from(page)
    };
    head.headers.insert(ETAG, tag);
    Response::from_parts(head, body)
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}
