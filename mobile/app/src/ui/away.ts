// A phone that was put away locks itself. The record is closed by starting the app anew: nothing
// of it stays in memory, and what was being typed is kept as a draft.

const AWAY_MS = 5 * 60_000;

/** Watches until the answer is called; `locks` says whether there is a lock at all. */
export function lockWhenAway(locks: () => boolean): () => void {
  let left_at: number | null = null;
  const look = () => {
    if (document.hidden) left_at = Date.now();
    else if (left_at !== null && Date.now() - left_at >= AWAY_MS && locks()) location.reload();
    else left_at = null;
  };
  document.addEventListener('visibilitychange', look);
  return () => document.removeEventListener('visibilitychange', look);
}
