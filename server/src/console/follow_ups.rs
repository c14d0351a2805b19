//! `GET /follow-ups`: the customers to be called again (D5), and what the latest calls said. A
//! call is recorded here like on a phone; where the fault is back, the next job is opened, which
//! names the one before.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::job::Intake;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::SATISFACTION_MAX;
use docket_protocol::record::value::FieldValue;
use serde::Deserialize;

use super::field::{Choice, Reader};
use super::job::{self, may};
use super::job_head::{Mark, title_of};
use super::page::{Notice, Page, Place, html};
use super::reader;
use super::request::{Asked, Form, Ids};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::desk;
use crate::limits::PAGE_ROWS_MAX;
use crate::random::random;
use crate::reports::follow_ups::{self, Call};
use crate::words::Words;

const DAY_MS: i64 = 86_400_000;
/// Calls of the coming days are shown, so that somebody can plan them.
const AHEAD_MS: i64 = 7 * DAY_MS;
/// Calls that were made stay in sight for a quarter.
const BACK_MS: i64 = 92 * DAY_MS;

/// A call to be made.
struct DueLine {
    record: RecordId,
    title: String,
    number: String,
    customer: String,
    site: String,
    caller: String,
    phone: String,
    lead: String,
    signed: String,
    satisfaction: String,
    due: String,
    overdue: bool,
}

/// A call that was made.
struct MadeLine {
    record: RecordId,
    title: String,
    customer: String,
    when: String,
    by: String,
    result: String,
    satisfaction: String,
    standing: Mark,
    opportunity: String,
    /// The job that follows, where the fault is back.
    next: Option<RecordId>,
    may_reopen: bool,
}

#[derive(Template)]
#[template(path = "follow_ups.html")]
struct FollowUpsPage {
    page: Page,
    due: Vec<DueLine>,
    overdue: usize,
    made: Vec<MadeLine>,
    marks: Vec<Choice>,
    may_record: bool,
}

#[derive(Deserialize)]
pub(crate) struct FollowUpsQuery {
    #[serde(default)]
    notice: String,
}

/// Shows the lists.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<FollowUpsQuery>,
) -> Result<Response, Trouble> {
    let SignedIn { scope, visitor, .. } = signed_in.clone();
    let now = visitor.moments.now_ms();
    let (reader, due, made) = app
        .store
        .read(move |sql| {
            Ok((
                reader::load(sql, &scope, &visitor)?,
                follow_ups::due(sql, &scope, now + AHEAD_MS, PAGE_ROWS_MAX)?,
                follow_ups::made(sql, &scope, now - BACK_MS, PAGE_ROWS_MAX)?,
            ))
        })
        .await?;
    let words = reader.words;
    let role = signed_in.scope.role;
    let may_reopen = desk::may_open(role, RecordKind::Job);
    let notice = (query.notice == "saved").then(|| Notice::good(words.get("notice-saved")));
    let due: Vec<DueLine> = due.iter().map(|call| due_line(&reader, call)).collect();
    let template = FollowUpsPage {
        page: Page::signed_in(&signed_in, Place::FollowUps, words.get("section-follow-ups"))
            .with_notice(notice),
        overdue: due.iter().filter(|line| line.overdue).count(),
        due,
        made: made.iter().map(|call| made_line(&reader, call, may_reopen)).collect(),
        marks: marks(words),
        may_record: may(role, &format!("follow_ups/{}/result", ItemId::default())),
    };
    Ok(html(StatusCode::OK, &template))
}

fn due_line(reader: &Reader, call: &Call) -> DueLine {
    let Intake { title, customer, site, caller, phone, .. } = call.job.intake.clone();
    let moments = &reader.moments;
    let day = |at: Option<i64>| at.map_or_else(String::new, |at| moments.day(at));
    DueLine {
        record: call.record,
        title: title_of(&title, &call.number),
        number: call.number.clone(),
        customer,
        site,
        caller,
        phone,
        lead: call.lead_name.clone(),
        signed: day(call.signed_at),
        satisfaction: mark_in_words(reader.words, call.satisfaction.map(i64::from)),
        due: day(call.due_at),
        overdue: call.due_at.is_some_and(|at| moments.is_past(at)),
    }
}

