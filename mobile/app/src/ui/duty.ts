// Who is on call, as the catalog on this phone has it.
import type { CatalogView } from '../bridge/types';

export interface OnCall {
  name: string;
  phone: string;
  until: number | null;
  note: string;
}

/** Everybody whose turn it is at a moment, the longest at it first. */
export function onCall(catalog: CatalogView | null, now: number): OnCall[] {
  const { duty = {}, people = {} } = catalog?.content ?? {};
  const turns = Object.values(duty).filter(
    ({ from, until, removed }) =>
      !removed && from !== null && from <= now && (until === null || now < until),
  );
  turns.sort((one, other) => (one.from ?? 0) - (other.from ?? 0));
  return turns.flatMap(({ person, until, note }) => {
    const found = person === null ? undefined : people[person];
    return found ? [{ name: found.name, phone: found.phone, until, note }] : [];
  });
}
