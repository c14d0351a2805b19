// A customer's dossier as a page writes into it: the few fields that are not the office's alone.
import type { DossierView, FieldRule, Path } from '../bridge/types';
import { patternOf } from './fields';
import { RecordPage } from './record.svelte';
import { rulesOf } from './rules.svelte';
import { app } from './state.svelte';

export class DossierPage extends RecordPage<DossierView> {
  /** The rule of a field. */
  rule(path: Path): FieldRule | undefined {
    return rulesOf('dossier')?.get(patternOf(path));
  }

  /** Whether the person signed in may change this field. */
  may(path: Path): boolean {
    const role = app.role;
    return Boolean(role && this.rule(path)?.writers.includes(role));
  }
}
