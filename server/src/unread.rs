//! What is left of a request's body when its answer is ready.
//!
//! Whoever is turned away is often turned away before the body was read. A peer that is still
//! sending would then lose the answer, and a peer that keeps the connection would lose its next
//! request. So a short rest is read and thrown away first; a long or slow one ends the
//! connection, which the answer then says. A layer of [`crate::router`].

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::Frame;

use crate::limits::{UNREAD_BYTES_MAX, UNREAD_TIMEOUT};

/// Answers once the body is read, or says that the connection ends.
pub(crate) async fn answer_after(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let body = Shared(Arc::new(Mutex::new(body)));
    let mut rest = body.clone();
    let mut response = next.run(Request::from_parts(head, Body::new(body))).await;
    let read = tokio::time::timeout(UNREAD_TIMEOUT, rest.read()).await;
    if read != Ok(true) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// A body that can still be read when whoever it was given to has let it go.
#[derive(Clone)]
struct Shared(Arc<Mutex<Body>>);

impl Shared {
    /// Reads the rest away; false when it is too long or broken.
    async fn read(&mut self) -> bool {
        let mut left = UNREAD_BYTES_MAX;
        loop {
            match std::future::poll_fn(|context| Pin::new(&mut *self).poll_frame(context)).await {
                None => return true,
                Some(Err(_)) => return false,
                Some(Ok(frame)) => {
                    let length = frame.data_ref().map_or(0, Bytes::len);
                    let Some(fewer) = left.checked_sub(length) else { return false };
                    left = fewer;
                }
            }
        }
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if body.is_end_stream() {
            return Poll::Ready(None);
        }
        Pin::new(&mut *body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}
