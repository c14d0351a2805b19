//! The simulated server: the real router over the real store, without sockets, with a clock and
//! a source of randomness from the run.
//!
//! A request goes through every layer that one from the network goes through: routes, limits,
//! tokens, handlers, the gate, the writer's thread. It is answered before anything else happens,
//! so the threads behind it change nothing about a run.

use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::Request as HttpRequest;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use docket_client_core::Request;
use docket_server::app::App;
use docket_server::clock::Clock;
use docket_server::random::seeded::Source;
use docket_server::router::router;
use docket_server::store::{StoreError, WriteTx};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

use crate::Answer;
use crate::disk::{Disk, Fault, Image, Outcome, Semantics};
use crate::sim::organisation::Organisation;
use crate::sim::time::START;

/// More than any answer may have, so that one that is too long is seen as such.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// What all servers of one thread of the simulator share.
pub struct Host {
    runtime: Runtime,
    source: Source,
}

impl Host {
    /// Makes this thread, and all that the servers start from it, draw from one source.
    pub fn new() -> Rc<Self> {
        let source = Source::default();
        source.adopt();
        let inside = source.clone();
        let runtime = Builder::new_current_thread()
            .enable_time()
            .on_thread_start(move || inside.adopt())
            .build()
            .expect("a runtime");
        Rc::new(Self { runtime, source })
    }
}

/// One server with its data folder.
pub(crate) struct ServerNode {
    host: Rc<Host>,
    folder: TempDir,
    disk: Disk,
    clock: Clock,
    running: Option<(App, Router)>,
    /// The step of its disk at which it dies.
    dies_at: Option<u64>,
}

impl ServerNode {
    /// A running server of the organisation.
    pub(crate) fn new(host: &Rc<Host>, seed: u64) -> Self {
        host.source.restart(seed);
        let folder = TempDir::with_prefix_in("docket-sim-", scratch()).expect("a folder");
        let image = Organisation::get().copy_to(folder.path());
        let disk = Disk::with(Semantics::File, seed, image);
        let (host, clock) = (Rc::clone(host), Clock::standing_at(START));
        let mut server = Self { host, folder, disk, clock, running: None, dies_at: None };
        assert!(server.start(), "a whole database opens");
        server
    }

    /// Sets the server's own clock.
    pub(crate) fn set_clock(&self, now: i64) {
        self.clock.advance_ms(now - self.clock.now_ms());
    }

    /// Starts on what is on disk; false when the disk does not let it.
    pub(crate) fn start(&mut self) -> bool {
        let storage = self.disk.storage();
        let app = App::open_on(self.folder.path(), &storage, self.clock.clone());
        let Ok(app) = app else { return false };
        let router = router(app.clone());
        self.running = Some((app, router));
        true
    }

    /// Ends without farewell; the disk keeps what the outcome says.
    pub(crate) fn kill(&mut self, outcome: Outcome) {
        self.disk.mend();
        self.disk.power_cut(outcome);
        self.running = None;
        self.dies_at = None;
    }

    /// The database as it is now, as a backup has it.
    pub(crate) fn back_up(&self) -> Image {
        self.disk.snapshot()
    }

    /// Somebody puts a backup in the place of the database and starts the server on it.
    pub(crate) fn put_back(&mut self, image: &Image) -> bool {
        self.kill(Outcome::Kept);
        self.disk.restore(image);
        self.start()
    }

    /// It will die at some step of its disk from now.
    pub(crate) fn dies_after(&mut self, steps: u64) {
        let step = self.disk.steps() + steps;
        self.disk.fail_during(step..u64::MAX, Fault::Io);
        self.dies_at = Some(step);
    }

    /// Whether the step has come at which it dies, or the disk has failed and it has to end.
    pub(crate) fn is_dying(&self) -> bool {
        let dies = self.dies_at.is_some_and(|step| self.disk.steps() > step);
        let writable = self.running.as_ref().is_none_or(|(app, _)| app.store.is_writable());
        dies || !writable
    }

    /// The disk answers with this error for so many steps from now.
    pub(crate) fn disk_fails(&self, steps: u64, fault: Fault) {
        let now = self.disk.steps();
        self.disk.fail_during(now..now + steps, fault);
    }

    /// The disk answers without errors again.
    pub(crate) fn mend(&mut self) {
        self.disk.mend();
        self.dies_at = None;
    }

    /// Whether it runs.
    pub(crate) fn is_up(&self) -> bool {
        self.running.is_some()
    }

    /// Answers a request with this body; none while it is down.
    pub(crate) fn serve(&self, request: &Request, body: Vec<u8>, from: u8) -> Option<Answer> {
        let (_, router) = self.running.as_ref()?;
        let mut post = HttpRequest::post(request.path).header(CONTENT_TYPE, request.content_type);
        if let Some(authorization) = &request.authorization {
            post = post.header(AUTHORIZATION, authorization);
        }
        let address = SocketAddr::from((Ipv4Addr::new(10, 0, 0, from), 1));
        let post = post.extension(ConnectInfo(address)).body(Body::from(body));
        let post = post.expect("a request of the phone's is well-formed");
        let answer = self.host.runtime.block_on(answer(router.clone(), post));
        Some(answer)
    }

    /// Work at the desk, as its pages do it; none while the server is down.
    pub(crate) fn write<T, E>(
        &self,
        job: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Option<Result<T, E>>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (app, _) = self.running.as_ref()?;
        Some(app.store.write_blocking(job))
    }

    /// Reads the database; for checkers only.
    pub(crate) fn read<T>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Option<T> {
        let (app, _) = self.running.as_ref()?;
        let read = app.store.read_blocking(|sql| job(sql).map_err(StoreError::from));
        Some(read.expect("the checkers' SQL"))
    }
}

/// Memory where there is such a place: the simulator never needs these files again.
pub(crate) fn scratch() -> std::path::PathBuf {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() }
}

async fn answer(router: Router, request: HttpRequest<Body>) -> Answer {
    let response = match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let status = response.status().as_u16();
    let content_type = response.headers().get(CONTENT_TYPE);
    let content_type = content_type.and_then(|text| text.to_str().ok()).unwrap_or("").to_owned();
    let body = to_bytes(response.into_body(), ANSWER_BYTES_MAX).await;
    Answer { status, content_type, body: body.map(Vec::from).unwrap_or_default() }
}
