// Looks at the screen from inside the page: when the list appeared, when it stood still after a
// key, how long frames took, when a tick was shown. Installed before the app's own code; knows
// nothing of the app but a few roles and names. Asks for no frame and answers no questions while
// something is measured: on a slow phone either takes milliseconds that the app then waits for.
import type { Page } from '@playwright/test';

interface Watch {
  list_ms: number;
  keys: number[];
  frames: number[];
  /** From the tap, when the app hears of it, to the page that says it is saved. */
  saved: number[];
  /** From the finger to the picture of that. */
  ticks: number[];
}

/** What a person does, and the page is then seen to have answered. */
type Deed = 'open' | 'key' | 'tick';

declare global {
  var docketWatch: Watch;
}

/** Starts watching on every page of this tab from now on. */
export function watchPage(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const seen: Watch = { list_ms: 0, keys: [], frames: [], saved: [], ticks: [] };
    globalThis.docketWatch = seen;
    let keyAt = 0;
    let tickAt = 0;
    let heardAt = 0;

    const answered = (deed: Deed) => dispatchEvent(new Event(`docket-${deed}`));
    const afterPaint = (then: (now: number) => void) =>
      requestAnimationFrame(() => setTimeout(() => then(performance.now())));

    const inList = ({ target }: MutationRecord) =>
      (target instanceof Element ? target : target.parentElement)?.closest('.answers, .stages');

    const look = (changes: MutationRecord[]) => {
      if (seen.list_ms === 0 && document.querySelector('a[data-record]')) {
        seen.list_ms = -1;
        afterPaint((now) => {
          seen.list_ms = now;
          answered('open');
        });
      }
      if (keyAt > 0 && changes.some(inList)) {
        const pressed = keyAt;
        const place = seen.keys.length;
        keyAt = 0;
        afterPaint((now) => {
          seen.keys[place] = now - pressed;
          answered('key');
        });
      }
      if (tickAt > 0 && document.querySelector('[role=checkbox][data-waits]')) {
        const box = document.querySelector('[role=checkbox][data-waits]');
        if (box?.getAttribute('aria-checked') !== box?.getAttribute('data-waits')) {
          const pressed = tickAt;
          tickAt = 0;
          box?.removeAttribute('data-waits');
          seen.saved.push(performance.now() - heardAt);
          afterPaint((now) => {
            seen.ticks.push(now - pressed);
            answered('tick');
          });
        }
      }
    };
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(look).observe(document, everything);

    addEventListener('input', (event) => (keyAt = event.timeStamp), true);
    addEventListener(
      'pointerup',
      (event) => {
        const box = (event.target as Element).closest?.('[role=checkbox]');
        if (!box) return;
        box.setAttribute('data-waits', box.getAttribute('aria-checked') ?? '');
        tickAt = event.timeStamp;
      },
      true,
    );
    addEventListener('click', () => (heardAt = performance.now()), true);
  });
}

/** Does something, and waits until the page has answered or `ms_max` have passed. */
export async function answered(
  page: Page,
  deed: Deed,
  ms_max: number,
  act: () => Promise<unknown>,
): Promise<void> {
  const answer = page.evaluate(
    ([event, ms]) =>
      new Promise<void>((done) => {
        const late = setTimeout(done, ms);
        addEventListener(event, () => (clearTimeout(late), done()), { once: true });
      }),
    [`docket-${deed}`, ms_max] as const,
  );
  await act();
  await answer;
}

/** From opening the page to its list, in milliseconds. */
export function listShown(page: Page): Promise<number> {
  return page.evaluate(async () => {
    while (globalThis.docketWatch.list_ms <= 0) {
      await new Promise((done) => addEventListener('docket-open', done, { once: true }));
    }
    return globalThis.docketWatch.list_ms;
  });
}

/** Takes down how long each frame takes while something is done. */
export async function watchFrames(page: Page, act: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    let lastFrame = 0;
    const frame = (now: number) => {
      if (lastFrame > 0) globalThis.docketWatch.frames.push(now - lastFrame);
      lastFrame = now;
      asked = requestAnimationFrame(frame);
    };
    let asked = requestAnimationFrame(frame);
    addEventListener('docket-frames-end', () => cancelAnimationFrame(asked), { once: true });
  });
  await act();
  await page.evaluate(() => dispatchEvent(new Event('docket-frames-end')));
}

/** What was seen since the page was loaded. */
export function seenOn(page: Page): Promise<Watch> {
  return page.evaluate(() => globalThis.docketWatch);
}
