// The job a page shows, for all of its parts: content, rules, names, and the few ways to change
// it. Every change is one edit; when its promise resolves, the edit is on disk.
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
import { patternOf, valueAt } from './fields';
import { jobRules } from './rules.svelte';
import { app, ask, CommandError } from './state.svelte';
import { showToast } from './toast.svelte';

const KEY = Symbol('job');

export class JobPage {
  /** The field whose sheet is open. */
  editing = $state<Path | null>(null);
  /** The answer to our own last edit, newer than what was followed until that is asked again. */
  #answered = $state.raw<JobView | null>(null);

  constructor(
    private readonly followed: () => JobView | null,
    private readonly files: () => FileRow[] = () => [],
  ) {
    $effect(() => {
      if (followed()) this.#answered = null;
    });
  }

  get view(): JobView | null {
    return this.#answered ?? this.followed();
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

  /** The job as an edit made elsewhere has left it. */
  answered(view: JobView): void {
    this.#answered = view;
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
    const role = app.status?.person?.role;
    if (!rule || !role || rule.merge === 'entry') return false;
    return rule.writers.includes(role) && !(rule.locked && this.view?.frozen);
  }

  /** Whether entries with this field may be added now. */
  mayAdd(path: Path): boolean {
    const rule = this.rule(path);
    const role = app.status?.person?.role;
    if (!rule || !role) return false;
    return rule.writers.includes(role) && !(rule.locked && this.view?.frozen);
  }

  set(path: Path, value: FieldValue): Promise<boolean> {
    return this.edit({ edit: 'set_field', path, value });
  }

  add(entry: NewEntry): Promise<boolean> {
    return this.edit({ edit: 'add_entry', ...entry });
  }

  /** Writes the present moment, with a way to take it back. */
  async stamp(path: Path, told: string): Promise<void> {
    const before = this.value(path) ?? null;
    if (await this.set(path, Date.now())) {
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

  /** Makes an edit; says why when it was not made. */
  async edit(edit: Edit): Promise<boolean> {
    try {
      await this.tryEdit(edit);
      return true;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      showToast({ text: t(`error-${error.failure.code}`) });
      return false;
    }
  }

  /** Makes an edit; the caller shows the error beside the text that caused it. */
  async tryEdit(edit: Edit): Promise<void> {
    if (!this.view) return;
    const view = await ask({ do: 'edit', record: this.view.record, edit });
    if ('stage' in view) this.#answered = view;
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
