// What a screen asks of eyes and thumbs: axe's rules, targets of 48 px, and no text cut off.
// Everything is measured in the page as it is drawn, so that nothing depends on how it is built.
import axe from 'axe-core';
import type { Page } from '@playwright/test';

const TARGET_PX = 48;
/** Layout rounds; nobody's thumb notices. */
const SLACK_PX = 1;

/** axe's serious and critical violations, as lines to read. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
    });
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return grave.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
    );
  });
}

/** Controls that a thumb would miss: smaller than 48 px in either direction. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(
    ([target, slack]) => {
      const controls = 'button, a[href], input, select, textarea, [role=button]';
      const top = document.querySelector('dialog[open]') ?? document;
      return [...top.querySelectorAll<HTMLElement>(controls)].flatMap((control) => {
        if (!control.checkVisibility({ visibilityProperty: true })) return [];
        // A tick is set by a tap on its words, too.
        const box = (control.closest('label') ?? control).getBoundingClientRect();
        const after = getComputedStyle(control, '::after');
        const reach = after.position === 'absolute' ? -2 * parseFloat(after.top || '0') : 0;
        const height = box.height + Math.max(0, reach || 0);
        if (box.width + slack >= target && height + slack >= target) return [];
        const words = (control.ariaLabel ?? control.textContent ?? '').trim().slice(0, 40);
        const size = `${Math.round(box.width)}x${Math.round(height)}`;
        return [`${control.tagName.toLowerCase()} "${words}" ${size}`];
      });
    },
    [TARGET_PX, SLACK_PX] as const,
  );
}

/** Texts of which a part cannot be seen: over the edge of the screen or of what holds them.
 *  People's own words may end in an ellipsis (`.cut`); they are whole one tap further. */
export function cutTexts(page: Page): Promise<string[]> {
  return page.evaluate((slack) => {
    const found = new Set<string>();
    const top = document.querySelector('dialog[open]') ?? document.body;
    const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent?.trim();
      const parent = node.parentElement;
      if (!text || !parent?.checkVisibility({ visibilityProperty: true })) continue;
      if (parent.closest('.cut, .unseen, option')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      const side = cutSide(box, parent);
      if (side) found.add(`"${text.slice(0, 40)}" ${side}`);
    }
    return [...found];

    function cutSide(box: DOMRect, parent: HTMLElement): string | null {
      let scrolls = false;
      // What lies over everything is cut off by nothing that it stands in.
      const within = (one: HTMLElement) => (one.matches(':modal') ? null : one.parentElement);
      for (let above: HTMLElement | null = parent; above; above = within(above)) {
        const { overflowX, overflowY } = getComputedStyle(above);
        const edge = above.getBoundingClientRect();
        if (overflowX === 'auto' || overflowX === 'scroll') scrolls = true;
        const clips = overflowX === 'hidden' || overflowX === 'clip';
        if (clips && !scrolls && (box.right > edge.right + slack || box.left < edge.left - slack)) {
          return `over the side of .${above.className}`;
        }
        // Hidden as a whole is a decision; half of a line is an accident.
        const half = box.top < edge.bottom - slack && box.bottom > edge.bottom + slack;
        if (overflowY === 'hidden' && half && !scrollsDown(above, parent)) {
          return `below .${above.className}`;
        }
      }
      const beyond = box.right > innerWidth + slack || box.left < -slack;
      return beyond && !scrolls ? 'over the side of the screen' : null;
    }

    function scrollsDown(outer: HTMLElement, inner: HTMLElement): boolean {
      for (let one: HTMLElement | null = inner; one && one !== outer; one = one.parentElement) {
        const { overflowY } = getComputedStyle(one);
        if (overflowY === 'auto' || overflowY === 'scroll') return true;
      }
      return false;
    }
  }, SLACK_PX);
}
