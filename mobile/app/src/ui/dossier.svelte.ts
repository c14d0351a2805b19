// A customer's dossier as a page writes into it: the few fields that are not the office's alone.
// Every change is one edit; when its promise resolves, the edit is on disk.
import type { DossierView, Edit, FieldRule, FieldValue, Path } from '../bridge/types';
import { t } from '../words/words.svelte';
import { patternOf } from './fields';
import { rulesOf } from './rules.svelte';
import { app, ask, CommandError } from './state.svelte';
import { showToast } from './toast.svelte';

export class DossierPage {
  /** The answer to our own last edit, newer than what was followed until that is asked again. */
  #answered = $state.raw<DossierView | null>(null);

  constructor(private readonly followed: () => DossierView | null) {
    $effect(() => {
      if (followed()) this.#answered = null;
    });
  }

  get view(): DossierView | null {
    return this.#answered ?? this.followed();
  }

  /** The rule of a field. */
  rule(path: Path): FieldRule | undefined {
    return rulesOf('dossier')?.get(patternOf(path));
  }

  /** Whether the person signed in may change this field. */
  may(path: Path): boolean {
    const role = app.status?.person?.role;
    return Boolean(role && this.rule(path)?.writers.includes(role));
  }

  async set(path: Path, value: FieldValue): Promise<boolean> {
    try {
      await this.tryEdit({ edit: 'set_field', path, value });
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
    if (!('stage' in view)) this.#answered = view;
  }
}
