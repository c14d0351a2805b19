//! When the digests differ: says what this phone holds, and takes what makes both sides agree.
//!
//! Wanted after a mismatch or a rewound cursor, remembered on disk until a digest agrees again,
//! and asked for with growing pauses, so that two sides that cannot agree do not talk all day.
//! Pushing never waits for it.

use docket_protocol::limits::INFLATED_BYTES_MAX;
use docket_protocol::wire::{
    self, CONTENT_TYPE, Item, ReconcileRequest, ReconcileResponse, SyncEnvelope, SyncResponse,
};
use ed25519_dalek::Signer;
use rusqlite::Connection;

use super::backoff::Backoff;
use super::request::{Request, RequestKind, bearer};
use super::{pull, sessions};
use crate::client::Client;
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::session::SignedIn;
use crate::store::{confirmed, held, lost, meta};

/// Whether both sides are known to differ, and when to ask next.
#[derive(Default)]
pub(crate) struct Repair {
    needed: bool,
    backoff: Backoff,
}

impl Repair {
    /// As it was left on disk.
    pub(crate) fn load(sql: &Connection) -> Result<Self> {
        Ok(Self { needed: is_wanted(sql)?, backoff: Backoff::default() })
    }

    /// Whether to ask now.
    pub(super) fn is_due(&self, now: i64) -> bool {
        self.needed && self.backoff.not_before().is_none_or(|at| at <= now)
    }

    /// Whatever the waiting time: a person asked, or coverage is back.
    pub(super) fn ask_now(&mut self) {
        self.backoff.reset();
    }

    /// When to ask, if at all and not at once.
    pub(super) fn next_attempt_at(&self) -> Option<i64> {
        self.backoff.not_before().filter(|_| self.needed)
    }

    /// What an answer has shown, once it is on disk.
    pub(super) fn shown(&mut self, agreement: Agreement) {
        match agreement {
            Agreement::Unknown => {}
            Agreement::Differs => self.needed = true,
            Agreement::Agrees => *self = Self::default(),
        }
    }
}

/// What an answer shows about the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Agreement {
    Agrees,
    Differs,
    /// More is to come before anything can be said.
    Unknown,
}

/// Compares, and remembers on disk when the sides differ; part of the answer's transaction.
pub(super) fn compare(
    sql: &Connection,
    signed_in: &SignedIn,
    response: &SyncResponse,
) -> Result<Agreement> {
    // What has left since is not in the digests, and may be just where they differed.
    let unsure = is_wanted(sql)? && confirmed::has_left(sql)?;
    let agreement = match response.digest {
        _ if response.rewound => Agreement::Differs,
        None => return Ok(Agreement::Unknown),
        Some(theirs) if !unsure && theirs == confirmed::digest(sql, signed_in.tenant)? => {
            Agreement::Agrees
        }
        Some(_) => Agreement::Differs,
    };
    meta::set(sql, "reconcile", &(agreement == Agreement::Differs))?;
    Ok(agreement)
}

/// Whether both sides are known to differ and have not been compared since.
pub(super) fn is_wanted(sql: &Connection) -> Result<bool> {
    Ok(meta::get(sql, "reconcile")?.unwrap_or(false))
}

/// Builds the question from what is on disk.
pub(super) fn request(client: &Client, signed_in: &SignedIn, env: &Env<'_>) -> Result<Request> {
    let request = ReconcileRequest {
        version: wire::VERSION,
        device: signed_in.device,
        incarnation: client.session.incarnation,
        sent_at: env.now,
        records: confirmed::all(client.store.read())?,
    };
    let body = wire::to_cbor(&request);
    let signed = wire::reconcile_signed_bytes(&body);
    let signature = client.session.device_key.sign(&signed).to_bytes();
    Ok(Request {
        id: 0,
        kind: RequestKind::Reconcile,
        path: "/v1/reconcile",
        content_type: CONTENT_TYPE,
        authorization: Some(bearer(&signed_in.tokens)),
        body: wire::pack(&SyncEnvelope { body: body.into(), signature }),
    })
}

/// Takes the answer.
pub(super) fn answered(
    client: &mut Client,
    env: &mut Env<'_>,
    status: u16,
    content_type: &str,
    body: &[u8],
) -> Result<()> {
    if status == 401 {
        return sessions::expire_access_token(client);
    }
    if status != 200 {
        client.sync.repair.backoff.fail(env);
        return Err(ClientError::new(sessions::problem_of(status, content_type, body)));
    }
    if content_type != CONTENT_TYPE {
        return Err(ClientError::new("not-our-server"));
    }
    let response: ReconcileResponse = wire::unpack(body, INFLATED_BYTES_MAX)
        .map_err(|error| ClientError::with_detail("answer-damaged", &error))?;
    let more = response.more;
    let stored = store(client, env, response);
    client.documents.clear();
    stored?;
    if !more {
        // The next answer shows whether this was enough; if not, we ask again, but later.
        client.sync.repair.backoff.fail(env);
        client.sync.want();
    }
    client.sync.token_is_untried = false;
    client.sync.succeeded();
    Ok(())
}

fn store(client: &mut Client, env: &mut Env<'_>, response: ReconcileResponse) -> Result<()> {
    let me = crate::editing::me(client)?.clone();
    let sql = client.store.transaction()?;
    let ReconcileResponse { items, lost: records, more, .. } = response;
    if !records.is_empty() {
        held::offer_again(&sql)?;
        lost::held_work(&sql)?;
    }
    let came = SyncResponse { items, more, ..SyncResponse::default() };
    pull::store(&sql, &me, &came, env)?;
    let entered = |wanted| {
        came.items
            .iter()
            .any(|item| matches!(item, Item::Enter(entered) if entered.record == wanted))
    };
    // While pages follow, a record may still come whole, which says exactly what of it was lost.
    for record in records.into_iter().filter(|record| !more && !entered(*record)) {
        lost::all_of(&sql, record)?;
    }
    if !more {
        pull::remove_left(&sql)?;
    }
    pull::attest(&sql, &came)?;
    let incarnation = meta::get(&sql, "incarnation")?;
    sql.commit()?;
    client.session.incarnation = incarnation.unwrap_or(client.session.incarnation);
    Ok(())
}
