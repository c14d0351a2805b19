// The worker: the only place that holds the record. It waits to be the one owner, opens the
// core over the phone's own storage, answers the page's questions one at a time, and carries
// what the core wants carried. Decides nothing about records or about when to send.
import type { Answer, Question } from '../bridge/messages';
import { Carrier } from './carrier';
import { coreOf } from './core';
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

  answer = ({ id, command }) => {
    say({ kind: 'reply', id, text: core.answer(command) });
    if (!core.writes(command)) return;
    tell('changed');
    carry();
  };
  tell('ready');
  questions.splice(0).forEach(answer);
  carry();
}

function broken(error: unknown): void {
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  say({ kind: 'broken', code: code ?? 'broken', detail: message ?? String(error) });
}
