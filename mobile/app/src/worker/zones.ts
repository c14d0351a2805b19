// The rules of time zones, for the core: the browser has the list that it lacks.

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far a zone's clocks are ahead of UTC at a moment, in ms; nothing for a zone nobody knows. */
export function zoneOffsetMs(zone: string, at: number): number {
  try {
    const shown = formatOf(zone).formatToParts(at);
    const part = (type: string) => Number(shown.find((one) => one.type === type)?.value);
    const day = [part('year'), part('month') - 1, part('day')] as const;
    const local = Date.UTC(...day, part('hour'), part('minute'), part('second'));
    return local - Math.floor(at / 1000) * 1000;
  } catch {
    return 0;
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const number = 'numeric' as const;
  const date = { year: number, month: number, day: number };
  const time = { hour: number, minute: number, second: number, hourCycle: 'h23' as const };
  const format = new Intl.DateTimeFormat('en-US', { timeZone, ...date, ...time });
  formats.set(timeZone, format);
  return format;
}
