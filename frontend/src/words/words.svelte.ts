import { direction, isolate } from './bidi';
import {
  english,
  fill,
  form,
  load,
  type Catalogue,
  type CountKey,
  type Message,
  type TextKey,
  type Values,
} from './catalogue';

interface Speech {
  locale: string;
  catalogue: Catalogue;
  plurals: Intl.PluralRules;
  numbers: Intl.NumberFormat;
}

let speech = $state.raw<Speech>(speechIn('en', english));

function speechIn(locale: string, catalogue: Catalogue): Speech {
  return {
    locale,
    catalogue,
    plurals: new Intl.PluralRules(locale),
    numbers: new Intl.NumberFormat(locale),
  };
}

/** The locale that is spoken now. Reading it in a view makes the view follow. */
export function locale(): string {
  return speech.locale;
}

/**
 * The locale of dates and numbers: the system's own region, when it speaks the
 * language of the catalogue. Clocks differ between en-US and en-GB.
 */
export function region(): string {
  const language = speech.locale.split('-')[0];
  return navigator.languages.find((tag) => tag.split('-')[0] === language) ?? speech.locale;
}

/** Speaks another locale and tells the document, for fonts, hyphens and readers. */
export async function setLocale(wanted: string): Promise<void> {
  const catalogue = await load(wanted);
  speak(catalogue ? wanted : 'en', catalogue ?? english);
}

/** Speaks with a given catalogue: for pseudo-locales in tests. */
export function speak(tag: string, catalogue: Catalogue): void {
  speech = speechIn(tag, catalogue);
  document.documentElement.lang = tag;
  document.documentElement.dir = direction(tag);
}

function show(value: string | number): string {
  if (typeof value === 'number') return speech.numbers.format(value);
  return isolate(value, direction(speech.locale));
}

/** The text of a key in the agent's language; a key its catalogue lacks speaks English. */
export function say(key: TextKey, values: Values = {}): string {
  return sayMessage(speech.catalogue[key] ?? english[key], 0, values);
}

/** The text of a key for a number of things. */
export function count(key: CountKey, n: number, values: Values = {}): string {
  return sayMessage(speech.catalogue[key] ?? english[key], n, { Count: n, ...values });
}

function sayMessage(message: Message, n: number, values: Values): string {
  return fill(form(message, n, speech.plurals), values, show);
}

/** The key "prefix.code" where the catalogues have it: codes come from Go as plain text. */
export function keyFor(prefix: string, code: string, otherwise: TextKey): TextKey {
  const key = `${prefix}.${code}`;
  return Object.hasOwn(english, key) ? (key as TextKey) : otherwise;
}

/** What happened, what is safe, what next. */
export function sayFailure(kind: string): string {
  return say(keyFor('error', kind, 'error.internal'));
}

/** What stands between an account and its server, and what to do about it. */
export function sayTrouble(code: string, server: { host: string; port: number }) {
  const at = { Host: server.host, Port: String(server.port) };
  return {
    what: say(keyFor('trouble', code, 'trouble.other'), at),
    next: say(keyFor('trouble', `${code}.next`, 'trouble.other.next'), at),
  };
}
