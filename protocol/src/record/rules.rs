//! The one table of field rules: what may stand where, who may write it, how it merges.
//!
//! Everything reads this table: edits before they are stored, the server's gate before a
//! change is believed, the content reader when two people wrote at once, the phone's forms.
//! A new field is a new row; a key is never reused for another meaning.

use serde::Serialize;

use super::RecordKind;
use super::path::Path;
use super::value::FieldValue;
use crate::calendar;
use crate::ids::ItemId;
use crate::limits::{ATTACHMENT_BYTES_MAX, LINE_CHARS_MAX, PROSE_CHARS_MAX};
use crate::role::Role;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ValueRule {
    /// One line of text, at most [`LINE_CHARS_MAX`] characters.
    Line,
    /// Prose as Automerge text, merged letter by letter, at most [`PROSE_CHARS_MAX`] characters.
    Prose,
    /// A phone number: a line with its own keyboard.
    Phone,
    /// A whole number from 0 to `max`.
    Count {
        /// Largest value.
        max: i64,
    },
    /// A moment in Unix ms.
    Time,
    /// A time of day, `08:30`.
    TimeOfDay,
    /// A day, `2026-10-01`.
    Date,
    /// The name of a time zone, `Asia/Shanghai`; here only its form is checked.
    Zone,
    /// Yes or no.
    Bool,
    /// One of these words, from mild to severe where the rule is `worst`.
    Choice {
        /// The words, as stored.
        words: &'static [&'static str],
    },
    /// A person's id.
    Person,
    /// Another record's id.
    Record,
    /// SHA-256 of a file, lower-case hex.
    Digest,
    /// Bytes; only sign-offs carry them.
    Bytes {
        /// Largest length.
        max: usize,
    },
}

/// How concurrent values merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeKind {
    /// Concurrent values are all kept; Automerge's order picks the one shown, a person may
    /// choose another.
    Register,
    /// Letters of both stay.
    Text,
    /// Written once with its entry, never changed.
    Entry,
    /// Done beats open; its time and its person go with it.
    Tick,
    /// The more severe value wins.
    Worst,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct FieldRule {
    /// Where, with `*` for an entry's id.
    pub path: &'static str,
    /// What it holds.
    pub value: ValueRule,
    /// Who may write it.
    pub writers: &'static [Role],
    /// Whether a service report sign-off freezes it until it is amended.
    pub locked: bool,
    /// How concurrent values merge.
    pub merge: MergeKind,
}

const FIELD: &[Role] = &[Role::Engineer, Role::Desk, Role::Manager];
const OFFICE: &[Role] = &[Role::Desk, Role::Manager];
const MANAGER: &[Role] = &[Role::Manager];
const MASTER: &[Role] = &[Role::Desk, Role::Manager, Role::Administrator];

/// Fault levels from mild to severe (故障等级).
pub const LEVELS: &[&str] = &["minor", "normal", "major", "critical"];
/// Priorities from low to urgent.
pub const PRIORITIES: &[&str] = &["low", "normal", "high", "urgent"];
/// Handling modes.
pub const MODES: &[&str] = &["phone", "remote", "on_site"];
/// What was done with a part.
pub const PART_ACTIONS: &[&str] = &["fitted", "removed"];
/// What a photo or file is for.
pub const ATTACHMENT_PURPOSES: &[&str] = &["work", "stamp", "drawing", "program", "analysis"];
/// What is packed for a journey, by kind.
pub const PACKING_KINDS: &[&str] = &[
    "documents",
    "software",
    "media",
    "hardware",
    "equipment",
    "tools",
    "blank_media",
    "contract_forms",
];
/// Ways to travel.
pub const TRANSPORTS: &[&str] = &["train", "car", "plane", "bus", "other"];
/// Who carries a step out.
pub const ACTORS: &[&str] = &["us", "customer"];
/// Whom a report during the work goes to.
pub const REPORTED_TO: &[&str] = &["customer", "customer_manager", "manager"];
/// Satisfaction runs from 1 (poor) to this.
pub const SATISFACTION_MAX: i64 = 5;
/// When service is given: 7x24, or during working hours.
pub const SERVICE_HOURS: &[&str] = &["always", "working"];
/// The days of working hours.
pub const SERVICE_DAYS: &[&str] = &["mon_fri", "mon_sat", "every_day"];
/// Longest promised time, in minutes: a year.
const PROMISED_MINUTES_MAX: i64 = 366 * 24 * 60;
/// How the work ended.
pub const OUTCOMES: &[&str] = &["solved", "partly_solved", "unsolved"];

