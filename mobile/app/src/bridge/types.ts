// The JSON between the app and its core, mirrored from client-core (view.rs, command.rs) and
// protocol (record, edit, signoff). Same names, same order; times are Unix ms, ids are text.
// Types only: nothing here runs.

import type { ArticleRow, ArticleView, CatalogContent, DossierContent } from './shared';

export type Id = string;

// --- view.rs ---------------------------------------------------------------------------------

export type SyncState = 'on_this_phone' | 'carried' | 'sent' | 'merged';

export interface HandedOver {
  file: string;
  edits: number;
  edited: boolean;
}

export type SyncPhase =
  'signed_out' | 'signing_in' | 'sign_in_needed' | 'idle' | 'syncing' | 'waiting';

export interface Status {
  person: Person | null;
  organisation: string;
  unsent_edits: number;
  unsent_jobs: number;
  oldest_unsent_at: number | null;
  files_waiting: number;
  files_waiting_bytes: number;
  files_wait: 'offline' | 'records' | 'network' | 'budget' | null;
  oldest_unsent_signature_at: number | null;
  refused: number;
  held: number;
  overruled: number;
  withdrawn: string | null;
  complete: boolean;
  last_sync_at: number | null;
  clock_offset_ms: number;
  sync: SyncPhase;
  next_attempt_at: number | null;
  problem: string | null;
}

export interface Person {
  id: Id;
  name: string;
  role: Role;
}

export interface JobRow {
  record: Id;
  number: string;
  title: string;
  customer: string;
  site: string;
  stage: Stage;
  level: string;
  priority: string;
  mode: string;
  due_at: number | null;
  plan_start_at: number | null;
  lead: Id | null;
  mine: boolean;
  open_conflicts: number;
  late_edits: number;
  hand_over_by: number | null;
  open_promises: number;
  promise_due_at: number | null;
  updated_at: number;
  sync: SyncState;
  unsent_edits: number;
  taken_from: string | null;
  damaged: boolean;
  has_left: boolean;
}

export interface JobView {
  record: Id;
  number: string;
  stage: Stage;
  hand_over_by: number | null;
  report_due_at: number | null;
  follow_up_due_at: number | null;
  lacks: Lack[];
  frozen: boolean;
  content: JobContent;
  conflicts: ConflictView[];
  signoffs: SignoffView[];
  sync: SyncState;
  taken_from: string | null;
  unsent_edits: number;
  room: Room;
  people: Record<Id, string>;
}

/** What a job still lacks before it can be filed. */
export type Lack = 'report' | 'risky' | 'signature' | 'telling' | 'promises';

/** How much a record still takes: anything, with a warning, only what finishes it, or closes it. */
export type Room = 'enough' | 'little' | 'to_finish' | 'to_close';

export interface ConflictView {
  path: Path;
  rule: MergeKind;
  values: ConflictValueView[];
}

export interface ConflictValueView {
  value: FieldValue;
  author: string;
  at: number;
  mine: boolean;
  chosen: boolean;
}

export interface SignoffView {
  id: Id;
  valid: boolean;
  statement: Statement | null;
  drawing: string;
  changed_since: boolean;
  binds: boolean;
  amended_by: Id[];
  late_edits: LateEditView[];
  other_versions: OtherVersionView[];
}

export interface LateEditView {
  path: Path;
  signed: FieldValue;
  later: FieldValue;
  author: string;
  mine: boolean;
  at: number;
}

export interface OtherVersionView {
  signoff: Id;
  fields: { path: Path; before: FieldValue; after: FieldValue }[];
}

export interface SettlementView extends ConflictView {
  value: FieldValue;
  author: string;
  mine: boolean;
  at: number;
}

export interface OverruledValue {
  id: number;
  record: Id;
  number: string;
  title: string;
  path: Path;
  rule: string;
  mine: FieldValue;
  mine_at: number;
  counts: FieldValue;
  author: string;
  at: number;
  may_choose: boolean;
}

export interface SignoffDraft {
  content_digest: string;
  content: JobContent;
}

export interface HistoryEntry {
  change: string;
  author: string;
  at: number;
  paths: Path[];
  sync: SyncState;
}

