//! When to talk to the server and what to make of its answers; never how bytes travel.
//!
//! One request is under way at a time. What a request carries is decided when it is asked for,
//! from what is on disk; what an answer means is written in one transaction. A lost answer is
//! therefore harmless: the same changes go again and come back as duplicates.

pub(crate) mod backoff;
pub(crate) mod by_hand;
mod decided;
mod fork;
pub(crate) mod hand_in;
pub(crate) mod mend;
mod pull;
mod push;
pub(crate) mod reconcile;
mod report;
pub(crate) mod request;
mod sessions;

use docket_protocol::ids::Seq;
use docket_protocol::limits::INFLATED_BYTES_MAX;
use docket_protocol::planted;
use docket_protocol::wire::{self, SyncResponse};
use rusqlite::Connection;

use crate::client::Client;
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::session::Session;
use crate::store::{held, lists, lost, meta, outbox};
use crate::sync::backoff::Backoff;
use crate::sync::push::Sent;
use crate::sync::reconcile::{Agreement, Repair};
use crate::sync::request::{Request, RequestKind};
use crate::view::{LiveChannel, SyncPhase};

pub(crate) use sessions::{expire_access_token, problem_of};

/// An access token that ends sooner than this is renewed before it is used.
const TOKEN_MARGIN_MS: i64 = 10_000;

/// What sync is about to do, doing, or waiting for.
pub(crate) struct Sync {
    wanted: bool,
    /// How far the log has grown, as far as we were told.
    hinted: Seq,
    in_flight: Option<InFlight>,
    pub(crate) repair: Repair,
    last_request: u64,
    backoff: Backoff,
    problem: Option<&'static str>,
    /// The access token was renewed and no request has succeeded with it yet.
    token_is_untried: bool,
}

struct InFlight {
    request: u64,
    kind: RequestKind,
    sent: Sent,
}

impl Sync {
    pub(crate) fn new(wanted: bool, repair: Repair) -> Self {
        Self {
            wanted,
            hinted: Seq::default(),
            in_flight: None,
            repair,
            last_request: 0,
            backoff: Backoff::default(),
            problem: None,
            token_is_untried: false,
        }
    }

    /// There is something to push or pull.
    pub(crate) fn want(&mut self) {
        self.wanted = true;
    }

    /// Ask now, whatever the waiting time: a person asked, or coverage is back.
    pub(crate) fn want_now(&mut self) {
        self.wanted = true;
        self.backoff.reset();
        self.repair.ask_now();
    }

    /// The log has grown this far.
    pub(crate) fn hint(&mut self, seq: Seq) {
        self.hinted = self.hinted.max(seq);
    }

    pub(crate) fn clear_problem(&mut self) {
        self.problem = None;
        self.backoff.reset();
    }

    pub(crate) fn problem(&self) -> Option<&'static str> {
        self.problem
    }

    pub(crate) fn next_attempt_at(&self) -> Option<i64> {
        if self.in_flight.is_some() {
            return None;
        }
        if self.wanted { self.backoff.not_before() } else { self.repair.next_attempt_at() }
    }

    pub(crate) fn phase(&self, session: &Session) -> SyncPhase {
        match (&session.signed_in, &self.in_flight) {
            _ if session.pending.is_some() => SyncPhase::SigningIn,
            (None, _) => SyncPhase::SignedOut,
            (Some(_), _) if session.ended => SyncPhase::SignInNeeded,
            (Some(_), Some(_)) => SyncPhase::Syncing,
            (Some(_), None) if self.backoff.not_before().is_some() => SyncPhase::Waiting,
            _ => SyncPhase::Idle,
        }
    }

    /// The server has answered, and everything it said is on disk.
    fn succeeded(&mut self) {
        self.problem = None;
        self.backoff.reset();
    }

    fn start(&mut self, kind: RequestKind, sent: Sent, request: Request) -> Request {
        self.last_request += 1;
        self.in_flight = Some(InFlight { request: self.last_request, kind, sent });
        Request { id: self.last_request, ..request }
    }
}

