// The worker, started as soon as this file runs: opening the record takes longer than drawing the
// first screen, and both go on side by side. What it says before anybody listens is kept.
import type { Answer } from './messages';

export const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), {
  type: 'module',
  name: 'docket-core',
});

type Said = MessageEvent<Answer> | ErrorEvent;

const early: Said[] = [];
let hear = (said: Said): void => void early.push(said);
worker.addEventListener('message', (said) => hear(said));
worker.addEventListener('error', (said) => hear(said));

/** Listens from now on; what was said before comes first. */
export function listen(to: (said: Said) => void): void {
  hear = to;
  early.splice(0).forEach(to);
}
