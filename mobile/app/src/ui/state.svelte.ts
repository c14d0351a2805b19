// What every screen may know: whether the record is open, how sending stands, and how to ask.
// A screen's data is asked for again whenever the worker says that something changed; nothing
// is kept here beyond what is on the screen.
import { SvelteMap } from 'svelte/reactivity';
import { CommandError, startBridge } from '../bridge/bridge';
import type { LockState, News } from '../bridge/messages';
import type { Command, Replies, Status } from '../bridge/types';
import { setClockOffset } from '../words/clock';
import { takeDrafts } from './drafts';
import { expectedRole, expectRole } from './frame';
import { sameParts } from './same';

export type Phase = 'opening' | 'waiting' | 'locked' | 'ready' | 'broken';

const state = $state<{
  phase: Phase;
  code: string;
  detail: string;
  lock: LockState | null;
  /** Counts what may have changed anything. */
  everything: number;
  /** Counts every change. */
  anything: number;
}>({
  phase: 'opening',
  code: '',
  detail: '',
  lock: null,
  everything: 0,
  anything: 0,
});

/** Counts the person's own edits, by record. */
const edits = new SvelteMap<string, number>();

let status = $state.raw<Status | null>(null);
const signedIn = $derived(Boolean(status?.person));
const role = $derived(status ? status.person?.role : expectedRole);

const { ask, bring, askLock } = startBridge(hear);

/** Where the app stands as a whole. */
export const app = {
  get phase() {
    return state.phase;
  },
  get code() {
    return state.code;
  },
  get detail() {
    return state.detail;
  },
  get status() {
    return status;
  },
  get lock() {
    return state.lock;
  },
  get signedIn() {
    return signedIn;
  },
  /** What the person signed in is here for; whoever is expected, while it is being opened. */
  get role() {
    return role;
  },
};

/** Asks the core; throws `CommandError` with a code that has words. */
export { ask, bring, askLock, CommandError };

/** The list is asked for before anything is there to ask for it: its answer then comes together with
    the news that the record is open. Whoever opens the app somewhere else asks in vain, once. */
let early: Promise<Replies['jobs']> | null = ask({ do: 'jobs' });
early.catch(() => {});

/** The answer to a command; the early one while nothing has changed since. */
function answerTo<C extends Command>(command: C): Promise<Replies[C['do']]> {
  if (command.do !== 'jobs') return ask(command);
  const known = state.anything === 0 ? early : null;
  early = null;
  return (known as Promise<Replies[C['do']]> | null) ?? ask(command);
}

/** Commands about many records at once, of which one edit may change a line. */
const LISTS = new Set<Command['do']>(['jobs', 'find', 'dossiers', 'overruled']);

/** Changes whenever the answer to a command may have. A job's view is not among what an edit
    changes: it is what the edit is answered with. */
function versionOf(command: Command): number {
  if (LISTS.has(command.do)) return state.anything;
  const edited = 'record' in command && command.do !== 'job' ? edits.get(command.record) : 0;
  return state.everything + (edited ?? 0);
}

/** A view that follows the record: asked now, and again after every change that concerns it. */
export function follow<C extends Command>(command: () => C | null) {
  let value = $state.raw<Replies[C['do']] | null>(null);
  let answered = $state.raw<C | null>(null);
  let failure = $state.raw<CommandError | null>(null);
  let turns = 0;
  $effect(() => {
    const now = command();
    if (!now || state.phase !== 'ready') return;
    void versionOf(now);
    const turn = ++turns;
    answerTo(now).then(
      (answer) => {
        if (turn !== turns) return;
        value = sameParts(value, answer);
        answered = now;
        failure = null;
      },
      (error: unknown) => {
        if (turn === turns && error instanceof CommandError) failure = error;
      },
    );
  });
  return {
    get value() {
      return value;
    },
    /** What it is the answer to, which may not be what is asked by now. */
    get answered() {
      return answered;
    },
    get failure() {
      return failure;
    },
  };
}

function hear(news: News): void {
  if (state.phase === 'broken') return;
  if (news.kind === 'waiting') state.phase = 'waiting';
  else if (news.kind === 'lock') state.lock = news.lock;
  else if (news.kind === 'locked') Object.assign(state, { phase: 'locked', lock: news.lock });
  else if (news.kind === 'broken') {
    Object.assign(state, { phase: 'broken', code: news.code, detail: news.detail });
  } else {
    if (news.kind === 'ready') takeDrafts(news.drafts, keepDraft);
    state.phase = 'ready';
    status = sameParts(status, news.status);
    setClockOffset(news.status.clock_offset_ms);
    if (news.kind === 'changed') count(news.edited);
  }
  expectRole(state.lock?.pin ? undefined : role);
}

/** A full storage must not stop the typing; saving to the record says so plainly. */
function keepDraft(record: string, path: string, text: string | null): void {
  ask({ do: 'keep_draft', record, path, text }).catch(() => {});
}

function count(edited: string | null): void {
  state.anything += 1;
  if (edited === null) state.everything += 1;
  else edits.set(edited, (edits.get(edited) ?? 0) + 1);
}
