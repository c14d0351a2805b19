// The customer signs on the phone as it is held, and the phone may be turned meanwhile.
import type { Page } from '@playwright/test';
import { drawName } from '../harness/drawing';
import { PHONE_SIZE } from '../harness/phone';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

test('turning the phone neither cuts nor wears out a signature', async ({ desk, newPhone }) => {
  const finished = { 'report/finished_at': Date.now(), 'report/outcome': 'solved' };
  await desk.openJob({ 'intake/title': 'Door seal', ...finished }, people.ada.name);
  const { screen, page } = await newPhone();
  await screen.signIn(people.ada.login);
  const job = await screen.openJob('Door seal');
  await job.beginSigning({ name: '王芳', title: '' });
  await drawName(page);
  const before = await ink(page);
  const { width, height } = PHONE_SIZE;
  for (let turn = 0; turn < 3; turn += 1) {
    await page.setViewportSize({ width: height, height: width });
    const turned = await ink(page);
    expect(Math.min(turned.left, turned.top, turned.right, turned.bottom)).toBeGreaterThan(5);
    await page.setViewportSize({ width, height });
  }
  const after = await ink(page);
  for (const side of ['left', 'top', 'right', 'bottom'] as const) {
    expect(Math.abs(after[side] - before[side])).toBeLessThan(3);
  }
});

/** How far the ink stays from each edge of the paper, in pixels. */
async function ink(page: Page) {
  // A turn is seen by the page with its next frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  return page.locator('.signature canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
    const edges = { left: width, top: height, right: width, bottom: height };
    for (let place = 0; place < width * height; place += 1) {
      if ((data[4 * place + 3] ?? 0) < 128) continue;
      const [x, y] = [place % width, Math.floor(place / width)];
      edges.left = Math.min(edges.left, x);
      edges.top = Math.min(edges.top, y);
      edges.right = Math.min(edges.right, width - 1 - x);
      edges.bottom = Math.min(edges.bottom, height - 1 - y);
    }
    return edges;
  });
}
