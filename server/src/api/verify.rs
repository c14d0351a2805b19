//! Checks a proof, or a PDF with one inside, for anyone, without an account.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{ApiError, ErrorAnswer};
use crate::paper::seal::Seal;
use crate::verdict::{self, Verdict};

/// What the check found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verification {
    /// Whether every byte is covered by a signature that fits.
    valid: bool,
    /// Whether this very server countersigned it.
    ours: bool,
    /// What does not hold, in English; empty when all does.
    problem: String,
    /// For a PDF: whether it is the very file that this server printed.
    printed: Option<bool>,
    /// Fields whose content is not what was signed, as far as the file itself shows.
    changed: Vec<String>,
    /// What was signed, when it is valid.
    #[schema(value_type = Option<Object>)]
    statement: Option<docket_protocol::signoff::Statement>,
}

/// Verify a proof file or a document.
#[utoipa::path(post, path = "/v1/verify", request_body = Object, responses(
    (status = 200, body = Verification), (status = 413, body = ErrorAnswer)))]
pub async fn verify(
    State(app): State<App>,
    file: Result<Bytes, BytesRejection>,
) -> Result<Json<Verification>, ApiError> {
    let file = file?;
    let own_key = app.keys.server_key();
    let finding = tokio::task::spawn_blocking(move || verdict::examine(&file, Some(&own_key)));
    let finding = finding.await.map_err(|_| ApiError::Unavailable)?;
    let ours = matches!(finding.verdict, Some(Verdict::Valid(_)));
    let (problem, statement) = match finding.verdict {
        Some(Verdict::Valid(proof) | Verdict::OtherServer(proof)) => {
            (String::new(), Some(proof.statement))
        }
        Some(Verdict::Broken(error)) => (error.to_string(), None),
        None => ("the document has no proof in it".to_owned(), None),
    };
    Ok(Json(Verification {
        valid: statement.is_some(),
        ours,
        problem,
        printed: finding.seal.map(|seal| seal == Seal::Whole),
        changed: finding.changed.iter().map(ToString::to_string).collect(),
        statement,
    }))
}
