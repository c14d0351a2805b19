//! `docket serve`: the whole server on one data folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::app::App;
use crate::clock::Clock;
use crate::levels::courier::Courier;
use crate::levels::mail::{MailSettings, Mailer};
use crate::levels::webhook::Webhook;
use crate::limits::SHUTDOWN_GRACE;
use crate::paper::Press;
use crate::router::router;

/// Where people are told of missed clocks beside the console; see `docket serve --help`.
#[derive(Clone, Default)]
pub struct Telling {
    /// `smtps://host`, or `smtp://host:port?tls=required`.
    pub smtp_url: Option<String>,
    /// The sender of mail.
    pub smtp_from: Option<String>,
    /// Where notices are posted to.
    pub webhook_url: Option<String>,
    /// Where people open the console, for links in mail.
    pub console_url: String,
}

impl Telling {
    /// Checks everything before the server starts. Secrets are read from the environment, where
    /// neither the list of processes nor a log shows them.
    fn courier(&self) -> Result<Courier> {
        let secret = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let mailer = self.smtp_url.as_ref().map(|url| {
            let from = self.smtp_from.clone().context("--smtp-url needs --smtp-from")?;
            let user = secret("DOCKET_SMTP_USER");
            Mailer::new(&MailSettings {
                url: url.clone(),
                from,
                credentials: user.zip(secret("DOCKET_SMTP_PASSWORD")),
                console_url: self.console_url.clone(),
            })
        });
        let webhook = self.webhook_url.as_ref().map(|url| {
            let secret = secret("DOCKET_WEBHOOK_SECRET");
            Webhook::new(url, &secret.context("--webhook-url needs DOCKET_WEBHOOK_SECRET")?)
        });
        Ok(Courier { mailer: mailer.transpose()?, webhook: webhook.transpose()? })
    }
}

/// Opens the data folder, listens, says where, serves until it is told to stop.
///
/// `fonts` is where documents find theirs, the system's folders where it is none; `ready` is
/// called with the address once requests are taken.
pub fn run(
    data: &Path,
    listen: &str,
    fonts: Option<PathBuf>,
    telling: &Telling,
    ready: impl FnOnce(&App, &str),
) -> Result<()> {
    let courier = telling.courier()?;
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
        let courier = tokio::spawn(courier.run(app.clone()));
        let stop = async {
            told_to_stop().await;
            app.end_streams();
        };
        crate::serve::serve(router(app.clone()), listener, stop).await;
        // What it has not written down yet is sent again after the next start.
        drop(tokio::time::timeout(SHUTDOWN_GRACE, courier).await);
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
