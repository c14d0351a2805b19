//! Held work over the JSON API: what waits for a decision, and deciding.

use axum::Json;
use axum::extract::{Path, State};
use docket_protocol::ids::{ChangeHash, RecordId, Seq, UserId};
use docket_protocol::ops::paths_of;
use docket_protocol::record::path::Path as FieldPath;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::jobs::id;
use crate::app::App;
use crate::auth::caller::Caller;
use crate::error::{ApiError, ErrorAnswer};
use crate::held::decide::{self, Decision};
use crate::held::inbox::{self, SetAside};
use crate::held::shown::{self, Shown};

/// Held work, piece by piece.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldAnswer {
    /// Nobody has decided yet; the longest waiting first.
    waiting: Vec<HeldPiece>,
    /// Set aside, which can be taken back; the latest first.
    set_aside: Vec<HeldPiece>,
}

/// What one person wrote into one record on one phone and is decided on together.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldPiece {
    #[schema(value_type = String)]
    record: RecordId,
    number: String,
    title: String,
    #[schema(value_type = String)]
    author: UserId,
    author_name: String,
    device_name: String,
    /// In order of arrival.
    changes: Vec<HeldEntry>,
    /// How it was set aside.
    decision: Option<SetAside>,
}

/// One held change.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldEntry {
    #[schema(value_type = String)]
    change: ChangeHash,
    /// Why it is held; the word catalog has `held-{reason}`.
    reason: &'static str,
    /// By the author's clock, Unix ms.
    written_at: i64,
    /// By the server's clock, Unix ms.
    received_at: i64,
    /// The fields written, each once.
    #[schema(value_type = Vec<String>)]
    paths: Vec<FieldPath>,
    /// Why it could not be accepted now; the word catalog has `error-{refusal}`.
    refusal: Option<String>,
}

/// A decision on held changes of one record, all of one author and phone.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DecisionRequest {
    /// Which.
    #[schema(value_type = Vec<String>)]
    changes: Vec<ChangeHash>,
    /// Accept, or set aside.
    accepted: bool,
    /// Why; needed to set aside. The author reads it.
    #[serde(default)]
    note: String,
}

/// Where the decision stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionAnswer {
    /// Its position in the log.
    #[schema(value_type = u64)]
    seq: Seq,
}

/// List held work.
#[utoipa::path(get, path = "/v1/held", responses(
    (status = 200, body = HeldAnswer), (status = 403, body = ErrorAnswer)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Json<HeldAnswer>, ApiError> {
    let scope = caller.scope();
    if !inbox::may_see(&scope) {
        return Err(ApiError::NotAllowed);
    }
    app.store
        .try_read(move |sql| {
            let of = |state| {
                let pieces = shown::pieces(sql, &scope, state)?;
                Ok::<_, ApiError>(pieces.into_iter().map(answer).collect())
            };
            let waiting = of(inbox::State::Waiting)?;
            Ok(Json(HeldAnswer { waiting, set_aside: of(inbox::State::SetAside)? }))
        })
        .await
}

/// Accept held work, or set it aside.
#[utoipa::path(post, path = "/v1/held/{record}/decision", params(("record" = String, Path)),
    request_body = DecisionRequest, responses(
    (status = 200, body = DecisionAnswer), (status = 403, body = ErrorAnswer),
    (status = 404, body = ErrorAnswer), (status = 422, body = ErrorAnswer)))]
pub async fn decide(
    State(app): State<App>,
    caller: Caller,
    Path(record): Path<String>,
    JsonBody(request): JsonBody<DecisionRequest>,
) -> Result<Json<DecisionAnswer>, ApiError> {
    let (record, scope) = (id(&record)?, caller.scope());
    let DecisionRequest { changes, accepted, note } = request;
    let decision = Decision { record, changes, accepted, note };
    let decided = app.store.write(move |tx| decide::decide(tx, &scope, &decision)).await;
    Ok(Json(DecisionAnswer { seq: decided? }))
}

fn answer(shown: Shown) -> HeldPiece {
    let Shown { piece, number, title, preview, .. } = shown;
    let changes =
        piece.changes.into_iter().zip(preview.changes).map(|(change, previewed)| HeldEntry {
            change: change.hash,
            reason: change.reason.as_str(),
            written_at: change.written_at,
            received_at: change.received_at,
            paths: paths_of(&previewed.ops),
            refusal: previewed.refusal.map(|refusal| refusal.code.into_owned()),
        });
    HeldPiece {
        record: piece.record,
        number,
        title,
        author: piece.author,
        author_name: piece.author_name,
        device_name: piece.device_name,
        changes: changes.collect(),
        decision: piece.set_aside,
    }
}
