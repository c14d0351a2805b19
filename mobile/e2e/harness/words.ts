// The words on screen, from the one catalog, so that stories find buttons by what people read
// and hold in both languages. Used by every page object.
import { readFileSync } from 'node:fs';
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import { fromRoot } from './tree';

export type Language = 'en' | 'zh';
/** Who reads: the phone app and the console share the nouns and have their own sentences. */
export type Reader = 'phone' | 'console';
export type Words = (id: string, values?: Record<string, FluentVariable>) => string;

/** The words of one language; an id without words is a mistake in the story. */
export function wordsOf(reader: Reader, language: Language): Words {
  const bundle = new FluentBundle(language, { useIsolating: false });
  for (const source of sources(reader, language)) bundle.addResource(new FluentResource(source));
  return (id, values) => {
    const pattern = bundle.getMessage(id)?.value;
    if (!pattern) throw new Error(`no words for ${id} in ${language}`);
    return bundle.formatPattern(pattern, values);
  };
}

/** Every message id a reader may meet. */
export function messageIds(reader: Reader): string[] {
  return sources(reader, 'en').flatMap((source) =>
    [...source.matchAll(/^([a-z][a-z0-9-]*) =/gm)].map((match) => match[1] ?? ''),
  );
}

function sources(reader: Reader, language: Language): string[] {
  const office = ['common', 'console', 'levels', 'paper', 'reports'];
  const places = reader === 'console' ? office : ['common', reader];
  return places.map((file) =>
    readFileSync(fromRoot(`words/${language}/${file}.ftl`), 'utf8'),
  );
}
