// A call as it is typed: what the form holds, kept as a draft until the job is on disk, and the
// job it becomes. Knows nothing of screens.
import type { CatalogContent, FieldRule, FieldValue, Id, NewEntry, Path } from '../bridge/types';
import { toValue } from './fields';

/** A promise made on the telephone, as text. */
export interface Promised {
  text: string;
  due_at: string;
  owner: Id;
}

/** Who takes the call on: nobody yet, the person who heard it, or an engineer by id. */
export type Taker = '' | 'me' | Id;

export interface Call {
  texts: Record<string, string>;
  promises: Promised[];
  taker: Taker;
  checklist: Id;
}

export interface Opened {
  fields: Record<Path, FieldValue>;
  entries: NewEntry[];
}

/** The fields of the form, in the order of a call. */
export const PARTS = {
  caller: ['customer', 'caller', 'department', 'phone', 'site', 'equipment'],
  problem: ['symptom', 'demand', 'title'],
  handling: ['category', 'level', 'mode', 'priority', 'due_at'],
} as const;

/** A call before the first word. */
export function emptyCall(): Call {
  const texts = { level: 'normal', priority: 'normal', mode: 'on_site' };
  return { texts, promises: [], taker: '', checklist: '' };
}

/** The job's title: as typed, or the first thing the caller said. Nothing is typed twice. */
export function titleOf({ texts }: Call): string {
  const said = (texts.symptom ?? '').trim().split('\n')[0] ?? '';
  return (texts.title ?? '').trim() || said.slice(0, TITLE_CHARS_MAX);
}

const TITLE_CHARS_MAX = 80;

/** The job to open; the path of a field when what stands there cannot be one. */
export function opened(
  call: Call,
  rules: Map<Path, FieldRule>,
  known: { catalog: CatalogContent | undefined; dossier: Id },
  me: Id,
): Opened | { wrong: Path } {
  const fields: Record<Path, FieldValue> = {};
  const all = { ...call.texts, title: titleOf(call) };
  for (const [field, text] of Object.entries(all)) {
    const path = `intake/${field}`;
    const rule = rules.get(path);
    const value = rule ? toValue(rule, text) : null;
    if (value === undefined) return { wrong: path };
    if (value !== null) fields[path] = value;
  }
  if (known.dossier) fields['intake/dossier'] = known.dossier;
  if (call.taker === 'me') fields['assignment/accepted_at'] = Date.now();
  else if (call.taker) {
    fields['assignment/lead'] = call.taker;
    fields['assignment/assigned_at'] = Date.now();
  }
  const promises = promised(call.promises, rules, me);
  if ('wrong' in promises) return promises;
  return { fields, entries: [...promises.entries, ...lines(call, known.catalog)] };
}

function promised(
  all: Promised[],
  rules: Map<Path, FieldRule>,
  me: Id,
): { entries: NewEntry[] } | { wrong: Path } {
  const due = rules.get('promises/*/due_at');
  const entries: NewEntry[] = [];
  for (const { text, due_at, owner } of all.filter((one) => one.text.trim())) {
    const at = due ? toValue(due, due_at) : null;
    if (at === undefined) return { wrong: 'promises/*/due_at' };
    const fields = { text: text.trim(), due_at: at, owner: owner || me };
    entries.push({ collection: 'promises', fields });
  }
  return { entries };
}

function lines({ checklist }: Call, catalog: CatalogContent | undefined): NewEntry[] {
  const items = catalog?.checklists[checklist]?.items.split('\n') ?? [];
  return items
    .map((line) => line.trim())
    .filter(Boolean)
    .map((text, place) => ({ collection: 'checklist', fields: { text, position: place + 1 } }));
}
