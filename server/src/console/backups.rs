//! `GET /backups`: the backup check (D4). Jobs that should have a backup and have none, backups
//! without a version or without approval; an inspector approves them, or ticks a job off with the
//! reason. For those who see all jobs.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::number::job_number;
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::rule_of;
use docket_protocol::role::Role;
use serde::Deserialize;

use super::dossiers::{Approval, approve_backup};
use super::edits;
use super::field::Reader;
use super::job::{self, may};
use super::job_head::title_of;
use super::page::{Notice, Page, Place, html};
use super::reader;
use super::request::{Asked, Form, Ids};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::reports::backups::{self, Incomplete, Job};

/// Whoever looks further back has another question.
const BACK_MS: i64 = 366 * 86_400_000;
const LINES_MAX: usize = 200;

/// A job without a backup, or one that was ticked off.
struct JobLine {
    record: RecordId,
    title: String,
    number: String,
    customer: String,
    lead: String,
    changed: String,
    finished: String,
    dossier: Option<RecordId>,
    note: String,
    ticked: String,
    ticked_by: String,
}

/// A backup that lacks something.
struct BackupLine {
    dossier: RecordId,
    entry: String,
    customer: String,
    system: String,
    version: String,
    made: String,
    by: String,
    /// The job it was made on, with its number.
    job: Option<(RecordId, String)>,
    approved: bool,
}

#[derive(Template)]
#[template(path = "backups.html")]
struct BackupsPage {
    page: Page,
    missing: Vec<JobLine>,
    incomplete: Vec<BackupLine>,
    ticked: Vec<JobLine>,
    may_tick: bool,
    may_approve: bool,
    may_enter: bool,
}

#[derive(Deserialize)]
pub(crate) struct BackupsQuery {
    #[serde(default)]
    notice: String,
}

/// Shows the lists.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<BackupsQuery>,
) -> Result<Response, Trouble> {
    let SignedIn { scope, visitor, .. } = signed_in.clone();
    if !scope.role.sees_all_jobs() {
        return Err(Trouble::NotFound);
    }
    let role = scope.role;
    let since = visitor.moments.now_ms() - BACK_MS;
    let (reader, check) = app
        .store
        .read(move |sql| {
            let check = backups::check(sql, &scope, since, LINES_MAX)?;
            Ok((reader::load(sql, &scope, &visitor)?, check))
        })
        .await?;
    let words = reader.words;
    let notice = match query.notice.as_str() {
        "ticked" => Some(Notice::good(words.get("backups-ticked-off"))),
        "approved" => Some(Notice::good(words.get("notice-approved"))),
        _ => None,
    };
    let template = BackupsPage {
        page: Page::signed_in(&signed_in, Place::Backups, words.get("backups-title"))
            .with_notice(notice),
        missing: check.missing.iter().map(|job| job_line(&reader, job)).collect(),
        incomplete: check.incomplete.iter().map(|line| backup_line(&reader, line)).collect(),
        ticked: check.ticked.iter().map(|job| job_line(&reader, job)).collect(),
        may_tick: may(role, "archive/backup_checked_at"),
        may_approve: may_in_dossier(role, "approved_at"),
        may_enter: may_in_dossier(role, "version"),
    };
    Ok(html(StatusCode::OK, &template))
}

fn may_in_dossier(role: Role, field: &str) -> bool {
    let path = Path::new("backups").child(docket_protocol::ids::ItemId::default()).child(field);
    rule_of(RecordKind::Dossier, &path).is_some_and(|rule| rule.writable_by(role))
}

fn job_line(reader: &Reader, job: &Job) -> JobLine {
    let Job { record, number, lead_name, content, dossier } = job;
    let day = |at: Option<i64>| at.map_or_else(String::new, |at| reader.moments.day(at));
    let archive = &content.archive;
    JobLine {
        record: *record,
        title: title_of(&content.intake.title, number),
        number: number.clone(),
        customer: content.intake.customer.clone(),
        lead: lead_name.clone(),
        changed: content.report.modifications.clone(),
        finished: day(content.report.finished_at.or(content.report.solved_at)),
        dossier: *dossier,
        note: archive.backup_note.clone(),
        ticked: day(archive.backup_checked_at),
        ticked_by: archive
            .backup_checked_by
            .map_or_else(String::new, |by| reader.person(&by.to_string())),
    }
}

fn backup_line(reader: &Reader, line: &Incomplete) -> BackupLine {
    let backup = &line.backup;
    BackupLine {
        dossier: line.dossier,
        entry: Path::new("backups").child(line.entry).to_string(),
        customer: line.customer.clone(),
        system: backup.system.clone(),
        version: backup.version.trim().to_owned(),
        made: reader.moments.day(backup.at),
        by: backup.by.map_or_else(String::new, |by| reader.person(&by.to_string())),
        job: backup.job.map(|job| (job, job_number(job))),
        approved: backup.approved_at.is_some(),
    }
}

#[derive(Deserialize)]
pub(crate) struct Tick {
    #[serde(default)]
    note: String,
}

/// `POST /backups/{record}/tick`: somebody looked into it; no backup is needed.
pub(crate) async fn tick(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Form(Tick { note }): Form<Tick>,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope;
    let note = note.trim().to_owned();
    app.store
        .write(move |tx| {
            job::visible(tx.sql, &scope, record)?;
            if note.is_empty() {
                return Err(Trouble::Refused("bad-note".to_owned()));
            }
            let set = |field: &str, value| Edit::SetField {
                path: Path::new("archive").child(field),
                value,
            };
            // The moment comes last, because it is what counts.
            let edits = [
                set("backup_note", note.into()),
                set("backup_checked_by", scope.user.to_string().into()),
                set("backup_checked_at", tx.now.into()),
            ];
            edits::apply_all(tx, &scope, record, &edits).map_err(Trouble::from)
        })
        .await?;
    Ok(Redirect::to("/backups?notice=ticked").into_response())
}

/// `POST /backups/{record}/approve`: the manager approves a backup of this customer's.
pub(crate) async fn approve(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Form(approval): Form<Approval>,
) -> Result<Response, Trouble> {
    approve_backup(&app, signed_in.scope, record, approval).await?;
    Ok(Redirect::to("/backups?notice=approved").into_response())
}