export interface DossierRow {
  record: Id;
  name: string;
  address: string;
}

export type FoundKind =
  | 'job'
  | 'past_job'
  | 'customer'
  | 'contact'
  | 'site'
  | 'equipment'
  | 'backup'
  | 'article';

export interface Found {
  kind: FoundKind;
  record: Id;
  title: string;
  about: string;
  phone: string;
  job: JobRow | null;
}

export interface Draft {
  record: string;
  path: string;
  text: string;
}

export interface DossierView {
  record: Id;
  content: DossierContent;
  newest_good: Id[];
  unsent_edits: number;
  people: Record<Id, string>;
  jobs: JobRow[];
}

/** A record as its page shows it; only a job has a stage. */
export type RecordView = JobView | DossierView;

export interface CatalogView {
  content: CatalogContent;
}

export interface HeldEdit {
  id: number;
  record: Id;
  number: string;
  title: string;
  reason: string;
  edit: unknown;
  made_at: number;
  here: boolean;
}

export interface RefusedEdit {
  id: number;
  record: Id;
  number: string;
  title: string;
  code: string;
  path: Path;
  note: string;
  here: boolean;
  retry: boolean;
  edit: unknown;
  made_at: number;
}

/** The content of a file with edits that were not accepted. */
export interface RefusedFile {
  format: string;
  entries: { edit: unknown; reason: { code: string; path: Path; note: string } }[];
}

export interface ParcelRow {
  id: number;
  person: string;
  made_at: number;
  edits: number;
  taken_at: number;
  delivered_at: number | null;
  refused: number;
  problem: string | null;
}

export interface FileRow {
  sha256: string;
  attachment: Id;
  bytes: number;
  sent?: number;
  received_at?: number | null;
  seen_at?: number | null;
  problem?: string | null;
}

export type FilesRule =
  { when: 'always' } | { when: 'up_to'; megabytes: number } | { when: 'unmetered_only' };

export interface FilesPlan {
  rule: FilesRule;
  used_bytes: number;
}

export interface LiveChannel {
  path: string;
  authorization: string;
}

// --- protocol: role, stage, record -----------------------------------------------------------

export type Role = 'engineer' | 'desk' | 'manager' | 'executive' | 'administrator';

export type Stage =
  | 'received'
  | 'assigned'
  | 'preparing'
  | 'planned'
  | 'on_site'
  | 'reported'
  | 'signed'
  | 'archived';

export type RecordKind = 'job' | 'dossier' | 'catalog';

/** A place in a record: `steps/0193…/text`. In rules an entry's id is `*`. */
export type Path = string;

export type FieldValue = null | boolean | number | string;

export type MergeKind = 'register' | 'text' | 'entry' | 'tick' | 'worst';

export type ValueRule =
  | { kind: 'line' | 'prose' | 'phone' | 'time' | 'bool' | 'person' | 'record' | 'digest' }
  | { kind: 'count'; max: number }
  | { kind: 'choice'; words: string[] }
  | { kind: 'bytes'; max: number };

export interface FieldRule {
  path: Path;
  value: ValueRule;
  writers: Role[];
  locked: boolean;
  merge: MergeKind;
}

export interface JobContent {
  schema: number;
  intake: {
    opened_at: number | null;
    opened_by: Id | null;
    source: string;
    dossier: Id | null;
    title: string;
    customer: string;
    site: string;
    equipment: string;
    caller: string;
    department: string;
    phone: string;
    symptom: string;
    demand: string;
    category: string;
    level: string;
    priority: string;
    mode: string;
    due_at: number | null;
    follows: Id | null;
  };
  promises: Record<Id, CallerPromise>;
  assignment: {
    lead: Id | null;
    assigned_at: number | null;
    accepted_at: number | null;
    helpers: Record<Id, boolean>;
  };
  checklist: Record<Id, ChecklistItem>;
  preparation: {
    cause: string;
    backup: string;
    owed_parts: string;
    fees: string;
    transport: string;
    transport_cost: string;
    lodging: string;
    arrival_told_at: number | null;
    arrival_told_to: string;
    asked_at: number | null;
    approved_at: number | null;
    approved_by: Id | null;
  };
  packing: Record<Id, PackedItem>;
  plan: {
    start_at: number | null;
    end_at: number | null;
    safety: string;
    items: Record<Id, PlanItem>;
  };
  remote: {
    window_start: number | null;
    window_end: number | null;
    connects: string;
    findings: string;
  };
  visit: {
    departed_at: number | null;
    arrived_at: number | null;
    met: string;
    met_at: number | null;
    left_at: number | null;
  };
  steps: Record<Id, Step>;
  parts: Record<Id, Part>;
  attachments: Record<Id, Attachment>;
  reports: Record<Id, Told>;
  report: {
    symptom: string;
    cause: string;
    treatment: string;
    modifications: string;
    advice: string;
    outcome: string;
    open_reason: string;
    next_plan: string;
    doubted: boolean;
    analysis: string;
    solved_at: number | null;
    finished_at: number | null;
  };
  follow_ups: Record<Id, FollowUp>;
  amendments: Record<Id, Amendment>;
  archive: { archived_at: number | null };
}