/// See [`Client::next_request`].
pub(crate) fn next_request(client: &mut Client, env: &mut Env<'_>) -> Result<Option<Request>> {
    if client.sync.in_flight.is_some() {
        return Ok(None);
    }
    if let Some(leaving) = client.session.leaving.take() {
        let request = request::logout(&leaving);
        return Ok(Some(client.sync.start(RequestKind::Logout, Sent::default(), request)));
    }
    if let Some(credentials) = &client.session.pending {
        let request = request::login(credentials, &client.session);
        return Ok(Some(client.sync.start(RequestKind::Login, Sent::default(), request)));
    }
    let Some(signed_in) = client.session.signed_in.clone() else { return Ok(None) };
    let waiting = client.sync.backoff.not_before().is_some_and(|at| env.now < at);
    let repairs = client.sync.repair.is_due(env.now);
    let has_news = something_to_say(client)?;
    if client.session.ended || waiting || !(has_news || repairs) {
        return Ok(None);
    }
    if client.session.withdrawn.is_some() {
        client.sync.wanted = false;
        let handed_in = hand_in::next(client, &signed_in, env)?;
        if handed_in.is_none() {
            // There is nothing to try again; photos and files may go.
            client.sync.backoff.reset();
        }
        return Ok(handed_in.map(|(request, pushes)| {
            let sent = Sent { pushes, ..Sent::default() };
            client.sync.start(RequestKind::HandIn, sent, request)
        }));
    }
    let server_now = env.now + clock_offset_ms(client.store.read(), env.now)?;
    if server_now + TOKEN_MARGIN_MS > signed_in.tokens.access_expires_at {
        let request = request::refresh(&signed_in, &client.session);
        return Ok(Some(client.sync.start(RequestKind::Refresh, Sent::default(), request)));
    }
    if !has_news {
        let request = reconcile::request(client, &signed_in, env)?;
        return Ok(Some(client.sync.start(RequestKind::Reconcile, Sent::default(), request)));
    }
    // The wish is cleared before the store is read: an edit made while the request is under way
    // wishes again, and is not forgotten.
    client.sync.wanted = false;
    let (request, sent) = push::request(client, &signed_in, env)?;
    Ok(Some(client.sync.start(RequestKind::Sync, sent, request)))
}

/// Whether there is work to push, or news that is not here yet.
fn something_to_say(client: &Client) -> Result<bool> {
    if client.sync.wanted || client.sync.hinted == Seq::default() {
        return Ok(client.sync.wanted);
    }
    let cursor = meta::cursor(client.store.read())?;
    Ok(cursor.is_none_or(|cursor| cursor.seq < client.sync.hinted))
}

/// See [`Client::respond`].
pub(crate) fn respond(
    client: &mut Client,
    env: &mut Env<'_>,
    request: u64,
    status: u16,
    content_type: &str,
    body: &[u8],
) -> Result<()> {
    let Some(in_flight) = client
        .sync
        .in_flight
        .take_if(|flight| flight.request == request || planted::is("late-answer-believed"))
    else {
        return Ok(());
    };
    let handled = match in_flight.kind {
        RequestKind::Login => sessions::logged_in(client, env, status, content_type, body),
        RequestKind::Refresh => sessions::refreshed(client, env, status, content_type, body),
        RequestKind::Logout => Ok(()),
        RequestKind::Sync => synced(client, env, &in_flight.sent, status, content_type, body),
        RequestKind::Reconcile => reconcile::answered(client, env, status, content_type, body),
        RequestKind::HandIn => {
            let pushed = &in_flight.sent.pushes;
            hand_in::handed_in(client, env, pushed, status, content_type, body)
        }
    };
    if let Err(error) = &handled {
        note_failure(client, env, error.code);
    }
    handled
}

/// See [`Client::failed`].
pub(crate) fn failed(client: &mut Client, env: &mut Env<'_>, request: u64) {
    if client.sync.in_flight.take_if(|flight| flight.request == request).is_some() {
        client.session.pending = None;
        note_failure(client, env, "offline");
    }
}

/// The last attempt failed: another one follows, later.
pub(crate) fn note_failure(client: &mut Client, env: &mut Env<'_>, code: &'static str) {
    client.sync.problem = Some(code);
    client.sync.wanted = client.session.is_signed_in() && !planted::is("backoff-eats-wish");
    client.sync.backoff.fail(env);
}

