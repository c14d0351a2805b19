//! `GET /jobs/{id}`: one job. Its merged content section by section, what two people wrote at
//! once, who signed what with its proof, and who wrote what, when and on which device.
//!
//! Everything is read in one snapshot, so that the parts of a page never contradict each other.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use docket_protocol::edit::report_signed;
use docket_protocol::filing::{Lack, lacks};
use docket_protocol::ids::{RecordId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::job::{JobContent, Plan};
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::rule_of;
use docket_protocol::role::Role;
use docket_protocol::stage::Stage;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::Value as Json;

use super::attachment_card::{self, Arrivals, AttachmentCard};
use super::clock_card::{self, ClockCard, ClockFacts};
use super::conflict_card::{ConflictCard, cards, memory};
use super::field::{Choice, Reader};
use super::history::{self, HistoryEntry};
use super::job_head::{Mark, WayStep, is_overdue, level_mark, passed, priority_mark};
use super::job_head::{title_of, way};
use super::page::{Notice, Page, Place, html};
use super::paper_job::Kind;
use super::reader;
use super::request::{Asked, Ids};
use super::section::{Editing, Section, Source, Table, Typed};
use super::session::SignedIn;
use super::signoff_card::{self, CheckedSignOff, SignOffCard};
use super::trouble::Trouble;
use crate::app::App;
use crate::auth::scope::Scope;
use crate::blobs::Blobs;
use crate::desk;
use crate::held::inbox;
use crate::keys::Keys;
use crate::read_model::beside;
use crate::read_model::conflicts::{self, ConflictRow, SettlementRow};
use crate::read_model::jobs::{self, JobRow};
use crate::read_model::signoffs;
use crate::store::{StoreError, documents};
use crate::timeline;
use crate::words::Words;

/// Which part is open for typing, and what just happened.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct PageQuery {
    edit: Option<String>,
    add: Option<String>,
    #[serde(default)]
    notice: String,
}

impl PageQuery {
    pub(crate) fn editing(&self) -> Editing {
        Editing::from_address(self.edit.as_deref(), self.add.as_deref())
    }

    /// What just happened, as the redirect after it says.
    pub(crate) fn notice(&self, words: Words) -> Option<Notice> {
        let text = match self.notice.as_str() {
            "saved" => words.get("notice-saved"),
            "unchanged" => words.get("notice-unchanged"),
            "created" => words.get("notice-created"),
            "assigned" => words.get("notice-assigned"),
            "helper" => words.get("notice-helper"),
            "chosen" => words.get("notice-chosen"),
            "approved" => words.get("notice-approved"),
            "amended" => words.get("notice-amended"),
            "archived" => words.get("notice-archived"),
            "paused" => words.get("notice-paused"),
            "resumed" => words.get("notice-resumed"),
            "unarchived" => words.get("notice-unarchived"),
            _ => return None,
        };
        Some(Notice::good(text))
    }
}

/// What is drawn beyond the record itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct View {
    pub(crate) status: StatusCode,
    pub(crate) editing: Editing,
    pub(crate) typed: Typed,
    pub(crate) notice: Option<Notice>,
}

struct Head {
    address: String,
    number: String,
    title: String,
    customer: String,
    site: String,
    equipment: String,
    dossier: String,
    way: Vec<WayStep>,
    level: Mark,
    priority: Mark,
    due: Option<String>,
    overdue: bool,
    frozen: bool,
    /// Fields written beside the signature, in words; empty for none.
    late: String,
    archived: bool,
    report_missed: Option<String>,
    follow_up_due: Option<String>,
}

struct AssignmentCard {
    lead: String,
    disputed: bool,
    helpers: String,
    assigned_at: String,
    accepted_at: String,
    may_assign: bool,
    leads: Vec<Choice>,
    others: Vec<Choice>,
}

/// A document that can be printed.
struct PaperLink {
    kind: Kind,
    title: String,
}

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage {
    page: Page,
    head: Head,
    conflicts: Vec<ConflictCard>,
    settled: Vec<ConflictCard>,
    remembered: Vec<ConflictCard>,
    intake: Section,
    plan: Section,
    visit: Section,
    report: Section,
    preparation: Section,
    remote: Section,
    packing: Table,
    reports: Table,
    follow_ups: Table,
    pauses: Table,
    clocks: ClockCard,
    checklist: Table,
    plan_items: Table,
    steps: Table,
    parts_used: Table,
    promises: Table,
    attachments: Vec<AttachmentCard>,
    assignment: AssignmentCard,
    papers: Vec<PaperLink>,
    signoffs: Vec<SignOffCard>,
    history: Vec<HistoryEntry>,
    may_archive: bool,
    /// What is missing before it can be filed, in words; empty for nothing.
    lacks: String,
    /// The preparation waits for the reader's approval.
    may_approve: bool,
    /// It taught something, and the reader may write that down.
    may_teach: bool,
    /// Work on this job waits for a decision, and the reader may see it.
    waiting: bool,
    may_amend: bool,
}

