// What the search field offers while somebody types. Go reads what was typed
// (store/question); here stands only what can be offered.

export const operators = [
  'from',
  'to',
  'subject',
  'is',
  'has',
  'label',
  'lang',
  'before',
  'after',
] as const;
export type Operator = (typeof operators)[number];

export const standings = [
  'unread',
  'open',
  'waiting',
  'snoozed',
  'done',
  'draft',
  'spam',
  'bin',
] as const;
export const things = ['file', 'picture'] as const;
export const days = ['today', 'yesterday'] as const;

/** Languages that customers write in, the most frequent of the web first. */
const languages =
  'en es de ja fr pt ru it nl pl tr zh fa vi ko cs id uk hu ro el sv ar da fi he th sk bg hr nb lt sr sl et lv hi bn ta ur ms fil'.split(
    ' ',
  );

const values: Partial<Record<Operator, readonly string[]>> = {
  is: standings,
  has: things,
  lang: languages,
  before: days,
  after: days,
};

/** An operator, or a value of one. */
export interface Offer {
  operator: Operator;
  value: string;
}

/** What is offered for the word before the caret, and where that word begins. */
export interface Offers {
  at: number;
  minus: boolean;
  all: Offer[];
}

/** How many are offered: more would be a list to read, not to pick from. */
const most = 9;

const none: Offers = { at: 0, minus: false, all: [] };

/**
 * What can be offered with the caret behind a word: operators that begin so, or
 * values of the one that stands there. A language is found by its name, too.
 */
export function offersAt(text: string, caret: number, nameOf: (tag: string) => string): Offers {
  const before = text.slice(0, caret);
  const typed = /\S*$/.exec(before)?.[0] ?? '';
  const inPhrase = (before.match(/["“”„«»＂]/g) ?? []).length % 2 === 1;
  if (typed === '' || inPhrase || /^\S/.test(text.slice(caret))) return none;
  const [, sign = '', name = '', colon = '', value = ''] =
    /^(-?)([a-z]*)([:：]?)(.*)$/is.exec(typed) ?? [];
  const all = colon ? valuesOf(name, value, nameOf) : operatorsFrom(name + value);
  return { at: caret - typed.length, minus: sign !== '', all: all.slice(0, most) };
}

function operatorsFrom(begin: string): Offer[] {
  const low = begin.toLowerCase();
  if (low === '') return [];
  return operators
    .filter((operator) => operator.startsWith(low))
    .map((operator) => ({ operator, value: '' }));
}

function valuesOf(name: string, begin: string, nameOf: (tag: string) => string): Offer[] {
  const operator = operators.find((o) => o === name.toLowerCase());
  if (!operator) return [];
  const low = begin.toLowerCase();
  const known = values[operator] ?? [];
  if (known.includes(low)) return []; // nothing is left to type
  return known
    .filter(
      (value) =>
        value.startsWith(low) ||
        (operator === 'lang' && nameOf(value).toLocaleLowerCase().startsWith(low)),
    )
    .map((value) => ({ operator, value }));
}

/** The text with an offer taken, and where the caret stands then. */
export function take(
  text: string,
  caret: number,
  { at, minus }: Offers,
  { operator, value }: Offer,
): { text: string; caret: number } {
  const rest = text.slice(caret);
  const space = value !== '' && !rest.startsWith(' ') ? ' ' : '';
  const taken = `${text.slice(0, at)}${minus ? '-' : ''}${operator}:${value}${space}`;
  const behind = value !== '' && space === '' ? 1 : 0;
  return { text: taken + rest, caret: taken.length + behind };
}
