//! `GET` and `POST /verify`: anyone can check a sign-off's proof here, without an account. The
//! file is read, answered and forgotten; the page shows what was signed and by whom.
//!
//! `GET /jobs/{id}/signoffs/{id}` shows a signed version to those who see the job, for ever and
//! on paper: it exports the proof and checks it just like a stranger's file.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::RecordKind;
use docket_protocol::signoff::Proof;

use super::page::{Notice, Page, Place, Visitor, html};
use super::reader;
use super::request::{Ids, Upload};
use super::section::{Editing, Section, Source, Table, Typed};
use super::session::SignedIn;
use super::signoff_card::{Line, fingerprint, grouped, outcome_mark};
use super::trouble::Trouble;
use crate::app::App;
use crate::console::job_head::Mark;
use crate::read_model::signoffs::purpose_word;
use crate::verdict::{self, Verdict};

struct Shown {
    purpose: String,
    outcome: Mark,
    name: String,
    position: String,
    /// The drawn signature as a data address; the page stores nothing to link to.
    drawing: String,
    lines: Vec<Line>,
    ours: bool,
    server_key: String,
    sections: Vec<Section>,
    tables: Vec<Table>,
}

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    page: Page,
    /// The job this was asked from; empty on the public page.
    job: String,
    broken: Option<String>,
    shown: Option<Shown>,
}

/// Shows one signed version of a job.
pub(crate) async fn signed(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids((record, signoff)): Ids<(RecordId, ItemId)>,
) -> Result<Response, Trouble> {
    let keys = std::sync::Arc::clone(&app.keys);
    let scope = signed_in.scope.clone();
    let file = app
        .store
        .try_read(move |sql| crate::proof::export(sql, &scope, &keys, record, signoff))
        .await?;
    let visitor = &signed_in.visitor;
    let title = visitor.words.get("signed-version");
    let page = Page::signed_in(&signed_in, Place::Job, title);
    let (broken, shown) = judged(&app, visitor, &file);
    Ok(html(StatusCode::OK, &VerifyPage { page, job: record.to_string(), broken, shown }))
}

/// Shows the form.
pub(crate) async fn show(visitor: Visitor, signed_in: Result<SignedIn, Trouble>) -> Response {
    let page = frame(&visitor, signed_in);
    html(StatusCode::OK, &VerifyPage { page, job: String::new(), broken: None, shown: None })
}

/// Checks a file.
pub(crate) async fn check(
    State(app): State<App>,
    visitor: Visitor,
    signed_in: Result<SignedIn, Trouble>,
    form: Upload,
) -> Result<Response, Trouble> {
    let page = frame(&visitor, signed_in);
    let words = visitor.words;
    let file = form.file("proof").await?;
    if file.is_empty() {
        let page = page.with_notice(Some(Notice::alarm(words.get("verify-no-file"))));
        let template = VerifyPage { page, job: String::new(), broken: None, shown: None };
        return Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &template));
    }
    let (broken, shown) = judged(&app, &visitor, &file);
    Ok(html(StatusCode::OK, &VerifyPage { page, job: String::new(), broken, shown }))
}

/// The verdict on a proof, as what is wrong or what was signed.
fn judged(app: &App, visitor: &Visitor, file: &[u8]) -> (Option<String>, Option<Shown>) {
    match verdict::check(file, Some(&app.keys.server_key())) {
        Verdict::Broken(error) => (Some(verdict::explain(visitor.words, error)), None),
        Verdict::Valid(proof) => (None, Some(shown(visitor, &proof, true))),
        Verdict::OtherServer(proof) => (None, Some(shown(visitor, &proof, false))),
    }
}

fn frame(visitor: &Visitor, signed_in: Result<SignedIn, Trouble>) -> Page {
    let title = visitor.words.get("verify-title");
    match signed_in {
        Ok(signed_in) => Page::signed_in(&signed_in, Place::Verify, title),
        Err(_) => Page::open(visitor, Place::Verify, title),
    }
}

fn shown(visitor: &Visitor, proof: &Proof, ours: bool) -> Shown {
    let words = visitor.words;
    let mut reader = reader::stranger(visitor);
    // A proof names its engineer; other people in the content are ids to a stranger.
    reader.people.insert(proof.receipt.engineer, proof.receipt.engineer_name.clone());
    let (editing, typed) = (Editing::Nothing, Typed::default());
    let source = Source {
        reader: &reader,
        kind: RecordKind::Job,
        content: &proof.content,
        disputed: &[],
        role: None,
        frozen: true,
        editing: &editing,
        typed: &typed,
    };
    let statement = &proof.statement;
    Shown {
        purpose: words.of("purpose", purpose_word(statement.purpose)),
        outcome: outcome_mark(words, statement.outcome),
        name: statement.signatory.name.clone(),
        position: statement.signatory.title.clone(),
        drawing: format!("data:image/png;base64,{}", proof.drawing),
        lines: lines(visitor, proof),
        ours,
        server_key: grouped(&proof.server_key),
        sections: ["intake", "report", "plan", "visit"]
            .map(|prefix| source.section(prefix, words.get(&format!("section-{prefix}"))))
            .into(),
        tables: vec![
            source.table("steps", words.get("section-steps")),
            source.table("parts", words.get("section-parts")),
            source.table("attachments", words.get("section-attachments")),
            source.table("checklist", words.get("section-checklist")),
            source.table("plan/items", words.get("plan-items")),
        ],
    }
}

fn lines(visitor: &Visitor, proof: &Proof) -> Vec<Line> {
    let words = visitor.words;
    let (statement, receipt) = (&proof.statement, &proof.receipt);
    let plain = |label: String, text: &str| Line { label, text: text.to_owned(), figures: false };
    let figures = |label: String, text: &str| Line { label, text: grouped(text), figures: true };
    let lines = vec![
        plain(words.get("field-organisation"), &receipt.organisation),
        plain(words.get("field-signoff-reservations"), &statement.reservations),
        plain(words.get("field-signoff-deputy-reason"), &statement.signatory.deputy_reason),
        plain(words.get("field-signoff-remarks"), &statement.remarks),
        plain(words.get("proof-engineer"), &receipt.engineer_name),
        plain(words.get("proof-signed-at"), &visitor.moments.exact(statement.signed_at)),
        plain(words.get("proof-received-at"), &visitor.moments.exact(receipt.received_at)),
        figures(words.get("field-signoff-digest"), &statement.content_digest),
        figures(words.get("proof-device-key"), &fingerprint(&statement.device_key)),
        plain(words.get("proof-seq"), &format!("#{}", receipt.seq.0)),
        figures(words.get("proof-chain"), &receipt.chain),
    ];
    lines.into_iter().filter(|line| !line.text.is_empty()).collect()
}
