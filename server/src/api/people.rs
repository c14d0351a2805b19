//! The people of the caller's organisation.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::auth::caller::Caller;
use crate::error::{ApiError, ErrorAnswer};

/// Everyone with an account, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct People {
    people: Vec<PersonRow>,
}

/// A colleague.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonRow {
    #[schema(value_type = String)]
    id: Uuid,
    name: String,
    role: String,
    phone: String,
}

/// List the people.
#[utoipa::path(get, path = "/v1/people", responses(
    (status = 200, body = People), (status = 401, body = ErrorAnswer)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Json<People>, ApiError> {
    let tenant = caller.session.scope.tenant;
    let people = app
        .store
        .read(move |sql| {
            sql.prepare_cached(
                "select id, name, role, phone from users where tenant = ?1 and active = 1
                 order by name",
            )?
            .query_map([tenant.0], |row| {
                Ok(PersonRow {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    role: row.get(2)?,
                    phone: row.get(3)?,
                })
            })?
            .collect()
        })
        .await?;
    Ok(Json(People { people }))
}
