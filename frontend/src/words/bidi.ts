const rtlLanguages = new Set(['ar', 'fa', 'he', 'ur', 'yi', 'ps', 'sd', 'ug', 'ckb', 'dv']);
const rtlLetters = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

export type Direction = 'ltr' | 'rtl';

/** The direction a locale is written in. */
export function direction(locale: string): Direction {
  const [language = '', script] = locale.split('-');
  if (script === 'Latn' || script === 'XA') return 'ltr';
  return rtlLanguages.has(language) ? 'rtl' : 'ltr';
}

/**
 * Puts a name or an address into a sentence so that its direction doesn't
 * disturb the rest (Unicode FSI and PDI, UAX #9). Plain values stay plain.
 */
export function isolate(value: string, around: Direction): string {
  const foreign = around === 'rtl' ? /[A-Za-z0-9]/.test(value) : rtlLetters.test(value);
  return foreign ? `\u2068${value}\u2069` : value;
}
