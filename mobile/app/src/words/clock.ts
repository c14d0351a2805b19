// What time it is: the phone's clock, put right by what the office's said at the last sync. For
// judging what is late and what is today. What people record keeps the phone's own time; the
// office notes its time beside it.

/** A phone's clock this far off misleads people. */
const WRONG_MS = 5 * 60_000;

let offset_ms = 0;

/** Told with every status: office clock minus phone clock. */
export function setClockOffset(ms: number): void {
  offset_ms = ms;
}

/** The time at the office, as well as this phone knows it. */
export function now(): number {
  return Date.now() + offset_ms;
}

/** Whether a phone's clock that is off by this much should be set right. */
export function isClockWrong(by_ms: number): boolean {
  return Math.abs(by_ms) >= WRONG_MS;
}
