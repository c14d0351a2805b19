// What an answer has in common with the one before stays the same object, so that a screen looks
// again only at what has changed.

/** `after`, with every part that equals its counterpart in `before` replaced by that; both are
    JSON. */
export function sameParts<T>(before: unknown, after: T): T {
  if (typeof after !== 'object' || after === null) return after;
  if (typeof before !== 'object' || before === null) return after;
  const old = before as Record<string, unknown>;
  const fresh = after as Record<string, unknown>;
  const keys = Object.keys(fresh);
  let same = Array.isArray(before) === Array.isArray(after);
  same &&= keys.length === Object.keys(old).length;
  for (const key of keys) {
    const part = sameParts(old[key], fresh[key]);
    same &&= part === old[key];
    fresh[key] = part;
  }
  return same ? (before as T) : after;
}
