//! What screens get: plain data, ready to show.
//!
//! The phone app's `bridge/types.ts` mirrors this file. Times are Unix ms; ids are text.

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::clocks::ClockKind;
use docket_protocol::filing::Lack;
use docket_protocol::ids::{ChangeHash, ItemId, RecordId, UserId};
use docket_protocol::record::article::ArticleContent;
use docket_protocol::record::catalog::CatalogContent;
use docket_protocol::record::compare::Difference;
use docket_protocol::record::dossier::DossierContent;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::MergeKind;
use docket_protocol::record::size::Room;
use docket_protocol::record::value::FieldValue;
use docket_protocol::role::Role;
use docket_protocol::signoff::Statement;
use docket_protocol::stage::Stage;
use serde::{Deserialize, Serialize};

/// A job on its way to a colleague's phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandedOver {
    /// The file, base64.
    pub file: String,
    /// Edits in it that the office may not have.
    pub edits: u64,
    /// Whether the colleague was brought in by this.
    pub edited: bool,
}

/// Where a record's newest state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// Some of it is only on this phone.
    OnThisPhone,
    /// A colleague's phone has handed it over; the office does not have it from there, as far as
    /// this phone knows.
    Carried,
    /// The server has it; the answer is not complete yet, or a supervisor has to decide.
    Sent,
    /// Phone and office see the same.
    Merged,
}

/// How the phone stands as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Who is signed in; none before the first sign-in.
    pub person: Option<Person>,
    /// The organisation's name.
    pub organisation: String,
    /// Edits only on this phone.
    pub unsent_edits: u64,
    /// Jobs with such edits.
    pub unsent_jobs: u64,
    /// When the oldest of them was made.
    pub oldest_unsent_at: Option<i64>,
    /// Photos and files only on this phone.
    pub files_waiting: u64,
    /// How much of them the office does not have, in bytes.
    pub files_waiting_bytes: u64,
    /// Why none of them goes now, as a message id (`files-wait-{word}`).
    pub files_wait: Option<&'static str>,
    /// When the oldest customer's signature among them was given.
    pub oldest_unsent_signature_at: Option<i64>,
    /// Edits the server did not accept, waiting for the person.
    pub refused: u64,
    /// Edits the server has, waiting for the office's decision.
    pub held: u64,
    /// Values of the person's that no longer count, waiting for a word about it.
    pub overruled: u64,
    /// Why this phone syncs no more, as a message id; what is unsent is handed in by itself.
    pub withdrawn: Option<String>,
    /// Whether everything the person may see is on this phone, as of the last sync.
    pub complete: bool,
    /// When the phone last had an answer, by the server's clock.
    pub last_sync_at: Option<i64>,
    /// Server clock minus device clock at the last sync, ms.
    pub clock_offset_ms: i64,
    /// What sync is doing.
    pub sync: SyncPhase,
    /// When the next attempt is due; the worker sets a timer.
    pub next_attempt_at: Option<i64>,
    /// Why the last attempt failed, as a message id.
    pub problem: Option<&'static str>,
}

/// What sync is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncPhase {
    /// Nobody is signed in.
    SignedOut,
    /// A sign-in is under way.
    SigningIn,
    /// The session has ended; work goes on, sending waits for a sign-in.
    SignInNeeded,
    /// Nothing to do.
    Idle,
    /// A request is on its way.
    Syncing,
    /// The last attempt failed; another one follows.
    Waiting,
}

/// A colleague.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Id.
    pub id: UserId,
    /// Full name.
    pub name: String,
    /// Role.
    pub role: Role,
}

/// One line in the list of jobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "named like the fields of the job")]
pub struct JobRow {
    pub record: RecordId,
    pub number: String,
    pub title: String,
    pub customer: String,
    pub site: String,
    pub stage: Stage,
    pub level: String,
    pub priority: String,
    pub mode: String,
    pub due_at: Option<i64>,
    pub plan_start_at: Option<i64>,
    pub lead: Option<UserId>,
    /// Whether the person signed in leads or helps.
    pub mine: bool,
    /// Fields that two people wrote at once and nobody settled.
    pub open_conflicts: u64,
    /// Fields that others wrote beside a signature that binds.
    pub late_edits: u64,
    /// By when the call must be with somebody, while it is not.
    pub hand_over_by: Option<i64>,
    /// Promises to the caller that are neither kept nor withdrawn.
    pub open_promises: u64,
    /// When the first of them is due.
    pub promise_due_at: Option<i64>,
    pub updated_at: i64,
    pub sync: SyncState,
    pub unsent_edits: u64,
    /// From whose phone it came, while the office has not sent all of it.
    pub taken_from: Option<String>,
    /// No longer ours to see; it goes once all our work in it has its verdicts.
    pub has_left: bool,
    /// Whether what is stored here does not add up: the next sync brings the record whole.
    pub damaged: bool,
}

