// The page's end of the wire to the worker: ask a question, get its one answer; hear the news.
// Holds no record, no cache and no queue of its own. Used by ui/state only.
import type { LockCommand, News, Outcome, Question } from './messages';
import type { Brought, Command, Errand, Failure, Replies } from './types';
import { listen, worker } from './worker';

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

/** Listens to the worker and answers with the ways to ask it. */
export function startBridge(hear: (news: News) => void) {
  const waiting = new Map<number, Waiting>();
  let last = 0;

  listen((said) => {
    if (said instanceof ErrorEvent) {
      return hear({ kind: 'broken', code: 'broken', detail: said.message });
    }
    const answer = said.data;
    // A core that panicked must not go on; what was said before it did is no news any more.
    if (answer.kind === 'broken') worker.terminate();
    if (answer.kind !== 'reply' && answer.kind !== 'brought') return hear(answer);
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    const outcome =
      answer.kind === 'reply' ? (JSON.parse(answer.text) as Outcome) : answer.outcome;
    if ('error' in outcome) asked?.reject(new CommandError(outcome.error));
    else asked?.resolve(outcome.ok as never);
  });

  // Said by the page and by the page alone: not every browser tells its workers, and said twice
  // it would cost a second request.
  addEventListener('online', () => void ask({ do: 'sync_now' }));

  function send<T>(question: (id: number) => Question): Promise<T> {
    const id = ++last;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      worker.postMessage(question(id));
    });
  }

  function ask<C extends Command>(command: C): Promise<Replies[C['do']]> {
    return send((id) => ({ id, command }));
  }

  function bring<E extends Errand>(errand: E): Promise<Brought[E['errand']]> {
    return send((id) => ({ id, errand }));
  }

  function askLock(lock: LockCommand): Promise<null> {
    return send((id) => ({ id, lock }));
  }
  return { ask, bring, askLock };
}
