// What the core answers with, mirrored from client-core/view.rs: rows of lists, and whole pages. Same
// names, same order; times are Unix ms. Types only: nothing here runs.
import type { FieldValue, Id, JobContent, MergeKind, Path, Role, Stage } from './record';
import type { ArticleContent, CatalogContent, DossierContent } from './shared';
import type { Statement } from './signoff';

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

/** A clock of a job that has not ended; without a time while it is paused. */
export interface ClockView {
  kind: 'response' | 'on_site' | 'recovery';
  due_at: number | null;
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

export interface ArticleRow {
  record: Id;
  title: string;
  category: string;
  equipment: string;
}

export interface ArticleView {
  record: Id;
  content: ArticleContent;
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
  pieces: number;
  pieces_left: number;
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
