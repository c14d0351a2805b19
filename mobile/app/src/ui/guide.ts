// What a job asks for at its stage, in order: the first open task is the one next action. By mode,
// because nobody departs for a call on the telephone. Reads the record; who may do what, and how
// it is done, is the page's business.
import type { JobView } from '../bridge/types';
import { entriesOf } from './jobparts';

export type TaskId =
  | 'hand-over'
  | 'accept'
  | 'checklist'
  | 'prepare'
  | 'approve'
  | 'pack'
  | 'announce'
  | 'plan'
  | 'depart'
  | 'arrive'
  | 'met'
  | 'plan-signed'
  | 'window'
  | 'findings'
  | 'plan-items'
  | 'tell'
  | 'step'
  | 'risky'
  | 'report'
  | 'confirm'
  | 'sign'
  | 'tell-result'
  | 'promises'
  | 'follow-up'
  | 'file'
  | 'proof';

export interface Task {
  id: TaskId;
  done: boolean;
  /** How much is done of it, where that can be counted. */
  count?: { done: number; all: number };
}

/** The tasks of the present stage; `now` tells what is overdue. */
export function tasksOf(view: JobView, now: number): Task[] {
  switch (view.stage) {
    case 'received':
      return [{ id: 'hand-over', done: false }];
    case 'assigned':
      return [{ id: 'accept', done: false }];
    case 'preparing':
      return [...checklist(view), ...before(view), ...(isOnSite(view) ? [plan(view)] : work(view))];
    case 'planned':
      return [...checklist(view), ...before(view), ...(isOnSite(view) ? journey(view) : work(view))];
    case 'on_site':
      return [...overdue(view, now), ...beginning(view), ...work(view), ...risky(view), report(view)];
    case 'reported':
      return [report(view), ...confirmed(view), { id: 'sign', done: false }];
    case 'signed':
      return [...telling(view), ...promises(view), ...after(view, now), ...filing(view)];
    case 'archived':
      return [...promises(view), ...after(view, now), { id: 'proof', done: false }];
  }
}

/** The task to do now. What belongs before the work is not insisted on once work has begun. */
export function currentOf(tasks: Task[], may: (id: TaskId) => boolean): Task | null {
  const begun = tasks.some((task) => task.id === 'step' && task.done);
  const early: TaskId[] = ['met', 'plan-signed'];
  const open = tasks.filter((task) => !task.done && may(task.id));
  return open.find((task) => !(begun && early.includes(task.id))) ?? null;
}

/** Whether somebody travels to the customer; so it is until another way is chosen. */
export function isOnSite({ content }: JobView): boolean {
  return !['phone', 'remote'].includes(content.intake.mode);
}

/** What comes before the work: a journey is prepared; a line to the customer's machine has its
 *  window, and everything is looked at before anything is changed. */
function before(view: JobView): Task[] {
  if (isOnSite(view)) return preparation(view);
  if (view.content.intake.mode !== 'remote') return [];
  const { window_start, window_end, connects, findings } = view.content.remote;
  const planned = entriesOf(view.content.plan.items, (item) => item.position).length > 0;
  return [
    { id: 'window', done: window_start !== null && window_end !== null && connects !== '' },
    { id: 'findings', done: findings !== '' },
    { id: 'plan-items', done: planned },
  ];
}

/** A report during the work that is missed comes first: somebody waits for a word. */
function overdue({ report_due_at }: JobView, now: number): Task[] {
  return report_due_at !== null && report_due_at <= now ? [{ id: 'tell', done: false }] : [];
}

function checklist({ content }: JobView): Task[] {
  const items = entriesOf(content.checklist, (item) => item.position);
  const done = items.filter(([, item]) => item.done).length;
  const all = items.length;
  return all === 0 ? [] : [{ id: 'checklist', done: done === all, count: { done, all } }];
}

function plan({ content }: JobView): Task {
  return { id: 'plan', done: content.plan.start_at !== null };
}

function preparation({ content }: JobView): Task[] {
  const { asked_at, approved_at } = content.preparation;
  const items = entriesOf(content.packing, (item) => item.position);
  const done = items.filter(([, item]) => item.packed).length;
  const count = { done, all: items.length };
  return [
    { id: 'prepare', done: asked_at !== null || approved_at !== null },
    { id: 'approve', done: approved_at !== null },
    ...(items.length > 0 ? [{ id: 'pack', done: done === items.length, count } as const] : []),
  ];
}

function journey({ content }: JobView): Task[] {
  return [
    { id: 'announce', done: content.preparation.arrival_told_at !== null },
    { id: 'depart', done: content.visit.departed_at !== null },
    { id: 'arrive', done: content.visit.arrived_at !== null },
  ];
}

function beginning(view: JobView): Task[] {
  if (!isOnSite(view)) return [];
  const planned = entriesOf(view.content.plan.items, (item) => item.position).length > 0;
  const confirmed = view.signoffs.some(
    ({ valid, statement }) =>
      valid && statement?.purpose === 'plan' && statement.outcome !== 'refused',
  );
  return [
    { id: 'met', done: view.content.visit.met !== '' },
    ...(planned ? [{ id: 'plan-signed', done: confirmed } as const] : []),
  ];
}

function work({ content }: JobView): Task[] {
  return [{ id: 'step', done: entriesOf(content.steps, (step) => step.at).length > 0 }];
}

/** Planned risky operations, each ticked by hand. */
function risky({ content }: JobView): Task[] {
  const items = entriesOf(content.plan.items, (item) => item.position);
  const all = items.filter(([, item]) => item.risky);
  const done = all.filter(([, item]) => item.done).length;
  if (all.length === 0) return [];
  return [{ id: 'risky', done: done === all.length, count: { done, all: all.length } }];
}

/** Whether somebody was told the result: since the report was finished. */
function toldResult({ content }: JobView, to: string): boolean {
  const { finished_at } = content.report;
  const since = finished_at ?? Infinity;
  return Object.values(content.reports).some((told) => told.to === to && told.at >= since);
}

/** Nobody is there to sign after remote work: the customer's word is written down. */
function confirmed(view: JobView): Task[] {
  if (view.content.intake.mode !== 'remote') return [];
  return [{ id: 'confirm', done: toldResult(view, 'customer') }];
}

/** After work by telephone the customer's manager is told how it ended. */
function telling(view: JobView): Task[] {
  if (view.content.intake.mode !== 'phone') return [];
  return [{ id: 'tell-result', done: toldResult(view, 'customer_manager') }];
}

/** The customer is called again once some days have passed. */
function after({ follow_up_due_at }: JobView, now: number): Task[] {
  const due = follow_up_due_at !== null && follow_up_due_at <= now;
  return due ? [{ id: 'follow-up', done: false }] : [];
}

function filing({ lacks }: JobView): Task[] {
  const file: Task[] = lacks.length === 0 ? [{ id: 'file', done: false }] : [];
  return [...file, { id: 'proof', done: false }];
}

function report({ content }: JobView): Task {
  return { id: 'report', done: content.report.finished_at !== null };
}

function promises({ content }: JobView): Task[] {
  const all = Object.values(content.promises);
  const done = all.filter((one) => one.kept_at !== null || one.withdrawn !== '').length;
  if (all.length === 0) return [];
  return [{ id: 'promises', done: done === all.length, count: { done, all: all.length } }];
}