use MergeKind::{Entry, Register, Text, Tick, Worst};
use ValueRule::{Bool, Bytes, Choice, Count, Date, Digest, Line, Person, Phone, Prose};
use ValueRule::{Record, Time, TimeOfDay, Zone};

const fn rule(
    path: &'static str,
    value: ValueRule,
    writers: &'static [Role],
    merge: MergeKind,
) -> FieldRule {
    FieldRule { path, value, writers, locked: false, merge }
}

const fn locked(
    path: &'static str,
    value: ValueRule,
    writers: &'static [Role],
    merge: MergeKind,
) -> FieldRule {
    FieldRule { path, value, writers, locked: true, merge }
}

/// The job, from call to archive.
pub const JOB_RULES: &[FieldRule] = &[
    rule("schema", Count { max: 1_000 }, FIELD, Entry),
    rule("kind", Line, FIELD, Entry),
    // Intake 问题受理
    rule("intake/opened_at", Time, FIELD, Entry),
    rule("intake/opened_by", Person, FIELD, Entry),
    rule("intake/source", Line, FIELD, Entry),
    rule("intake/dossier", Record, FIELD, Register),
    locked("intake/title", Line, FIELD, Register),
    locked("intake/customer", Line, FIELD, Register),
    locked("intake/site", Line, FIELD, Register),
    locked("intake/equipment", Line, FIELD, Register),
    rule("intake/caller", Line, FIELD, Register),
    rule("intake/department", Line, FIELD, Register),
    rule("intake/phone", Phone, FIELD, Register),
    locked("intake/symptom", Prose, FIELD, Text),
    rule("intake/demand", Prose, FIELD, Text),
    rule("intake/category", Line, FIELD, Register),
    rule("intake/level", Choice { words: LEVELS }, FIELD, Worst),
    rule("intake/priority", Choice { words: PRIORITIES }, FIELD, Register),
    rule("intake/mode", Choice { words: MODES }, FIELD, Register),
    rule("intake/due_at", Time, FIELD, Register),
    // The job whose fault is back.
    rule("intake/follows", Record, FIELD, Register),
    // Promises made to the caller 承诺: open until kept, or withdrawn with a reason. Many are kept
    // after the customer has signed, so none of it is locked.
    rule("promises/*/at", Time, FIELD, Entry),
    rule("promises/*/by", Person, FIELD, Entry),
    rule("promises/*/text", Line, FIELD, Register),
    rule("promises/*/due_at", Time, FIELD, Register),
    rule("promises/*/owner", Person, FIELD, Register),
    rule("promises/*/kept_at", Time, FIELD, Register),
    rule("promises/*/withdrawn", Line, FIELD, Register),
    // Assignment
    rule("assignment/lead", Person, OFFICE, Register),
    rule("assignment/assigned_at", Time, OFFICE, Register),
    // Whoever works on a job may bring a colleague in: where there is no coverage nobody else can.
    rule("assignment/helpers/*", Bool, FIELD, Register),
    rule("assignment/accepted_at", Time, FIELD, Register),
    // Checklist
    rule("checklist/*/position", Count { max: 1_000_000 }, FIELD, Entry),
    locked("checklist/*/text", Line, FIELD, Entry),
    locked("checklist/*/done", Bool, FIELD, Tick),
    locked("checklist/*/done_at", Time, FIELD, Tick),
    locked("checklist/*/done_by", Person, FIELD, Tick),
    locked("checklist/*/note", Line, FIELD, Register),
    locked("checklist/*/removed", Bool, FIELD, Register),
    // Departure preparation 出差前准备: asked for by the engineer, approved by the manager
    rule("preparation/cause", Prose, FIELD, Text),
    rule("preparation/backup", Line, FIELD, Register),
    rule("preparation/owed_parts", Line, FIELD, Register),
    rule("preparation/fees", Line, FIELD, Register),
    rule("preparation/transport", Choice { words: TRANSPORTS }, FIELD, Register),
    rule("preparation/transport_cost", Line, FIELD, Register),
    rule("preparation/lodging", Line, FIELD, Register),
    rule("preparation/arrival_told_at", Time, FIELD, Register),
    rule("preparation/arrival_told_to", Line, FIELD, Register),
    rule("preparation/asked_at", Time, FIELD, Register),
    rule("preparation/approved_at", Time, MANAGER, Register),
    rule("preparation/approved_by", Person, MANAGER, Register),
    rule("packing/*/position", Count { max: 1_000_000 }, FIELD, Entry),
    rule("packing/*/kind", Choice { words: PACKING_KINDS }, FIELD, Register),
    rule("packing/*/text", Line, FIELD, Register),
    rule("packing/*/packed", Bool, FIELD, Tick),
    rule("packing/*/packed_at", Time, FIELD, Tick),
    rule("packing/*/packed_by", Person, FIELD, Tick),
    rule("packing/*/removed", Bool, FIELD, Register),
    // Plan 维修计划书
    locked("plan/start_at", Time, FIELD, Register),
    locked("plan/end_at", Time, FIELD, Register),
    locked("plan/safety", Prose, FIELD, Text),
    rule("plan/items/*/position", Count { max: 1_000_000 }, FIELD, Entry),
    locked("plan/items/*/text", Line, FIELD, Register),
    locked("plan/items/*/minutes", Count { max: 100_000 }, FIELD, Register),
    locked("plan/items/*/risky", Bool, FIELD, Register),
    locked("plan/items/*/done", Bool, FIELD, Tick),
    locked("plan/items/*/done_at", Time, FIELD, Tick),
    locked("plan/items/*/done_by", Person, FIELD, Tick),
    locked("plan/items/*/removed", Bool, FIELD, Register),
    // Remote handling 远程处理: examine first, change nothing
    locked("remote/window_start", Time, FIELD, Register),
    locked("remote/window_end", Time, FIELD, Register),
    locked("remote/connects", Line, FIELD, Register),
    locked("remote/findings", Prose, FIELD, Text),
    // Visit
    locked("visit/departed_at", Time, FIELD, Register),
    locked("visit/arrived_at", Time, FIELD, Register),
    locked("visit/met", Line, FIELD, Register),
    locked("visit/met_at", Time, FIELD, Register),
    // People leave after the customer has signed.
    rule("visit/left_at", Time, FIELD, Register),
    // Steps 维修实施
    rule("steps/*/at", Time, FIELD, Entry),
    rule("steps/*/by", Person, FIELD, Entry),
    locked("steps/*/text", Prose, FIELD, Text),
    locked("steps/*/minutes", Count { max: 100_000 }, FIELD, Register),
    locked("steps/*/risky", Bool, FIELD, Register),
    locked("steps/*/actor", Choice { words: ACTORS }, FIELD, Register),
    locked("steps/*/removed", Bool, FIELD, Register),
    // Parts
    rule("parts/*/at", Time, FIELD, Entry),
    rule("parts/*/by", Person, FIELD, Entry),
    locked("parts/*/name", Line, FIELD, Register),
    locked("parts/*/model", Line, FIELD, Register),
    locked("parts/*/serial", Line, FIELD, Register),
    locked("parts/*/quantity", Count { max: 100_000 }, FIELD, Register),
    locked("parts/*/action", Choice { words: PART_ACTIONS }, FIELD, Register),
    locked("parts/*/removed", Bool, FIELD, Register),
    // Photos and files 附件: the record names a file by its hash, the file travels apart. What is
    // signed are the hashes.
    rule("attachments/*/at", Time, FIELD, Entry),
    rule("attachments/*/by", Person, FIELD, Entry),
    locked("attachments/*/name", Line, FIELD, Entry),
    locked("attachments/*/sha256", Digest, FIELD, Entry),
    rule("attachments/*/bytes", Count { max: ATTACHMENT_BYTES_MAX as i64 }, FIELD, Entry),
    rule("attachments/*/media_type", Line, FIELD, Entry),
    locked("attachments/*/purpose", Choice { words: ATTACHMENT_PURPOSES }, FIELD, Entry),
    rule("attachments/*/step", Line, FIELD, Entry),
    locked("attachments/*/caption", Line, FIELD, Register),
    locked("attachments/*/removed", Bool, FIELD, Register),
    // Reports during and after the work 维修中汇报; the customer is told after signing, too
    rule("reports/*/at", Time, FIELD, Entry),
    rule("reports/*/by", Person, FIELD, Entry),
    rule("reports/*/to", Choice { words: REPORTED_TO }, FIELD, Entry),
    rule("reports/*/person", Line, FIELD, Register),
    rule("reports/*/text", Line, FIELD, Register),
    // Report 维修服务报告
    locked("report/symptom", Prose, FIELD, Text),
    locked("report/cause", Prose, FIELD, Text),
    locked("report/treatment", Prose, FIELD, Text),
    locked("report/modifications", Prose, FIELD, Text),
    locked("report/advice", Prose, FIELD, Text),
    locked("report/outcome", Choice { words: OUTCOMES }, FIELD, Register),
    locked("report/open_reason", Line, FIELD, Register),
    locked("report/next_plan", Line, FIELD, Register),
    locked("report/doubted", Bool, FIELD, Register),
    locked("report/analysis", Prose, FIELD, Text),
    locked("report/solved_at", Time, FIELD, Register),
    locked("report/finished_at", Time, FIELD, Register),
    // Sign-offs 签字确认: each one alone in its change, so that its parents are what was signed
    rule("signoffs/*/statement", Bytes { max: crate::limits::STATEMENT_BYTES_MAX }, FIELD, Entry),
    rule("signoffs/*/signature", Bytes { max: 64 }, FIELD, Entry),
    rule("signoffs/*/drawing", Bytes { max: crate::limits::DRAWING_BYTES_MAX }, FIELD, Entry),
    // Amendments 修订: why a signed report was opened again, and which sign-offs that concerns
    rule("amendments/*/at", Time, FIELD, Entry),
    rule("amendments/*/by", Person, FIELD, Entry),
    rule("amendments/*/reason", Line, FIELD, Entry),
    rule("amendments/*/signoffs/*", Bool, FIELD, Entry),
    // Pauses of the clocks 暂停计时: while the customer or somebody else is to act
    rule("pauses/*/at", Time, OFFICE, Entry),
    rule("pauses/*/by", Person, OFFICE, Entry),
    rule("pauses/*/reason", Line, OFFICE, Register),
    rule("pauses/*/from", Time, OFFICE, Register),
    rule("pauses/*/until", Time, OFFICE, Register),
    rule("pauses/*/removed", Bool, OFFICE, Register),
    // Follow-up calls 回访
    rule("follow_ups/*/at", Time, FIELD, Entry),
    rule("follow_ups/*/by", Person, FIELD, Entry),
    rule("follow_ups/*/result", Prose, FIELD, Text),
    rule("follow_ups/*/satisfaction", Count { max: SATISFACTION_MAX }, FIELD, Register),
    rule("follow_ups/*/solved", Bool, FIELD, Register),
    rule("follow_ups/*/opportunity", Line, FIELD, Register),
    // Archive
    rule("archive/archived_at", Time, OFFICE, Register),
    // Backup check 备份工作检查: somebody looked into it, and why no backup is needed
    rule("archive/backup_checked_at", Time, OFFICE, Register),
    rule("archive/backup_checked_by", Person, OFFICE, Register),
    rule("archive/backup_note", Line, OFFICE, Register),
];

