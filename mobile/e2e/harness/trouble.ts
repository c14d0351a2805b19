// What goes wrong on a phone, done to a real one: storage that is full, a browser that promises
// nothing, a core that traps, a clock that jumps.
import type { CDPSession, Page, Worker } from '@playwright/test';
import type { Phone } from './phone';

/** The smallest module that traps when its one function is called. */
const TRAP = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 116, 0, 0, 10, 5, 1, 3, 0,
  0, 11,
];

/** From now on the phone has no room for anything more. */
export async function fillStorage(phone: Phone): Promise<void> {
  await setQuota(phone, { quotaSize: 0 });
}

/** The person has made room. */
export async function freeStorage(phone: Phone): Promise<void> {
  await setQuota(phone, {});
}

/** The browser will not promise to keep anything. */
export async function refusePersistence({ page, link }: Phone): Promise<void> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  const permission = { name: 'persistent-storage' };
  await session?.send('Browser.setPermission', { permission, setting: 'denied', origin: link.url });
}

/** The record's worker traps, as compiled code does that met what it cannot go on from. */
export async function trapCore(page: Page): Promise<void> {
  await core(page).evaluate((bytes) => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
    setTimeout(exports['t'] as () => void);
  }, TRAP);
}

/** The phone's clock jumps. */
export async function moveClock(page: Page, ms: number): Promise<void> {
  const move = (by: number) => {
    const real = Date.now;
    Date.now = () => real() + by;
  };
  await page.evaluate(move, ms);
  await core(page).evaluate(move, ms);
}

function core(page: Page): Worker {
  const worker = page.workers()[0];
  if (!worker) throw new Error('the app has no worker');
  return worker;
}

async function setQuota(phone: Phone, quota: { quotaSize?: number }): Promise<void> {
  const session: CDPSession = await phone.page.context().newCDPSession(phone.page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: phone.link.url, ...quota });
}
