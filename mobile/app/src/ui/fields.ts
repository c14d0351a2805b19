// From the table of field rules to what a person sees and types: labels, shown values, and the
// text of a form control. Which fields exist, who may write them and when they freeze is the
// table's word, never decided here.
import type { FieldRule, FieldValue, Path } from '../bridge/types';
import { moment } from '../words/format';
import { hasWords, t, word } from '../words/words.svelte';

const ITEM_ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** A path with its ids written as `*`, which is how rules name it. */
export function patternOf(path: Path): string {
  return path
    .split('/')
    .map((part) => (ITEM_ID.test(part) ? '*' : part))
    .join('/');
}

/** What a field is called. */
export function labelOf(path: Path): string {
  const id = patternOf(path).replaceAll('/*', '').replaceAll(/[/_]/g, '-');
  return hasWords(`field-${id}`) ? t(`field-${id}`) : t(`section-${id}`);
}

/** The prefix of a choice's words: the last part of its path. */
export function choiceWord(path: Path, stored: string): string {
  return word(path.split('/').at(-1) ?? path, stored);
}

/** A value as people read it; empty when there is none. */
export function shown(
  rule: FieldRule,
  value: FieldValue | undefined,
  people: Record<string, string>,
): string {
  if (value === null || value === undefined || value === '') return '';
  switch (rule.value.kind) {
    case 'time':
      return moment(Number(value));
    case 'choice':
      return choiceWord(rule.path, String(value));
    case 'bool':
      return t(value ? 'yes' : 'no');
    case 'person':
      return people[String(value)] ?? t('person-unknown');
    default:
      return String(value);
  }
}

/** The text a form control starts with. */
export function toText(rule: FieldRule, value: FieldValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (rule.value.kind === 'time') return localTime(Number(value));
  return String(value);
}

/** The value that a form control's text stands for; `undefined` when it cannot be one. */
export function toValue(rule: FieldRule, text: string): FieldValue | undefined {
  const trimmed = rule.value.kind === 'prose' ? text.trimEnd() : text.trim();
  if (trimmed === '') return null;
  switch (rule.value.kind) {
    case 'time': {
      const ms = new Date(trimmed).getTime();
      return Number.isFinite(ms) ? ms : undefined;
    }
    case 'count': {
      const number = Number(trimmed);
      const fits = Number.isInteger(number) && number >= 0 && number <= rule.value.max;
      return fits ? number : undefined;
    }
    case 'bool':
      return trimmed === 'true';
    default:
      return trimmed;
  }
}

/** Reads a path from a record's content. */
export function valueAt(content: unknown, path: Path): FieldValue | undefined {
  let at = content;
  for (const part of path.split('/')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at as FieldValue | undefined;
}

/** `2026-11-23T14:05` in the phone's time zone, as a date-time control wants it. */
function localTime(ms: number): string {
  const offset_ms = new Date(ms).getTimezoneOffset() * 60_000;
  return new Date(ms - offset_ms).toISOString().slice(0, 16);
}
