// What a job asks for at its stage, in order: the first open task is the one next action. By mode,
// because nobody departs for a call on the telephone. Reads the record; who may do what, and how
// it is done, is the page's business.
import type { JobView } from '../bridge/types';
import { entriesOf } from './jobparts';

export type TaskId =
  | 'hand-over'
  | 'accept'
  | 'checklist'
  | 'plan'
  | 'depart'
  | 'arrive'
  | 'met'
  | 'plan-signed'
  | 'step'
  | 'report'
  | 'sign'
  | 'promises'
  | 'file'
  | 'proof';

export interface Task {
  id: TaskId;
  done: boolean;
  /** How much is done of it, where that can be counted. */
  count?: { done: number; all: number };
}

/** The tasks of the present stage. */
export function tasksOf(view: JobView): Task[] {
  switch (view.stage) {
    case 'received':
      return [{ id: 'hand-over', done: false }];
    case 'assigned':
      return [{ id: 'accept', done: false }];
    case 'preparing':
      return [...checklist(view), ...(byPhone(view) ? work(view) : [plan(view)])];
    case 'planned':
      return [...checklist(view), ...(onSite(view) ? journey(view) : work(view))];
    case 'on_site':
      return [...(onSite(view) ? beginning(view) : []), ...work(view), report(view)];
    case 'reported':
      return [report(view), { id: 'sign', done: false }];
    case 'signed':
      return [...promises(view), { id: 'file', done: false }, { id: 'proof', done: false }];
    case 'archived':
      return [...promises(view), { id: 'proof', done: false }];
  }
}

/** The task to do now. What belongs before the work is not insisted on once work has begun. */
export function currentOf(tasks: Task[], may: (id: TaskId) => boolean): Task | null {
  const begun = tasks.some((task) => task.id === 'step' && task.done);
  const early: TaskId[] = ['met', 'plan-signed'];
  const open = tasks.filter((task) => !task.done && may(task.id));
  return open.find((task) => !(begun && early.includes(task.id))) ?? null;
}

function onSite({ content }: JobView): boolean {
  return !['phone', 'remote'].includes(content.intake.mode);
}

function byPhone({ content }: JobView): boolean {
  return content.intake.mode === 'phone';
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

function journey({ content }: JobView): Task[] {
  return [
    { id: 'depart', done: content.visit.departed_at !== null },
    { id: 'arrive', done: content.visit.arrived_at !== null },
  ];
}

function beginning(view: JobView): Task[] {
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

function report({ content }: JobView): Task {
  return { id: 'report', done: content.report.finished_at !== null };
}

function promises({ content }: JobView): Task[] {
  const all = Object.values(content.promises);
  const done = all.filter((one) => one.kept_at !== null || one.withdrawn !== '').length;
  if (all.length === 0) return [];
  return [{ id: 'promises', done: done === all.length, count: { done, all: all.length } }];
}