/// A customer: sites, contacts, equipment, backups.
pub const DOSSIER_RULES: &[FieldRule] = &[
    rule("schema", Count { max: 1_000 }, MASTER, Entry),
    rule("kind", Line, MASTER, Entry),
    rule("name", Line, MASTER, Register),
    rule("address", Line, MASTER, Register),
    rule("contract", Line, MASTER, Register),
    rule("contract_until", Time, MASTER, Register),
    rule("fees", Line, MASTER, Register),
    rule("owed_parts", Line, MASTER, Register),
    rule("notes", Prose, MASTER, Text),
    rule("sites/*/name", Line, MASTER, Register),
    rule("sites/*/address", Line, MASTER, Register),
    rule("contacts/*/name", Line, MASTER, Register),
    rule("contacts/*/title", Line, MASTER, Register),
    rule("contacts/*/phone", Phone, MASTER, Register),
    rule("contacts/*/reports_to", Line, MASTER, Register),
    // 信息资产: `kind` is what they are counted by, `place` where at the site it stands
    rule("equipment/*/name", Line, MASTER, Register),
    rule("equipment/*/kind", Line, MASTER, Register),
    rule("equipment/*/model", Line, MASTER, Register),
    rule("equipment/*/serial", Line, MASTER, Register),
    rule("equipment/*/site", Line, MASTER, Register),
    rule("equipment/*/place", Line, MASTER, Register),
    rule("equipment/*/warranty_until", Time, MASTER, Register),
    rule("equipment/*/versions", Line, MASTER, Register),
    // Service levels 服务级别: what the contract promises by fault level, and when the clocks run;
    // what it leaves out is the organisation's default
    rule("service/hours", Choice { words: SERVICE_HOURS }, MASTER, Register),
    rule("service/days", Choice { words: SERVICE_DAYS }, MASTER, Register),
    rule("service/opens", TimeOfDay, MASTER, Register),
    rule("service/closes", TimeOfDay, MASTER, Register),
    rule("service/zone", Zone, MASTER, Register),
    rule("service/inspection_days", Count { max: 3_660 }, MASTER, Register),
    rule("levels/*/level", Choice { words: LEVELS }, MASTER, Register),
    rule("levels/*/response_minutes", Count { max: PROMISED_MINUTES_MAX }, MASTER, Register),
    rule("levels/*/on_site_minutes", Count { max: PROMISED_MINUTES_MAX }, MASTER, Register),
    rule("levels/*/recovery_minutes", Count { max: PROMISED_MINUTES_MAX }, MASTER, Register),
    rule("levels/*/since", Time, MASTER, Register),
    rule("levels/*/removed", Bool, MASTER, Register),
    // Software backups 软件备份: whoever makes one enters it, the manager approves it
    rule("backups/*/at", Time, FIELD, Entry),
    rule("backups/*/by", Person, FIELD, Entry),
    rule("backups/*/job", Record, FIELD, Entry),
    rule("backups/*/system", Line, FIELD, Register),
    rule("backups/*/version", Line, FIELD, Register),
    rule("backups/*/medium", Line, FIELD, Register),
    rule("backups/*/place", Line, FIELD, Register),
    rule("backups/*/checksum", Line, FIELD, Register),
    rule("backups/*/tested", Bool, FIELD, Register),
    rule("backups/*/removed", Bool, FIELD, Register),
    rule("backups/*/approved_at", Time, MANAGER, Register),
    rule("backups/*/approved_by", Person, MANAGER, Register),
];

