//! Documents of a job as PDF: service report, maintenance plan and fault analysis, for those who
//! see the job.
//!
//! A document shows what was signed, if a signature stands for it, and names beside it what came
//! later; otherwise it shows the record as it is, and says that nobody has signed it.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::number::job_number;
use docket_protocol::signoff::{Outcome, Purpose, verify_proof};
use rusqlite::Connection;

use super::download;
use super::page::Visitor;
use super::paper_job::{self, Kind, SignedVersion, Subject};
use super::reader;
use super::request::Ids;
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::audit::Deed;
use crate::auth::scope::Scope;
use crate::keys::Keys;
use crate::paper::Sheet;
use crate::proof;
use crate::read_model::beside::{self, Beside};
use crate::read_model::jobs;
use crate::read_model::signoffs::{self, SignOffRow};
use crate::store::documents;

/// `GET /jobs/{id}/report.pdf`
pub(crate) async fn report(
    app: State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
) -> Result<Response, Trouble> {
    of_job(Kind::Report, app, signed_in, record).await
}

/// `GET /jobs/{id}/plan.pdf`
pub(crate) async fn plan(
    app: State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
) -> Result<Response, Trouble> {
    of_job(Kind::Plan, app, signed_in, record).await
}

/// `GET /jobs/{id}/analysis.pdf`
pub(crate) async fn analysis(
    app: State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
) -> Result<Response, Trouble> {
    of_job(Kind::Analysis, app, signed_in, record).await
}

/// `GET /jobs/{id}/signoffs/{id}/document.pdf`: just what this signature stands for, also once
/// another has taken its place.
pub(crate) async fn signed(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids((record, signoff)): Ids<(RecordId, ItemId)>,
) -> Result<Response, Trouble> {
    let keys = std::sync::Arc::clone(&app.keys);
    let scope = signed_in.scope.clone();
    let (kind, sheet) = app
        .store
        .try_read(move |sql| {
            let wanted = |(row, _): &(SignOffRow, Beside)| row.signoff == signoff;
            let subject = load(sql, &signed_in, &keys, record, wanted)?;
            let signed = subject.signed.as_ref().ok_or(Trouble::NotFound)?;
            let kind = match signed.row.statement.purpose {
                Purpose::Plan => Kind::Plan,
                Purpose::Report => Kind::Report,
            };
            Ok::<_, Trouble>((kind, paper_job::sheet(kind, &signed_in, subject)))
        })
        .await?;
    print(&app, &scope, &file_name(record, kind), sheet).await
}

async fn of_job(
    kind: Kind,
    State(app): State<App>,
    signed_in: SignedIn,
    record: RecordId,
) -> Result<Response, Trouble> {
    let keys = std::sync::Arc::clone(&app.keys);
    let scope = signed_in.scope.clone();
    let stands = move |(row, beside): &(SignOffRow, Beside)| match kind {
        Kind::Plan => {
            let statement = &row.statement;
            statement.purpose == Purpose::Plan && statement.outcome != Outcome::Refused
        }
        Kind::Report | Kind::Analysis => beside.binds,
    };
    let sheet = app
        .store
        .try_read(move |sql| {
            let subject = load(sql, &signed_in, &keys, record, stands)?;
            Ok::<_, Trouble>(paper_job::sheet(kind, &signed_in, subject))
        })
        .await?;
    print(&app, &scope, &file_name(record, kind), sheet).await
}

fn file_name(record: RecordId, kind: Kind) -> String {
    format!("{}-{}.pdf", job_number(record), kind.as_str())
}

/// Reads a job with the latest of its sign-offs that `wanted` takes.
fn load(
    sql: &Connection,
    signed_in: &SignedIn,
    keys: &Keys,
    record: RecordId,
    wanted: impl Fn(&(SignOffRow, Beside)) -> bool,
) -> Result<Subject, Trouble> {
    let SignedIn { scope, visitor, .. } = signed_in;
    let (row, job) = jobs::get(sql, scope, record)?.ok_or(Trouble::NotFound)?;
    let document = documents::load(sql, scope.tenant, record)?.ok_or(Trouble::NotFound)?;
    let rows = signoffs::list(sql, scope, record)?;
    let beside = beside::beside(sql, scope, record, &document.automerge, &rows)?;
    let latest = rows.into_iter().zip(beside).rfind(|one| wanted(one));
    let signed = latest.map(|(row, beside)| -> Result<SignedVersion, Trouble> {
        let file = proof::export(sql, scope, keys, record, row.signoff)?;
        let proof = verify_proof(&file).map_err(|error| {
            tracing::error!(%error, %record, "a proof of ours does not hold");
            Trouble::Unavailable
        })?;
        Ok(SignedVersion { row, beside, content: proof.content, file })
    });
    let on_paper = Visitor { moments: visitor.moments.on_paper(), ..visitor.clone() };
    Ok(Subject {
        reader: reader::load(sql, scope, &on_paper)?,
        content: serde_json::to_value(&job).unwrap_or_default(),
        row,
        signed: signed.transpose()?,
    })
}

/// The answer that a browser shows or saves under `name`, which is plain ASCII.
pub(crate) async fn print(
    app: &App,
    scope: &Scope,
    name: &str,
    sheet: Sheet,
) -> Result<Response, Trouble> {
    let keys = std::sync::Arc::clone(&app.keys);
    let pdf = app.press.print(keys, sheet).await.inspect_err(|error| {
        tracing::error!(%error, name, "a document was not printed");
    });
    let pdf = pdf.map_err(Trouble::NotPrinted)?;
    download::note(app, scope, Deed::DocumentTaken, name).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, pdf).into_response())
}
