// What a job's page says about each part while it is folded, and which parts stand open at which
// stage. Counts only; the content itself is read by the parts.
import type { JobView, Stage } from '../bridge/types';
import { moment } from '../words/format';
import { t, word } from '../words/words.svelte';
import { isOpen } from './promises';

/** An entry that is the same as before comes in the same pair. */
const pairs = new WeakMap<object, [string, never]>();

/** Entries of a collection that were not removed, in the order people put them. */
export function entriesOf<T extends { removed: boolean }>(
  collection: Record<string, T>,
  order: (entry: T) => number,
): [string, T][] {
  return Object.entries(collection)
    .filter(([, entry]) => !entry.removed)
    .sort(([a, one], [b, other]) => order(one) - order(other) || (a < b ? -1 : 1))
    .map((pair) => pairOf(pair));
}

function pairOf<T extends object>(pair: [string, T]): [string, T] {
  const known = pairs.get(pair[1]) as [string, T] | undefined;
  if (!known) pairs.set(pair[1], pair as [string, never]);
  return known ?? pair;
}

/** The position for an entry that goes to the end. */
export function nextPosition(collection: Record<string, { position: number }>): number {
  return Math.max(0, ...Object.values(collection).map((entry) => entry.position)) + 1;
}

/** The parts that matter at a stage; promises do until they are kept. */
export function openParts({ stage, content }: JobView): Record<string, boolean> {
  const planned = Object.keys(content.plan.items).length > 0 ? ['plan'] : [];
  const open: Record<Stage, string[]> = {
    received: ['intake'],
    assigned: ['intake'],
    preparing: ['checklist', 'preparation', 'packing', 'plan'],
    planned: ['checklist', 'packing', 'plan'],
    on_site: ['checklist', ...planned, 'steps', 'attachments'],
    reported: ['report'],
    signed: ['signoffs', 'follow_ups'],
    archived: ['signoffs', 'follow_ups'],
  };
  const promised = Object.values(content.promises).some(isOpen) ? ['promises'] : [];
  return Object.fromEntries([...promised, ...open[stage]].map((part) => [part, true]));
}

/** What each folded part says about itself. */
export function tallies(view: JobView) {
  const { content } = view;
  const items = entriesOf(content.checklist, (item) => item.position);
  const done = items.filter(([, item]) => item.done).length;
  const steps = entriesOf(content.steps, (step) => step.at).length;
  const parts = entriesOf(content.parts, (part) => part.at).length;
  const attachments = entriesOf(content.attachments, (one) => one.at).length;
  const reports = Object.keys(content.reports).length;
  const followUps = Object.keys(content.follow_ups).length;
  const promises = Object.values(content.promises).filter(isOpen).length;
  const packing = entriesOf(content.packing, (item) => item.position);
  const packed = packing.filter(([, item]) => item.packed).length;
  const { asked_at, approved_at } = content.preparation;
  const start = content.plan.start_at;
  const { arrived_at, left_at } = content.visit;
  return {
    disputed: view.conflicts.length,
    promises: promises > 0 ? t('tally-promises', { count: promises }) : '',
    checklist: items.length > 0 ? t('tally-done', { done, all: items.length }) : '',
    preparation:
      approved_at !== null ? t('approval-given') : asked_at !== null ? t('approval-waits') : '',
    packing: packing.length > 0 ? t('tally-packed', { done: packed, all: packing.length }) : '',
    plan: start === null ? '' : moment(start),
    visit:
      left_at !== null
        ? t('tally-left', { when: moment(left_at) })
        : arrived_at !== null
          ? t('tally-arrived', { when: moment(arrived_at) })
          : '',
    steps: steps > 0 ? t('tally-steps', { count: steps }) : '',
    parts: parts > 0 ? t('tally-parts', { count: parts }) : '',
    attachments: attachments > 0 ? t('tally-attachments', { count: attachments }) : '',
    remote: content.remote.window_start === null ? '' : moment(content.remote.window_start),
    reports: reports > 0 ? t('tally-reports', { count: reports }) : '',
    follow_ups: followUps > 0 ? t('tally-follow-ups', { count: followUps }) : '',
    report: content.report.outcome ? word('outcome', content.report.outcome) : '',
    signoffs: view.signoffs.length > 0 ? t('tally-signoffs', { count: view.signoffs.length }) : '',
  };
}

/** What the preparation still lacks before the manager is asked: field paths, and the list. */
export function missingToPrepare({ content }: JobView): string[] {
  const needed = ['cause', 'backup', 'transport'] as const;
  const missing = needed.filter((field) => content.preparation[field] === '');
  const packing = entriesOf(content.packing, (item) => item.position);
  return [...missing.map((field) => `preparation/${field}`), ...(packing.length ? [] : ['packing'])];
}

/** What the report still lacks before it can be finished, as field paths. */
export function missingInReport(view: JobView): string[] {
  const { report, plan } = view.content;
  const needed = ['cause', 'treatment', 'outcome'] as const;
  const missing = needed.filter((field) => report[field] === '').map(String);
  if (report.outcome !== '' && report.outcome !== 'solved') {
    if (report.open_reason === '') missing.push('open_reason');
    if (report.next_plan === '') missing.push('next_plan');
  }
  if (report.doubted && report.analysis === '') missing.push('analysis');
  const items = entriesOf(plan.items, (item) => item.position);
  const unticked = items.some(([, item]) => item.risky && !item.done);
  return [...missing.map((field) => `report/${field}`), ...(unticked ? ['plan/items/*/risky'] : [])];
}
