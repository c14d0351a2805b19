// A job as people write it, mirrored from protocol (role, stage, record/job.rs and rules.rs). Types
// only: nothing here runs.

export type Id = string;

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
  | { kind: 'time_of_day' | 'date' | 'zone' }
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
  archive: {
    archived_at: number | null;
    backup_checked_at: number | null;
    backup_checked_by: Id | null;
    backup_note: string;
  };
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
