// Photos and files as the screens show them: which there are, and how far each has come.
import type { Attachment, FileRow } from '../bridge/types';
import { t } from '../words/words.svelte';
import { moment } from '../words/format';
import type { IconName } from './icons';
import { entriesOf } from './jobparts';

/** The purposes a person chooses from for a file that is no photo. */
export const filePurposes = ['drawing', 'program', 'analysis', 'work'] as const;

/** Those of a job, or of one of its steps, in the order of time. */
export function attachmentsOf(
  all: Record<string, Attachment>,
  step?: string,
): [string, Attachment][] {
  const wanted = entriesOf(all, (one) => one.at);
  return step === undefined ? wanted : wanted.filter(([, one]) => one.step === step);
}

/** What a photo or file is called on screen and read aloud. */
export function titleOf(one: Attachment): string {
  return one.caption || one.name || t('attachment');
}

/** Whether it is a picture that can be drawn. */
export function isPicture(one: Attachment): boolean {
  return /^image\/(jpeg|png|gif|webp)$/.test(one.media_type);
}

/** `2.1 MB`, `10.7 GB`; what is there is never nothing. */
export function sizeOf(bytes: number): string {
  const [unit, unit_bytes] = bytes < 1e9 ? (['megabytes', 1e6] as const) : (['gigabytes', 1e9] as const);
  return t(unit, { count: Math.ceil((10 * bytes) / unit_bytes) / 10 });
}

export interface Receipt {
  icon: IconName;
  word: string;
  tone: 'warn' | 'plain' | 'good';
}

/** Where it is: on this phone, on the server, seen by the office. Nothing for a colleague's, of
 *  which this phone knows only that the record names it. */
export function receiptOf(row: FileRow | undefined): Receipt | null {
  if (!row) return null;
  if (row.seen_at) {
    return { icon: 'merged', tone: 'good', word: t('receipt-seen', { when: moment(row.seen_at) }) };
  }
  if (row.received_at) return { icon: 'check', tone: 'plain', word: t('receipt-received') };
  const percent = Math.floor((100 * (row.sent ?? 0)) / Math.max(1, row.bytes));
  if (percent > 0) return { icon: 'sent', tone: 'warn', word: t('receipt-sending', { percent }) };
  return { icon: 'phone', tone: 'warn', word: t('receipt-here') };
}
