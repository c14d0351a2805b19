//! `POST /assets/check` and `/assets/import`: a table of equipment that somebody brings. The first
//! shows what it would do, and for each line that cannot be used where and why; the second does
//! just that. The file travels with the page in between, so nothing is kept here, and where the
//! dossiers have changed meanwhile the dry run is shown again instead.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::BASE64URL_NOPAD;
use docket_protocol::ids::RecordId;
use serde::Deserialize;

use super::assets::may_import;
use super::page::{Notice, Page, Place, html};
use super::request::{Form, Upload};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::asset_table::{self, Fault, Plan, TableError};
use crate::limits::{ASSET_FILE_BYTES_MAX, ASSET_LINES_SHOWN};
use crate::words::Words;

struct NewLine {
    line: u64,
    dossier: RecordId,
    customer: String,
    name: String,
    serial: String,
}

struct OtherLine {
    line: u64,
    dossier: RecordId,
    anchor: String,
    customer: String,
    name: String,
    /// Field, what it says, what it would say.
    texts: Vec<(&'static str, String, String)>,
}

struct FaultLine {
    line: u64,
    column: String,
    problem: String,
}

/// A number of lines, and the first of them.
struct Part<T> {
    count: usize,
    lines: Vec<T>,
    cut: Option<String>,
}

impl<T> Part<T> {
    fn of<S>(words: Words, all: Vec<S>, line: impl Fn(S) -> T) -> Self {
        let count = all.len();
        let cut =
            (count > ASSET_LINES_SHOWN).then(|| words.count("asset-import-cut", ASSET_LINES_SHOWN));
        Self { count, lines: all.into_iter().take(ASSET_LINES_SHOWN).map(line).collect(), cut }
    }
}

#[derive(Template)]
#[template(path = "asset_import.html")]
struct ImportPage {
    page: Page,
    /// What the file is, in a sentence.
    read: String,
    unknown: String,
    additions: Part<NewLine>,
    alterations: Part<OtherLine>,
    same: String,
    faults: Part<FaultLine>,
    /// The file and the plan's name, to be sent back; none where there is nothing to do.
    order: Option<(String, String)>,
}

/// Shows what a file would do.
pub(crate) async fn check(
    State(app): State<App>,
    signed_in: SignedIn,
    form: Upload,
) -> Result<Response, Trouble> {
    expect_allowed(&signed_in)?;
    let file = form.file("table").await?;
    dry_run(&app, signed_in, &file, None).await
}

#[derive(Deserialize)]
pub(crate) struct Order {
    file: String,
    plan: String,
}

/// Does what was shown.
pub(crate) async fn import(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(order): Form<Order>,
) -> Result<Response, Trouble> {
    expect_allowed(&signed_in)?;
    let file = BASE64URL_NOPAD.decode(order.file.as_bytes()).map_err(|_| Trouble::Malformed)?;
    let words = signed_in.visitor.words;
    let Ok((_, _, plan)) = planned(&app, &signed_in, &file).await? else {
        return Err(Trouble::Malformed);
    };
    if plan.digest() != order.plan {
        let notice = Notice::alarm(words.get("asset-import-changed"));
        return dry_run(&app, signed_in, &file, Some(notice)).await;
    }
    let done = asset_table::apply(&app.store, &signed_in.scope, plan).await?;
    let said = words.with(
        "asset-import-done",
        &[("added", done.added.into()), ("changed", done.changed.into())],
    );
    let page = frame(&signed_in, Some(Notice::good(said)));
    let nothing = Plan { same: done.same, faults: done.faults, ..Plan::default() };
    Ok(html(StatusCode::OK, &build(page, nothing, None)))
}

fn expect_allowed(signed_in: &SignedIn) -> Result<(), Trouble> {
    if may_import(signed_in.scope.role) {
        return Ok(());
    }
    Err(Trouble::Refused("not-allowed".to_owned()))
}

/// A file's format, the headings that mean nothing to us, and what it would do.
type Planned = Result<(&'static str, Vec<String>, Plan), TableError>;

async fn planned(app: &App, signed_in: &SignedIn, file: &[u8]) -> Result<Planned, Trouble> {
    let (scope, zone) = (signed_in.scope.clone(), signed_in.visitor.moments.zone().clone());
    let file = file.to_vec();
    app.store
        .read(move |sql| {
            let mut table = match asset_table::read_table(&file) {
                Ok(table) => table,
                Err(error) => return Ok(Err(error)),
            };
            let unknown = std::mem::take(&mut table.unknown_headings);
            let format = table.format;
            Ok(Ok((format, unknown, asset_table::plan(sql, &scope, table, &zone)?)))
        })
        .await
        .map_err(Trouble::from)
}

async fn dry_run(
    app: &App,
    signed_in: SignedIn,
    file: &[u8],
    notice: Option<Notice>,
) -> Result<Response, Trouble> {
    let words = signed_in.visitor.words;
    let read = match file.len() {
        0 => Err(TableError::Empty),
        bytes if bytes > ASSET_FILE_BYTES_MAX => Err(TableError::TooLarge),
        _ => planned(app, &signed_in, file).await?,
    };
    let (format, unknown, plan) = match read {
        Ok(read) => read,
        Err(error) => {
            let notice = Notice::alarm(words.get(error.word()));
            let page = frame(&signed_in, Some(notice));
            let template = build(page, Plan::default(), None);
            return Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &template));
        }
    };
    let order = (!plan.is_empty()).then(|| (BASE64URL_NOPAD.encode(file), plan.digest()));
    let mut template = build(frame(&signed_in, notice), plan, order);
    template.read = words.with("asset-import-read", &[("format", format.into())]);
    if !unknown.is_empty() {
        let names = unknown.join(", ");
        template.unknown = words.with("import-unknown-headings", &[("names", names.into())]);
    }
    Ok(html(StatusCode::OK, &template))
}

fn frame(signed_in: &SignedIn, notice: Option<Notice>) -> Page {
    let title = signed_in.visitor.words.get("asset-import-title");
    Page::signed_in(signed_in, Place::Assets, title).with_notice(notice)
}

fn build(page: Page, plan: Plan, order: Option<(String, String)>) -> ImportPage {
    let words = page.words;
    let fault = |Fault { line, column, problem }| FaultLine {
        line,
        column: column.map_or_else(String::new, |column| column.heading(words.0).to_owned()),
        problem: problem.words(words),
    };
    ImportPage {
        read: String::new(),
        unknown: String::new(),
        additions: Part::of(words, plan.additions, |new| NewLine {
            line: new.line,
            dossier: new.dossier,
            customer: new.customer,
            name: new.name,
            serial: new.serial,
        }),
        alterations: Part::of(words, plan.alterations, |other| OtherLine {
            line: other.line,
            dossier: other.dossier,
            anchor: format!("entry-{}", other.item),
            customer: other.customer,
            name: other.name,
            texts: other
                .texts
                .into_iter()
                .map(|(column, is, becomes)| (column.heading(words.0), is, becomes))
                .collect(),
        }),
        same: words.count("asset-import-same", plan.same),
        faults: Part::of(words, plan.faults, fault),
        order,
        page,
    }
}
