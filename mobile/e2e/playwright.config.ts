// Three folders, three projects: `stories` are the promises, told in a real Chromium against the
// real server process; `shots` takes the screenshots; `bench` measures the list of 500 jobs.
// Called by `cargo xtask test`, `shots` and `bench phone`, which say where browser and server are.
import { defineConfig } from '@playwright/test';
import { launchOptions } from './harness/browser';

const MINUTE_MS = 60_000;

export default defineConfig({
  forbidOnly: true,
  fullyParallel: true,
  // Two browsers at a time is what two cores carry; a story that fails once has failed.
  workers: 2,
  retries: 0,
  reporter: 'list',
  timeout: MINUTE_MS,
  expect: { timeout: 15_000 },
  use: { launchOptions, actionTimeout: 15_000, navigationTimeout: 15_000 },
  testMatch: '**/*.ts',
  projects: [
    { name: 'stories', testDir: 'stories' },
    { name: 'shots', testDir: 'shots', timeout: 5 * MINUTE_MS },
    { name: 'bench', testDir: 'bench', testMatch: '**/list.ts', timeout: 10 * MINUTE_MS },
  ],
});
