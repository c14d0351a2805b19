// A record as a page writes into it. Every change is one edit; when its promise resolves, the edit is
// on disk. What may be written, and what else a page does, is the business of each kind.
import type { DossierView, Edit, FieldValue, JobView, Path } from '../bridge/types';
import { sameParts } from './same';
import { ask } from './state.svelte';
import { told } from './toast.svelte';

export abstract class RecordPage<View extends JobView | DossierView> {
  /** The answer to our own last edit, newer than what was followed until that is asked again. */
  #answered = $state.raw<View | null>(null);

  constructor(private readonly followed: () => View | null) {
    $effect(() => {
      if (followed()) this.#answered = null;
    });
  }

  get view(): View | null {
    return this.#answered ?? this.followed();
  }

  /** The record as an edit has left it, also one that was made elsewhere. */
  answered(view: View): void {
    this.#answered = sameParts(this.view, view);
  }

  set(path: Path, value: FieldValue): Promise<boolean> {
    return this.edit({ edit: 'set_field', path, value });
  }

  /** Makes an edit; says why when it was not made. */
  edit(edit: Edit): Promise<boolean> {
    return told(() => this.tryEdit(edit));
  }

  /** Makes an edit; the caller shows the error beside the text that caused it. */
  async tryEdit(edit: Edit): Promise<void> {
    if (!this.view) return;
    // An edit is answered with the record it was made in, which is of this page's kind.
    this.answered((await ask({ do: 'edit', record: this.view.record, edit })) as View);
  }
}
