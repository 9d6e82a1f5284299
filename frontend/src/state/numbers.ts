import type { MessageView } from '../bridge/types';
import { isDate, isYear, neverNumbers, rarelyNumbers } from './notNumbers';
import { kindBefore, type NumberKind } from './numberWords';
import { paragraphs } from './paragraphs';
import { latinDigits, type Stretch } from './plain';

// The numbers that agents carry into other programs: of orders, invoices, tickets
// and parcels. Found by the words before them, by how they begin, else by their look.

/** A number of a text, as it is written there, with Latin digits. */
export interface FoundNumber extends Stretch {
  text: string;
  kind: NumberKind;
  /** A word or its own beginning says what it is. */
  sure: boolean;
}

/** No more of a paragraph is read: nobody writes an order's number behind it. */
const longest = 20_000;

const token =
  /(?<![\p{Script=Latin}\d])(?:\d{3,}(?: \d{2,})+(?![A-Za-z\d_/-])|[A-Za-z0-9]+(?:[-_/][A-Za-z0-9]+)*)(?![\p{Script=Latin}\d])/gu;
/** Two numbers of one kind: "orders 4711 and 4712". */
const joins = /^(?:[\s,&/+#]|and|und|et|y|e|i|og|och|en|or|oder|ou|o|и|و)*$/iu;
const units = /^\d+(?:km|kwh|wh|mah|gb|mb|tb|ml|mg|kg|cm|mm|ghz|mhz|hz|px|w|v)$/i;
const beginnings: [RegExp, NumberKind][] = [
  [/^(?:INV|RNR|RG|RE|FA|FV)[-_/]?\d/, 'invoice'],
  [/^(?:ORD|ORDER|PO|SO)[-_/]?\d/, 'order'],
  [/^(?:TKT|TICKET|CASE|INC|REQ)[-_/]?\d/, 'ticket'],
  // UPS, DHL, and the Universal Postal Union's S10.
  [/^(?:1Z[0-9A-Z]{16}|JJ?D\d{16,}|00340\d{15}|[A-Z]{2}\d{9}[A-Z]{2})$/, 'tracking'],
];

/** Finds the numbers in a paragraph. */
export function numbersIn(paragraph: string): FoundNumber[] {
  if (!/\p{Nd}{2}/u.test(paragraph)) return [];
  const text = latinDigits(paragraph.slice(0, longest));
  const never = neverNumbers(text);
  const rarely = rarelyNumbers(text);
  const found: FoundNumber[] = [];
  const look = (place: Place) => {
    if (!/\d{2}/.test(place.text) || meets(place, never)) return false;
    const number = read(place, text, found.at(-1), meets(place, rarely));
    if (number) found.push(number);
    return number !== null;
  };
  for (const { 0: whole, index } of text.matchAll(token))
    if (!look(place(whole, index))) groups(whole, index).forEach(look);
  return found;
}

type Place = Stretch & { text: string };

function place(text: string, from: number): Place {
  return { text, from, to: from + text.length };
}

/** The groups of digits of a token, each for itself. */
function groups(text: string, from: number): Place[] {
  if (!text.includes(' ')) return [];
  return [...text.matchAll(/\d+/g)].map((m) => place(m[0], from + m.index));
}

function meets(place: Stretch, others: Stretch[]): boolean {
  return others.some((other) => other.from < place.to && place.from < other.to);
}

function read(
  at: Place,
  text: string,
  last: FoundNumber | undefined,
  doubtful: boolean,
): FoundNumber | null {
  const head = text.slice(last?.to ?? 0, at.from);
  const follows = last?.sure && head.length < 24 && joins.test(head) ? last.kind : null;
  const said = follows ?? kindBefore(head);
  const hash = head.endsWith('#');
  if (said || hash)
    return isNamed(at.text, hash) ? { ...at, kind: said ?? 'other', sure: true } : null;
  if (doubtful) return null;
  const begins = beginnings.find(([pattern]) => pattern.test(at.text.replaceAll(' ', '')));
  if (begins && isNamed(at.text, false)) return { ...at, kind: begins[1], sure: true };
  return looksLikeOne(at.text) ? { ...at, kind: 'other', sure: false } : null;
}

function isNamed(text: string, hash: boolean): boolean {
  const digits = text.replaceAll(/\D/g, '');
  if (digits.length < 3 || text.replaceAll(/[^A-Za-z0-9]/g, '').length < 4) return false;
  return (hash || !isYear(text)) && !units.test(text) && !wordy(text);
}

/** Tells a number by its look alone: many digits, or letters and digits that make no word. */
function looksLikeOne(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  if (/[A-Za-z]/.test(text)) {
    const size = text.replaceAll(/[^A-Za-z0-9]/g, '').length;
    return size >= 6 && digits.length >= 3 && !isYear(digits) && !units.test(text) && !wordy(text);
  }
  if (digits.length < 7 || text.includes(' ') || text.startsWith('0')) return false;
  if (/^\d{5}-\d{3,4}$|^\d{3}-\d\d-\d{4}$/.test(text)) return false; // postal codes, persons
  if (text.split(/[-_/]/).every(isYear)) return false;
  return !isCompactDate(text);
}

/** Words that carry a digit: "password123", "Model-2026". */
function wordy(text: string): boolean {
  return /[a-z]{5,}|[A-Za-z]{11,}/.test(text);
}

function isCompactDate(text: string): boolean {
  const [, a = '', b = '', c = '', d = ''] = /^(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  return a !== '' && (isDate([a + b, c, d]) || isDate([a, b, c + d]));
}

/** Tells what a customer wrote; the report of a mail server is full of numbers. */
export function fromCustomer(m: Pick<MessageView, 'direction' | 'kind'>): boolean {
  return m.direction === 'in' && m.kind !== 'bounce';
}

/**
 * The numbers customers wrote, each once: what a word names first, and of
 * those the newest. Of one message an order comes before what else is named.
 */
export function numbersOf(messages: MessageView[], subject: string): FoundNumber[] {
  const texts = messages.filter(fromCustomer).map((m) => paragraphs(m.text));
  const byMessage = [[subject], ...texts].reverse().map((t) => t.flatMap(numbersIn));
  const orders = (n: FoundNumber) => Number(n.kind === 'order');
  const sorted = byMessage.map((all) => all.toSorted((a, b) => orders(b) - orders(a)));
  const all = [...sorted.flat().filter((n) => n.sure), ...sorted.flat().filter((n) => !n.sure)];
  const seen = new Set<string>();
  return all.filter(({ text }) => {
    const same = text.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase();
    return !seen.has(same) && seen.add(same);
  });
}
