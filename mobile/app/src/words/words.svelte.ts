// Words on screen, from the one catalog in words/{en,zh}. The language follows the phone until
// the person chooses one; the choice is kept on this phone. Both languages travel with the app,
// because the switch must work without coverage. Used by every component through `t`.
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import commonEn from '$words/en/common.ftl?raw';
import phoneEn from '$words/en/phone.ftl?raw';
import commonZh from '$words/zh/common.ftl?raw';
import phoneZh from '$words/zh/phone.ftl?raw';

export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

const KEPT = 'docket/language';

const sources: Record<Language, [tag: string, ...sources: string[]]> = {
  zh: ['zh-CN', commonZh, phoneZh],
  en: ['en-GB', commonEn, phoneEn],
};
/** A language's words. A message is read when it is first said: opening the app is short, and few
    of them are said then. */
interface Spoken {
  bundle: FluentBundle;
  /** The sources of messages that have not been read, by id. */
  unread: Map<string, string>;
}

/** Made when a language is first spoken: most people need one. */
const known = new Map<Language, Spoken>();

const chosen = $state<{ language: Language; follows: boolean }>(remembered());
applyToPage();

/** The language in use. */
export function language(): Language {
  return chosen.language;
}

/** Whether the language follows the phone's. */
export function followsPhone(): boolean {
  return chosen.follows;
}

/** The tag for dates and numbers. */
export function locale(): string {
  return chosen.language === 'zh' ? 'zh-CN' : 'en-GB';
}

/** Chooses a language for good, or `null` to follow the phone again. */
export function chooseLanguage(choice: Language | null): void {
  if (choice) localStorage.setItem(KEPT, choice);
  else localStorage.removeItem(KEPT);
  Object.assign(chosen, remembered());
  applyToPage();
}

/** The words for a message id. A missing id is shown as itself, so that it is noticed. */
export function t(id: string, values?: Record<string, FluentVariable>): string {
  const { bundle, unread } = spoken();
  const source = unread.get(id);
  if (source !== undefined) {
    bundle.addResource(new FluentResource(source));
    unread.delete(id);
  }
  const pattern = bundle.getMessage(id)?.value;
  return pattern ? bundle.formatPattern(pattern, values) : id;
}

/** Whether the catalog has this id. */
export function hasWords(id: string): boolean {
  const { bundle, unread } = spoken();
  return unread.has(id) || bundle.hasMessage(id);
}

/** A message id from a prefix and a stored word: `('stage', 'on_site')` is `stage-on-site`. */
export function word(prefix: string, stored: string): string {
  return t(`${prefix}-${stored.replaceAll('_', '-')}`);
}

function spoken(): Spoken {
  let words = known.get(chosen.language);
  if (!words) {
    const [tag, ...texts] = sources[chosen.language];
    const bundle = new FluentBundle(tag, { useIsolating: false });
    words = { bundle, unread: new Map(texts.flatMap(messagesIn)) };
    known.set(chosen.language, words);
  }
  return words;
}

/** The messages of a file: each starts a line with its id. */
function messagesIn(text: string): [id: string, source: string][] {
  return text.split(/\n(?=[a-z])/).map((source) => [source.slice(0, source.indexOf(' ')), source]);
}

function remembered(): { language: Language; follows: boolean } {
  const kept = localStorage.getItem(KEPT);
  const own = languages.find((one) => one === kept);
  const phone = navigator.languages.find((tag) => /^(zh|en)/i.test(tag)) ?? 'en';
  return { language: own ?? (/^zh/i.test(phone) ? 'zh' : 'en'), follows: !own };
}

function applyToPage(): void {
  document.documentElement.lang = chosen.language === 'zh' ? 'zh-CN' : 'en';
}
