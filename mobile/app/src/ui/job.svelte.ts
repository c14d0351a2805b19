// The job a page shows, for all of its parts: content, rules, names, and the few ways to change it.
import { getContext, setContext } from 'svelte';
import type {
  Edit,
  FieldRule,
  FieldValue,
  FileRow,
  JobView,
  NewEntry,
  Path,
} from '../bridge/types';
import { t } from '../words/words.svelte';
import { felt } from './felt';
import { patternOf, valueAt } from './fields';
import { RecordPage } from './record.svelte';
import { jobRules } from './rules.svelte';
import { app } from './state.svelte';
import { showToast } from './toast.svelte';

const KEY = Symbol('job');

export class JobPage extends RecordPage<JobView> {
  /** The field whose sheet is open. */
  editing = $state<Path | null>(null);
  readonly #frozen = $derived(this.view?.frozen ?? false);

  constructor(
    followed: () => JobView | null,
    private readonly files: () => FileRow[] = () => [],
  ) {
    super(followed);
  }

  /** What became of a photo or file, where this phone knows. */
  file(sha256: string): FileRow | undefined {
    return this.files().find((row) => row.sha256 === sha256);
  }

  /** Whether it is only on this phone. */
  waits(sha256: string): boolean {
    const row = this.file(sha256);
    return row !== undefined && !row.received_at;
  }

  /** The rule of a field. */
  rule(path: Path): FieldRule | undefined {
    return jobRules()?.get(patternOf(path));
  }

  /** A field's value. */
  value(path: Path): FieldValue | undefined {
    return valueAt(this.view?.content, path);
  }

  /** Whether the person signed in may change this field now. */
  may(path: Path): boolean {
    const rule = this.rule(path);
    return rule?.merge !== 'entry' && this.#mayWrite(rule);
  }

  /** Whether entries with this field may be added now. */
  mayAdd(path: Path): boolean {
    return this.#mayWrite(this.rule(path));
  }

  #mayWrite(rule: FieldRule | undefined): boolean {
    const { role } = app;
    if (!rule || !role) return false;
    return rule.writers.includes(role) && !(rule.locked && this.#frozen);
  }

  add(entry: NewEntry): Promise<boolean> {
    return this.edit({ edit: 'add_entry', ...entry });
  }

  /** Writes the present moment, with a way to take it back. */
  async stamp(path: Path, told: string): Promise<void> {
    const before = this.value(path) ?? null;
    if (await this.set(path, Date.now())) {
      felt('done');
      showToast({ text: told, undo: { word: t('undo'), run: () => void this.set(path, before) } });
    }
  }

  /** Whoever was met was met just now, unless somebody says otherwise. */
  async metNow(): Promise<void> {
    if (this.value('visit/met') && !this.value('visit/met_at')) {
      await this.set('visit/met_at', Date.now());
    }
  }

  /** The manager approves the preparation: the moment last, because it is what counts. */
  async approve(): Promise<void> {
    const me = app.status?.person?.id ?? null;
    if (!(await this.set('preparation/approved_by', me))) return;
    await this.stamp('preparation/approved_at', t('told-approved'));
  }

  async tick(collection: Path, item: string, done: boolean): Promise<void> {
    const edit = (now: boolean): Edit => ({ edit: 'tick_item', collection, item, done: now });
    if (await this.edit(edit(done))) {
      felt('done');
      const text = t(done ? 'ticked' : 'opened-again');
      const undo = { word: t('undo'), run: () => void this.edit(edit(!done)) };
      showToast({ text, undo });
    }
  }

  /** Marks an entry as removed; it stays in the record, crossed out of the lists. */
  async remove(entry: Path): Promise<void> {
    const path = `${entry}/removed`;
    if (await this.set(path, true)) {
      const undo = { word: t('undo'), run: () => void this.set(path, false) };
      showToast({ text: t('removed'), undo });
    }
  }
}

/** Makes a page's job known to its parts. */
export function provideJob(page: JobPage): JobPage {
  return setContext(KEY, page);
}

/** The job of the page this part stands on. */
export function theJob(): JobPage {
  return getContext<JobPage>(KEY);
}
