// How much room this phone has left, for the office's board of phones.
import type { CoreHandle } from './core';

/** Tells the core, which says it with its next request. */
export async function tellRoom(core: CoreHandle): Promise<void> {
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  core.ask({ do: 'room', free_bytes: Math.max(0, quota - usage) });
}
