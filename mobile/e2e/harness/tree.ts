// Where things of the repository are, seen from here.
import { fileURLToPath } from 'node:url';

/** A path from the repository's root. */
export function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}
