//! Checks a proof file for anyone, without an account.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use docket_protocol::signoff::verify_proof;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{ApiError, ErrorAnswer};

/// What the check found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verification {
    /// Whether every byte is covered by a signature that fits.
    valid: bool,
    /// Whether this very server countersigned it.
    ours: bool,
    /// What does not hold, in English; empty when all does.
    problem: String,
    /// What was signed, when it is valid.
    #[schema(value_type = Option<Object>)]
    statement: Option<docket_protocol::signoff::Statement>,
}

/// Verify a proof file.
#[utoipa::path(post, path = "/v1/verify", request_body = Object, responses(
    (status = 200, body = Verification), (status = 413, body = ErrorAnswer)))]
pub async fn verify(
    State(app): State<App>,
    file: Result<Bytes, BytesRejection>,
) -> Result<Json<Verification>, ApiError> {
    let file = file?;
    Ok(Json(match verify_proof(&file) {
        Ok(proof) => Verification {
            valid: true,
            ours: proof.server_key == app.keys.server_key(),
            problem: String::new(),
            statement: Some(proof.statement),
        },
        Err(error) => {
            Verification { valid: false, ours: false, problem: error.to_string(), statement: None }
        }
    }))
}