fn made_line(reader: &Reader, call: &Call, may_reopen: bool) -> MadeLine {
    let words = reader.words;
    let latest = call.latest().cloned().unwrap_or_default();
    let standing = if latest.solved {
        Mark { icon: "check", word: words.get("fault-stayed-away"), tone: "good" }
    } else {
        Mark { icon: "warning", word: words.get("fault-is-back"), tone: "alarm" }
    };
    MadeLine {
        record: call.record,
        title: title_of(&call.job.intake.title, &call.number),
        customer: call.job.intake.customer.clone(),
        when: reader.moments.short(latest.at),
        by: latest.by.map_or_else(String::new, |by| reader.person(&by.to_string())),
        satisfaction: mark_in_words(words, latest.satisfaction),
        standing,
        next: call.next,
        may_reopen: may_reopen && !latest.solved && call.next.is_none(),
        result: latest.result,
        opportunity: latest.opportunity,
    }
}

fn mark_in_words(words: Words, mark: Option<i64>) -> String {
    let given = mark.filter(|mark| (1..=SATISFACTION_MAX).contains(mark));
    given.map_or_else(String::new, |mark| words.of("satisfaction", &mark.to_string()))
}

fn marks(words: Words) -> Vec<Choice> {
    let mark =
        |mark: i64| Choice::new(mark.to_string(), words.of("satisfaction", &mark.to_string()), "");
    (1..=SATISFACTION_MAX).rev().map(mark).collect()
}

#[derive(Deserialize)]
pub(crate) struct Said {
    #[serde(default)]
    result: String,
    #[serde(default)]
    satisfaction: String,
    /// `yes` or `no`: whether the fault stayed away.
    #[serde(default)]
    solved: String,
    #[serde(default)]
    opportunity: String,
}

/// `POST /follow-ups/{record}`: the customer was called.
pub(crate) async fn record_call(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Form(said): Form<Said>,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope;
    app.store
        .write(move |tx| {
            job::visible(tx.sql, &scope, record)?;
            let fields = said.fields().ok_or(Trouble::Refused("bad-value".to_owned()))?;
            let id = ItemId::new(tx.now, random());
            let entry = NewEntry { collection: Path::new("follow_ups"), id, fields };
            desk::edit(tx, &scope, record, &Edit::AddEntry(entry)).map_err(Trouble::from)
        })
        .await?;
    Ok(Redirect::to("/follow-ups?notice=saved").into_response())
}

impl Said {
    /// What goes into the record; none where it says neither yes nor no.
    fn fields(self) -> Option<BTreeMap<String, FieldValue>> {
        let solved = match self.solved.as_str() {
            "yes" => true,
            "no" => false,
            _ => return None,
        };
        let mut fields = BTreeMap::from([("solved".to_owned(), FieldValue::from(solved))]);
        let mut set = |field: &str, value: FieldValue| {
            fields.insert(field.to_owned(), value);
        };
        let result = self.result.replace("\r\n", "\n").trim().to_owned();
        if !result.is_empty() {
            set("result", result.into());
        }
        if !self.opportunity.trim().is_empty() {
            set("opportunity", self.opportunity.trim().to_owned().into());
        }
        match self.satisfaction.as_str() {
            "" => {}
            mark => set("satisfaction", mark.parse::<i64>().ok()?.into()),
        }
        Some(fields)
    }
}

/// `POST /follow-ups/{record}/reopen`: the fault is back, and the next job names this one.
pub(crate) async fn reopen(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope;
    let opened = app
        .store
        .write(move |tx| {
            let job = job::visible(tx.sql, &scope, record)?;
            let said = job.follow_ups.iter().max_by_key(|(id, call)| (call.at, **id));
            let symptom = said.map(|(_, call)| call.result.clone()).unwrap_or_default();
            let fields = taken_over(record, &job.intake, symptom);
            let create = Edit::Create { fields, entries: Vec::new() };
            desk::create(tx, &scope, RecordKind::Job, &create).map_err(Trouble::from)
        })
        .await?;
    Ok(Redirect::to(&format!("/jobs/{opened}?notice=created")).into_response())
}

/// The same customer and thing, as the phone takes them over.
fn taken_over(record: RecordId, intake: &Intake, symptom: String) -> BTreeMap<Path, FieldValue> {
    let dossier = intake.dossier.map(|dossier| dossier.to_string()).unwrap_or_default();
    let texts = [
        ("follows", record.to_string()),
        ("symptom", symptom),
        ("dossier", dossier),
        ("title", intake.title.clone()),
        ("customer", intake.customer.clone()),
        ("site", intake.site.clone()),
        ("equipment", intake.equipment.clone()),
        ("caller", intake.caller.clone()),
        ("department", intake.department.clone()),
        ("phone", intake.phone.clone()),
        ("category", intake.category.clone()),
        ("level", intake.level.clone()),
        ("priority", intake.priority.clone()),
        ("mode", intake.mode.clone()),
    ];
    let filled = texts.into_iter().filter(|(_, text)| !text.is_empty());
    filled.map(|(field, text)| (Path::new("intake").child(field), text.into())).collect()
}
