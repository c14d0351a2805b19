// What the core can be asked for, and how it answers, mirrored from protocol/edit.rs and
// client-core/command.rs; and what the worker does besides. Types only: nothing here runs.
import type { FieldRule, FieldValue, Id, Path, RecordKind } from './record';
import type { Outcome, Purpose, Signatory } from './signoff';
import type {
  ArticleRow,
  ArticleView,
  CatalogView,
  ClockView,
  DossierRow,
  DossierView,
  Draft,
  FileRow,
  FilesPlan,
  FilesRule,
  Found,
  HandedOver,
  HeldEdit,
  HistoryEntry,
  JobRow,
  JobView,
  LiveChannel,
  OverruledValue,
  ParcelRow,
  RecordView,
  RefusedEdit,
  RefusedFile,
  SettlementView,
  SignoffDraft,
  Status,
} from './view';

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
  | { do: 'room'; free_bytes: number }
  | { do: 'jobs' }
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
  | { do: 'clocks'; record: Id }
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
  | { do: 'file_dropped'; name: string }
  | { do: 'keep_piece'; parcel: number; place: number; bytes: number }
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
  | { errand: 'small'; sha256: string }
  /** Everything unsent as a file. */
  | { errand: 'evacuate' }
  /** Takes such a file of a colleague's in. */
  | { errand: 'take_evacuation'; file: File };

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
  evacuate: Evacuated;
  take_evacuation: ParcelRow;
}

/** Everything unsent, written into a file. */
export interface Evacuated {
  file: Blob;
  edits: number;
  files: number;
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
  room: null;
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
  clocks: ClockView[];
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
  evacuate: { file: string; edits: number; files: { sha256: string; bytes: number }[] };
  take_parcel: ParcelRow;
  parcels: ParcelRow[];
  hand_over: HandedOver;
  take_over: JobView;
  keep_file: null;
  files: FileRow[];
  file_fetched: null;
  files_not_needed: string[];
  file_dropped: null;
  keep_piece: null;
  files_plan: FilesPlan;
  set_files_rule: FilesPlan;
  send_files_now: Status;
  drafts: Draft[];
  keep_draft: null;
  live: LiveChannel | null;
}
