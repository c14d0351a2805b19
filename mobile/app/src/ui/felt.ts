// What the hand feels when the eyes are on the work: where the phone can, a short push says that
// something is done, a double one that it was refused. Gloves hide a screen; sunlight, too.

const PATTERNS_MS = { done: 15, signed: [20, 60, 40], refused: [30, 50, 30] } as const;

/** Lets the hand feel it; does nothing where the phone cannot, or the person moves it to silent. */
export function felt(what: keyof typeof PATTERNS_MS): void {
  const pattern = PATTERNS_MS[what];
  globalThis.navigator?.vibrate?.(typeof pattern === 'number' ? pattern : [...pattern]);
}
