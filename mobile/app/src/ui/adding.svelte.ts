// Adding a photo or file: what was chosen is kept on this phone before anything is said.
import type { Attaching, JobView } from '../bridge/types';
import { t } from '../words/words.svelte';
import { bring, CommandError } from './state.svelte';
import { showToast } from './toast.svelte';

/** Adds one; says what went wrong, when something did. Answers with the job as it is then. */
export async function addFile(asked: Attaching): Promise<JobView | null> {
  try {
    const view = await bring({ errand: 'attach', ...asked });
    showToast({ text: t('attachment-added') });
    return view;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { code } = error.failure;
    showToast({ text: t(code === 'storage-full' ? 'error-file-no-room' : `error-${code}`) });
    return null;
  }
}

/** Nothing was taken or chosen, perhaps because the camera did not open. */
export function nothingChosen(camera: boolean): void {
  showToast({ text: t(camera ? 'camera-nothing' : 'file-nothing') });
}
