// The worker, started as soon as this file runs: opening the record takes longer than drawing the
// first screen, and both go on side by side.
export const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), {
  type: 'module',
  name: 'docket-core',
});
