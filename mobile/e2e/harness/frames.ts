// The ways a screen is looked at: two sizes, light and dark. Used to take pictures of each.
import type { Page } from '@playwright/test';
import { DESK_SIZE } from './console';
import { PHONE_SIZE } from './phone';
import { fromRoot } from './tree';
import type { Language } from './words';

const FOLDER = process.env.DOCKET_SHOTS ?? fromRoot('shots');

/** Takes the pictures of what is on the screen: `shots/job-signed/1440x900-dark-zh.png`. */
export async function shoot(page: Page, language: Language, name: string): Promise<void> {
  for (const size of [PHONE_SIZE, DESK_SIZE]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const file = `${size.width}x${size.height}-${colorScheme}-${language}.png`;
      await page.screenshot({ path: `${FOLDER}/${name}/${file}`, animations: 'disabled' });
    }
  }
}
