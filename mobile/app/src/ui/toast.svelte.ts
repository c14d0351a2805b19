// The one toast on the screen. A new one takes the place of the old one.
import { CommandError } from '../bridge/bridge';
import { t } from '../words/words.svelte';
import { felt } from './felt';

export interface Toast {
  text: string;
  undo?: { word: string; run: () => void };
}

const SHOWN_MS = 6_000;

let shown = $state.raw<Toast | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** What is shown now. */
export function toast(): Toast | null {
  return shown;
}

/** Shows a toast for a few seconds. */
export function showToast(next: Toast): void {
  clearTimeout(timer);
  shown = next;
  timer = setTimeout(dismissToast, SHOWN_MS);
}

/** Takes it away. */
export function dismissToast(): void {
  clearTimeout(timer);
  shown = null;
}

/** Does something that the core may refuse, and shows why it did; answers whether it was done. */
export async function told(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    felt('refused');
    showToast({ text: t(`error-${error.failure.code}`) });
    return false;
  }
}
