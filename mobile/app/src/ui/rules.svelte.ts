// The tables of field rules, by pattern. They come with the version of the app and never change
// while it runs, so each is asked for once.
import type { FieldRule, Path, RecordKind } from '../bridge/types';
import { ask } from './state.svelte';

type Rules = Map<Path, FieldRule>;

let tables = $state.raw<Partial<Record<RecordKind, Rules>>>({});
const asked = new Set<RecordKind>();

/** The rules of a job, or nothing for the moment it takes to fetch them. */
export function jobRules(): Rules | null {
  return rulesOf('job');
}

/** The same for any kind of record. */
export function rulesOf(kind: RecordKind): Rules | null {
  if (!asked.has(kind)) {
    asked.add(kind);
    void ask({ do: 'field_rules', kind }).then((rows) => {
      tables = { ...tables, [kind]: new Map(rows.map((rule) => [rule.path, rule])) };
    });
  }
  return tables[kind] ?? null;
}
