// Text that is being typed and is not saved yet: a call, a crash or a tap beside the sheet must
// not lose it. A draft is never shown as part of the record; it only fills the form again.
// Cleared when saved, when discarded, and for all records at sign-out.

const PREFIX = 'docket/draft/';

/** The unsaved text of a field, if there is any. */
export function draftOf(record: string, path: string): string | null {
  return localStorage.getItem(`${PREFIX}${record}/${path}`);
}

/** Keeps unsaved text; `null` forgets it. */
export function keepDraft(record: string, path: string, text: string | null): void {
  const key = `${PREFIX}${record}/${path}`;
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // A full storage must not stop the typing; saving to the record says so plainly.
  }
}

/** Forgets everything that was typed and not saved. */
export function forgetDrafts(): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  }
}
