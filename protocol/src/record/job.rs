//! The content of a job, typed: what screens show and what the stage is computed from.
//!
//! Read from [`super::read::content`]; unknown fields of newer versions stay in the document
//! and are skipped here. Times are Unix ms; emptied fields are absent from the JSON, so that they
//! read as `None` or `""`.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;

use crate::calendar::Span;
use crate::ids::{ItemId, RecordId, UserId};

/// 工单.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct JobContent {
    pub schema: u64,
    pub intake: Intake,
    pub promises: BTreeMap<ItemId, Promise>,
    pub assignment: Assignment,
    pub checklist: BTreeMap<ItemId, ChecklistItem>,
    pub preparation: Preparation,
    pub packing: BTreeMap<ItemId, PackedItem>,
    pub plan: Plan,
    pub remote: Remote,
    pub visit: Visit,
    pub steps: BTreeMap<ItemId, Step>,
    pub parts: BTreeMap<ItemId, Part>,
    pub attachments: BTreeMap<ItemId, Attachment>,
    pub reports: BTreeMap<ItemId, Told>,
    pub report: Report,
    pub pauses: BTreeMap<ItemId, Pause>,
    pub follow_ups: BTreeMap<ItemId, FollowUp>,
    pub amendments: BTreeMap<ItemId, Amendment>,
    pub archive: Archive,
}

/// 问题受理.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Intake {
    pub opened_at: Option<i64>,
    #[serde(deserialize_with = "emptied")]
    pub opened_by: Option<UserId>,
    pub source: String,
    #[serde(deserialize_with = "emptied")]
    pub dossier: Option<RecordId>,
    pub title: String,
    pub customer: String,
    pub site: String,
    pub equipment: String,
    pub caller: String,
    pub department: String,
    pub phone: String,
    pub symptom: String,
    pub demand: String,
    pub category: String,
    pub level: String,
    pub priority: String,
    pub mode: String,
    pub due_at: Option<i64>,
    /// The job whose fault is back.
    #[serde(deserialize_with = "emptied")]
    pub follows: Option<RecordId>,
}

/// 承诺: what the caller was told would be done, by when and by whom.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Promise {
    pub at: i64,
    #[serde(deserialize_with = "emptied")]
    pub by: Option<UserId>,
    pub text: String,
    pub due_at: Option<i64>,
    #[serde(deserialize_with = "emptied")]
    pub owner: Option<UserId>,
    pub kept_at: Option<i64>,
    /// Why it no longer stands; empty while it does.
    pub withdrawn: String,
}

/// Who does the work.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Assignment {
    #[serde(deserialize_with = "emptied")]
    pub lead: Option<UserId>,
    pub assigned_at: Option<i64>,
    pub accepted_at: Option<i64>,
    pub helpers: BTreeMap<UserId, bool>,
}

/// One line to tick.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct ChecklistItem {
    pub position: i64,
    pub text: String,
    pub done: bool,
    pub done_at: Option<i64>,
    #[serde(deserialize_with = "emptied")]
    pub done_by: Option<UserId>,
    pub note: String,
    pub removed: bool,
}

/// 出差前准备.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Preparation {
    pub cause: String,
    pub backup: String,
    pub owed_parts: String,
    pub fees: String,
    pub transport: String,
    pub transport_cost: String,
    pub lodging: String,
    pub arrival_told_at: Option<i64>,
    pub arrival_told_to: String,
    pub asked_at: Option<i64>,
    pub approved_at: Option<i64>,
    #[serde(deserialize_with = "emptied")]
    pub approved_by: Option<UserId>,
}

/// One thing to take along.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct PackedItem {
    pub position: i64,
    pub kind: String,
    pub text: String,
    pub packed: bool,
    pub packed_at: Option<i64>,
    #[serde(deserialize_with = "emptied")]
    pub packed_by: Option<UserId>,
    pub removed: bool,
}

/// 维修计划书.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Plan {
    pub start_at: Option<i64>,
    pub end_at: Option<i64>,
    pub safety: String,
    pub items: BTreeMap<ItemId, PlanItem>,
}

/// One planned piece of work.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct PlanItem {
    pub position: i64,
    pub text: String,
    pub minutes: Option<i64>,
    pub risky: bool,
    pub done: bool,
    pub done_at: Option<i64>,
    #[serde(deserialize_with = "emptied")]
    pub done_by: Option<UserId>,
    pub removed: bool,
}

/// 远程处理: the agreed window, who connects, and what was found before anything was changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Remote {
    pub window_start: Option<i64>,
    pub window_end: Option<i64>,
    pub connects: String,
    pub findings: String,
}

/// The journey and the first meeting.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Visit {
    pub departed_at: Option<i64>,
    pub arrived_at: Option<i64>,
    pub met: String,
    pub met_at: Option<i64>,
    pub left_at: Option<i64>,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Step {
    pub at: i64,
    #[serde(deserialize_with = "emptied")]
    pub by: Option<UserId>,
    pub text: String,
    pub minutes: Option<i64>,
    pub risky: bool,
    /// Who carried it out: us or the customer.
    pub actor: String,
    pub removed: bool,
}

