//! `GET` and `POST /jobs/new`: a call becomes a job while it is heard.
//!
//! First the customer, then one form that knows the customer's sites, equipment and contacts.
//! Opening and assigning are one transaction, so that no job is left lying between the two.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::edit::{Edit, EditError, NewEntry};
use docket_protocol::ids::{ItemId, RecordId, UserId};
use docket_protocol::limits::ITEMS_MAX;
use docket_protocol::record::RecordKind;
use docket_protocol::record::catalog::CatalogContent;
use docket_protocol::record::dossier::DossierContent;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{JOB_RULES, rule_of};
use docket_protocol::record::value::FieldValue;
use docket_protocol::role::Role;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::Value as Json;

use super::field::{Choice, Control, ControlKind, Reader};
use super::page::{Notice, Page, Place, html};
use super::reader;
use super::request::{Asked, Form};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::auth::scope::Scope;
use crate::desk::{self, DeskError};
use crate::limits::CUSTOMERS_OFFERED;
use crate::random::random;
use crate::read_model::{catalog, dossiers};
use crate::store::WriteTx;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewJobQuery {
    dossier: String,
    /// What was typed of the customer's name.
    customer: String,
}

/// A value to pick or to type over.
struct Suggestion {
    value: String,
    label: String,
}

/// A text field with suggestions.
struct Suggested {
    control: Control,
    list: &'static str,
    suggestions: Vec<Suggestion>,
}

#[derive(Template)]
#[template(path = "new_job.html")]
struct NewJobPage {
    page: Page,
    /// The customer's name, or what was typed of it.
    typed: String,
    /// The customers it may mean.
    candidates: Vec<(RecordId, String)>,
    /// It may mean more than these.
    more: bool,
    dossier: String,
    customer: Option<Control>,
    who: Vec<Suggested>,
    title: Control,
    prose: Vec<Control>,
    category: Suggested,
    choices: Vec<Control>,
    due: Control,
    leads: Vec<Choice>,
    checklists: Vec<Choice>,
}

/// What the page knows of the organisation.
struct Known {
    reader: Reader,
    dossier: Option<(RecordId, DossierContent)>,
    /// What was typed of a customer's name that is not just one customer's.
    typed: String,
    candidates: Vec<dossiers::Named>,
    catalog: CatalogContent,
    open_jobs: BTreeMap<UserId, usize>,
}

/// Shows the form.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<NewJobQuery>,
) -> Result<Response, Trouble> {
    if !desk::may_open(signed_in.scope.role, RecordKind::Job) {
        return Err(Trouble::Refused("not-allowed".to_owned()));
    }
    let known = load(&app, &signed_in, query).await?;
    Ok(draw(&signed_in, &known, &Typed::new(), &[], None))
}

async fn load(app: &App, signed_in: &SignedIn, query: NewJobQuery) -> Result<Known, Trouble> {
    let SignedIn { scope, visitor, .. } = signed_in.clone();
    app.store
        .try_read(move |sql| {
            let typed = query.customer.trim();
            let mut candidates = match typed {
                "" => Vec::new(),
                typed => dossiers::find(sql, &scope, typed)?,
            };
            let record = query.dossier.parse().ok().or_else(|| meant(&candidates, typed));
            let dossier = record.map(|record| dossiers::get(sql, &scope, record)).transpose()?;
            let dossier = dossier.flatten().map(|row| (row.record, row.content));
            if dossier.is_some() {
                candidates.clear();
            }
            Ok::<_, Trouble>(Known {
                reader: reader::load(sql, &scope, &visitor)?,
                dossier,
                typed: typed.to_owned(),
                candidates,
                catalog: catalog::get(sql, scope.tenant)?,
                open_jobs: open_jobs(sql, &scope)?,
            })
        })
        .await
}

/// The customer that was typed: the one with just this name, or the only one that it fits.
fn meant(candidates: &[dossiers::Named], typed: &str) -> Option<RecordId> {
    let same = |name: &str| name.to_lowercase() == typed.to_lowercase();
    let mut whole = candidates.iter().filter(|(_, name)| same(name));
    match (candidates, whole.next(), whole.next()) {
        ([(only, _)], ..) | (_, Some((only, _)), None) => Some(*only),
        _ => None,
    }
}

