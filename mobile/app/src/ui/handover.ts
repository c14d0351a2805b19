// How urgent it is that a call is handed to somebody: there is time, it runs out soon, it has run
// out. Soon is early enough for a call back to the office.

const SOON_MS = 4 * 60 * 60 * 1_000;

export type HandOverState = 'waiting' | 'soon' | 'over';

export function handOverState(by: number, now: number): HandOverState {
  if (now >= by) return 'over';
  return by - now <= SOON_MS ? 'soon' : 'waiting';
}
