// The phone's core in the browser and the same core on this machine are one: a thousand seeded
// histories of several people arrive as one sync answer, and every job's page, conflicts and all,
// is the same to the byte. The native side is `docket-histories`; here is the shipped wasm.
import { readFile } from 'node:fs/promises';
import { histories } from '../harness/histories';
import { fromRoot } from '../harness/tree';
import { expect, test } from '../harness/story';

const MINUTE_MS = 60_000;
const FILES: Record<string, string> = {
  'docket_mobile_core.js': 'text/javascript',
  'docket_mobile_core_bg.wasm': 'application/wasm',
};

/** Runs in a worker of the page: opens the core and answers every command of the tape. */
const WORKER = `
import initialise, { Core } from './docket_mobile_core.js';
onmessage = async ({ data: tape }) => {
  await initialise();
  const core = await Core.open('histories', new Uint8Array(32));
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  core.call(tape.now, JSON.stringify(tape.sign_in));
  for (const { content_type, body } of tape.answers) {
    const request = core.next_request(tape.now);
    core.respond(tape.now, request.id, 200, content_type, bytes(body));
  }
  const views = tape.commands.map((command) => core.call(tape.now, JSON.stringify(command)));
  postMessage(views);
};`;

// FAULTS row 52: native and wasm agree.
test('a thousand histories look the same natively and in the browser', async ({ server, page }) => {
  test.setTimeout(5 * MINUTE_MS);
  const { views: native, ...tape } = await histories(1_000);
  await page.route('**/histories/*', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').pop() ?? '';
    const type = FILES[name];
    if (!type) return route.fulfill({ contentType: 'text/javascript', body: WORKER });
    const body = await readFile(fromRoot(`mobile/app/src/core/${name}`));
    return route.fulfill({ contentType: type, body });
  });
  await page.goto(`${server.url}/sign-in`);
  const inBrowser = await page.evaluate(async (tape) => {
    const worker = new Worker('/histories/worker.js', { type: 'module' });
    return new Promise<string[]>((done, failed) => {
      worker.onmessage = ({ data }) => done(data);
      worker.onerror = (event) => failed(new Error(event.message));
      worker.postMessage(tape);
    });
  }, tape);
  expect(inBrowser.length).toBe(native.length);
  const different = native.findIndex((view, at) => view !== inBrowser[at]);
  const shown = different < 0 ? '' : `${native[different]}\n${inBrowser[different]}`;
  expect(different, shown).toBe(-1);
});