/// Shows the page.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Asked(query): Asked<PageQuery>,
) -> Result<Response, Trouble> {
    let notice = query.notice(signed_in.visitor.words);
    let view = View { editing: query.editing(), notice, ..View::default() };
    draw(&app, signed_in, record, view).await
}

/// Draws the page as `view` says; after a refused edit with what was typed.
pub(crate) async fn draw(
    app: &App,
    signed_in: SignedIn,
    record: RecordId,
    view: View,
) -> Result<Response, Trouble> {
    let (keys, blobs) = (std::sync::Arc::clone(&app.keys), app.blobs.clone());
    let (status, scope) = (view.status, signed_in.scope.clone());
    let (template, arrivals) = app
        .store
        .try_read(move |sql| {
            let loaded = load(sql, &signed_in, &keys, &blobs, record)?.ok_or(Trouble::NotFound)?;
            let arrivals = loaded.arrivals.clone();
            Ok::<_, Trouble>((build(&signed_in, loaded, view), arrivals))
        })
        .await?;
    attachment_card::note_seen(app, &scope, &arrivals).await?;
    Ok(html(status, &template))
}

struct Loaded {
    reader: Reader,
    row: JobRow,
    job: JobContent,
    content: Json,
    conflicts: Vec<ConflictRow>,
    settlements: Vec<SettlementRow>,
    signoffs: Vec<CheckedSignOff>,
    history: Vec<HistoryEntry>,
    arrivals: Arrivals,
    clocks: ClockFacts,
    frozen: bool,
    waiting: bool,
}

fn load(
    sql: &Connection,
    signed_in: &SignedIn,
    keys: &Keys,
    blobs: &Blobs,
    record: RecordId,
) -> Result<Option<Loaded>, StoreError> {
    let SignedIn { scope, visitor, .. } = signed_in;
    let Some((row, job)) = jobs::get(sql, scope, record)? else {
        return Ok(None);
    };
    let Some(document) = documents::load(sql, scope.tenant, record)? else {
        return Ok(None);
    };
    let reader = reader::load(sql, scope, visitor)?;
    let content = serde_json::to_value(&job).unwrap_or_default();
    let doc = &document.automerge;
    let changes = timeline::of(sql, scope, record)?;
    let decisions = inbox::decisions_of(sql, scope, record)?;
    let signoffs = signoffs::list(sql, scope, record)?;
    let beside = beside::beside(sql, scope, record, doc, &signoffs)?;
    let signoffs = signoffs.into_iter().zip(beside);
    let checked = signoffs.map(|found| signoff_card::check(sql, scope, keys, record, found));
    Ok(Some(Loaded {
        conflicts: conflicts::list(sql, scope, record)?,
        settlements: conflicts::settled(sql, scope, record)?,
        signoffs: checked.collect::<rusqlite::Result<_>>()?,
        history: history::with_decisions(
            &reader,
            history::entries(&reader, doc, document.kind, &content, changes),
            decisions,
        ),
        arrivals: attachment_card::arrivals(sql, blobs, scope, &job)?,
        clocks: clock_card::load(sql, scope, record, visitor.moments.now_ms())?,
        waiting: inbox::waits_in(sql, scope, record)?,
        frozen: report_signed(doc),
        reader,
        row,
        job,
        content,
    }))
}

fn build(signed_in: &SignedIn, loaded: Loaded, view: View) -> JobPage {
    let Loaded {
        reader,
        row,
        job,
        content,
        conflicts,
        settlements,
        signoffs,
        history,
        arrivals,
        clocks,
        frozen,
        waiting,
    } = loaded;
    let words = reader.words;
    let (role, me) = (signed_in.scope.role, signed_in.scope.user);
    let disputed: Vec<String> =
        conflicts.iter().filter(|one| one.open).map(|one| one.path.clone()).collect();
    let source = Source {
        reader: &reader,
        kind: RecordKind::Job,
        content: &content,
        disputed: &disputed,
        role: Some(role),
        frozen,
        editing: &view.editing,
        typed: &view.typed,
    };
    let (conflicts, settled) = cards(&source, me, conflicts);
    let head = head(&reader, &row, frozen, signoffs.iter().map(CheckedSignOff::late_edits).sum());
    let page = Page::signed_in(signed_in, Place::Job, head.title.clone()).live();
    let binds = signoffs.iter().any(CheckedSignOff::binds);
    JobPage {
        intake: source.section("intake", words.get("section-intake")),
        plan: source.section("plan", words.get("section-plan")),
        visit: source.section("visit", words.get("section-visit")),
        report: source.section("report", words.get("section-report")),
        preparation: source.section("preparation", words.get("section-preparation")),
        remote: source.section("remote", words.get("section-remote")),
        packing: source.table("packing", words.get("section-packing")),
        reports: source.table("reports", words.get("section-reports")),
        follow_ups: source.table("follow_ups", words.get("section-follow-ups")),
        pauses: source.table("pauses", words.get("section-pauses")),
        clocks: clock_card::card(&reader, clocks, &job, role),
        checklist: source.table("checklist", words.get("section-checklist")),
        plan_items: source.table("plan/items", words.get("plan-items")),
        promises: source.table("promises", words.get("section-promises")),
        steps: source.table("steps", words.get("section-steps")),
        attachments: attachment_card::cards(&source, &head.address, &job, &arrivals),
        parts_used: source.table("parts", words.get("section-parts")),
        assignment: assignment(&reader, &job, role, &disputed),
        papers: papers(words, &job),
        remembered: memory(&source, me, settlements),
        signoffs: signoff_card::cards(&source, me, signoffs),
        may_approve: job.preparation.asked_at.is_some()
            && job.preparation.approved_at.is_none()
            && may(role, "preparation/approved_at"),
        lacks: lacks_in_words(words, &lacks(&job, frozen)),
        may_archive: may(role, "archive/archived_at"),
        may_teach: !job.report.cause.is_empty() && desk::may_open(role, RecordKind::Article),
        waiting,
        may_amend: binds && may(role, "amendments/*/reason"),
        page: page.with_notice(view.notice),
        head,
        conflicts,
        settled,
        history,
    }
}

