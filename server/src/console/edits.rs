//! What a desk does to a record from its page: fields saved, entries added, a conflict settled,
//! a job assigned, helped with, archived. Every one is a typed edit that goes through the desk
//! and the log like a phone's; on a refusal the page comes back with what was typed.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::edit::{Edit, NewEntry, report_signed};
use docket_protocol::filing::lacks;
use docket_protocol::ids::{ItemId, RecordId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{MergeKind, ValueRule, rule_of};
use docket_protocol::record::value::FieldValue;
use serde::Deserialize;

use super::field::Reader;
use super::job::lacks_in_words;
use super::page::Notice;
use super::reader;
use super::request::{Form, Ids};
use super::section::{Editing, Typed, next_position};
use super::session::SignedIn;
use super::trouble::Trouble;
use super::{articles, dossiers, duty, job, levels};
use crate::app::App;
use crate::audit::{self, Deed};
use crate::auth::scope::Scope;
use crate::desk::{self, DeskError};
use crate::random::random;
use crate::read_model;
use crate::store::WriteTx;
use crate::words::Words;

/// Fields of one form that say from when and until when.
const SPANS: [(&str, &str); 3] =
    [("from", "until"), ("start_at", "end_at"), ("window_start", "window_end")];

/// The pairs of a form, in order.
pub(super) type Pairs = Vec<(String, String)>;

/// `POST /jobs/{id}/edit`
pub(crate) async fn save_job(
    state: State<App>,
    signed_in: SignedIn,
    record: Ids<RecordId>,
    pairs: Form<Pairs>,
) -> Result<Response, Trouble> {
    save(state, signed_in, RecordKind::Job, record, pairs).await
}

/// `POST /dossiers/{id}/edit`
pub(crate) async fn save_dossier(
    state: State<App>,
    signed_in: SignedIn,
    record: Ids<RecordId>,
    pairs: Form<Pairs>,
) -> Result<Response, Trouble> {
    save(state, signed_in, RecordKind::Dossier, record, pairs).await
}

/// `POST /articles/{id}/edit`
pub(crate) async fn save_article(
    state: State<App>,
    signed_in: SignedIn,
    record: Ids<RecordId>,
    pairs: Form<Pairs>,
) -> Result<Response, Trouble> {
    save(state, signed_in, RecordKind::Article, record, pairs).await
}

/// `POST /jobs/{id}/add`
pub(crate) async fn add_to_job(
    state: State<App>,
    signed_in: SignedIn,
    record: Ids<RecordId>,
    pairs: Form<Pairs>,
) -> Result<Response, Trouble> {
    add(state, signed_in, RecordKind::Job, record, pairs).await
}

/// `POST /dossiers/{id}/add`
pub(crate) async fn add_to_dossier(
    state: State<App>,
    signed_in: SignedIn,
    record: Ids<RecordId>,
    pairs: Form<Pairs>,
) -> Result<Response, Trouble> {
    add(state, signed_in, RecordKind::Dossier, record, pairs).await
}

pub(super) async fn save(
    State(app): State<App>,
    signed_in: SignedIn,
    kind: RecordKind,
    Ids(record): Ids<RecordId>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Trouble> {
    let form = ReadForm::new(kind, &reader::stranger(&signed_in.visitor), &pairs);
    let editing = Editing::Fields(Path::new(form.target.clone()));
    if let Some(code) = form.fault() {
        return again(&app, signed_in, kind, record, editing, form, code).await;
    }
    let edits: Vec<Edit> =
        form.changed.iter().map(|(path, value)| edit_of(kind, path, value)).collect();
    let scope = signed_in.scope.clone();
    let target = form.target.clone();
    let saved = app.store.write(move |tx| {
        let changed = apply_all(tx, &scope, record, &edits)?;
        note_settings(tx, &scope, kind, &target, changed)?;
        Ok(changed)
    });
    let saved = saved.await;
    match saved {
        Ok(changed) => {
            let notice = if changed { "saved" } else { "unchanged" };
            Ok(back(kind, record, notice, &form.target))
        }
        Err(DeskError::Refused(error)) => {
            let mut form = form;
            form.wrong.push(error.path.to_string());
            again(&app, signed_in, kind, record, editing, form, error.code).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn add(
    State(app): State<App>,
    signed_in: SignedIn,
    kind: RecordKind,
    Ids(record): Ids<RecordId>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Trouble> {
    // The form names the fields `steps/text`; the rules know them under an entry's id.
    let entry = ItemId::new(app.clock.now_ms(), random());
    let form = ReadForm::new_entry(kind, &reader::stranger(&signed_in.visitor), &pairs, entry);
    let collection = Path::new(form.target.clone());
    let editing = Editing::NewEntry(collection.clone());
    let nothing = form.changed.is_empty().then_some("bad-value");
    if let Some(code) = form.fault().or(nothing) {
        return again(&app, signed_in, kind, record, editing, form, code).await;
    }
    let fields: BTreeMap<String, FieldValue> = form
        .changed
        .iter()
        .filter_map(|(path, value)| Some((path.split_last()?.1.to_owned(), value.clone())))
        .collect();
    let scope = signed_in.scope.clone();
    let (target, place) = (collection.clone(), collection.to_string());
    let added = app.store.write(move |tx| {
        let fields = with_position(tx, &scope, kind, record, &target, fields)?;
        let entry = NewEntry { collection: target, id: entry, fields };
        let added = desk::edit(tx, &scope, record, &Edit::AddEntry(entry))?;
        note_settings(tx, &scope, kind, &place, added.is_some())?;
        Ok(added)
    });
    match added.await {
        Ok(_) => Ok(back(kind, record, "saved", collection.as_str())),
        Err(DeskError::Refused(error)) => {
            again(&app, signed_in, kind, record, editing, form, error.code).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A tick says by whom and when; everything else is a field.
fn edit_of(kind: RecordKind, path: &Path, value: &FieldValue) -> Edit {
    let ticked = rule_of(kind, path).filter(|rule| rule.merge == MergeKind::Tick);
    let entry = path.split_last().and_then(|(entry, _)| {
        let (collection, item) = entry.split_last()?;
        Some((collection.clone(), item.parse().ok()?))
    });
    match (ticked, entry, value) {
        (Some(_), Some((collection, item)), FieldValue::Bool(done)) => {
            Edit::TickItem { collection, item, done: *done }
        }
        _ => Edit::SetField { path: path.clone(), value: value.clone() },
    }
}

/// What the whole organisation works with is in the audit log, too.
fn note_settings(
    tx: &WriteTx<'_>,
    scope: &Scope,
    kind: RecordKind,
    target: &str,
    changed: bool,
) -> rusqlite::Result<()> {
    if changed && kind == RecordKind::Catalog {
        let section = target.split('/').next().unwrap_or_default();
        audit::note(tx, scope, Deed::SettingsChanged, section)?;
    }
    Ok(())
}

pub(super) fn apply_all(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    record: RecordId,
    edits: &[Edit],
) -> Result<bool, DeskError> {
    let mut changed = false;
    for edit in edits {
        changed |= desk::edit(tx, scope, record, edit)?.is_some();
    }
    Ok(changed)
}

/// New entries go to the end of lists that people order.
fn with_position(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    kind: RecordKind,
    record: RecordId,
    collection: &Path,
    mut fields: BTreeMap<String, FieldValue>,
) -> Result<BTreeMap<String, FieldValue>, DeskError> {
    let loaded = tx.documents.get(tx.sql, scope.tenant, record)?.ok_or(DeskError::NotFound)?;
    let content = docket_protocol::record::read::content(&loaded.automerge, kind);
    if let Some(position) = next_position(kind, &content, collection) {
        fields.insert("position".to_owned(), position.into());
    }
    Ok(fields)
}

/// A form's pairs, read by the rules.
struct ReadForm {
    target: String,
    /// Fields whose text is not what the form was opened with.
    changed: Vec<(Path, FieldValue)>,
    typed: BTreeMap<String, String>,
    wrong: Vec<String>,
    /// Whether something would end before it begins.
    backwards: bool,
}

impl ReadForm {
    fn new(kind: RecordKind, reader: &Reader, pairs: &Pairs) -> Self {
        Self::read(kind, reader, pairs, |path| Path::new(path))
    }

    fn new_entry(kind: RecordKind, reader: &Reader, pairs: &Pairs, entry: ItemId) -> Self {
        Self::read(kind, reader, pairs, |path| match Path::new(path).split_last() {
            Some((collection, field)) => collection.child(entry).child(field),
            None => Path::default(),
        })
    }

    fn read(
        kind: RecordKind,
        reader: &Reader,
        pairs: &Pairs,
        path_of: impl Fn(&str) -> Path,
    ) -> Self {
        let find = |name: &str| {
            let found = pairs.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str())
        };
        let target = find("target").unwrap_or_default().to_owned();
        let mut form = Self {
            target,
            changed: vec![],
            typed: BTreeMap::new(),
            wrong: vec![],
            backwards: false,
        };
        let mut values = BTreeMap::new();
        for (key, was) in pairs {
            let Some(name) = key.strip_prefix("was:") else { continue };
            let path = path_of(name);
            let Some(rule) = rule_of(kind, &path) else { continue };
            let tick = rule.value == ValueRule::Bool;
            // An open tick box sends nothing at all.
            let text = find(&format!("value:{name}")).unwrap_or(if tick { "false" } else { "" });
            let was = if tick && was.is_empty() { "false" } else { was };
            form.typed.insert(name.to_owned(), text.to_owned());
            let parsed = reader.parse(rule, text);
            values.insert(name, parsed.clone());
            // Browsers send line ends of their own.
            if text.replace("\r\n", "\n") == was.replace("\r\n", "\n") {
                continue;
            }
            match parsed {
                Some(value) => form.changed.push((path, value)),
                None => form.wrong.push(name.to_owned()),
            }
        }
        form.check_spans(&values);
        form
    }

    /// A turn, plan or pause of which the end comes first would silently never count.
    fn check_spans(&mut self, values: &BTreeMap<&str, Option<FieldValue>>) {
        for (name, until) in values {
            let end = SPANS.iter().find_map(|(from, end)| Some((name.strip_suffix(end)?, from)));
            let Some((entry, from)) = end else { continue };
            let from = values.get(format!("{entry}{from}").as_str());
            let (Some(Some(from)), Some(until)) = (from, until) else { continue };
            if !comes_after(until, from) {
                self.wrong.push((*name).to_owned());
                self.backwards = true;
            }
        }
    }

    /// Why the form cannot be saved.
    fn fault(&self) -> Option<&'static str> {
        let code = if self.backwards { "ends-before-begins" } else { "bad-value" };
        (!self.wrong.is_empty()).then_some(code)
    }
}

/// Moments have to lie apart; one day is its own first and last.
fn comes_after(until: &FieldValue, from: &FieldValue) -> bool {
    match (until, from) {
        (FieldValue::Int(until), FieldValue::Int(from)) => until > from,
        (FieldValue::Text(until), FieldValue::Text(from)) => until >= from,
        _ => true,
    }
}

/// The page again, with what was typed and what is wrong with it.
async fn again(
    app: &App,
    signed_in: SignedIn,
    kind: RecordKind,
    record: RecordId,
    editing: Editing,
    form: ReadForm,
    code: &str,
) -> Result<Response, Trouble> {
    let notice = Notice::alarm(signed_in.visitor.words.of("error", code));
    let view = job::View {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        editing,
        typed: Typed { values: form.typed, wrong: form.wrong },
        notice: Some(notice),
    };
    match kind {
        RecordKind::Job => job::draw(app, signed_in, record, view).await,
        RecordKind::Article => articles::draw(app, signed_in, record, view).await,
        RecordKind::Catalog if is_duty(view.editing.target()) => {
            duty::draw(app, signed_in, view).await
        }
        RecordKind::Catalog => levels::draw(app, signed_in, view).await,
        RecordKind::Dossier => dossiers::draw(app, signed_in, record, view).await,
    }
}

/// Back to the part of the page that was changed.
fn back(kind: RecordKind, record: RecordId, notice: &str, target: &str) -> Response {
    let page = match kind {
        RecordKind::Job => format!("/jobs/{record}"),
        RecordKind::Article => format!("/articles/{record}"),
        RecordKind::Dossier => format!("/dossiers/{record}"),
        // There is one, in parts on pages of their own.
        RecordKind::Catalog if is_duty(target) => "/duty".to_owned(),
        RecordKind::Catalog => "/levels".to_owned(),
    };
    let part = match target.split_once('/') {
        _ if target == "plan/items" || target.starts_with("plan/items/") => "plan-items",
        Some((collection, _)) => collection,
        None if target.is_empty() => "about",
        None => target,
    };
    Redirect::to(&format!("{page}?notice={notice}#{part}")).into_response()
}

fn is_duty(target: &str) -> bool {
    target.split('/').next() == Some("duty")
}

#[derive(Deserialize)]
pub(crate) struct Assignment {
    lead: UserId,
}

/// `POST /jobs/{id}/assign`
pub(crate) async fn assign(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Form(Assignment { lead }): Form<Assignment>,
) -> Result<Response, Trouble> {
    one(&app, &signed_in, record, "assigned", move |tx, (scope, record)| {
        job::visible(tx.sql, scope, record)?;
        expect_engineer(tx, scope, lead)?;
        Ok(Edit::Assign { lead })
    })
    .await
}

#[derive(Deserialize)]
pub(crate) struct Helper {
    helper: UserId,
}

/// `POST /jobs/{id}/helpers`: adds a helper, or releases one who helps now.
pub(crate) async fn switch_helper(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Form(Helper { helper }): Form<Helper>,
) -> Result<Response, Trouble> {
    let switch = move |tx: &mut WriteTx<'_>, known: (&Scope, RecordId)| {
        let job = job::visible(tx.sql, known.0, known.1)?;
        expect_engineer(tx, known.0, helper)?;
        let helps = job::active_helpers(&job.assignment.helpers).contains(&helper);
        let path = Path::new("assignment/helpers").child(helper);
        Ok(Edit::SetField { path, value: (!helps).into() })
    };
    one(&app, &signed_in, record, "helper", switch).await
}

#[derive(Deserialize)]
pub(crate) struct Archiving {
    archived: bool,
}

/// `POST /jobs/{id}/archive`
pub(crate) async fn archive(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Form(Archiving { archived }): Form<Archiving>,
) -> Result<Response, Trouble> {
    let notice = if archived { "archived" } else { "unarchived" };
    let words = signed_in.visitor.words;
    let file = move |tx: &mut WriteTx<'_>, (scope, record): (&Scope, RecordId)| {
        if archived {
            expect_whole(tx, scope, record, words)?;
        }
        let value = if archived { FieldValue::Int(tx.now) } else { FieldValue::Nothing };
        Ok(Edit::SetField { path: Path::new("archive/archived_at"), value })
    };
    one(&app, &signed_in, record, notice, file).await
}

/// A job is filed when nothing is missing; what is, is said.
fn expect_whole(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    record: RecordId,
    words: Words,
) -> Result<(), Trouble> {
    let content = job::visible(tx.sql, scope, record)?;
    if !job::may(scope.role, "archive/archived_at") {
        return Err(Trouble::Refused("not-allowed".to_owned()));
    }
    let loaded = tx.documents.get(tx.sql, scope.tenant, record)?.ok_or(Trouble::NotFound)?;
    let lacks = lacks(&content, report_signed(&loaded.automerge));
    if lacks.is_empty() { Ok(()) } else { Err(Trouble::Lacks(lacks_in_words(words, &lacks))) }
}

/// `POST /jobs/{id}/approve`: the manager approves the preparation. Whoever has approved is
/// written first, because the moment is what counts.
pub(crate) async fn approve(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope.clone();
    app.store
        .write(move |tx| {
            job::visible(tx.sql, &scope, record)?;
            let edits = approval(&Path::new("preparation"), &scope, tx.now);
            apply_all(tx, &scope, record, &edits).map_err(Trouble::from)
        })
        .await?;
    Ok(back(RecordKind::Job, record, "approved", "preparation"))
}

/// The edits by which a person approves what stands at `place`.
pub(super) fn approval(place: &Path, scope: &Scope, now: i64) -> [Edit; 2] {
    let set = |field: &str, value| Edit::SetField { path: place.child(field), value };
    [set("approved_by", scope.user.to_string().into()), set("approved_at", now.into())]
}

#[derive(Deserialize)]
pub(crate) struct Choosing {
    path: String,
    change: String,
}

/// `POST /jobs/{id}/choose`: writes one of the values of a conflict again, which settles it.
pub(crate) async fn choose(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Form(Choosing { path, change }): Form<Choosing>,
) -> Result<Response, Trouble> {
    let choose = move |tx: &mut WriteTx<'_>, (scope, record): (&Scope, RecordId)| {
        job::visible(tx.sql, scope, record)?;
        let conflicts = read_model::conflicts::list(tx.sql, scope, record)?;
        let conflict = conflicts.into_iter().find(|conflict| conflict.path == path);
        let values = conflict.ok_or(Trouble::NotFound)?.values;
        let value = values.into_iter().find(|value| value.change.to_string() == change);
        let value = value.ok_or(Trouble::NotFound)?.value;
        Ok(Edit::SetField { path: Path::new(path), value })
    };
    one(&app, &signed_in, record, "chosen", choose).await
}

/// Work is given to somebody who can do it.
fn expect_engineer(tx: &WriteTx<'_>, scope: &Scope, user: UserId) -> Result<(), Trouble> {
    let known = reader::is_engineer(tx.sql, scope, user)?;
    if known { Ok(()) } else { Err(Trouble::Refused("bad-value".to_owned())) }
}

/// How an edit is made from what the record holds.
pub(super) trait Making:
    FnOnce(&mut WriteTx<'_>, (&Scope, RecordId)) -> Result<Edit, Trouble> + Send + 'static
{
}

impl<F> Making for F where
    F: FnOnce(&mut WriteTx<'_>, (&Scope, RecordId)) -> Result<Edit, Trouble> + Send + 'static
{
}

/// One edit, made from what the record holds at that very moment.
pub(super) async fn one(
    app: &App,
    signed_in: &SignedIn,
    record: RecordId,
    notice: &str,
    edit: impl Making,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope.clone();
    app.store
        .write(move |tx| {
            let edit = edit(tx, (&scope, record))?;
            desk::edit(tx, &scope, record, &edit).map_err(Trouble::from)
        })
        .await?;
    Ok(Redirect::to(&format!("/jobs/{record}?notice={notice}")).into_response())
}
