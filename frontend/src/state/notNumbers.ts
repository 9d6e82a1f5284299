import type { Stretch } from './plain';

// What looks like the number of an order and is none. All patterns begin where no
// digit stands before, so that a line of a hundred thousand digits costs no more
// than one of words.

const currency =
  '€|\\$|£|¥|₹|₽|₴|zł|EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|HUF|TRY|BRL|INR|JPY|Euros?|Dollars?|kr|Kč|Ft|TL|руб|ريال|円|元|원';
const elsewhere =
  /(?:https?:\/\/|www\.|mailto:)\S+|(?<!\S)\S+@\S+|(?<!\S)\S+\.(?:jpe?g|png|gif|heic|pdf|docx?|xlsx?|zip|mp4)\b/giu;
const amounts = new RegExp(
  [
    `(?<![\\p{L}\\d])(?:${currency})[\\s\u00a0]?\\d(?:[\\d.,'’\u00a0]*\\d)?`,
    `(?<![\\p{L}\\d.,'’-])\\d(?:[\\d.,'’\u00a0]*\\d)?\\s?(?:${currency})(?!\\p{L})`,
    `(?<![\\p{L}\\d.,'’-])\\d{1,3}(?:[.,'’]\\d{3})+(?:[.,]\\d{1,2})?(?![\\d-])`,
    `(?<![\\p{L}\\d.,'’-])\\d+[.,]\\d{1,2}(?![\\d-])`,
  ].join('|'),
  'giu',
);
const dates =
  /(?<![\p{L}\d-])(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?![\d-])|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)/gu;
const ibans =
  /(?<![\p{L}\d])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\p{L}\d])/gu;
const phones = new RegExp(
  [
    '(?<![\\p{L}\\d])\\+\\d[\\d\\s()/.-]{6,20}',
    '(?<![\\p{L}\\d])00[1-9]\\d[\\d\\s/-]{6,13}(?!\\d)',
    '\\(0\\d{1,5}\\)[\\d\\s/-]{4,15}',
    '(?<![\\p{L}\\d-])0\\d{1,5}[\\s/-]\\d[\\d\\s/-]{3,14}',
    '(?<![\\p{L}\\d-])\\(?\\d{3}\\)?[ .-]\\d{3}[ .-]\\d{4}(?![\\d-])',
    '(?<!\\p{L})(?:tel|telefon\\p{L}*|phone|mobile?|handy\\p{L}*|fax|cell|whatsapp|móvil|هاتف|جوال|телефон)[\\s.:]*[\\d\\s()+/-]{6,25}',
  ].join('|'),
  'giu',
);
const cards = /(?<![\p{L}\d-])[2-6]\d{3}(?:[ -]?\d{3,6}){2,4}(?![\d-])/gu;

/** Addresses, amounts, dates and bank accounts: no word before makes a number of them. */
export function neverNumbers(text: string): Stretch[] {
  return [
    ...all(text, elsewhere),
    ...all(text, amounts),
    ...all(text, dates, (m) => m[2] === undefined || isDate([m[1], m[3], m[4]].map(String))),
    ...all(text, ibans, (m) => isIban(m[0], text.slice(Math.max(0, m.index - 8), m.index))),
  ];
}

/** Numbers of telephones and cards, which look like those of parcels. */
export function rarelyNumbers(text: string): Stretch[] {
  return [...all(text, phones), ...all(text, cards, (m) => isCard(m[0]))];
}

function all(
  text: string,
  pattern: RegExp,
  counts: (m: RegExpExecArray) => boolean = () => true,
): Stretch[] {
  return [...text.matchAll(pattern)]
    .filter(counts)
    .map((m) => ({ from: m.index, to: m.index + m[0].length }));
}

/** Three numbers that can be a day, in any order that people write. */
export function isDate(parts: string[]): boolean {
  const [a = 0, b = 0, c = 0] = parts.map(Number);
  const year = (text = '') => isYear(text) || /^\d\d$/.test(text);
  const day = (d: number, m: number) => d >= 1 && d <= 31 && m >= 1 && m <= 12;
  return (isYear(parts[0] ?? '') && day(c, b)) || (year(parts[2]) && (day(a, b) || day(b, a)));
}

/** A year somebody may write about. */
export function isYear(text: string): boolean {
  return /^(?:19|20)\d\d$/.test(text);
}

/** The sum over an account's number is 1 (ISO 7064, mod 97-10); groups of four are enough to see it. */
function isIban(text: string, before: string): boolean {
  if (/IBAN[\s.:]*$/i.test(before) || /^\w{4}(?: \w{4}){3}/.test(text)) return true;
  const turned = text.slice(4) + text.slice(0, 4);
  let rest = 0;
  for (const c of turned)
    for (const d of String(parseInt(c, 36))) rest = (rest * 10 + Number(d)) % 97;
  return rest === 1;
}

/** Whether the check digit of a card is right (ISO/IEC 7812-1, Luhn). */
function isCard(text: string): boolean {
  const digits = Array.from(text.replaceAll(/\D/g, ''), Number).reverse();
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = digits.reduce((s, d, i) => s + (i % 2 === 0 ? d : d * 2 - (d > 4 ? 9 : 0)), 0);
  return sum % 10 === 0;
}
