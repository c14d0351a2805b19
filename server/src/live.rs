//! Hints that there is something to pull: an event stream that only ever says `{"seq": n}`.
//!
//! The first event says where the log stands now, so that whoever starts to listen knows
//! whether anything was missed. Data always comes by the same pull or page, under the same
//! checks; a hint reveals nothing but a number, and only to those for whom it is news.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use docket_protocol::ids::Seq;
use tokio_stream::wrappers::{BroadcastStream, WatchStream};
use tokio_stream::{Stream, StreamExt, once};

use crate::app::App;
use crate::auth::scope::Scope;
use crate::error::ApiError;
use crate::store::News;
use crate::visibility::EVERYONE;

/// Proxies close streams that are silent for a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(25);

/// The stream of one person.
pub async fn stream(
    app: &App,
    scope: Scope,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + Send + use<>>, ApiError> {
    // Listening starts before the position is read, so that nothing falls in between.
    let news = BroadcastStream::new(app.store.news());
    let tenant = scope.tenant;
    let now = app
        .store
        .read(move |sql| {
            sql.prepare_cached("select last_seq from tenants where id = ?1")?
                .query_row([tenant.0], |row| row.get(0))
        })
        .await?;
    let later = news.filter_map(move |news| match news {
        Ok(news) if is_news_for(&scope, &news) => Some(news.seq),
        // A slow listener missed some; the next one says enough.
        Ok(_) | Err(_) => None,
    });
    let until_stopped = WatchStream::from_changes(app.stopping()).map(|_| None);
    let events = once(Seq(now))
        .chain(later)
        .map(Some)
        .merge(until_stopped)
        .map_while(|seq| seq.map(|seq| Ok(event(seq))));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

fn is_news_for(scope: &Scope, news: &News) -> bool {
    let concerns = |user| news.concerned.contains(&user);
    news.tenant == scope.tenant
        && (scope.role.sees_all_jobs() || concerns(scope.user) || concerns(EVERYONE))
}

fn event(seq: Seq) -> Event {
    Event::default().data(format!("{{\"seq\":{}}}", seq.0))
}