/// One part fitted or removed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Part {
    pub at: i64,
    #[serde(deserialize_with = "emptied")]
    pub by: Option<UserId>,
    pub name: String,
    pub model: String,
    pub serial: String,
    pub quantity: Option<i64>,
    pub action: String,
    pub removed: bool,
}

/// 附件: a photo or file, named by its hash.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Attachment {
    pub at: i64,
    #[serde(deserialize_with = "emptied")]
    pub by: Option<UserId>,
    pub name: String,
    /// Of the whole file, lower-case hex.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    pub media_type: String,
    pub purpose: String,
    /// The entry of the step it belongs to; empty for the job as a whole.
    pub step: String,
    pub caption: String,
    pub removed: bool,
}

/// 维修中汇报: somebody was told how the work goes, or how it ended.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Told {
    pub at: i64,
    #[serde(deserialize_with = "emptied")]
    pub by: Option<UserId>,
    pub to: String,
    pub person: String,
    pub text: String,
}

/// 维修服务报告.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Report {
    pub symptom: String,
    pub cause: String,
    pub treatment: String,
    pub modifications: String,
    pub advice: String,
    pub outcome: String,
    pub open_reason: String,
    pub next_plan: String,
    /// The customer doubts the report: it needs an analysis.
    pub doubted: bool,
    /// 故障分析报告.
    pub analysis: String,
    pub solved_at: Option<i64>,
    pub finished_at: Option<i64>,
}

/// 暂停计时: the clocks stand still, and why.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Pause {
    pub at: i64,
    #[serde(deserialize_with = "emptied")]
    pub by: Option<UserId>,
    pub reason: String,
    pub from: Option<i64>,
    /// None while it lasts.
    pub until: Option<i64>,
    pub removed: bool,
}

/// 回访: the customer was called some days later.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct FollowUp {
    pub at: i64,
    #[serde(deserialize_with = "emptied")]
    pub by: Option<UserId>,
    pub result: String,
    pub satisfaction: Option<i64>,
    pub solved: bool,
    pub opportunity: String,
}

/// 修订: a signed report was opened again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Amendment {
    pub at: i64,
    #[serde(deserialize_with = "emptied")]
    pub by: Option<UserId>,
    pub reason: String,
    pub signoffs: BTreeMap<ItemId, bool>,
}

/// The end of the job.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::JOB_RULES`")]
pub struct Archive {
    pub archived_at: Option<i64>,
    pub backup_checked_at: Option<i64>,
    #[serde(deserialize_with = "emptied")]
    pub backup_checked_by: Option<UserId>,
    /// Why no backup belongs to the job.
    pub backup_note: String,
}

impl Promise {
    /// Neither kept nor withdrawn.
    pub fn is_open(&self) -> bool {
        self.kept_at.is_none() && self.withdrawn.is_empty()
    }
}

impl JobContent {
    /// Promises that somebody still has to keep.
    pub fn open_promises(&self) -> impl Iterator<Item = &Promise> {
        self.promises.values().filter(|promise| promise.is_open())
    }

    /// When the clocks stand still. A pause without a beginning began when it was written.
    pub fn pauses(&self) -> impl Iterator<Item = Span> {
        self.pauses.values().filter(|pause| !pause.removed).map(|pause| Span {
            from: pause.from.unwrap_or(pause.at),
            until: pause.until.unwrap_or(i64::MAX),
        })
    }

    /// The hashes of all photos and files that were not removed, sorted, each once: what a
    /// sign-off names.
    pub fn attachment_digests(&self) -> Vec<String> {
        let kept = self.attachments.values().filter(|attachment| !attachment.removed);
        let digests = kept.map(|attachment| attachment.sha256.clone());
        let digests: BTreeSet<String> = digests.filter(|digest| !digest.is_empty()).collect();
        digests.into_iter().collect()
    }

    /// Reads the JSON of [`super::read::content`].
    pub fn from_json(content: Json) -> Self {
        serde_json::from_value(content).unwrap_or_default()
    }

    /// Everyone assigned: the lead first, then the helpers who still are.
    pub fn engineers(&self) -> Vec<UserId> {
        let lead = self.assignment.lead;
        let active = self.assignment.helpers.iter().filter(|(_, active)| **active);
        let helpers = active.map(|(id, _)| *id).filter(|id| Some(*id) != lead);
        lead.into_iter().chain(helpers).collect()
    }
}

/// A person or record that is not chosen any more: an empty text, where there was an id. It must
/// not keep the rest from being read.
pub(super) fn emptied<'de, D: Deserializer<'de>, Id: DeserializeOwned>(
    from: D,
) -> Result<Option<Id>, D::Error> {
    let value = Json::deserialize(from)?;
    Ok(serde_json::from_value(value).ok())
}