export interface CallerPromise {
  at: number;
  by: Id | null;
  text: string;
  due_at: number | null;
  owner: Id | null;
  kept_at: number | null;
  withdrawn: string;
}

export interface Amendment {
  at: number;
  by: Id | null;
  reason: string;
  signoffs: Record<Id, boolean>;
}

export interface ChecklistItem {
  position: number;
  text: string;
  done: boolean;
  done_at: number | null;
  done_by: Id | null;
  note: string;
  removed: boolean;
}

export interface PackedItem {
  position: number;
  kind: string;
  text: string;
  packed: boolean;
  packed_at: number | null;
  packed_by: Id | null;
  removed: boolean;
}

export interface PlanItem {
  position: number;
  text: string;
  minutes: number | null;
  risky: boolean;
  done: boolean;
  done_at: number | null;
  done_by: Id | null;
  removed: boolean;
}

export interface Step {
  at: number;
  by: Id | null;
  text: string;
  minutes: number | null;
  risky: boolean;
  actor: string;
  removed: boolean;
}

export interface Told {
  at: number;
  by: Id | null;
  to: string;
  person: string;
  text: string;
}

export interface FollowUp {
  at: number;
  by: Id | null;
  result: string;
  satisfaction: number | null;
  solved: boolean;
  opportunity: string;
}

export interface Part {
  at: number;
  by: Id | null;
  name: string;
  model: string;
  serial: string;
  quantity: number | null;
  action: string;
  removed: boolean;
}

export interface Attachment {
  at: number;
  by: Id | null;
  name: string;
  sha256: string;
  bytes: number;
  media_type: string;
  purpose: string;
  step: string;
  caption: string;
  removed: boolean;
}

export type { ArticleRow, ArticleView, Backup, CatalogContent, DossierContent } from './shared';

// --- protocol: signoff -----------------------------------------------------------------------

export type Purpose = 'plan' | 'report';
export type Outcome = 'accepted' | 'accepted_with_reservations' | 'refused';

export interface Signatory {
  name: string;
  title: string;
  deputy_reason: string;
}

export interface Statement {
  domain: string;
  tenant: Id;
  record: Id;
  signoff: Id;
  purpose: Purpose;
  heads: string[];
  schema: number;
  content_digest: string;
  attachment_digests: string[];
  outcome: Outcome;
  reservations: string;
  signatory: Signatory;
  satisfaction: number | null;
  remarks: string;
  drawing_digest: string;
  engineer: Id;
  device_key: string;
  signed_at: number;
  server_seen_at: number;
}

// --- protocol: edit --------------------------------------------------------------------------

export interface NewEntry {
  collection: Path;
  id?: Id;
  fields: Record<string, FieldValue>;
}

export type Edit =
  | { edit: 'set_field'; path: Path; value: FieldValue }
  | { edit: 'tick_item'; collection?: Path; item: Id; done: boolean }
  | ({ edit: 'add_entry' } & NewEntry)
  | { edit: 'assign'; lead: Id }
  | { edit: 'amend'; signoffs: Id[]; reason: string };

// --- command.rs, error.rs --------------------------------------------------------------------

export interface Failure {
  code: string;
  path: Path;
  detail: string;
}

