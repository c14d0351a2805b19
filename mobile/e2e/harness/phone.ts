// A phone: a Chromium of its own, of a phone's size, with its own storage on disk and its own
// link to the server. It can lose coverage, have its tab killed, or die as a whole and start
// again from what is on disk. What people do on its screen is in `phone-screen`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, expect, type Page } from '@playwright/test';
import { launchOptions } from './browser';
import { Link } from './link';
import { PhoneScreen } from './phone-screen';
import type { Server } from './server';
import { type Language, type Words, wordsOf } from './words';

export interface PhoneOptions {
  language?: Language;
  dark?: boolean;
  size?: { width: number; height: number };
  /** A video that stands before its camera, or that the camera may not be used. */
  camera?: { video: string } | 'refused';
  /** Done with every fresh page before the app opens in it. */
  prepare?: (page: Page) => Promise<unknown>;
}

/** A common phone. */
export const PHONE_SIZE = { width: 390, height: 844 };

export class Phone {
  #context!: BrowserContext;
  #page!: Page;
  #browserProcess = 0;
  readonly #words: Words;

  private constructor(
    readonly link: Link,
    /** Where the browser keeps everything of this phone. */
    readonly folder: string,
    private readonly options: PhoneOptions,
  ) {
    this.#words = wordsOf('phone', options.language ?? 'en');
  }

  /** A phone fresh from the box, with the app open. */
  static async start(server: Server, options: PhoneOptions = {}): Promise<Phone> {
    const link = await Link.open(() => server.address);
    const folder = await mkdtemp(join(tmpdir(), 'docket-phone-'));
    const phone = new Phone(link, folder, options);
    await phone.#boot();
    return phone;
  }

  get page(): Page {
    return this.#page;
  }

  /** What people see and do. */
  get screen(): PhoneScreen {
    return new PhoneScreen(this.#page, this.#words);
  }

  /** How much work is only on this phone, as its screen says. */
  async unsent(): Promise<number> {
    const count = this.#page.locator('[data-unsent]:visible');
    return Number(await count.getAttribute('data-unsent'));
  }

  /** Everything unsent as a file; answers where it was saved. Ends at the page of the person. */
  async saveUnsent(): Promise<string> {
    await this.goTo('/me');
    const download = this.#page.waitForEvent('download');
    await this.screen.button('evacuation-save').click();
    return (await download).path();
  }

  /** Takes a colleague's file in, at the page of the person. */
  async takeIn(file: string): Promise<void> {
    await this.#page.locator('input[name=parcel]').setInputFiles(file);
  }

  /** No more coverage: neither this server nor any other. */
  async loseCoverage(): Promise<void> {
    await this.#context.setOffline(true);
    this.link.cut();
  }

  /** A network that answers everything with its own page. */
  async meetPortal(): Promise<void> {
    this.link.cut();
    this.link.coverage = 'portal';
  }

  async findCoverage(): Promise<void> {
    this.link.coverage = 'full';
    await this.#context.setOffline(false);
  }

  /** Goes to a screen by its address, as a saved link does. */
  async goTo(path: string): Promise<void> {
    await this.#page.evaluate((to) => (location.hash = to), path);
    await expect(this.#page.locator('main').getByRole('heading').first()).toBeVisible();
  }

  async reload(): Promise<void> {
    await this.#page.reload();
  }

  /** Another tab with the app. */
  async secondTab(): Promise<PhoneScreen> {
    const page = await this.#context.newPage();
    await page.goto(`${this.link.url}/app/`);
    return new PhoneScreen(page, this.#words);
  }

  /** The tab's process ends at once, without farewell. */
  async crash(): Promise<void> {
    const crashed = this.#page.waitForEvent('crash');
    const session = await this.#context.newCDPSession(this.#page);
    // The dead do not answer: what is awaited is the crash, not the reply.
    void session.send('Page.crash').catch(() => {});
    await crashed;
  }

  /** The person closes the app, and opens it again. */
  async closeAndOpen(): Promise<void> {
    const closed = this.#page;
    this.#page = await this.#context.newPage();
    await closed.close();
    await this.#open();
  }

  /** The system kills the tab, as phones do; the person opens the app again. */
  async killTab(): Promise<void> {
    const killed = this.#page;
    await this.crash();
    this.#page = await this.#context.newPage();
    await killed.close();
    await this.#open();
  }

  /** The battery goes: every process of the browser ends at once. Then it starts again. */
  async dieAndBoot(): Promise<void> {
    const gone = new Promise((done) => this.#context.once('close', done));
    process.kill(this.#browserProcess, 'SIGKILL');
    await gone;
    await this.#boot();
  }

  async close(): Promise<void> {
    await this.#context.close();
    this.link.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #boot(): Promise<void> {
    this.#context = await chromium.launchPersistentContext(this.folder, {
      ...launchOptions,
      args: [...(launchOptions.args ?? []), ...cameraArguments(this.options.camera)],
      viewport: this.options.size ?? PHONE_SIZE,
      colorScheme: this.options.dark ? 'dark' : 'light',
      locale: this.options.language === 'zh' ? 'zh-CN' : 'en-GB',
      hasTouch: true,
      isMobile: (this.options.size ?? PHONE_SIZE).width < 1000,
      offline: this.link.coverage === 'none',
    });
    this.#browserProcess = await processOf(this.#context);
    this.#page = this.#context.pages()[0] ?? (await this.#context.newPage());
    await this.#open();
  }

  async #open(): Promise<void> {
    await this.options.prepare?.(this.#page);
    await this.#page.goto(`${this.link.url}/app/`);
  }
}

/** The video need not be there before the camera is opened. */
function cameraArguments(camera: PhoneOptions['camera']): string[] {
  if (!camera) return [];
  const fake = '--use-fake-device-for-media-stream';
  if (camera === 'refused') return [fake, '--deny-permission-prompts'];
  const file = `--use-file-for-fake-video-capture=${camera.video}`;
  return [fake, '--use-fake-ui-for-media-stream', file];
}

/** The id of the browser's first process, to end exactly that one. */
async function processOf(context: BrowserContext): Promise<number> {
  const browser = context.browser();
  if (!browser) throw new Error('a context without a browser');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const first = processInfo.find(({ type }) => type === 'browser');
  if (!first) throw new Error('the browser does not know its own process');
  return first.id;
}
