// How urgent it is that something happens: there is time, it runs out soon, it has run out. What
// is soon depends on what is due: a call back to the office, a word to the customer, a week.

const MINUTE_MS = 60_000;

export type DueKind = 'hand-over' | 'report' | 'follow-up' | 'response' | 'on-site' | 'recovery';
export type Urgency = 'waiting' | 'soon' | 'over';

const SOON_MS: Record<DueKind, number> = {
  'hand-over': 4 * 60 * MINUTE_MS,
  report: 10 * MINUTE_MS,
  'follow-up': 24 * 60 * MINUTE_MS,
  response: 15 * MINUTE_MS,
  'on-site': 60 * MINUTE_MS,
  recovery: 4 * 60 * MINUTE_MS,
};

export function urgencyOf(kind: DueKind, by: number, now: number): Urgency {
  if (now >= by) return 'over';
  return by - now <= SOON_MS[kind] ? 'soon' : 'waiting';
}
