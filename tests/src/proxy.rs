//! A way to the server that counts every byte, HTTP headers included, and can be long.
//!
//! Plain TCP on loopback, one thread a direction. A delay holds each piece back by half a round
//! trip, without slowing down what follows it, as distance does.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Counts what passes.
pub struct Proxy {
    address: String,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    up: AtomicU64,
    down: AtomicU64,
    connections: AtomicU64,
}

impl Proxy {
    /// To a server at `http://host:port`; every piece is held back by half of `round_trip`.
    ///
    /// # Panics
    /// When there is no port to listen on.
    pub fn to(url: &str, round_trip: Duration) -> Self {
        let server = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address").to_string();
        let counts = Arc::new(Counts::default());
        let counting = Arc::clone(&counts);
        std::thread::spawn(move || {
            for phone in listener.incoming().map_while(Result::ok) {
                // A server that is down is an answer, too: the phone sees its connection end.
                let Ok(server) = TcpStream::connect(&server) else { continue };
                counting.connections.fetch_add(1, Ordering::SeqCst);
                join(phone, server, &counting, round_trip / 2);
            }
        });
        Self { address, counts }
    }

    /// Where phones connect.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Connections so far.
    pub fn connections(&self) -> u64 {
        self.counts.connections.load(Ordering::SeqCst)
    }

    /// Bytes either way since they were last taken.
    pub fn bytes(&self) -> u64 {
        let count = |count: &AtomicU64| count.load(Ordering::SeqCst);
        count(&self.counts.up) + count(&self.counts.down)
    }

    /// Bytes up and down since the last call.
    pub fn take(&self) -> (u64, u64) {
        let take = |count: &AtomicU64| count.swap(0, Ordering::SeqCst);
        (take(&self.counts.up), take(&self.counts.down))
    }
}

fn join(phone: TcpStream, server: TcpStream, counts: &Arc<Counts>, delay: Duration) {
    for socket in [&phone, &server] {
        socket.set_nodelay(true).expect("a socket");
    }
    let ends = (phone.try_clone(), server.try_clone());
    let (Ok(phone_again), Ok(server_again)) = ends else { return };
    let (up, down) = (Arc::clone(counts), Arc::clone(counts));
    carry(phone, server, delay, move |bytes| up.up.fetch_add(bytes, Ordering::SeqCst));
    carry(server_again, phone_again, delay, move |bytes| {
        down.down.fetch_add(bytes, Ordering::SeqCst)
    });
}

fn carry(
    mut from: TcpStream,
    mut to: TcpStream,
    delay: Duration,
    count: impl Fn(u64) -> u64 + Send + 'static,
) {
    let (pieces, arriving) = mpsc::channel::<(Instant, Vec<u8>)>();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            count(length as u64);
            if pieces.send((Instant::now() + delay, buffer[..length].to_vec())).is_err() {
                return;
            }
        }
    });
    std::thread::spawn(move || {
        for (due, piece) in arriving {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&piece).is_err() {
                return;
            }
        }
        drop(to.shutdown(Shutdown::Write));
    });
}