/// The organisation: its people, problem categories and checklists.
pub const CATALOG_RULES: &[FieldRule] = &[
    rule("schema", Count { max: 1_000 }, MASTER, Entry),
    rule("kind", Line, MASTER, Entry),
    rule("organisation", Line, MASTER, Register),
    rule("people/*/name", Line, MASTER, Register),
    rule("people/*/role", Line, MASTER, Register),
    rule("people/*/phone", Phone, MASTER, Register),
    rule("categories/*/name", Line, MASTER, Register),
    rule("checklists/*/name", Line, MASTER, Register),
    rule("checklists/*/items", Prose, MASTER, Text),
    // What is promised where a contract says nothing, and the days that all calendars share
    rule("service/hours", Choice { words: SERVICE_HOURS }, MASTER, Register),
    rule("service/days", Choice { words: SERVICE_DAYS }, MASTER, Register),
    rule("service/opens", TimeOfDay, MASTER, Register),
    rule("service/closes", TimeOfDay, MASTER, Register),
    rule("service/zone", Zone, MASTER, Register),
    rule("levels/*/level", Choice { words: LEVELS }, MASTER, Register),
    rule("levels/*/response_minutes", Count { max: PROMISED_MINUTES_MAX }, MASTER, Register),
    rule("levels/*/on_site_minutes", Count { max: PROMISED_MINUTES_MAX }, MASTER, Register),
    rule("levels/*/recovery_minutes", Count { max: PROMISED_MINUTES_MAX }, MASTER, Register),
    rule("levels/*/since", Time, MASTER, Register),
    rule("levels/*/removed", Bool, MASTER, Register),
    rule("holidays/*/name", Line, MASTER, Register),
    rule("holidays/*/from", Date, MASTER, Register),
    rule("holidays/*/until", Date, MASTER, Register),
    rule("holidays/*/worked", Bool, MASTER, Register),
    rule("holidays/*/removed", Bool, MASTER, Register),
    // Who is on call when (值班)
    rule("duty/*/person", Person, MASTER, Register),
    rule("duty/*/from", Time, MASTER, Register),
    rule("duty/*/until", Time, MASTER, Register),
    rule("duty/*/note", Line, MASTER, Register),
    rule("duty/*/removed", Bool, MASTER, Register),
];

