// A job's page on the phone: every way to write into the record, each of which waits until the
// screen says that it is saved.
import { expect, type Locator, type Page } from '@playwright/test';
import { drawName } from './drawing';
import type { Words } from './words';

export interface Report {
  outcome: string;
  cause: string;
  treatment: string;
}

export interface Signatory {
  name: string;
  title: string;
}

export class JobScreen {
  constructor(
    readonly page: Page,
    readonly words: Words,
  ) {}

  async expectOpen(title: string): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }

  /** A part of the job, unfolded. */
  async part(name: string): Promise<Locator> {
    const section = this.page.locator(`#section-${name}`);
    const head = section.locator('h2 button');
    if ((await head.getAttribute('aria-expanded')) === 'false') await head.click();
    return section;
  }

  /** A field's row. */
  async field(path: string): Promise<Locator> {
    const section = await this.part(path.startsWith('assignment/') ? 'intake' : first(path));
    return section.locator(`[data-path="${path}"]`);
  }

  /** Every field of the unfolded parts that a tap opens. */
  editablePaths(): Promise<string[]> {
    const rows = this.page.locator('main button[data-path]');
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-path') ?? ''));
  }

  /** The stage, as the job's page says it. */
  async expectStage(stage: string): Promise<void> {
    const said = this.page.locator('main [aria-live]');
    await expect(said).toHaveText(this.words(`stage-${stage}`));
  }

  /** Where the newest state of this job is: `on-this-phone`, `sent` or `merged`. */
  async expectSync(state: string): Promise<void> {
    const chip = this.page.locator('main .state').getByText(this.words(`sync-${state}`));
    await expect(chip).toBeVisible();
  }

  /** The action at the bottom is this one. */
  async expectNext(task: string): Promise<void> {
    await expect(this.page.locator('[data-next]')).toHaveAttribute('data-next', task);
  }

  /** What the stage asks for and is done, by task. */
  task(id: string): Locator {
    return this.page.locator(`[data-task="${id}"]`);
  }

  /** Taps the action at the bottom. */
  async next(action: string): Promise<void> {
    const words = this.words(`next-${action}`);
    // The list of tasks above may use the same word; the button is below it.
    const all = this.page.locator('main').getByRole('button', { name: words, exact: true });
    await all.last().click();
  }

  /** Writes a field in its sheet. */
  async write(path: string, text: string): Promise<void> {
    await this.typeInto(path, text);
    await this.sheet().getByRole('button', { name: this.words('save'), exact: true }).click();
    await expect(this.sheet()).toBeHidden();
  }

  /** Opens a field's sheet and types, without saving. */
  async typeInto(path: string, text: string): Promise<void> {
    await (await this.field(path)).click();
    await this.sheet().locator('#field-text').fill(text);
  }

  /** Sets a time field to now, by its button. */
  async writeNow(path: string): Promise<void> {
    await (await this.field(path)).click();
    await this.sheet().getByRole('button', { name: this.words('now'), exact: true }).click();
    await this.sheet().getByRole('button', { name: this.words('save'), exact: true }).click();
    await expect(this.sheet()).toBeHidden();
  }

  /** Picks one of a field's words: `choose('intake/priority', 'priority-high')`. */
  async choose(path: string, id: string): Promise<void> {
    await (await this.field(path)).click();
    await this.sheet().getByRole('radio', { name: this.words(id), exact: true }).click();
    await expect(this.sheet()).toBeHidden();
  }

  /** A line of the checklist, or of another list. */
  async item(text: string, list = 'checklist'): Promise<Locator> {
    return (await this.part(list)).getByRole('checkbox').filter({ hasText: text });
  }

  async tick(text: string, list = 'checklist'): Promise<void> {
    const item = await this.item(text, list);
    await item.click();
    await expect(item).toHaveAttribute('aria-checked', 'true');
  }

  async addChecklistItem(text: string): Promise<void> {
    await this.#addIn('checklist', 'add-checklist-item', 'text', text);
  }

  /** Something to take along, of a kind. */
  async addPacking(text: string, kind: string): Promise<void> {
    const section = await this.part('packing');
    await section.getByRole('button', { name: this.words('add-packing'), exact: true }).click();
    await this.sheet().locator('#add-text').fill(text);
    await this.#pick(`kind-${kind}`);
    await this.tap('save');
    await expect(section.getByRole('checkbox').filter({ hasText: text })).toBeVisible();
  }

  /** A step; `actor`: who carried it out, where the page asks. */
  async addStep(text: string, actor?: string): Promise<void> {
    await this.#addIn('steps', 'add-step', 'text', text, actor);
  }

  /** Ticks planned work; a risky one after its safety notes. */
  async tickPlanned(text: string, risky = false): Promise<void> {
    const item = await this.item(text, 'plan');
    await item.click();
    if (risky) {
      await this.sheet().getByRole('checkbox').check();
      await this.tap('carried-out');
    }
    await expect(item).toHaveAttribute('aria-checked', 'true');
  }

  async addPart(name: string): Promise<void> {
    await this.#addIn('parts', 'add-part', 'name', name);
  }

  /** Takes a photo: what the camera hands over is given to the page's own input. */
  async addPhoto(picture: Buffer): Promise<void> {
    const section = await this.part('attachments');
    const before = await section.locator('[data-entry]').count();
    await this.offerPhoto(picture);
    await expect(section.locator('[data-entry]')).toHaveCount(before + 1);
  }

  /** The same, whatever comes of it. */
  async offerPhoto(picture: Buffer): Promise<void> {
    const section = await this.part('attachments');
    const file = { name: 'pump.jpg', mimeType: 'image/jpeg', buffer: picture };
    await section.locator('[data-picker=camera]').setInputFiles(file);
  }

  /** Chooses a file, and says what it is. */
  async addFile(name: string, content: Buffer, purpose: string): Promise<void> {
    const section = await this.part('attachments');
    const file = { name, mimeType: 'application/octet-stream', buffer: content };
    await section.locator('[data-picker=file]').setInputFiles(file);
    await this.sheet().getByRole('radio', { name: this.words(purpose), exact: true }).click();
    await expect(section.locator('[data-entry]').filter({ hasText: name })).toBeVisible();
  }

  /** What is said about where the one photo or file of the job is. */
  async expectReceipt(id: string, values: Record<string, number> = {}): Promise<void> {
    const said = this.words(id, { when: '', ...values }).trim();
    const section = await this.part('attachments');
    await expect(section.locator('[data-entry]')).toContainText(said.replace(/[, ，]+$/, ''));
  }

  /** Writes the report from its own page, whatever the stage asks for first. */
  async writeReportAnyway(report: Report): Promise<void> {
    const record = new URL(this.page.url()).hash.split('/').at(-1) ?? '';
    await this.page.evaluate((to) => (location.hash = to), `/job/${record}/report`);
    await this.fillReport(report);
  }

  /** Writes the report from the form that the next action opens, and finishes it. */
  async writeReport(report: Report): Promise<void> {
    await this.next('report');
    await this.fillReport(report);
  }

  /** The same, in the form that is open already. */
  async fillReport(report: Report): Promise<void> {
    await this.#inForm('report/cause', report.cause);
    await this.#inForm('report/treatment', report.treatment);
    const outcome = this.words(`outcome-${report.outcome}`);
    await this.page.getByRole('radio', { name: outcome, exact: true }).click();
    await this.next('finish-report');
    await this.expectStage('reported');
  }

  /** Has the report signed on the full screen; answers with the digest the customer is shown. */
  async haveItSigned(signatory: Signatory): Promise<string> {
    await this.beginSigning(signatory);
    await drawName(this.page);
    const accept = this.words('signature-accept');
    await this.page.getByRole('button', { name: accept, exact: true }).click();
    const proof = this.page.getByRole('dialog', { name: this.words('proof-title') });
    const digest = await proof.locator('[data-digest]').getAttribute('data-digest');
    await proof.getByRole('button', { name: this.words('close'), exact: true }).click();
    return digest ?? '';
  }

  /** Fills in who signs and what they say, up to the empty paper. */
  async beginSigning(signatory: Signatory): Promise<void> {
    await this.next('sign');
    await this.signAs(signatory);
  }

  /** The same, once the page to sign is open; `more` is said before the paper is shown. */
  async signAs(
    { name, title }: Signatory,
    outcome = 'accepted',
    more: () => Promise<void> = async () => {},
  ): Promise<void> {
    await this.page.locator('input[name=signatory]').fill(name);
    await this.page.locator('input[name=signatory-title]').fill(title);
    const said = this.words(`signoff-${outcome}`);
    await this.page.getByRole('radio', { name: said, exact: true }).click();
    await more();
    await this.page.getByRole('button', { name: this.words('sign-begin'), exact: true }).click();
  }

  /** Opens a signed report again. */
  async amend(reason: string): Promise<void> {
    const section = await this.part('signoffs');
    await section.getByRole('button', { name: this.words('amend'), exact: true }).click();
    await this.sheet().locator('input').fill(reason);
    await this.sheet().getByRole('button', { name: this.words('amend'), exact: true }).click();
    await expect(this.sheet()).toBeHidden();
  }

  /** Hands the job over to a colleague beside us; then it says how it goes to their phone. */
  async handOverTo(colleague: string): Promise<void> {
    const section = await this.part('intake');
    const give = this.words('give-job');
    await section.getByRole('button', { name: give, exact: true }).click();
    await this.page.getByRole('button', { name: colleague, exact: true }).click();
    await expect(this.page.locator('[data-given]')).toBeVisible();
  }

  /** Taps a button of the sheet on the screen. */
  async tap(id: string): Promise<void> {
    await this.sheet().getByRole('button', { name: this.words(id), exact: true }).click();
  }

  /** Fills the sheet on the screen and saves it. */
  async saveSheet(fields: Record<string, string> = {}): Promise<void> {
    for (const [id, text] of Object.entries(fields)) {
      await this.sheet().locator(`#${id}`).fill(text);
    }
    await this.sheet().getByRole('button', { name: this.words('save'), exact: true }).click();
    await expect(this.sheet()).toBeHidden();
  }

  /** The sheet that lies over the page. */
  sheet(): Locator {
    return this.page.locator('dialog[open]');
  }

  async #pick(word: string): Promise<void> {
    await this.sheet().getByRole('radio', { name: this.words(word), exact: true }).click();
  }

  async #addIn(
    part: string,
    button: string,
    field: string,
    text: string,
    pick?: string,
  ): Promise<void> {
    const section = await this.part(part);
    await section.getByRole('button', { name: this.words(button), exact: true }).click();
    await this.sheet().locator(`#add-${field}`).fill(text);
    if (pick) await this.#pick(pick);
    await this.sheet().getByRole('button', { name: this.words('save'), exact: true }).click();
    await expect(this.sheet()).toBeHidden();
    await expect(section.getByText(text)).toBeVisible();
  }

  /** Writes a field of the report form and goes on to the next, which saves it. */
  async #inForm(path: string, text: string): Promise<void> {
    const field = this.page.locator(`.field[data-path="${path}"]`);
    await field.locator('textarea').fill(text);
    await field.locator('textarea').blur();
    await expect(field.getByText(this.words('saved'), { exact: true })).toBeVisible();
  }
}

function first(path: string): string {
  return path.split('/')[0] ?? path;
}
