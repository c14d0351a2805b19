// The form of a call, filled in while the caller is talking.
import { expect, type Locator, type Page } from '@playwright/test';
import { JobScreen } from './job-screen';
import type { Words } from './words';

export interface Promised {
  text: string;
  /** The id of one of the moments on offer, or a time. */
  due: string;
  owner?: string;
}

export class CallScreen {
  constructor(
    readonly page: Page,
    readonly words: Words,
  ) {}

  field(name: string): Locator {
    return this.page.locator(`#new-${name}`);
  }

  async write(fields: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(fields)) await this.field(name).fill(text);
  }

  /** Taps one of the words that the phone offers for a field. */
  async pick(name: string, text: string): Promise<void> {
    const label = this.words(`field-intake-${name}`);
    const offered = this.page.getByRole('group', { name: label, exact: true });
    await offered.getByRole('button', { name: text }).click();
  }

  /** Chooses a word of a list, by the id of its words. */
  async choose(id: string): Promise<void> {
    await this.page.getByRole('radio', { name: this.words(id), exact: true }).click();
  }

  async promise({ text, due, owner }: Promised): Promise<void> {
    const place = await this.page.locator('#call-promised fieldset').count();
    await this.page
      .locator('#call-promised')
      .getByRole('button', { name: this.words('add-promise'), exact: true })
      .click();
    const block = this.page.locator('#call-promised fieldset').nth(place);
    await block.locator(`#promise-${place}-text`).fill(text);
    if (due.startsWith('soon-')) {
      await block.getByRole('button', { name: this.words(due), exact: true }).click();
    } else {
      await block.locator(`#promise-${place}-due`).fill(due);
    }
    if (owner) await block.locator('select').selectOption({ label: owner });
  }

  /** The job is on disk, and on the screen. */
  async open(title: string): Promise<JobScreen> {
    const save = this.words('open-new-job');
    await this.page.getByRole('button', { name: save, exact: true }).click();
    const job = new JobScreen(this.page, this.words);
    await job.expectOpen(title);
    await expect(job.sheet()).toBeHidden();
    return job;
  }
}
