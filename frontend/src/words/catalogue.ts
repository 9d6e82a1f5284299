import english from '../../../i18n/locales/en.json';

// The catalogues are go-i18n's: a text, or one text for each plural form.
// Go reads the same files, so a word stands in one place only.

export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
export type Message = string | Forms;
export type Catalogue = Partial<Record<string, Message>>;

type English = typeof english;
/** A key that has one text. */
export type TextKey = {
  [K in keyof English]: English[K] extends string ? K : never;
}[keyof English];
/** A key whose text depends on a number. */
export type CountKey = Exclude<keyof English, TextKey>;

export { english };

const loaders = import.meta.glob<Catalogue>(
  ['../../../i18n/locales/*.json', '!../../../i18n/locales/en.json'],
  { import: 'default' },
);

/** Reads a locale's catalogue; null when there is none. */
export async function load(locale: string): Promise<Catalogue | null> {
  if (locale === 'en') return english;
  const loader = loaders[`../../../i18n/locales/${locale}.json`];
  return loader ? loader() : null;
}

export type Values = Record<string, string | number>;

/** Fills {{.Name}} placeholders; one without a value stays, so that a test or a person sees it. */
export function fill(text: string, values: Values, show: (v: string | number) => string): string {
  return text.replace(/\{\{\s*\.(\w+)\s*\}\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : show(value);
  });
}

/** Picks the plural form of a message (CLDR; go-i18n picks by the same rules). */
export function form(message: Message, count: number, rules: Intl.PluralRules): string {
  if (typeof message === 'string') return message;
  return message[rules.select(count)] ?? message.other;
}
