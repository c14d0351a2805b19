// The console in a desk-sized window: what the people in the office see and do, and the verify
// page for those who have no account.
import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { PASSWORD, type Server } from './server';
import { type Language, type Words, wordsOf } from './words';

export const DESK_SIZE = { width: 1440, height: 900 };

export interface ConsoleOptions {
  language?: Language;
  dark?: boolean;
  size?: { width: number; height: number };
}

export class Console {
  private constructor(
    readonly page: Page,
    readonly words: Words,
    private readonly context: BrowserContext,
  ) {}

  /** A window of its own, at the console's door. */
  static async open(browser: Browser, server: Server, options: ConsoleOptions = {}) {
    const context = await browser.newContext({
      baseURL: server.url,
      viewport: options.size ?? DESK_SIZE,
      colorScheme: options.dark ? 'dark' : 'light',
      locale: options.language === 'zh' ? 'zh-CN' : 'en-GB',
    });
    const page = await context.newPage();
    await page.goto('/');
    return new Console(page, wordsOf('console', options.language ?? 'en'), context);
  }

  async signIn(login: string, password: string = PASSWORD): Promise<void> {
    await this.page.locator('input[name=login]').fill(login);
    await this.page.locator('input[name=password]').fill(password);
    await this.button('sign-in').click();
  }

  button(id: string): Locator {
    return this.page.getByRole('button', { name: this.words(id), exact: true });
  }

  /** Opens a job from the form; it then stands on the screen. */
  async openJob(intake: Record<string, string>): Promise<void> {
    await this.page.getByRole('link', { name: this.words('new-job') }).first().click();
    for (const [field, text] of Object.entries(intake)) {
      await this.page.locator(`[name="value:intake/${field}"]`).fill(text);
    }
    await this.button('new-job-open').click();
    const title = intake.title ?? '';
    await expect(this.page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }

  /** Opens a customer's dossier and writes its own fields; answers with its id. */
  async openDossier(name: string, about: Record<string, string>): Promise<string> {
    await this.page.goto('/dossiers');
    await this.page.locator('main input[name=name]').fill(name);
    await this.page.locator('main input[name=name]').press('Enter');
    await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible();
    const { pathname } = new URL(this.page.url());
    await this.page.goto(`${pathname}?edit=about`);
    for (const [field, text] of Object.entries(about)) {
      await this.page.locator(`[name="value:${field}"]`).fill(text);
    }
    await this.part('about').getByRole('button', { name: this.words('save'), exact: true }).click();
    return pathname.split('/').at(-1) ?? '';
  }

  /** Adds an entry to a part of the job on the screen. */
  async addEntry(part: string, text: string): Promise<void> {
    await this.part(part).getByRole('link', { name: this.words('add') }).click();
    await this.part(part).locator('[name$="/text"][name^="value:"]').fill(text);
    await this.part(part).getByRole('button', { name: this.words('save'), exact: true }).click();
    await expect(this.part(part).getByRole('cell', { name: text })).toBeVisible();
  }

  /** Hands the job on the screen to an engineer. */
  async assign(name: string): Promise<void> {
    const part = this.part('assignment');
    await part.locator('select[name=lead]').selectOption({ label: name });
    await part.getByRole('button', { name: this.words('assign'), exact: true }).click();
    await expect(part.locator('dl')).toContainText(name);
  }

  async addHelper(name: string): Promise<void> {
    const part = this.part('assignment');
    await part.locator('select[name=helper]').selectOption({ label: name });
    await part.getByRole('button', { name: this.words('helper-switch'), exact: true }).click();
    await expect(part.locator('dl')).toContainText(name);
  }

  /** A part of the job's page: `steps`, `conflicts`, `signoffs`, … */
  part(id: string): Locator {
    return this.page.locator(`#${id}`);
  }

  /** The page hears of news again: its event stream is open. */
  async hears(): Promise<void> {
    await this.page.waitForResponse((answer) => new URL(answer.url()).pathname === '/live');
  }

  /** Downloads the proof of the one sign-off on the page. */
  async downloadProof(): Promise<string> {
    const download = this.page.waitForEvent('download');
    await this.part('signoffs').getByRole('link', { name: this.words('proof-download') }).click();
    return (await download).path();
  }

  /** Hands a file to the verify page, which needs no account. */
  async checkProof(file: string): Promise<void> {
    await this.page.goto('/verify');
    await this.page.locator('input[type=file]').setInputFiles(file);
    await this.button('verify-check').click();
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
