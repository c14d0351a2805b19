// What an edit says, in a person's words: field by field, every word they wrote. For edits that
// stand outside their record: waiting for a decision, or not accepted.
import type { FieldRule, FieldValue, NewEntry, Path } from '../bridge/types';
import { t } from '../words/words.svelte';
import { labelOf, patternOf, shown } from './fields';

export interface WrittenField {
  label: string;
  text: string;
}

/** An edit as the core keeps it; which fields it has depends on what it does. */
interface KeptEdit {
  edit?: string;
  path?: Path;
  value?: FieldValue;
  fields?: Record<string, FieldValue>;
  entries?: NewEntry[];
  collection?: Path;
  done?: boolean;
  lead?: string;
  reason?: string;
}

/** The fields an edit writes. */
export function writtenFields(
  edit: unknown,
  rules: Map<Path, FieldRule> | null | undefined,
  people: Record<string, string>,
): WrittenField[] {
  const made = edit as KeptEdit;
  const field = (path: Path, value: FieldValue | undefined): WrittenField => {
    const rule = rules?.get(patternOf(path));
    const text = rule ? shown(rule, value, people) : String(value ?? '');
    return { label: labelOf(path), text: text || t('empty') };
  };
  switch (made.edit) {
    case 'set_field':
      return [field(made.path ?? '', made.value)];
    case 'tick_item':
      return [
        { label: labelOf(`${made.collection ?? 'checklist'}/text`), text: t(made.done ? 'ticked' : 'opened-again') },
      ];
    case 'assign':
      return [field('assignment/lead', made.lead)];
    case 'sign_off':
      return [{ label: t('signoff'), text: t('signoff-as-signed') }];
    case 'add_entry':
      return entryFields(made.collection ?? '', made.fields ?? {}, field);
    case 'create':
      return [
        ...Object.entries(made.fields ?? {}).map(([path, value]) => field(path, value)),
        ...(made.entries ?? []).flatMap((entry) =>
          entryFields(entry.collection, entry.fields, field),
        ),
      ];
    default:
      return made.reason ? [{ label: t('reason'), text: made.reason }] : [];
  }
}

function entryFields(
  collection: Path,
  fields: Record<string, FieldValue>,
  field: (path: Path, value: FieldValue) => WrittenField,
): WrittenField[] {
  return Object.entries(fields)
    .filter(([name]) => name !== 'position')
    .map(([name, value]) => field(`${collection}/*/${name}`, value));
}

/** The same as text to copy. */
export function asText(fields: WrittenField[]): string {
  return fields.map(({ label, text }) => `${label}: ${text}`).join('\n');
}
