//! The listener: bounded connections, deadlines for slow peers, an orderly end.
//!
//! `axum::serve` sets no deadline for a request's head, so connections are built here.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use crate::limits::{CONNECTIONS_MAX, HEADER_TIMEOUT, SHUTDOWN_GRACE};

/// Serves until `stop` completes, then lets running requests end.
pub async fn serve(router: Router, listener: TcpListener, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        // A place first: what cannot be served waits in the kernel's queue, not here.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => connection(&router, &graceful, stream, peer, place),
                // Out of file handles, or the peer went away while waiting: the next one may do.
                Err(error) => tracing::warn!(%error, "a connection was not accepted"),
            },
        }
    }
    drop(listener);
    // Whoever stops the server has ended the event streams; this is for stuck peers.
    let ended = tokio::time::timeout(SHUTDOWN_GRACE, graceful.shutdown()).await;
    tracing::info!(all_ended = ended.is_ok(), "stopped");
}

fn connection(
    router: &Router,
    graceful: &GracefulShutdown,
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
) {
    // Answers are small and awaited: do not hold them back to fill a packet.
    drop(stream.set_nodelay(true));
    let router = router.clone();
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    let watched = graceful.watch(connection);
    tokio::spawn(async move {
        let _place = place;
        if let Err(error) = watched.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}
