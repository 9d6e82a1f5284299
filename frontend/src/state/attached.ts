import { attachedWords } from './attachedWords';

/** A sentence ends at its sign before a space; Chinese and Japanese have none. */
const sentence = /\S.*?(?:[.!?؟।]+(?=\s)|[。！？]|$)/gu;

/**
 * The first sentence of a text that says something is attached, "" for none. In
 * whatever language: agents answer in several, and mix them in one mail.
 */
export function attachedSentence(text: string): string {
  const sentences = text.split('\n').flatMap((line) => line.match(sentence) ?? []);
  return sentences.find(saysAttached)?.trim() ?? '';
}

// Marks that a writer may leave out: accents, vowel signs of Arabic and Hebrew,
// the dot below of Indic letters. Other marks of Indic scripts and Thai are vowels.
const leftOut = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u093c\u09bc\u0640]/g;

// prettier-ignore
const alike: Record<string, string> = {
  ß: 'ss', æ: 'ae', ø: 'o', œ: 'oe', ł: 'l', đ: 'd', ı: 'i', ς: 'σ',
  ي: 'ی', ى: 'ی', ك: 'ک', ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ',
  '״': '"', '“': '"', '”': '"', '„': '"',
};
const alikes = new RegExp(`[${Object.keys(alike).join('')}]`, 'g');

/** One spelling of what people write in several. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(leftOut, '')
    .normalize('NFC')
    .replace(alikes, (c) => alike[c] ?? c)
    .replace(/(\p{Script=Arabic})\u200c/gu, '$1 ') // Persian writes it between parts of a word
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[\s\p{Pd}'’]+/gu, ' ');
}

let says: RegExp | undefined;
let but: RegExp | undefined;

function saysAttached(text: string): boolean {
  const line = folded(text);
  says ??= phrases('says');
  but ??= phrases('but');
  const others = [...line.matchAll(but)].map(spanOf);
  return [...line.matchAll(says)].map(spanOf).some((s) => !others.some((o) => covers(o, s)));
}

/** What begins before it and reaches into it has another meaning; of two that begin together the longer counts. */
function covers(other: Span, said: Span): boolean {
  if (other.from > said.from || other.to <= said.from) return false;
  return other.from < said.from || other.to >= said.to;
}

interface Span {
  from: number;
  to: number;
}

function spanOf(match: RegExpMatchArray): Span {
  const from = (match.index ?? 0) + (match[1] ?? '').length;
  return { from, to: (match.index ?? 0) + match[0].length };
}

const letter = '[\\p{L}\\p{M}\\p{N}]';

/** All languages' phrases in one expression, the longest first; group 1 is what stands before a word. */
function phrases(part: 'says' | 'but'): RegExp {
  const of = (joined: boolean) =>
    Object.values(attachedWords)
      .filter((words) => (words.joined ?? false) === joined)
      .flatMap((words) => words[part]?.split('|') ?? [])
      .map((phrase) => folded(phrase).trim())
      .sort((a, b) => b.length - a.length)
      .map((phrase) => phrase.replace(/[.+?^$(){}[\]\\]/g, '\\$&').replaceAll('*', `${letter}*`))
      .join('|');
  return new RegExp(`(^|[^\\p{L}\\p{M}\\p{N}])(?:${of(false)})(?!${letter})|${of(true)}`, 'gu');
}