/// What was learnt from a solved problem.
pub const ARTICLE_RULES: &[FieldRule] = &[
    rule("schema", Count { max: 1_000 }, MASTER, Entry),
    rule("kind", Line, MASTER, Entry),
    rule("title", Line, MASTER, Register),
    rule("category", Line, MASTER, Register),
    rule("equipment", Line, MASTER, Register),
    rule("symptom", Prose, MASTER, Text),
    rule("cause", Prose, MASTER, Text),
    rule("solution", Prose, MASTER, Text),
    rule("job", Record, MASTER, Register),
    rule("withdrawn", Bool, MASTER, Register),
];

/// The rules of one kind of record.
pub fn rules_of(kind: RecordKind) -> &'static [FieldRule] {
    match kind {
        RecordKind::Job => JOB_RULES,
        RecordKind::Dossier => DOSSIER_RULES,
        RecordKind::Catalog => CATALOG_RULES,
        RecordKind::Article => ARTICLE_RULES,
    }
}

/// The rule for a path, if the record has such a field.
pub fn rule_of(kind: RecordKind, path: &Path) -> Option<&'static FieldRule> {
    let pattern = path.pattern();
    rules_of(kind).iter().find(|rule| rule.path == pattern)
}

/// Maps that came with a later version: phones of the one before open records without them, and
/// whoever needs one first makes it. Two people may do so at once; see [`super::twins`].
pub const LATER_CONTAINERS: &[&str] = &[
    "amendments",
    "attachments",
    "promises",
    "preparation",
    "packing",
    "remote",
    "reports",
    "follow_ups",
    "backups",
    "pauses",
    "service",
    "levels",
    "holidays",
    "duty",
];

