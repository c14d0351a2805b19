//! `POST /jobs/{id}/amend`: opens a signed report again, with a reason. Every signature that
//! binds at that moment is named, so that the page needs no choice; the signed versions stay.

use axum::extract::State;
use axum::response::Response;
use docket_protocol::amendment::binding;
use docket_protocol::edit::Edit;
use docket_protocol::ids::{ItemId, RecordId};
use serde::Deserialize;

use super::edits::one;
use super::job;
use super::request::{Form, Ids};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::auth::scope::Scope;
use crate::random::random;
use crate::store::WriteTx;

#[derive(Deserialize)]
pub(crate) struct Amending {
    reason: String,
}

/// Amends.
pub(crate) async fn amend(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Form(Amending { reason }): Form<Amending>,
) -> Result<Response, Trouble> {
    let amend = move |tx: &mut WriteTx<'_>, (scope, record): (&Scope, RecordId)| {
        job::visible(tx.sql, scope, record)?;
        let document = tx.documents.get(tx.sql, scope.tenant, record)?.ok_or(Trouble::NotFound)?;
        let signoffs = binding(&document.automerge).into_iter().map(|one| one.signoff).collect();
        Ok(Edit::Amend { amendment: ItemId::new(tx.now, random()), signoffs, reason })
    };
    one(&app, &signed_in, record, "amended", amend).await
}
