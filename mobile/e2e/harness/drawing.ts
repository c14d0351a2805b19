// Signs with a finger: real touches, two strokes, on the page's signature screen.
import type { Page } from '@playwright/test';

type Point = readonly [number, number];

/** The strokes, in parts of the paper's width and height. */
const STROKES: readonly (readonly Point[])[] = [
  [[0.2, 0.6], [0.26, 0.3], [0.3, 0.66], [0.36, 0.34], [0.42, 0.62]],
  [[0.48, 0.5], [0.56, 0.38], [0.62, 0.6], [0.72, 0.44], [0.8, 0.52]],
];

export async function drawName(page: Page): Promise<void> {
  const paper = await page.locator('.signature canvas').boundingBox();
  if (!paper) throw new Error('no paper to sign on');
  const touch = await page.context().newCDPSession(page);
  const at = ([x, y]: Point) => ({ x: paper.x + x * paper.width, y: paper.y + y * paper.height });
  for (const [start, ...rest] of STROKES) {
    if (!start) continue;
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at(start)] });
    for (const point of rest) {
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at(point)] });
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }
  await touch.detach();
}
