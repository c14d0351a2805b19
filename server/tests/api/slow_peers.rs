//! Peers that hold a connection and say nothing, or almost nothing, are let go in time.
//!
//! Time is tokio's and stands still while anything else can happen, so that nobody waits.

use std::net::SocketAddr;
use std::time::Duration;

use docket_server::app::App;
use docket_server::clock::Clock;
use docket_server::limits::{BODY_SILENCE, HEADER_TIMEOUT, REQUEST_TIMEOUT, UNREAD_TIMEOUT};
use docket_server::router::router;
use docket_server::serve::serve;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

async fn office(folder: &TempDir) -> SocketAddr {
    let app = App::open(folder.path(), Clock::default()).expect("the data folder opens");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(serve(router(app), listener, std::future::pending()));
    address
}

/// Says `first`, then `more` again and again; returns what came back and when it was over.
async fn say(
    address: SocketAddr,
    first: &str,
    more: &'static [u8],
    pause: Duration,
) -> (String, Duration) {
    let mut peer = TcpStream::connect(address).await.expect("a connection");
    peer.write_all(first.as_bytes()).await.expect("the server listens");
    let begun = Instant::now();
    let (mut answers, mut says) = peer.into_split();
    let dribble = tokio::spawn(async move {
        loop {
            tokio::time::sleep(pause).await;
            if says.write_all(more).await.is_err() {
                return;
            }
        }
    });
    let mut heard = Vec::new();
    // The server may close while bytes are still on their way to it; that is an end, too.
    let _end = answers.read_to_end(&mut heard).await;
    dribble.abort();
    (String::from_utf8_lossy(&heard).into_owned(), begun.elapsed())
}

const POST: &str = "POST /v1/verify HTTP/1.1\r\nhost: docket\r\nconnection: close\r\n\
                    content-length: 100000\r\n\r\n{";

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end() {
    let folder = tempfile::tempdir().unwrap();
    let address = office(&folder).await;
    let second = Duration::from_secs(1);
    let (_, took) =
        say(address, "GET /healthz HTTP/1.1\r\nhost: docket\r\n", b"x: y\r\n", second).await;
    assert!((HEADER_TIMEOUT..2 * HEADER_TIMEOUT).contains(&took), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_falls_silent() {
    let folder = tempfile::tempdir().unwrap();
    let address = office(&folder).await;
    let (heard, took) = say(address, POST, b"", BODY_SILENCE).await;
    assert!((BODY_SILENCE..2 * BODY_SILENCE).contains(&took), "{took:?}");
    assert!(heard.starts_with("HTTP/1.1 503"), "{heard}");
}

#[tokio::test(start_paused = true)]
async fn a_body_of_one_byte_now_and_then() {
    let folder = tempfile::tempdir().unwrap();
    let address = office(&folder).await;
    let (heard, took) = say(address, POST, b" ", BODY_SILENCE / 2).await;
    assert!((REQUEST_TIMEOUT..2 * REQUEST_TIMEOUT).contains(&took), "{took:?}");
    assert!(heard.starts_with("HTTP/1.1 503"), "{heard}");
    assert!(heard.contains("server-unavailable"), "{heard}");
}

/// Turned away before its body was read, a peer that is still sending gets its answer, and its
/// connection is as good as before.
#[tokio::test(start_paused = true)]
async fn a_refusal_reads_the_rest_of_a_short_body() {
    let folder = tempfile::tempdir().unwrap();
    let address = office(&folder).await;
    let mut peer = TcpStream::connect(address).await.expect("a connection");
    let head = "POST /v1/jobs HTTP/1.1\r\nhost: docket\r\ncontent-length: 2\r\n\r\n";
    peer.write_all(head.as_bytes()).await.expect("the server listens");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let rest = "{}GET /healthz HTTP/1.1\r\nhost: docket\r\nconnection: close\r\n\r\n";
    peer.write_all(rest.as_bytes()).await.expect("the server still listens");
    let mut heard = Vec::new();
    peer.read_to_end(&mut heard).await.expect("two answers");
    let heard = String::from_utf8_lossy(&heard);
    assert!(heard.starts_with("HTTP/1.1 401"), "{heard}");
    assert!(heard.contains("HTTP/1.1 200"), "{heard}");
}

/// A body that does not come ends the connection, and the answer says so.
#[tokio::test(start_paused = true)]
async fn a_refusal_does_not_wait_long_for_a_body() {
    let folder = tempfile::tempdir().unwrap();
    let address = office(&folder).await;
    let head = "POST /v1/jobs HTTP/1.1\r\nhost: docket\r\ncontent-length: 2\r\n\r\n";
    let (heard, took) = say(address, head, b"", BODY_SILENCE).await;
    assert!(heard.starts_with("HTTP/1.1 401"), "{heard}");
    assert!(heard.contains("connection: close"), "{heard}");
    assert!(took < 2 * UNREAD_TIMEOUT, "{took:?}");
}
