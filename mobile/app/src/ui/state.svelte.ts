// What every screen may know: whether the record is open, how sending stands, and how to ask.
// A screen's data is asked for again whenever the worker says that something changed; nothing
// is kept here beyond what is on the screen.
import { CommandError, startBridge } from '../bridge/bridge';
import type { News } from '../bridge/messages';
import type { Command, Replies, Status } from '../bridge/types';

export type Phase = 'opening' | 'waiting' | 'ready' | 'broken';

const state = $state<{
  phase: Phase;
  code: string;
  detail: string;
  status: Status | null;
  version: number;
}>({
  phase: 'opening',
  code: '',
  detail: '',
  status: null,
  version: 0,
});

const signedIn = $derived(Boolean(state.status?.person));

const { ask, bring } = startBridge(hear);

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
    return state.status;
  },
  get signedIn() {
    return signedIn;
  },
};

/** Asks the core; throws `CommandError` with a code that has words. */
export { ask, bring, CommandError };

/** A view that follows the record: asked now, and again after every change. */
export function follow<C extends Command>(command: () => C | null) {
  let value = $state.raw<Replies[C['do']] | null>(null);
  let failure = $state.raw<CommandError | null>(null);
  let turns = 0;
  $effect(() => {
    void state.version;
    const now = command();
    if (!now || state.phase !== 'ready') return;
    const turn = ++turns;
    ask(now).then(
      (answer) => {
        if (turn !== turns) return;
        value = answer;
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
    get failure() {
      return failure;
    },
  };
}

function hear(news: News): void {
  if (news.kind === 'waiting') state.phase = 'waiting';
  else if (news.kind === 'broken') {
    Object.assign(state, { phase: 'broken', code: news.code, detail: news.detail });
  } else {
    state.phase = 'ready';
    state.status = news.status;
    if (news.kind !== 'status') state.version += 1;
  }
}
