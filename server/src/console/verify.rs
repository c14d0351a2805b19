//! `GET` and `POST /verify`: anyone can check a sign-off's proof, or a document with one inside,
//! here, without an account. The file is read, answered and forgotten; the page shows what was
//! signed and by whom, and which fields do not read as they were signed.
//!
//! `GET /verify?signoff=…&digest=…` is where the code on a document leads: whether such a
//! signature has reached this server, and nothing of what was signed.
//!
//! `GET /jobs/{id}/signoffs/{id}` shows a signed version to those who see the job, for ever and
//! on paper: it exports the proof and checks it just like a stranger's file.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::RecordKind;
use docket_protocol::signoff::Proof;
use serde::Deserialize;

use super::page::{Notice, Page, Place, Visitor, html};
use super::reader;
use super::request::{Asked, Ids, Upload};
use super::section::{Editing, Section, Source, Table, Typed};
use super::session::SignedIn;
use super::signoff_card::{Line, fingerprint, grouped, outcome_mark};
use super::trouble::Trouble;
use crate::app::App;
use crate::console::job_head::Mark;
use crate::paper::seal::Seal;
use crate::proof;
use crate::read_model::signoffs::purpose_word;
use crate::verdict::{self, Verdict};
use crate::words::Words;

mod code;

pub(crate) use code::short_digest;

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

/// What the check found, in a sentence or two.
struct Found {
    tone: &'static str,
    icon: &'static str,
    title: String,
    text: String,
    /// Fields that do not read as they were signed.
    changed: Vec<String>,
}

impl Found {
    fn good(title: String, text: String) -> Self {
        Self { tone: "good", icon: "done", title, text, changed: Vec::new() }
    }

    fn alarm(title: String, text: String) -> Self {
        Self { tone: "alarm", icon: "refused", title, text, changed: Vec::new() }
    }
}

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    page: Page,
    /// The job this was asked from; empty on the public page.
    job: String,
    found: Option<Found>,
    /// What is known of a code.
    known: Vec<Line>,
    shown: Option<Shown>,
}

impl VerifyPage {
    fn new(page: Page) -> Self {
        Self { page, job: String::new(), found: None, known: Vec::new(), shown: None }
    }
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
    let page = Page::signed_in(&signed_in, Place::Job, visitor.words.get("signed-version"));
    let (found, shown) = judged(&app, visitor, file.into()).await?;
    let job = record.to_string();
    let template = VerifyPage { job, found: Some(found), shown, ..VerifyPage::new(page) };
    Ok(html(StatusCode::OK, &template))
}

/// What a code says; none of it when the page is opened without one.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Code {
    signoff: Option<ItemId>,
    #[serde(default)]
    digest: String,
}

/// Shows the form, and what is known of a code.
pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    signed_in: Result<SignedIn, Trouble>,
    Asked(code): Asked<Code>,
) -> Result<Response, Trouble> {
    let page = frame(&visitor, signed_in);
    let Some(signoff) = code.signoff else {
        return Ok(html(StatusCode::OK, &VerifyPage::new(page)));
    };
    let known = app
        .store
        .try_read(move |sql| Ok::<_, Trouble>(code::known(sql, signoff, &code.digest)?))
        .await?;
    let words = visitor.words;
    let title = |id: &str| words.get(id);
    let template = match known {
        Some(known) => {
            let text = words.get("verify-code-known-explained");
            let found = Some(Found::good(title("verify-code-known"), text));
            let known = code::lines(&visitor, &known);
            VerifyPage { found, known, ..VerifyPage::new(page) }
        }
        None => {
            let text = words.get("verify-code-unknown-explained");
            let found = Some(Found::alarm(title("verify-code-unknown"), text));
            VerifyPage { found, ..VerifyPage::new(page) }
        }
    };
    Ok(html(StatusCode::OK, &template))
}

/// Checks a file.
pub(crate) async fn check(
    State(app): State<App>,
    visitor: Visitor,
    signed_in: Result<SignedIn, Trouble>,
    form: Upload,
) -> Result<Response, Trouble> {
    let page = frame(&visitor, signed_in);
    let file = form.file("proof").await?;
    if file.is_empty() {
        let notice = Notice::alarm(visitor.words.get("verify-no-file"));
        let template = VerifyPage::new(page.with_notice(Some(notice)));
        return Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &template));
    }
    let (found, shown) = judged(&app, &visitor, file).await?;
    let template = VerifyPage { found: Some(found), shown, ..VerifyPage::new(page) };
    Ok(html(StatusCode::OK, &template))
}

/// The verdict on a file: what the check found, and what was signed if that can be believed.
async fn judged(
    app: &App,
    visitor: &Visitor,
    file: Bytes,
) -> Result<(Found, Option<Shown>), Trouble> {
    let own_key = app.keys.server_key();
    let examined = tokio::task::spawn_blocking(move || verdict::examine(&file, Some(&own_key)));
    let mut finding = examined.await.map_err(|_| Trouble::Unavailable)?;
    let words = visitor.words;
    let changed = match (&finding.verdict, finding.claimed.take()) {
        (Some(Verdict::Broken(_)), Some(claimed)) if finding.changed.is_empty() => {
            let signed = app.store.try_read(move |sql| {
                let signed = proof::signed_here(sql, &claimed)?;
                Ok::<_, Trouble>(signed.map(|signed| verdict::changes(&claimed, &signed)))
            });
            signed.await?.unwrap_or_default()
        }
        _ => std::mem::take(&mut finding.changed),
    };
    let changed = verdict::named(words, &changed);
    Ok(match (finding.verdict, finding.seal) {
        (Some(Verdict::Broken(error)), seal) => {
            let title = if seal.is_some() { "verify-paper-changed" } else { "verify-invalid" };
            let text = verdict::explain(words, error);
            (Found { changed, ..Found::alarm(words.get(title), text) }, None)
        }
        (Some(Verdict::Valid(proof)), seal) => {
            (intact(words, seal), Some(shown(visitor, &proof, true)))
        }
        (Some(Verdict::OtherServer(proof)), seal) => {
            (intact(words, seal), Some(shown(visitor, &proof, false)))
        }
        (None, seal) => (unsigned(words, seal), None),
    })
}

/// A proof holds; a document around it may all the same have been changed.
fn intact(words: Words, seal: Option<Seal>) -> Found {
    match seal {
        None => Found::good(words.get("verify-valid"), words.get("verify-valid-explained")),
        Some(Seal::Whole) => {
            Found::good(words.get("verify-identical"), words.get("verify-identical-explained"))
        }
        Some(Seal::Broken | Seal::None) => {
            Found::alarm(words.get("verify-paper-changed"), words.get("verify-paper-changed-pages"))
        }
    }
}

/// A document without a proof.
fn unsigned(words: Words, seal: Option<Seal>) -> Found {
    match seal {
        Some(Seal::Whole) => Found::good(words.get("verify-paper-unsigned"), String::new()),
        Some(Seal::Broken) => Found::alarm(
            words.get("verify-paper-changed"),
            words.get("verify-paper-changed-unsigned"),
        ),
        Some(Seal::None) | None => Found::alarm(words.get("verify-paper-none"), String::new()),
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
