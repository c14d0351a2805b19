// The worker: the only place that holds the record. It waits to be the one owner and for the lock
// to be opened, opens the core over the phone's own storage, answers the page's questions one at a
// time, and carries what the core wants carried. Decides nothing about records or about when to
// send.
import type { Answer, Question } from '../bridge/messages';
import { room } from '../bridge/room';
import type { Id } from '../bridge/types';
import { Carrier } from './carrier';
import { coreOf, load } from './core';
import { changes, run, sweep } from './errands';
import { Files } from './files';
import { LiveChannelListener } from './live';
import { Lock } from './lock';
import { becomeOwner } from './owner';
import { Seal } from './seal';
import { Vault } from './vault';

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
  // The longest part of opening, and nobody has to be the owner for it.
  const loading = load();
  await becomeOwner(() => say({ kind: 'waiting' }));
  const vault = await Vault.open(loading);
  const lock = new Lock(vault, say);
  if (vault.hasPin) await opened(lock);
  say({ kind: 'lock', lock: lock.state });
  const key = await vault.key();
  const core = await coreOf(DATABASE, key);
  const files = new Files(await Seal.under(key));
  const changed = (edited: Id | null) =>
    say({ kind: 'changed', status: core.status(), edited });
  const tellRoom = async () => core.ask({ do: 'room', free_bytes: (await room()).free });
  const carrier = new Carrier(core, files, (news) => {
    if (news === 'status') return say({ kind: 'status', status: core.status() });
    changed(null);
    void tellRoom();
    // The server has just been reached, perhaps by a first sign-in: its hints can be, too.
    live.follow();
    void lock.letOfficeIn(core);
  });
  const live = new LiveChannelListener(
    core,
    (seq) => carrier.run({ do: 'hint', seq }),
    () => carrier.run({ do: 'sync_now' }),
  );
  const wrote = (edited: Id | null) => {
    changed(edited);
    carrier.pump();
  };

  say({ kind: 'ready', status: core.status(), drafts: core.drafts() });
  listen((question) => {
    if ('lock' in question) return void answerLock(lock, question);
    const { id } = question;
    if ('errand' in question) {
      void run(core, files, question.errand).then((outcome) => {
        say({ kind: 'brought', id, outcome });
        if (changes(question.errand) && 'ok' in outcome) wrote(null);
      });
      return;
    }
    const { command } = question;
    carrier.asked();
    const text = core.answer(command);
    if (command.do === 'sign_out' && !core.status().person) void forgetPerson(lock, files);
    say({ kind: 'reply', id, text });
    if (core.writes(command)) wrote(command.do === 'edit' ? command.record : null);
  });
  carrier.pump();
  void tellRoom();
  await sweep(core, files);
}

/** The next person finds neither files nor a PIN of the one who left. */
async function forgetPerson(lock: Lock, files: Files): Promise<void> {
  await files.dropAll();
  await lock.forgetPerson();
}

/** Answers questions from now on, those that waited first. */
function listen(to: (question: Question) => void): void {
  answer = to;
  questions.splice(0).forEach(to);
}

/** Resolves when somebody has opened the lock; what the core is asked meanwhile waits. */
async function opened(lock: Lock): Promise<void> {
  say({ kind: 'locked', lock: lock.state });
  await new Promise<void>((resolve) => {
    listen((question) => {
      if (!('lock' in question)) questions.push(question);
      else void answerLock(lock, question).then((open) => open && resolve());
    });
  });
  answer = null;
}

/** Whether the command was carried out. */
async function answerLock(lock: Lock, question: Extract<Question, { lock: unknown }>) {
  const code = await lock.run(question.lock);
  const outcome = code === null ? { ok: null } : { error: { code, path: '', detail: '' } };
  say({ kind: 'reply', id: question.id, text: JSON.stringify(outcome) });
  return code === null;
}

function broken(error: unknown): void {
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  say({ kind: 'broken', code: code ?? 'broken', detail: message ?? String(error) });
}