/// A job, whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JobView {
    /// The record.
    pub record: RecordId,
    /// The number people say.
    pub number: String,
    /// Computed stage.
    pub stage: Stage,
    /// By when the call must be with somebody, while it is not.
    pub hand_over_by: Option<i64>,
    /// By when the next report during the work is due, while somebody is on site.
    pub report_due_at: Option<i64>,
    /// By when the customer should be called again, while nobody has.
    pub follow_up_due_at: Option<i64>,
    /// What is missing before the job can be filed.
    pub lacks: Vec<Lack>,
    /// True once a report sign-off froze the locked fields.
    pub frozen: bool,
    /// The merged content.
    pub content: JobContent,
    /// What two people wrote at once.
    pub conflicts: Vec<ConflictView>,
    /// Sign-offs, oldest first.
    pub signoffs: Vec<SignoffView>,
    /// Where the newest state is.
    pub sync: SyncState,
    /// From whose phone it came, while the office has not sent all of it.
    pub taken_from: Option<String>,
    /// Edits only on this phone.
    pub unsent_edits: u64,
    /// How much the record still takes.
    pub room: Room,
    /// Names of the people mentioned.
    pub people: BTreeMap<UserId, String>,
}

/// A clock of a job that has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ClockView {
    /// What it measures.
    pub kind: ClockKind,
    /// When what was promised is over; none in a pause without an end.
    pub due_at: Option<i64>,
}

/// Concurrent values of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "as in `protocol::record::conflict`")]
pub struct ConflictView {
    pub path: Path,
    pub rule: MergeKind,
    pub values: Vec<ConflictValueView>,
}

/// One of the values, with its author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "as in `protocol::record::conflict`")]
pub struct ConflictValueView {
    pub value: FieldValue,
    /// Name; empty when unknown.
    pub author: String,
    /// Device clock of the writer.
    pub at: i64,
    pub mine: bool,
    pub chosen: bool,
}

/// A sign-off in a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignoffView {
    /// Id.
    pub id: ItemId,
    /// Whether the phone's signature fits; false means that the record was tampered with.
    pub valid: bool,
    /// What was signed; none when it cannot be read.
    pub statement: Option<Statement>,
    /// PNG, base64.
    pub drawing: String,
    /// Whether something the customer saw has changed since.
    pub changed_since: bool,
    /// Whether it freezes what it covers: a report, accepted, not amended.
    pub binds: bool,
    /// The amendments that name it; their words are in the content.
    pub amended_by: Vec<ItemId>,
    /// What was written in the fields it covers by people who did not know of it.
    pub late_edits: Vec<LateEditView>,
    /// Other sign-offs of the same kind whose version reads differently.
    pub other_versions: Vec<OtherVersionView>,
}

/// One field that somebody wrote beside a sign-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "as in `protocol::record::late`")]
pub struct LateEditView {
    pub path: Path,
    pub signed: FieldValue,
    pub later: FieldValue,
    /// Name; empty when unknown.
    pub author: String,
    pub mine: bool,
    /// Device clock of the writer.
    pub at: i64,
}

/// Another signed version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherVersionView {
    /// Its sign-off.
    pub signoff: ItemId,
    /// The fields that differ: `before` in this version, `after` in the other.
    pub fields: Vec<Difference>,
}

/// A conflict that a person settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettlementView {
    /// What there was to choose from, and which value counted until then.
    #[serde(flatten)]
    pub conflict: ConflictView,
    /// What was written instead.
    pub value: FieldValue,
    /// Who; empty when unknown.
    pub author: String,
    /// Whether that is the person signed in.
    pub mine: bool,
    /// Device clock of the writer.
    pub at: i64,
}

/// A value of the person's that no longer counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OverruledValue {
    /// For `agree`.
    pub id: i64,
    /// The job.
    pub record: RecordId,
    /// Its number.
    pub number: String,
    /// Its title; empty when the job is no longer here.
    pub title: String,
    /// The field.
    pub path: Path,
    /// The rule that chose, or `person` when somebody did.
    pub rule: String,
    /// What the person had written, and when.
    pub mine: FieldValue,
    /// Device clock.
    pub mine_at: i64,
    /// What counts instead.
    pub counts: FieldValue,
    /// Who wrote that; empty when unknown.
    pub author: String,
    /// Device clock of that writer.
    pub at: i64,
    /// Whether the person can write their own value again.
    pub may_choose: bool,
}

/// What the customer is about to sign.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SignoffDraft {
    /// Digest of the content shown; handed back when signing.
    pub content_digest: String,
    /// That content.
    pub content: JobContent,
}

/// One line of a job's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryEntry {
    /// The change.
    pub change: ChangeHash,
    /// Writer's name; empty when unknown.
    pub author: String,
    /// Device clock of the writer.
    pub at: i64,
    /// Fields written, each once.
    pub paths: Vec<Path>,
    /// Where it is.
    pub sync: SyncState,
}

