//! The background task of the server that tells people of missed clocks: looks for what is new by
//! the server's clock, writes it down, and sends what waits.

use std::future::Future;
use std::time::Duration;

use tokio::sync::broadcast;

use super::escalation::{self, Ways};
use super::mail::Mailer;
use super::notices::{Notice, Way};
use super::outbox::{self, Outgoing};
use super::webhook::Webhook;
use super::zone_of;
use crate::app::App;
use crate::limits::NOTICES_SENT_AT_ONCE;
use crate::store::StoreError;

/// How often clocks are looked at when nothing happens: nobody waits for the second.
const TICK: Duration = Duration::from_secs(15);
/// After news, clocks are looked at soon, and not after each of a hundred changes.
const AFTER_NEWS: Duration = Duration::from_secs(2);

/// The ways out that were set up.
#[derive(Clone, Default)]
pub struct Courier {
    /// Sends mail.
    pub mailer: Option<Mailer>,
    /// Tells another system.
    pub webhook: Option<Webhook>,
}

impl Courier {
    fn ways(&self) -> Ways {
        Ways { mail: self.mailer.is_some(), webhook: self.webhook.is_some() }
    }

    /// One round: everything that is due is written down and tried once.
    pub async fn round(&self, app: &App) -> Result<(), StoreError> {
        escalation::tell(app, self.ways()).await?;
        let (mailed, told) = tokio::join!(self.mail(app), self.tell(app));
        mailed.and(told)
    }

    async fn mail(&self, app: &App) -> Result<(), StoreError> {
        let Some(mailer) = &self.mailer else { return Ok(()) };
        send(app, Way::Mail, |outgoing, _| async move { mailer.send(&outgoing).await }).await
    }

    async fn tell(&self, app: &App) -> Result<(), StoreError> {
        let Some(hook) = &self.webhook else { return Ok(()) };
        send(app, Way::Webhook, |outgoing, now| async move { hook.send(&outgoing, now).await })
            .await
    }

    /// Goes round until the server stops.
    pub async fn run(self, app: App) {
        let mut news = app.store.news();
        let mut stopping = app.stopping();
        loop {
            if let Err(error) = self.round(&app).await {
                tracing::warn!(%error, "notices could not be written down");
            }
            tokio::select! {
                _ = stopping.wait_for(|stopping| *stopping) => return,
                () = tokio::time::sleep(TICK) => {}
                () = soon(&mut news) => {}
            }
        }
    }
}

/// Some news has come, and whatever came with it.
async fn soon(news: &mut broadcast::Receiver<crate::store::News>) {
    if let Err(broadcast::error::RecvError::Closed) = news.recv().await {
        return std::future::pending().await;
    }
    tokio::time::sleep(AFTER_NEWS).await;
    *news = news.resubscribe();
}

/// Sends what waits for one way, one after the other, and writes down what came of each.
async fn send<F, Sent>(app: &App, way: Way, attempt: F) -> Result<(), StoreError>
where
    F: Fn(Outgoing, i64) -> Sent,
    Sent: Future<Output = Result<(), String>>,
{
    let now = app.clock.now_ms();
    let waiting = app.store.try_read(move |sql| waiting(sql, way, now)).await?;
    for outgoing in waiting {
        let notice: Notice = outgoing.notice.clone();
        let sent = attempt(outgoing, app.clock.now_ms()).await;
        if let Err(failure) = &sent {
            tracing::warn!(way = way.as_str(), id = %notice.id, failure, "a notice was not taken");
        }
        app.store
            .write(move |tx| {
                match &sent {
                    Ok(()) => outbox::note_taken(tx, notice.id)?,
                    Err(failure) => outbox::note_failed(tx, &notice, failure)?,
                }
                Ok::<_, StoreError>(())
            })
            .await?;
    }
    Ok(())
}

/// What waits, with the zone in which each organisation tells its day.
fn waiting(sql: &rusqlite::Connection, way: Way, now: i64) -> Result<Vec<Outgoing>, StoreError> {
    let mut waiting = outbox::waiting(sql, way, now, NOTICES_SENT_AT_ONCE)?;
    for outgoing in &mut waiting {
        outgoing.zone = zone_of(sql, outgoing.tenant)?;
    }
    Ok(waiting)
}
