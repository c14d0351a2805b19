// The worker: the only place that holds the record. It waits to be the one owner, opens the
// core over the phone's own storage, answers the page's questions one at a time, keeps the
// bytes of photos and files, and carries what the core wants carried. Decides nothing about
// records or about when to send.
import type { Answer, Outcome, Question } from '../bridge/messages';
import type { Errand } from '../bridge/types';
import { attach, bytesOf, FileError } from './attach';
import { Carrier } from './carrier';
import { type CoreHandle, coreOf, FailedError } from './core';
import { drop, dropAll, findSmall } from './files';
import { LiveChannelListener } from './live';
import { becomeOwner } from './owner';

const DATABASE = 'docket';

const say = (answer: Answer) => postMessage(answer);
const questions: Question[] = [];
let answer: ((question: Question) => void) | null = null;

addEventListener('message', (event: MessageEvent<Question>) => {
  if (answer) answer(event.data);
  else questions.push(event.data);
});
// A core that panicked must not be used again. What was saved is on disk; the page starts anew.
addEventListener('error', (event) => broken(event.error));
addEventListener('unhandledrejection', (event) => broken(event.reason));

start().catch(broken);

async function start(): Promise<void> {
  await becomeOwner(() => say({ kind: 'waiting' }));
  const core = await coreOf(DATABASE);
  const tell = (kind: 'ready' | 'changed' | 'status') => say({ kind, status: core.status() });
  const carrier = new Carrier(core, (news) => {
    tell(news);
    // The server has just been reached, perhaps by a first sign-in: its hints can be, too.
    if (news === 'changed') live.follow();
  });
  const live = new LiveChannelListener(
    core,
    (seq) => carrier.run({ do: 'hint', seq }),
    () => carrier.run({ do: 'sync_now' }),
  );
  const carry = () => {
    carrier.pump();
    live.follow();
  };

  const wrote = () => {
    tell('changed');
    carry();
  };
  answer = (question) => {
    const { id } = question;
    if ('errand' in question) {
      void run(core, question.errand).then((outcome) => {
        say({ kind: 'brought', id, outcome });
        if (changes(question.errand) && 'ok' in outcome) wrote();
      });
      return;
    }
    const { command } = question;
    const text = core.answer(command);
    if (command.do === 'sign_out' && !core.status().person) void dropAll();
    say({ kind: 'reply', id, text });
    if (core.writes(command)) wrote();
  };
  await sweep(core);
  tell('ready');
  questions.splice(0).forEach(answer);
  carry();
}

/** An errand, and what came of it; what is not one of our own failures ends the worker. */
async function run(core: CoreHandle, errand: Errand): Promise<Outcome> {
  try {
    return { ok: await bring(core, errand) };
  } catch (error) {
    if (error instanceof FileError || error instanceof FailedError) return { error: error.failure };
    throw error;
  }
}

function bring(core: CoreHandle, errand: Errand): Promise<unknown> {
  switch (errand.errand) {
    case 'attach':
      return attach(core, errand);
    case 'bytes':
      return bytesOf(core, errand.record, errand.file, errand.fetch);
    case 'small':
      return findSmall(errand.sha256);
  }
}

/** What was added has to go; what was fetched is known here from now on. */
function changes(errand: Errand): boolean {
  return errand.errand === 'attach' || (errand.errand === 'bytes' && errand.fetch);
}

/** Lets go of copies that the office has seen long ago. */
async function sweep(core: CoreHandle): Promise<void> {
  for (const sha256 of core.ask<string[]>({ do: 'files_not_needed' })) {
    await drop(sha256);
    core.ask({ do: 'file_dropped', sha256 });
  }
}

function broken(error: unknown): void {
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  say({ kind: 'broken', code: code ?? 'broken', detail: message ?? String(error) });
}
