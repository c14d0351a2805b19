// The fault is back: a new job for the same customer and thing, which names the one before.
import type { FieldValue, JobView, Path } from '../bridge/types';
import { t } from '../words/words.svelte';
import { go } from './router.svelte';
import { ask } from './state.svelte';
import { showToast, told } from './toast.svelte';

const TAKEN_OVER = [
  'title',
  'dossier',
  'customer',
  'site',
  'equipment',
  'caller',
  'department',
  'phone',
  'category',
  'level',
  'priority',
  'mode',
] as const;

/** Opens that job and goes there; says why when it was not opened. */
export async function openFollowing({ record, content }: JobView): Promise<void> {
  const { intake } = content;
  const said = Object.values(content.follow_ups).sort((one, other) => one.at - other.at);
  const fields: Record<Path, FieldValue> = {
    'intake/follows': record,
    'intake/symptom': said.at(-1)?.result ?? '',
  };
  for (const field of TAKEN_OVER) if (intake[field]) fields[`intake/${field}`] = intake[field];
  await told(async () => {
    const opened = await ask({ do: 'open_job', fields });
    showToast({ text: t('told-following') });
    go(`/job/${opened.record}`);
  });
}
