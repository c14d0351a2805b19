// How much room this phone has, as the browser estimates it: for the person, and for the office.

/** Bytes the record takes on this phone, and bytes it may still take. */
export async function room(): Promise<{ used: number; free: number }> {
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  return { used: usage, free: Math.max(0, quota - usage) };
}
