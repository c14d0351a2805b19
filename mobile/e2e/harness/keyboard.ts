// What a person without a mouse meets: every stop of the Tab key from the top of a page to its end.
import type { Locator, Page } from '@playwright/test';

/** More stops than any page has: past them the keyboard is caught somewhere. */
const STOPS_MAX = 600;

interface Stop {
  /** Number of the control among all of the page, or something else, or the page itself. */
  control: number | 'other' | 'none';
  name: string;
  /** Whether one sees where one is. */
  marked: boolean;
}

/** What is wrong with a page for somebody who only has a keyboard, as lines to read. */
export async function keyboardFaults(page: Page): Promise<string[]> {
  const names = await numberControls(page);
  const faults = new Set<string>();
  const reached = new Set<number>();
  // A page may begin in the middle, where one types first; the Tab key goes round.
  for (let stops = 0, rounds = 0; rounds < 2 && reached.size < names.length; stops += 1) {
    await page.keyboard.press('Tab');
    const stop = await here(page);
    if (stops > STOPS_MAX) return [`caught at ${stop.name}`];
    if (stop.control === 'none') rounds += 1;
    else if (stop.control !== 'other') reached.add(stop.control);
    if (!stop.marked) faults.add(`nothing marks ${stop.name}`);
  }
  for (const [control, name] of names.entries()) {
    if (!reached.has(control)) faults.add(`never reached ${name}`);
  }
  return [...faults];
}

/** Presses Tab until something is in focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  const isThere = () => target.evaluate((it) => it === document.activeElement);
  for (let stops = 0; !(await isThere()); stops += 1) {
    if (stops > STOPS_MAX) throw new Error(`the Tab key never comes to ${target}`);
    await page.keyboard.press('Tab');
  }
}

/** Numbers what can be used, in the order of the page; of the choices of one kind only the chosen
 *  one, from which the arrow keys go on. Answers with their names. */
function numberControls(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    getSelection()?.removeAllRanges();
    const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
    const used = [...document.querySelectorAll<HTMLElement>(all)].filter((it) => {
      if (it.matches(':disabled') || it.tabIndex < 0) return false;
      const isOther =
        it instanceof HTMLInputElement &&
        it.type === 'radio' &&
        !it.checked &&
        document.querySelector(`input[type=radio][name="${CSS.escape(it.name)}"]:checked`);
      return !isOther && it.checkVisibility({ visibilityProperty: true });
    });
    return used.map((it, at) => {
      it.dataset.stop = String(at);
      const words = it.ariaLabel ?? it.textContent ?? '';
      return `${it.tagName.toLowerCase()} "${words.trim().slice(0, 40)}" ${it.getAttribute('name') ?? ''}`;
    });
  });
}

function here(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const it = document.activeElement as HTMLElement | null;
    if (!it || it === document.body) return { control: 'none', name: 'the page', marked: true };
    const looks = (one: Element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
    };
    // A control that is drawn by its label is marked there, and the link that is a row as the row.
    const drawn = [it, ...((it as HTMLInputElement).labels ?? []), it.closest('[data-rows] > *')];
    const marked = drawn.some((one) => one && looks(one));
    const name = `${it.tagName.toLowerCase()} "${(it.ariaLabel ?? it.textContent ?? '').trim().slice(0, 40)}"`;
    return { control: it.dataset.stop ? Number(it.dataset.stop) : 'other', name, marked };
  });
}
