//! `docket serve`: the whole server on one data folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::app::App;
use crate::clock::Clock;
use crate::paper::Press;
use crate::router::router;

/// Opens the data folder, listens, says where, serves until it is told to stop.
///
/// `fonts` is where documents find theirs, the system's folders where it is none; `ready` is
/// called with the address once requests are taken.
pub fn run(
    data: &Path,
    listen: &str,
    fonts: Option<PathBuf>,
    ready: impl FnOnce(&App, &str),
) -> Result<()> {
    let mut app = App::open(data, Clock::default())
        .with_context(|| format!("cannot open the data folder {}", data.display()))?;
    app.press = Press::with_fonts(fonts);
    let blobs = app.blobs.clone();
    app.store
        .write_blocking(move |tx| crate::blobs::sweep(&blobs, tx))
        .context("cannot sweep the uploads that were never finished")?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start")?;
    runtime.block_on(async {
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}; is something else there?"))?;
        let address = listener.local_addr().context("cannot listen")?;
        ready(&app, &format!("http://{address}"));
        let stop = async {
            told_to_stop().await;
            app.end_streams();
        };
        crate::serve::serve(router(app.clone()), listener, stop).await;
        Ok(())
    })
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            drop(interrupt.await);
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
