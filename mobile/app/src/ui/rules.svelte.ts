// The table of field rules of jobs, by pattern. It comes with the version of the app and never
// changes while it runs, so it is asked for once.
import type { FieldRule, Path } from '../bridge/types';
import { ask } from './state.svelte';

let rules = $state.raw<Map<Path, FieldRule> | null>(null);
let asked = false;

/** The rules, or nothing for the moment it takes to fetch them. */
export function jobRules(): Map<Path, FieldRule> | null {
  if (!asked) {
    asked = true;
    void ask({ do: 'field_rules' }).then((rows) => {
      rules = new Map(rows.map((rule) => [rule.path, rule]));
    });
  }
  return rules;
}
