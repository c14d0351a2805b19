// Promises made to the caller: which are open, and in what order they are shown.
import type { CallerPromise } from '../bridge/types';

/** Neither kept nor withdrawn. */
export function isOpen(promise: CallerPromise): boolean {
  return promise.kept_at === null && promise.withdrawn === '';
}

/** Open ones first, the soonest on top. */
export function promisesOf(all: Record<string, CallerPromise>): [string, CallerPromise][] {
  const rank = (one: CallerPromise) => (isOpen(one) ? (one.due_at ?? Infinity) : Infinity);
  return Object.entries(all).sort(
    ([a, one], [b, other]) =>
      Number(isOpen(other)) - Number(isOpen(one)) ||
      compare(rank(one), rank(other)) ||
      a.localeCompare(b),
  );
}

/** `Infinity - Infinity` is no number. */
function compare(one: number, other: number): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
