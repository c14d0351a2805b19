// The page's end of the wire to the worker: ask a question, get its one answer; hear the news.
// Holds no record, no cache and no queue of its own. Used by ui/state only.
import type { Answer, News, Outcome, Question } from './messages';
import type { Command, Failure, Replies } from './types';

/** A question was answered with an error; nothing was changed by it. */
export class CommandError extends Error {
  constructor(readonly failure: Failure) {
    super(`${failure.code} ${failure.path} ${failure.detail}`);
  }
}

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: CommandError) => void;
}

/** Starts the worker and answers with the way to ask it. */
export function startBridge(hear: (news: News) => void) {
  const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), {
    type: 'module',
    name: 'docket-core',
  });
  const waiting = new Map<number, Waiting>();
  let last = 0;

  worker.addEventListener('message', (event: MessageEvent<Answer>) => {
    const answer = event.data;
    if (answer.kind !== 'reply') return hear(answer);
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    const outcome = JSON.parse(answer.text) as Outcome;
    if ('error' in outcome) asked?.reject(new CommandError(outcome.error));
    else asked?.resolve(outcome.ok as never);
  });
  worker.addEventListener('error', (event) =>
    hear({ kind: 'broken', code: 'broken', detail: event.message }),
  );

  // Said by the page and by the page alone: not every browser tells its workers, and said twice
  // it would cost a second request.
  addEventListener('online', () => void ask({ do: 'sync_now' }));

  function ask<C extends Command>(command: C): Promise<Replies[C['do']]> {
    const id = ++last;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      worker.postMessage({ id, command } satisfies Question);
    });
  }
  return ask;
}
