//! Is the process alive, and can it work?

use axum::extract::State;

use crate::app::App;
use crate::error::ApiError;

/// The process answers.
#[utoipa::path(get, path = "/healthz", responses((status = 200)))]
pub async fn alive() -> &'static str {
    "ok"
}

/// The data folder can be read and written.
#[utoipa::path(get, path = "/readyz", responses((status = 200), (status = 503)))]
pub async fn ready(State(app): State<App>) -> Result<&'static str, ApiError> {
    app.store.read(|sql| sql.query_row("select 1", [], |_| Ok(()))).await?;
    if app.store.is_writable() { Ok("ok") } else { Err(ApiError::Unavailable) }
}