/// One line in the list of customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "named like the fields of the dossier")]
pub struct DossierRow {
    pub record: RecordId,
    pub name: String,
    pub address: String,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// The job, the article, or the dossier it stands in.
    pub record: RecordId,
    /// What people call it.
    pub title: String,
    /// Where it belongs, and what tells it from others.
    pub about: String,
    /// A contact's number.
    pub phone: String,
    /// The row, where it is a job.
    pub job: Option<JobRow>,
}

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundKind {
    /// A job that asks for something.
    Job,
    /// One that is signed or filed.
    PastJob,
    /// A customer.
    #[default]
    Customer,
    /// A person at a customer's.
    Contact,
    /// A place of a customer's.
    Site,
    /// A thing that is looked after.
    Equipment,
    /// The newest good backup of a system.
    Backup,
    /// What a solved problem taught.
    Article,
}

/// A customer's dossier with the jobs known here.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DossierView {
    /// The record.
    pub record: RecordId,
    /// Its content.
    pub content: DossierContent,
    /// The newest backup of each system that was tested.
    pub newest_good: BTreeSet<ItemId>,
    /// Edits only on this phone.
    pub unsent_edits: u64,
    /// Names of the people mentioned.
    pub people: BTreeMap<UserId, String>,
    /// Jobs of this customer on this phone.
    pub jobs: Vec<JobRow>,
}

/// An article in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "named like the fields of the article")]
pub struct ArticleRow {
    pub record: RecordId,
    pub title: String,
    pub category: String,
    pub equipment: String,
}

/// An article, to be read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArticleView {
    /// The record.
    pub record: RecordId,
    /// Its content.
    pub content: ArticleContent,
}

/// The organisation's catalog.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CatalogView {
    /// Its content; empty before the first sync.
    pub content: CatalogContent,
}

/// Text that was typed and not saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The record, or a word for one that does not exist yet.
    pub record: String,
    /// The field, or a word for a whole form.
    pub path: String,
    /// What was typed; none once it is saved or given up.
    pub text: Option<String>,
}

/// An edit the office has and has not decided on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldEdit {
    /// Names it in the list.
    pub id: i64,
    /// The job.
    pub record: RecordId,
    /// Its number.
    pub number: String,
    /// Its title when the edit was held.
    pub title: String,
    /// Why, as a message id (`held-{reason}`).
    pub reason: String,
    /// The edit as it was made, with every word the person wrote.
    pub edit: serde_json::Value,
    /// When, device clock.
    pub made_at: i64,
    /// Whether the job is still on this phone.
    pub here: bool,
}

/// An edit that was not accepted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RefusedEdit {
    /// For `forget_refused` and `retry_refused`.
    pub id: i64,
    /// The job.
    pub record: RecordId,
    /// Its number.
    pub number: String,
    /// Its title when the edit was refused.
    pub title: String,
    /// Why, as a message id.
    pub code: String,
    /// Where.
    pub path: Path,
    /// What the person who decided wrote; empty when no person did.
    pub note: String,
    /// Whether the job is on this phone and still the person's.
    pub here: bool,
    /// Whether it can be made again on the record as it is now.
    pub retry: bool,
    /// The edit as it was made, with every word the person wrote.
    pub edit: serde_json::Value,
    /// When, device clock.
    pub made_at: i64,
}

/// A colleague's evacuation file that this phone carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParcelRow {
    /// Names it in the list.
    pub id: i64,
    /// Whose work it is.
    pub person: String,
    /// When it was written, by that phone's clock.
    pub made_at: i64,
    /// How many edits it holds.
    pub edits: u64,
    /// When it came to this phone.
    pub taken_at: i64,
    /// When the office took it; none while it waits.
    pub delivered_at: Option<i64>,
    /// How many of its edits the office did not accept.
    pub refused: u64,
    /// Why the office did not take the file, as a message id.
    pub problem: Option<String>,
    /// How many pieces of photos and files came with it.
    pub pieces: u64,
    /// How many of them the office does not have yet.
    pub pieces_left: u64,
}

/// How to listen for hints that there is something to pull.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LiveChannel {
    /// Path of the event stream.
    pub path: &'static str,
    /// Value of the `authorization` header.
    pub authorization: String,
}

/// What became of a photo or file of this phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// Hash of its bytes, lower-case hex.
    pub sha256: String,
    /// The entry that names it.
    pub attachment: String,
    /// How long it is.
    pub bytes: u64,
    /// How much of it the office has.
    #[serde(default)]
    pub sent: u64,
    /// When all of it was on the office's disk, its hash found right; by the server's clock.
    #[serde(default)]
    pub received_at: Option<i64>,
    /// When the office first had it on a page.
    #[serde(default)]
    pub seen_at: Option<i64>,
    /// Why it did not go the last time, as a message id.
    #[serde(default)]
    pub problem: Option<String>,
}

/// When photos and files may be sent over networks that may cost money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum FilesRule {
    /// As soon as the office can be reached.
    Always,
    /// Until so much was sent in a calendar month.
    UpTo {
        /// A million bytes each.
        megabytes: u64,
    },
    /// Never: only where the network is known to cost nothing.
    UnmeteredOnly,
}

/// How photos and files are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FilesPlan {
    /// The person's rule.
    pub rule: FilesRule,
    /// Sent this month over networks that may cost money, in bytes.
    pub used_bytes: u64,
}
