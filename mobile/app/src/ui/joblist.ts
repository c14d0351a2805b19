// How the list of jobs is cut into groups: what today asks for, what comes, what waits for a
// time, what is done. The order inside a group is the core's.
import type { JobRow } from '../bridge/types';
import { dayOf } from '../words/format';
import { isDone } from './stages';

export type Group = 'today' | 'coming' | 'no-time' | 'done';

export type ListItem = { kind: 'head'; group: Group; count: number } | { kind: 'row'; row: JobRow };

const HOUR_MS = 3_600_000;
const order: readonly Group[] = ['today', 'coming', 'no-time', 'done'];

/** Rows under their headings; groups without rows are left out. */
export function grouped(rows: JobRow[], now: number): ListItem[] {
  // By way of noon: a day on which clocks are changed is not 24 hours long.
  const tomorrow = dayOf(dayOf(now) + 36 * HOUR_MS);
  const groups = new Map<Group, JobRow[]>(order.map((group) => [group, []]));
  for (const row of rows) groups.get(groupOf(row, tomorrow))?.push(row);
  return order.flatMap((group) => {
    const own = groups.get(group) ?? [];
    const items: ListItem[] = own.map((row) => ({ kind: 'row', row }));
    return own.length > 0 ? [{ kind: 'head', group, count: own.length }, ...items] : [];
  });
}

/** The moment that matters for a job: the soonest of what is planned, due, promised, or has to be
    handed over. */
export function momentOf(row: JobRow): number | null {
  const all = [row.plan_start_at, row.due_at, row.promise_due_at, row.hand_over_by];
  const moments = all.filter((ms) => ms !== null);
  return moments.length > 0 ? Math.min(...moments) : null;
}

/** Whether the job still asks for something: work on site, a promise, or only coverage. */
export function isCurrent(row: JobRow): boolean {
  return !isDone(row.stage) || row.sync !== 'merged' || row.open_promises > 0;
}

/** Whether the job should have been done by now. */
export function isLate(row: JobRow, now: number): boolean {
  return row.due_at !== null && row.due_at < now && !isDone(row.stage) && row.stage !== 'reported';
}

function groupOf(row: JobRow, tomorrow: number): Group {
  if (isDone(row.stage) && row.open_promises === 0) return 'done';
  if (row.stage === 'on_site') return 'today';
  const moment = momentOf(row);
  if (moment === null) return 'no-time';
  return moment < tomorrow ? 'today' : 'coming';
}