/// How much each engineer has to do.
pub(crate) fn open_jobs(
    sql: &Connection,
    scope: &Scope,
) -> rusqlite::Result<BTreeMap<UserId, usize>> {
    sql.prepare_cached(
        "select lead, count(*) from jobs indexed by jobs_at_work
         where tenant = ?1 and lead is not null and stage not in ('signed', 'archived')
         group by lead",
    )?
    .query_map([scope.tenant.0], |row| Ok((UserId(row.get(0)?), row.get(1)?)))?
    .collect()
}

fn draw(
    signed_in: &SignedIn,
    known: &Known,
    typed: &Typed,
    wrong: &[String],
    notice: Option<Notice>,
) -> Response {
    let status = if notice.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let reader = &known.reader;
    let words = reader.words;
    let control = |path: &str| {
        let rule = JOB_RULES.iter().find(|rule| rule.path == path).unwrap_or(&JOB_RULES[0]);
        let mut control = reader.control(rule, &Path::new(path), &Json::Null);
        control.value = typed.get(path).cloned().unwrap_or_default();
        if typed.is_empty() && matches!(path, "intake/level" | "intake/priority") {
            "normal".clone_into(&mut control.value);
        } else if typed.is_empty() && path == "intake/mode" {
            "on_site".clone_into(&mut control.value);
        }
        control.wrong = wrong.iter().any(|one| one == path);
        control
    };
    let none = DossierContent::default();
    let (dossier, content) = match &known.dossier {
        Some((record, content)) => (record.to_string(), content),
        None => (String::new(), &none),
    };
    let page = Page::signed_in(signed_in, Place::Board, words.get("new-job")).with_notice(notice);
    let category = Suggested {
        control: control("intake/category"),
        list: "categories",
        suggestions: known.catalog.categories.values().map(|one| plain(&one.name)).collect(),
    };
    let chosen = |field: &str| typed.get(field).map_or("", String::as_str);
    html(
        status,
        &NewJobPage {
            page,
            typed: if dossier.is_empty() { known.typed.clone() } else { content.name.clone() },
            candidates: known.candidates.iter().take(CUSTOMERS_OFFERED).cloned().collect(),
            more: known.candidates.len() > CUSTOMERS_OFFERED,
            customer: known.dossier.is_none().then(|| {
                let mut customer = control("intake/customer");
                if customer.value.is_empty() {
                    customer.value.clone_from(&known.typed);
                }
                customer
            }),
            who: suggested(content, &control),
            title: control("intake/title"),
            prose: ["intake/symptom", "intake/demand"].map(control).into(),
            category,
            choices: ["intake/level", "intake/priority", "intake/mode"].map(control).into(),
            due: control("intake/due_at"),
            leads: leads(known, signed_in.scope.role, chosen("lead")),
            checklists: checklists(&known.catalog, chosen("checklist")),
            dossier,
        },
    )
}

fn plain(value: &str) -> Suggestion {
    Suggestion { value: value.to_owned(), label: String::new() }
}

fn suggested(dossier: &DossierContent, control: &impl Fn(&str) -> Control) -> Vec<Suggested> {
    let sites = dossier.sites.values();
    let sites = sites.map(|one| Suggestion { value: one.name.clone(), label: one.address.clone() });
    let equipment = dossier.equipment.values().map(|one| {
        let parts = [one.name.as_str(), &one.model, &one.serial];
        let filled: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Suggestion { value: filled.join(" · "), label: one.site.clone() }
    });
    let contacts = dossier.contacts.values();
    let callers = contacts
        .clone()
        .map(|one| Suggestion { value: one.name.clone(), label: one.title.clone() });
    let phones = contacts.filter(|one| !one.phone.is_empty());
    let phones = phones.map(|one| Suggestion { value: one.phone.clone(), label: one.name.clone() });
    let field =
        |path: &str, list, suggestions| Suggested { control: control(path), list, suggestions };
    vec![
        field("intake/site", "sites", sites.collect()),
        field("intake/equipment", "equipment", equipment.collect()),
        field("intake/caller", "callers", callers.collect()),
        field("intake/department", "departments", Vec::new()),
        field("intake/phone", "phones", phones.collect()),
    ]
}

/// Whom the job can be given to; nobody where the role may not assign.
fn leads(known: &Known, role: Role, current: &str) -> Vec<Choice> {
    let words = known.reader.words;
    let lead = rule_of(RecordKind::Job, &Path::new("assignment/lead"));
    if !lead.is_some_and(|rule| rule.writable_by(role)) {
        return Vec::new();
    }
    let engineers = known.reader.engineers.iter().map(|(id, name)| {
        let open = known.open_jobs.get(id).copied().unwrap_or(0);
        let label = format!("{name} · {}", words.count("open-jobs-count", open));
        Choice::new(id.to_string(), label, current)
    });
    engineers.collect()
}

