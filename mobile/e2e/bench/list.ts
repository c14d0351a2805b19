// The promised figure: a phone with 500 jobs, four times slower than this machine, opens to its
// list, searches, scrolls and saves without a visible pause. Writes down what it measured;
// judging is the reader's business. Run by `cargo xtask bench phone`.
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Page } from '@playwright/test';
import type { Desk } from '../harness/desk';
import { downloadBytes } from '../harness/download';
import type { Phone } from '../harness/phone';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';
import { asTable, type Figure, figure } from './figures';
import { type Slowness, slowDown, slownesses } from './slow';
import { answered, listShown, seenOn, watchFrames, watchPage } from './watch';

const JOBS = 500;
const TIMES_SLOWER = 4;
const COLD_OPENS = 5;
const WARM_OPENS = 10;
const TICKS = 20;
const ROUNDS = 3;
const FLINGS = 6;
/** Nothing takes this long to be answered. */
const ANSWER_MS_MAX = 2_000;
/** What an app does after its list has come is not part of opening it again. */
const SETTLED_MS = 1_500;
const QUERIES = [
  ...['流量计 12', 'Pump 31', '华东', 'weber', 'Site 7', 'Valve 2', '控制柜 4'],
  ...['brewery', 'Scale 40', '临安', 'Site 33', '变送器 14'],
];
const BUSIEST = '流量计 0 读数异常';

test(`a phone with ${JOBS} jobs`, async ({ desk, newPhone }) => {
  await fill(desk);
  let wake = async () => {};
  let slowness: Slowness | undefined;
  const phone = await newPhone({
    prepare: async (page) => {
      await watchPage(page);
      await wake();
      if (slowness) wake = await slowDown(page, TIMES_SLOWER, slowness);
    },
  });
  await phone.screen.signIn(people.ada.login);
  await expect(phone.page.getByRole('radio', { name: String(JOBS) }).first()).toBeVisible();
  await phone.screen.expectStoredForOffline();
  const download_bytes = await downloadBytes(phone.page, phone.link.url);
  await phone.screen.visit('jobs');
  await phone.loseCoverage();

  const figures: Figure[] = [];
  for (const slowed of slownesses) {
    slowness = slowed;
    const measured = [
      ...(await opening(phone)),
      await searching(phone),
      await scrolling(phone.page),
      ...(await saving(phone)),
    ];
    figures.push(...measured.map((one) => ({ ...one, slowed })));
  }
  await wake();
  await report(figures, download_bytes);
});

/** Jobs as they come: different customers, places, times and degrees of urgency. */
async function fill(desk: Desk): Promise<void> {
  const things = ['流量计', 'Pump', '变送器', 'Valve', '控制柜', 'Scale'];
  const customers = ['华东水务', 'Nordhafen Brewery', '临安化工', 'Weber Dairy'];
  const levels = ['minor', 'normal', 'major', 'critical'];
  const of = (list: string[], one: number) => list[one % list.length] ?? '';
  for (let one = 0; one < JOBS; one += 1) {
    const record = await desk.openJob(
      {
        'intake/title': `${of(things, one)} ${one} 读数异常`,
        'intake/customer': of(customers, one),
        'intake/site': `Site ${one % 40}`,
        'intake/level': of(levels, one),
        'intake/due_at': Date.now() + ((one % 60) - 5) * 3_600_000,
      },
      people.ada.name,
    );
    for (let position = 1; one === 0 && position <= TICKS; position += 1) {
      const fields = { text: `检查 ${position}`, position };
      await desk.edit(record, { edit: 'add_entry', collection: 'checklist', fields });
    }
  }
}

async function opening(phone: Phone): Promise<Figure[]> {
  const cold: number[] = [];
  for (let time = 0; time < COLD_OPENS; time += 1) {
    await phone.dieAndBoot();
    cold.push(await listShown(phone.page));
  }
  const warm: number[] = [];
  for (let time = 0; time < WARM_OPENS; time += 1) {
    await phone.page.waitForTimeout(SETTLED_MS);
    await phone.reload();
    warm.push(await listShown(phone.page));
  }
  return [figure('open to list, browser just started', cold), figure('open to list, warm', warm)];
}

/** From a key to the list that answers it; a key that changes nothing on the screen is no sample.
 *  The box is looked for once: among 500 jobs, looking is work of the page's, too. */
async function searching({ screen, page }: Phone): Promise<Figure> {
  const box = page.getByRole('searchbox', { name: screen.words('search-all') });
  const press = (act: () => Promise<void>) => answered(page, 'key', ANSWER_MS_MAX, act);
  await box.focus();
  for (const query of QUERIES) {
    for (const key of query) await press(() => page.keyboard.type(key));
    await page.keyboard.press('Control+A');
    await press(() => page.keyboard.press('Delete'));
  }
  return figure('search: key to list', (await seenOn(page)).keys);
}

/** How long each frame took while a finger flings the list. */
async function scrolling(page: Page): Promise<Figure> {
  const finger = await page.context().newCDPSession(page);
  await watchFrames(page, async () => {
    for (let fling = 0; fling < FLINGS; fling += 1) {
      const yDistance = (fling % 2 === 0 ? -1 : 1) * 6_000;
      await finger.send('Input.synthesizeScrollGesture', {
        x: 195,
        y: 500,
        yDistance,
        speed: 4_000,
        gestureSourceType: 'touch',
      });
    }
  });
  const { frames } = await seenOn(page);
  const long = frames.filter((ms) => ms > 50).length;
  return figure(`scroll: frames (${long} of ${frames.length} over 50 ms)`, frames);
}

/** A tick on the screen is shown when it is on disk. The second figure has all in it that the
 *  browser does beside: bringing the finger to the page, and painting. */
async function saving(phone: Phone): Promise<Figure[]> {
  await phone.screen.search(BUSIEST);
  const job = await phone.screen.openJob(BUSIEST);
  for (let tap = 0; tap < TICKS * ROUNDS; tap += 1) {
    const box = (await job.part('checklist')).getByRole('checkbox').nth(tap % TICKS);
    await answered(phone.page, 'tick', ANSWER_MS_MAX, () => box.tap());
    expect((await seenOn(phone.page)).ticks).toHaveLength(tap + 1);
  }
  const { saved, ticks } = await seenOn(phone.page);
  return [figure('edit to saved', saved), figure('finger to tick on the screen', ticks)];
}

async function report(figures: Figure[], download_bytes: number): Promise<void> {
  const { DOCKET_FIGURES: file, DOCKET_FIGURES_AS: form } = process.env;
  const machine = cpus()[0]?.model ?? 'unknown processor';
  const title = `${JOBS} jobs, Chromium ${TIMES_SLOWER}x slower than ${machine}`;
  const text =
    form === 'json'
      ? JSON.stringify({ title, download_bytes, figures }, null, 2)
      : `${asTable(title, figures)}\napp download, compressed: ${(download_bytes / 1e6).toFixed(2)} MB`;
  if (file) await writeFile(file, `${text}\n`);
  else console.log(text);
}
