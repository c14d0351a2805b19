// The moments people name when they promise something: in an hour, this evening, tomorrow.
const HOUR_MS = 3_600_000;
const EVENING_H = 18;
const NOON_H = 12;

export interface Soon {
  id: 'in-an-hour' | 'this-evening' | 'tomorrow-noon' | 'in-three-days';
  at: number;
}

/** Those that still lie ahead, soonest first. */
export function soonMoments(now: number): Soon[] {
  const all: Soon[] = [
    { id: 'in-an-hour', at: wholeMinutes(now + HOUR_MS) },
    { id: 'this-evening', at: atHour(now, 0, EVENING_H) },
    { id: 'tomorrow-noon', at: atHour(now, 1, NOON_H) },
    { id: 'in-three-days', at: atHour(now, 3, NOON_H) },
  ];
  return all.filter(({ at }) => at > now + HOUR_MS / 2);
}

function wholeMinutes(ms: number): number {
  return Math.round(ms / 300_000) * 300_000;
}

function atHour(now: number, days: number, hour: number): number {
  const then = new Date(now);
  then.setDate(then.getDate() + days);
  return then.setHours(hour, 0, 0, 0);
}