/// Prose outside of entries that came with a later version, in the same way.
pub const LATER_PROSE: &[&str] = &["preparation/cause", "remote/findings", "report/analysis"];

/// Whether records of older phones may be without the map or prose at this path.
pub fn is_later(path: &Path) -> bool {
    LATER_CONTAINERS.contains(&path.as_str()) || LATER_PROSE.contains(&path.as_str())
}

/// The rule that says who may tick the entries of a collection, if they are for ticking.
pub fn tick_of(kind: RecordKind, collection: &Path) -> Option<&'static FieldRule> {
    ticks_of(kind, collection).find(|rule| rule.value == Bool)
}

/// The same with the rules for when and by whom it was ticked.
pub fn ticks_of(
    kind: RecordKind,
    collection: &Path,
) -> impl Iterator<Item = &'static FieldRule> + use<> {
    let prefix = format!("{collection}/*/");
    rules_of(kind).iter().filter(move |rule| rule.merge == Tick && rule.path.starts_with(&prefix))
}

/// The maps every record of a kind is born with: each rule's parents that are not entries.
///
/// Made once, in the first change, because two phones that made the same map would shadow
/// each other's whole content.
pub fn containers_of(kind: RecordKind) -> Vec<&'static str> {
    let mut containers = Vec::new();
    for rule in rules_of(kind) {
        let fixed = rule.path.find("/*").map_or(rule.path, |star| &rule.path[..star]);
        let is_collection = fixed.len() < rule.path.len();
        let ends = fixed.match_indices('/').map(|(slash, _)| slash);
        let whole = is_collection.then_some(fixed.len());
        for end in ends.chain(whole) {
            if !containers.contains(&&fixed[..end]) {
                containers.push(&fixed[..end]);
            }
        }
    }
    containers
}