fn synced(
    client: &mut Client,
    env: &mut Env<'_>,
    sent: &Sent,
    status: u16,
    content_type: &str,
    body: &[u8],
) -> Result<()> {
    if status == 401 {
        return sessions::expire_access_token(client);
    }
    if status != 200 {
        let problem = sessions::problem_of(status, content_type, body);
        if hand_in::withdraws(problem) {
            hand_in::withdraw(client, problem)?;
        }
        return Err(ClientError::new(problem));
    }
    // A captive portal answers 200 with a page: not an answer of ours, nothing was sent.
    if content_type != wire::CONTENT_TYPE {
        return Err(ClientError::new("not-our-server"));
    }
    let response: SyncResponse = wire::unpack(body, INFLATED_BYTES_MAX)
        .map_err(|error| ClientError::with_detail("answer-damaged", &error))?;
    let stored = store_answer(client, env, sent, &response);
    client.documents.clear();
    stored?;
    client.sync.token_is_untried = false;
    client.sync.succeeded();
    client.sync.wanted &= !planted::is("wish-cleared-late");
    Ok(())
}

/// Verdicts, items and cursor: all in one transaction.
fn store_answer(
    client: &mut Client,
    env: &mut Env<'_>,
    sent: &Sent,
    response: &SyncResponse,
) -> Result<()> {
    let not_signed_in = ClientError::new("not-signed-in");
    let signed_in = client.session.signed_in.clone().ok_or(not_signed_in)?;
    let me = signed_in.person.clone();
    if planted::is("cursor-before-items") {
        meta::set_cursor(client.store.read(), &response.cursor)?;
    }
    let sql = client.store.transaction()?;
    if response.rewound {
        held::offer_again(&sql)?;
        lost::held_work(&sql)?;
    }
    let returning = push::settle_hand_backs(&sql, &sent.hand_backs, &response.handed_back)?;
    let again = push::settle(&sql, &me, &sent.pushes, &response.verdicts, env)? || returning;
    // Before the items: a record that turns out damaged forgets the cursor again.
    meta::set_cursor(&sql, &response.cursor)?;
    pull::store(&sql, &me, response, env)?;
    let agreement = reconcile::compare(&sql, &signed_in, response)?;
    if agreement != Agreement::Differs {
        pull::attest(&sql, response)?;
    }
    if agreement == Agreement::Agrees {
        by_hand::tidy(&sql, &me, env)?;
    }
    // Edits that had to be made again, and held ones the server may have lost.
    let again = again || outbox::unsent(&sql)?.edits > 0 && !response.items.is_empty();
    let again = again || response.rewound && held::to_send_again(&sql)?;
    let asks_for_all = meta::cursor(&sql)?.is_none();
    let incarnation = meta::get(&sql, "incarnation")?;
    meta::set(&sql, "pull_complete", &!response.more)?;
    meta::set(&sql, "last_sync_at", &response.server_time)?;
    note_clock(&sql, response.server_time, env.now)?;
    let role = lists::role_of(&sql, me.id)?;
    if let Some(signed_in) = client.session.signed_in.as_mut()
        && let Some(role) = role.filter(|role| *role != signed_in.person.role)
    {
        // The catalog says what the person may do from here on.
        signed_in.person.role = role;
        Session::store(&sql, signed_in)?;
    }
    sql.commit()?;
    client.session.incarnation = incarnation.unwrap_or(client.session.incarnation);
    client.sync.repair.shown(agreement);
    if again || response.more || asks_for_all {
        client.sync.want();
    }
    Ok(())
}

/// Server time of the last answer, Unix ms.
pub(crate) fn last_sync_at(sql: &Connection) -> Result<Option<i64>> {
    meta::get(sql, "last_sync_at")
}

/// Server clock minus device clock at the last answer, ms. A clock that reads earlier than it did
/// then has been set since, and nothing is known of it.
pub(crate) fn clock_offset_ms(sql: &Connection, now: i64) -> Result<i64> {
    let told_at: i64 = meta::get(sql, "clock_told_at")?.unwrap_or(i64::MIN);
    Ok(if now < told_at { 0 } else { meta::get(sql, "clock_offset_ms")?.unwrap_or(0) })
}

/// Notes what an answer says about this phone's clock.
pub(crate) fn note_clock(sql: &Connection, server_time: i64, now: i64) -> Result<()> {
    meta::set(sql, "clock_offset_ms", &(server_time - now))?;
    meta::set(sql, "clock_told_at", &now)
}

/// How to listen for hints; none while signed out or when the session has ended.
pub(crate) fn live_channel(client: &Client) -> Option<LiveChannel> {
    let listens = !client.session.ended && client.session.withdrawn.is_none();
    let signed_in = client.session.signed_in.as_ref().filter(|_| listens)?;
    let authorization = request::bearer(&signed_in.tokens);
    Some(LiveChannel { path: "/v1/live", authorization })
}