export type Command =
  | { do: 'status' }
  | { do: 'sign_in'; login: string; password: string; device_name: string }
  | { do: 'sign_out' }
  | { do: 'sync_now' }
  | { do: 'hint'; seq: number }
  | { do: 'jobs'; query?: string }
  | { do: 'job'; record: Id }
  | { do: 'history'; record: Id }
  | { do: 'open_job'; fields: Record<Path, FieldValue>; entries?: NewEntry[] }
  | { do: 'edit'; record: Id; edit: Edit }
  | { do: 'prepare_signoff'; record: Id }
  | { do: 'sign'; record: Id; signing: Signing }
  | { do: 'find'; query: string }
  | { do: 'dossiers' }
  | { do: 'dossier'; record: Id }
  | { do: 'articles_for'; record: Id }
  | { do: 'article'; record: Id }
  | { do: 'catalog' }
  | { do: 'field_rules'; kind?: RecordKind }
  | { do: 'held' }
  | { do: 'refused' }
  | { do: 'retry_refused'; id: number }
  | { do: 'export_refused'; id?: number }
  | { do: 'forget_refused'; id: number }
  | { do: 'settled'; record: Id }
  | { do: 'overruled' }
  | { do: 'agree'; id: number }
  | { do: 'evacuate' }
  | { do: 'take_parcel'; file: string }
  | { do: 'parcels' }
  | { do: 'hand_over'; record: Id; to: Id }
  | { do: 'take_over'; file: string }
  | { do: 'keep_file'; sha256: string; bytes: number }
  | { do: 'files'; record: Id }
  | { do: 'file_fetched'; record: Id; file: FileRow }
  | { do: 'files_not_needed' }
  | { do: 'file_dropped'; sha256: string }
  | { do: 'files_plan' }
  | { do: 'set_files_rule'; rule: FilesRule }
  | { do: 'send_files_now' }
  | { do: 'drafts' }
  | { do: 'keep_draft'; record: string; path: string; text: string | null }
  | { do: 'live' };

/** What the worker does with the bytes of photos and files; the core never has them. */
export type Errand =
  | ({ errand: 'attach' } & Attaching)
  | { errand: 'bytes'; record: Id; file: FileRow; fetch: boolean }
  | { errand: 'small'; sha256: string };

/** A photo or file to add to a job. */
export interface Attaching {
  record: Id;
  file: File;
  purpose: string;
  /** The step it belongs to; empty for the job as a whole. */
  step: Id | '';
  caption: string;
}

/** What each errand answers with. */
export interface Brought {
  attach: JobView;
  bytes: Blob;
  small: Blob | null;
}

export interface Signing {
  purpose: Purpose;
  content_digest: string;
  outcome: Outcome;
  reservations: string;
  signatory: Signatory;
  satisfaction: number | null;
  remarks: string;
  drawing: string;
}

/** What each command answers with. */
export interface Replies {
  status: Status;
  sign_in: Status;
  sign_out: Status;
  sync_now: Status;
  hint: Status;
  jobs: JobRow[];
  job: JobView;
  history: HistoryEntry[];
  open_job: JobView;
  edit: RecordView;
  prepare_signoff: SignoffDraft;
  sign: JobView;
  find: Found[];
  dossiers: DossierRow[];
  dossier: DossierView;
  articles_for: ArticleRow[];
  article: ArticleView;
  catalog: CatalogView;
  field_rules: FieldRule[];
  held: HeldEdit[];
  refused: RefusedEdit[];
  retry_refused: RecordView;
  export_refused: RefusedFile;
  forget_refused: null;
  settled: SettlementView[];
  overruled: OverruledValue[];
  agree: null;
  evacuate: { file: string; edits: number };
  take_parcel: ParcelRow[];
  parcels: ParcelRow[];
  hand_over: HandedOver;
  take_over: JobView;
  keep_file: null;
  files: FileRow[];
  file_fetched: null;
  files_not_needed: string[];
  file_dropped: null;
  files_plan: FilesPlan;
  set_files_rule: FilesPlan;
  send_files_now: Status;
  drafts: Draft[];
  keep_draft: null;
  live: LiveChannel | null;
}
