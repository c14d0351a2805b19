// Times, dates and counts as people of each language write them. Knows nothing of records.
// The formatters are kept, because making one costs more than a hundred uses.
import { now as present } from './clock';
import { locale, t } from './words.svelte';

const DAY_MS = 86_400_000;
const made = new Map<string, Intl.DateTimeFormat>();

/** The start of the day that holds this moment, local time. */
export function dayOf(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** How many days from today: 0 today, 1 tomorrow, -1 yesterday. */
export function daysAway(ms: number, now = present()): number {
  return Math.round((dayOf(ms) - dayOf(now)) / DAY_MS);
}

/** Hours and minutes, which both languages write alike. */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
}

/** "Today 14:30", "Tomorrow 09:00", "Mon 3 Aug 14:30"; the year only when it is another one. */
export function moment(ms: number, now = present()): string {
  return `${day(ms, now)} ${clock(ms)}`;
}

/** The day alone, in words when it is near. */
export function day(ms: number, now = present()): string {
  const away = daysAway(ms, now);
  if (away === 0) return t('day-today');
  if (away === 1) return t('day-tomorrow');
  if (away === -1) return t('day-yesterday');
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return sameYear
    ? formatter('day', { weekday: 'short', day: 'numeric', month: 'short' }).format(ms)
    : date(ms);
}

/** A full date. */
export function date(ms: number): string {
  return formatter('date', { day: 'numeric', month: 'short', year: 'numeric' }).format(ms);
}

/** "20 minutes", "3 years": how much a clock is off. */
export function howLong(ms: number): string {
  const units = [
    ['year', 365 * DAY_MS],
    ['day', DAY_MS],
    ['hour', DAY_MS / 24],
    ['minute', 60_000],
  ] as const;
  const [unit, unit_ms] = units.find(([, length_ms]) => ms >= length_ms) ?? units[3];
  const style = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(locale(), style).format(Math.round(ms / unit_ms));
}

/** "3 minutes ago"; for the last contact with the office. */
export function ago(ms: number, now = present()): string {
  const minutes = Math.max(0, Math.round((now - ms) / 60_000));
  if (minutes < 1) return t('ago-now');
  if (minutes < 60) return t('ago-minutes', { count: minutes });
  if (minutes < 24 * 60) return t('ago-hours', { count: Math.round(minutes / 60) });
  return t('ago-days', { count: Math.round(minutes / (24 * 60)) });
}

const twoDigits = (count: number) => String(count).padStart(2, '0');

function formatter(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${name}`;
  let format = made.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale(), options);
    made.set(key, format);
  }
  return format;
}
