// Names of everyone in the organisation, as the catalog on this phone has them.
import type { CatalogView } from '../bridge/types';

export function namesIn(catalog: CatalogView | null): Record<string, string> {
  const people = Object.entries(catalog?.content.people ?? {});
  return Object.fromEntries(people.map(([id, person]) => [id, person.name]));
}