impl FieldRule {
    /// Whether this value may stand here. Empty is allowed everywhere but in entries.
    pub fn accepts(&self, value: &FieldValue) -> bool {
        match (value, self.value) {
            (FieldValue::Nothing, _) => self.merge != MergeKind::Entry,
            (FieldValue::Text(text), Line | Phone) => {
                text.chars().count() <= LINE_CHARS_MAX && !text.chars().any(char::is_control)
            }
            (FieldValue::Text(text), Prose) => text.chars().count() <= PROSE_CHARS_MAX,
            (FieldValue::Text(word), Choice { words }) => words.contains(&word.as_str()),
            (FieldValue::Text(id), Person | Record) => {
                id.is_empty() || id.parse::<ItemId>().is_ok()
            }
            (FieldValue::Text(hash), Digest) => is_digest(hash),
            (FieldValue::Text(text), TimeOfDay) => calendar::time_of_day(text).is_some(),
            (FieldValue::Text(text), Date) => calendar::day(text).is_some(),
            (FieldValue::Text(name), Zone) => calendar::is_zone_name(name),
            (FieldValue::Int(number), Count { max }) => (0..=max).contains(number),
            (FieldValue::Int(time), Time) => (0..=TIME_MS_MAX).contains(time),
            (FieldValue::Bool(_), Bool) => true,
            _ => false,
        }
    }

    /// Whether this only says when and by whom something was ticked.
    pub fn follows_tick(&self) -> bool {
        self.merge == Tick && self.value != Bool
    }

    /// The field's own name: the last part of its path.
    pub fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// Whether a person of this role may write here.
    pub fn writable_by(&self, role: Role) -> bool {
        self.writers.contains(&role)
    }
}

/// Whether this is a SHA-256 as [`crate::signoff::hex_digest`] writes it.
pub fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// 2200-01-01: later times are typing errors or attacks.
const TIME_MS_MAX: i64 = 7_258_118_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_stands_once_in_its_table() {
        for kind in RecordKind::ALL {
            let mut paths: Vec<_> = rules_of(kind).iter().map(|rule| rule.path).collect();
            paths.sort_unstable();
            let count = paths.len();
            paths.dedup();
            assert_eq!(paths.len(), count, "{kind:?}");
        }
    }

    #[test]
    fn containers_are_the_fixed_parents() {
        let containers = containers_of(RecordKind::Job);
        assert!(containers.contains(&"plan") && containers.contains(&"plan/items"));
        assert!(containers.contains(&"assignment/helpers"));
        assert!(containers.iter().all(|path| !path.contains('*')));
        let plan = containers.iter().position(|path| *path == "plan");
        let items = containers.iter().position(|path| *path == "plan/items");
        assert!(plan < items, "parents come first");
    }

    #[test]
    fn values_of_the_wrong_kind_or_size_are_refused() {
        let rule = |path: &str| rule_of(RecordKind::Job, &Path::new(path)).unwrap();
        assert!(rule("intake/level").accepts(&"critical".into()));
        assert!(!rule("intake/level").accepts(&"terrible".into()));
        assert!(!rule("intake/title").accepts(&"x".repeat(LINE_CHARS_MAX + 1).into()));
        assert!(!rule("intake/title").accepts(&"two\nlines".into()));
        assert!(!rule("visit/arrived_at").accepts(&(-1).into()));
        assert!(!rule("visit/arrived_at").accepts(&"noon".into()));
        assert!(rule("visit/arrived_at").accepts(&FieldValue::Nothing));
        assert!(!rule("intake/opened_at").accepts(&FieldValue::Nothing));
        let hash =
            rule("attachments/*/sha256".replace('*', &ItemId::default().to_string()).as_str());
        assert!(hash.accepts(&"0a".repeat(32).into()));
        for wrong in ["", "0A".repeat(32).as_str(), "0a".repeat(33).as_str(), "../../etc/passwd"] {
            assert!(!hash.accepts(&wrong.into()), "{wrong}");
        }
    }

    #[test]
    fn engineers_do_not_assign_or_archive() {
        for path in ["assignment/lead", "archive/archived_at"] {
            let rule = rule_of(RecordKind::Job, &Path::new(path)).unwrap();
            assert!(!rule.writable_by(Role::Engineer) && rule.writable_by(Role::Desk));
        }
    }

    #[test]
    fn unknown_paths_have_no_rule() {
        for path in ["", "intake", "intake/nothing", "steps/x/text", "signoffs"] {
            assert!(rule_of(RecordKind::Job, &Path::new(path)).is_none(), "{path}");
        }
    }
}
