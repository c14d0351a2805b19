// Text that is being typed and is not saved yet: a call, a crash or a tap beside the sheet must
// not lose it. A draft is never shown as part of the record; it only fills the form again. Kept by
// the core, where it is sealed like everything else, and emptied with the phone at sign-out.
import type { Draft } from '../bridge/types';

type Keep = (record: string, path: string, text: string | null) => void;

const drafts = new Map<string, string>();
let keep: Keep = () => {};

/** Takes over what was kept, and how more is kept. */
export function takeDrafts(kept: Draft[], keepMore: Keep): void {
  drafts.clear();
  for (const { record, path, text } of kept) drafts.set(nameOf(record, path), text);
  keep = keepMore;
}

/** The unsaved text of a field, if there is any. */
export function draftOf(record: string, path: string): string | null {
  return drafts.get(nameOf(record, path)) ?? null;
}

/** Keeps unsaved text; `null` forgets it. */
export function keepDraft(record: string, path: string, text: string | null): void {
  if (text === draftOf(record, path)) return;
  if (text === null) drafts.delete(nameOf(record, path));
  else drafts.set(nameOf(record, path), text);
  keep(record, path, text);
}

/** Forgets everything that was typed and not saved. */
export function forgetDrafts(): void {
  drafts.clear();
}

function nameOf(record: string, path: string): string {
  return `${record}/${path}`;
}
