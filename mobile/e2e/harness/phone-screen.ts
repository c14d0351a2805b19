// What people see and do on a phone outside of a single job: sign in, the list, the places, the
// count of unsent work. Finds things by the words people read, in either language.
import { expect, type Locator, type Page } from '@playwright/test';
import { CallScreen } from './call-screen';
import { JobScreen } from './job-screen';
import { DEMO_PASSWORD, PASSWORD } from './server';
import type { Words } from './words';

export class PhoneScreen {
  constructor(
    readonly page: Page,
    readonly words: Words,
  ) {}

  /** A button by the id of its words. */
  button(id: string): Locator {
    return this.page.getByRole('button', { name: this.words(id), exact: true });
  }

  /** Fills in the sign-in form and sends it. */
  async trySignIn(login: string, password: string = PASSWORD): Promise<void> {
    await this.page.locator('input[name=login]').fill(login);
    await this.page.locator('input[name=password]').fill(password);
    await this.button('sign-in').click();
  }

  /** Signs in and waits for the first sync to end. */
  async signIn(login: string): Promise<void> {
    await this.trySignIn(login);
    await this.expectList();
    await expect(this.page.locator('[data-complete=true]:visible')).toHaveAttribute('data-unsent', '0');
  }

  /** Signs in to the demo's organisation and waits for the first sync to end. */
  async signInToDemo(login: string): Promise<void> {
    await this.trySignIn(login, DEMO_PASSWORD);
    await expect(this.row('').first()).toBeVisible();
    await this.expectUnsent(0);
  }

  /** The list of jobs stands on the screen. */
  async expectList(): Promise<void> {
    await expect(this.page.getByRole('heading', { name: this.words('my-jobs') })).toBeVisible();
  }

  /** How much work is only on this phone, as the screen says. */
  async expectUnsent(count: number): Promise<void> {
    await expect(this.page.locator('[data-unsent]:visible')).toHaveAttribute(
      'data-unsent',
      String(count),
    );
  }

  /** A job's row in the list. */
  row(title: string): Locator {
    return this.page.locator('a[data-record]:visible').filter({ hasText: title });
  }

  /** Opens a job from the list. */
  async openJob(title: string): Promise<JobScreen> {
    await this.row(title).click();
    const job = this.job();
    await job.expectOpen(title);
    return job;
  }

  /** Opens a job from wherever the app opened: the list, or the job itself. */
  async goTo(title: string): Promise<JobScreen> {
    const job = this.job();
    const page = this.page.getByRole('heading', { level: 1, name: title });
    await expect(page.or(this.row(title)).first()).toBeVisible();
    return (await page.isVisible()) ? job : this.openJob(title);
  }

  /** The app itself is on the phone. */
  async expectStoredForOffline(): Promise<void> {
    await this.visit('me');
    await expect(this.page.getByText(this.words('app-offline-ready'))).toBeVisible();
  }

  /** The job that stands on the screen. */
  job(): JobScreen {
    return new JobScreen(this.page, this.words);
  }

  /** Goes to one of the three places. */
  async visit(place: 'jobs' | 'customers' | 'me'): Promise<void> {
    const tabs = this.page.getByRole('navigation', { name: this.words('tabs') });
    await tabs.getByRole('button', { name: this.words(`tab-${place}`), exact: true }).click();
  }

  /** Takes a call: the form of a new job. */
  async takeCall(): Promise<CallScreen> {
    await this.button('new-job').click();
    return this.call();
  }

  /** The call whose form is on the screen. */
  call(): CallScreen {
    return new CallScreen(this.page, this.words);
  }

  /** Back to the list, from wherever one is. */
  async back(): Promise<void> {
    await this.button('back').click();
  }

  /** Shows one stage only; the id of its words. */
  async filter(id: string): Promise<void> {
    const withCount = new RegExp(`^${this.words(id)} \\d+$`);
    await this.page.getByRole('radio', { name: withCount }).click();
  }

  /** Types into the one search box, faster than it answers. */
  async type(query: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: this.words('search-all') }).fill(query);
  }

  /** Looks for something; a row of the list before the answer would go from under the tap. */
  async search(query: string): Promise<void> {
    await this.type(query);
    const stages = this.page.getByRole('radiogroup', { name: this.words('stage'), exact: true });
    await expect(stages).toBeVisible({ visible: !query });
  }
}