/// What is missing, as one list.
pub(crate) fn lacks_in_words(words: Words, lacks: &[Lack]) -> String {
    let all = lacks.iter().map(|lack| words.of("lack", lack.as_str()));
    all.collect::<Vec<_>>().join(" · ")
}

fn head(reader: &Reader, row: &JobRow, frozen: bool, late: usize) -> Head {
    let words = reader.words;
    Head {
        address: format!("/jobs/{}", row.record),
        number: row.number.clone(),
        title: title_of(&row.title, &row.number),
        customer: row.customer.clone(),
        site: row.site.clone(),
        equipment: row.equipment.clone(),
        dossier: row.dossier.map(|dossier| dossier.to_string()).unwrap_or_default(),
        way: way(words, row.stage),
        level: level_mark(words, &row.level),
        priority: priority_mark(words, &row.priority),
        due: row.due_at.map(|at| reader.moments.short(at)),
        overdue: is_overdue(reader, row),
        frozen,
        late: if late == 0 { String::new() } else { words.count("late-count", late) },
        archived: row.stage == Stage::Archived,
        report_missed: passed(reader, row.report_due_at),
        follow_up_due: passed(reader, row.follow_up_due_at),
    }
}

/// The documents that have something to say.
fn papers(words: Words, job: &JobContent) -> Vec<PaperLink> {
    let planned = job.plan != Plan::default();
    let analysed = job.report.doubted || !job.report.analysis.is_empty();
    [(Kind::Report, true), (Kind::Plan, planned), (Kind::Analysis, analysed)]
        .into_iter()
        .filter(|(_, said)| *said)
        .map(|(kind, _)| PaperLink { kind, title: kind.title(words) })
        .collect()
}

fn assignment(
    reader: &Reader,
    job: &JobContent,
    role: Role,
    disputed: &[String],
) -> AssignmentCard {
    let assignment = &job.assignment;
    let name = |user: &UserId| reader.person(&user.to_string());
    let moment = |at: Option<i64>| at.map_or_else(String::new, |at| reader.moments.short(at));
    let helping = active_helpers(&assignment.helpers);
    let others = reader.engineers.iter().filter(|(id, _)| Some(*id) != assignment.lead);
    let lead = assignment.lead.map(|lead| lead.to_string()).unwrap_or_default();
    AssignmentCard {
        lead: assignment.lead.as_ref().map(name).unwrap_or_default(),
        disputed: disputed.iter().any(|path| path == "assignment/lead"),
        helpers: helping.iter().map(name).collect::<Vec<_>>().join("、"),
        assigned_at: moment(assignment.assigned_at),
        accepted_at: moment(assignment.accepted_at),
        may_assign: may(role, "assignment/lead"),
        leads: reader.engineers(&lead),
        others: others
            .map(|(id, name)| Choice {
                value: id.to_string(),
                label: name.clone(),
                chosen: helping.contains(id),
            })
            .collect(),
    }
}

/// The helpers who still are.
pub(crate) fn active_helpers(helpers: &BTreeMap<UserId, bool>) -> Vec<UserId> {
    helpers.iter().filter(|(_, active)| **active).map(|(id, _)| *id).collect()
}

pub(super) fn may(role: Role, path: &str) -> bool {
    rule_of(RecordKind::Job, &Path::new(path)).is_some_and(|rule| rule.writable_by(role))
}

/// A job this person may see, or the page that says there is none.
pub(crate) fn visible(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
) -> Result<JobContent, Trouble> {
    jobs::get(sql, scope, record)?.map(|(_, job)| job).ok_or(Trouble::NotFound)
}
