// What a job needs on this phone before its owner drives out of coverage. Reads what is known;
// what is missing comes with the next sync or by a word of the browser's.

export const needs = ['record', 'dossier', 'catalog', 'app', 'storage'] as const;

export type Need = (typeof needs)[number];

export type Readiness = Record<Need, boolean>;

/** Whether nothing that the work depends on is missing. A promise of the browser's is a comfort:
    without it the record is here all the same. */
export function isReady(readiness: Readiness): boolean {
  return needs.every((need) => readiness[need] || need === 'storage');
}