fn checklists(catalog: &CatalogContent, current: &str) -> Vec<Choice> {
    let lists = catalog.checklists.iter();
    lists.map(|(id, list)| Choice::new(id.to_string(), list.name.clone(), current)).collect()
}

/// Opens the job.
pub(crate) async fn open(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let typed: Typed = pairs
        .into_iter()
        .map(|(key, value)| (key.trim_start_matches("value:").to_owned(), value))
        .collect();
    let text = |key: &str| typed.get(key).map_or("", |text| text.trim());
    let query = NewJobQuery { dossier: text("dossier").to_owned(), ..NewJobQuery::default() };
    let known = load(&app, &signed_in, query).await?;
    let words = signed_in.visitor.words;
    let again = |wrong: &[String], code: &str| {
        let notice = Notice::alarm(words.of("error", code));
        Ok(draw(&signed_in, &known, &typed, wrong, Some(notice)))
    };
    let fields = match read_fields(&known, &typed) {
        Ok(fields) => fields,
        Err(wrong) => return again(&wrong, "bad-value"),
    };
    let entries = checklist_entries(&app, &known.catalog, text("checklist"));
    let create = Edit::Create { fields, entries };
    let (scope, lead) = (signed_in.scope.clone(), text("lead").parse().ok());
    let opened = app.store.write(move |tx| open_for(tx, &scope, &create, lead)).await;
    match opened {
        Ok(record) => Ok(Redirect::to(&format!("/jobs/{record}?notice=created")).into_response()),
        Err(DeskError::Refused(error)) => again(&[error.path.to_string()], error.code),
        Err(error) => Err(error.into()),
    }
}

/// What was typed, by field name.
type Typed = BTreeMap<String, String>;

/// The fields of the new job, or those that cannot stand as they were typed.
fn read_fields(known: &Known, typed: &Typed) -> Result<BTreeMap<Path, FieldValue>, Vec<String>> {
    let (mut fields, mut wrong) = (BTreeMap::new(), Vec::new());
    for (name, text) in typed {
        let path = Path::new(name.as_str());
        let Some(rule) = rule_of(RecordKind::Job, &path) else { continue };
        match known.reader.parse(rule, text) {
            None => wrong.push(name.clone()),
            Some(FieldValue::Nothing) => {}
            Some(value) => drop(fields.insert(path, value)),
        }
    }
    if let Some((record, dossier)) = &known.dossier {
        fields.insert(Path::new("intake/dossier"), record.to_string().into());
        fields.insert(Path::new("intake/customer"), dossier.name.clone().into());
    }
    let title = Path::new("intake/title");
    if !fields.contains_key(&title) {
        wrong.push(title.to_string());
    }
    if wrong.is_empty() { Ok(fields) } else { Err(wrong) }
}

fn open_for(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    create: &Edit,
    lead: Option<UserId>,
) -> Result<RecordId, DeskError> {
    let record = desk::create(tx, scope, RecordKind::Job, create)?;
    if let Some(lead) = lead {
        if !reader::is_engineer(tx.sql, scope, lead)? {
            return Err(EditError::new("bad-value", Path::new("assignment/lead")).into());
        }
        desk::edit(tx, scope, record, &Edit::Assign { lead })?;
    }
    Ok(record)
}

/// The lines of a checklist of the catalog, as the job's own.
fn checklist_entries(app: &App, catalog: &CatalogContent, chosen: &str) -> Vec<NewEntry> {
    let chosen: Option<ItemId> = chosen.parse().ok();
    let Some(list) = chosen.and_then(|id| catalog.checklists.get(&id)) else {
        return Vec::new();
    };
    let lines = list.items.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .take(ITEMS_MAX)
        .zip(1_i64..)
        .map(|(line, position)| NewEntry {
            collection: Path::new("checklist"),
            id: ItemId::new(app.clock.now_ms(), random()),
            fields: BTreeMap::from([
                ("position".to_owned(), position.into()),
                ("text".to_owned(), line.into()),
            ]),
        })
        .collect()
}

/// Whether a control's choices are few enough to lie side by side.
fn choices_of(control: &Control) -> &[Choice] {
    match &control.kind {
        ControlKind::Select(choices) => choices,
        _ => &[],
    }
}
