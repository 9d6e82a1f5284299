/**
 * A text without the differences that people don't type when they look for
 * something: case, accents, vowel points, width, the kind of quote or dash, how
 * lines are broken. It keeps where each of its characters came from.
 */
export interface Plain {
  text: string;
  /** For each unit of `text`, where its original begins and ends. */
  from: readonly number[];
  to: readonly number[];
}

/** A piece of a text: from the first unit to before the last. */
export interface Stretch {
  from: number;
  to: number;
}

// The same differences as in the search of all mail (store/words/fold.go). Letters
// that carry their mark as a character of their own are one unit here: Hangul and
// kana, whose parts would match other letters.
const units =
  /\s+|[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]*|[\u3041-\u30ff\uff66-\uff9d][\u3099\u309a\uff9e\uff9f]?|[^]/gu;
const whole = /^[\u1100-\u11ff\u3041-\u30ff\uac00-\ud7a3\uff66-\uff9d]/;
// What is dropped. Indic vowel signs are letters and stay.
const marks: readonly [from: number, to: number][] = [
  [0x0300, 0x036f], // accents
  [0x0591, 0x05c7], // Hebrew points
  [0x0610, 0x061a], // Arabic signs
  [0x0640, 0x0640], // the lengthening stroke
  [0x064b, 0x065f], // Arabic vowels
  [0x0670, 0x0670],
  [0x06d6, 0x06ed], // Koranic signs
  [0x093c, 0x093c], // nukta
  [0x09bc, 0x09bc],
  [0x0a3c, 0x0a3c],
  [0x00ad, 0x00ad], // soft hyphen
  [0x200b, 0x200f], // joiners and signs of direction
  [0x202a, 0x202e],
  [0x2060, 0x2060],
  [0x2066, 0x2069],
  [0xfe00, 0xfe0f], // choice among glyphs
  [0xfeff, 0xfeff],
  [0xe0100, 0xe01ef],
];

const letters = new Map(
  [
    'ßss æae œoe øo łl đd ħh ıi þth ðd ςσ',
    'آا أا إا ٱا ىي یي ئي ؤو ةه کك ہه ھه',
    'ךכ םמ ןנ ףפ ץצ ँं',
    '‘\' ’\' ‚\' ‛\' ′\' “" ”" „" ‟" «" »" ″" ‐- ‑- ‒- –- —- −-',
  ]
    .flatMap((line) => line.split(' '))
    .map((pair) => [pair.slice(0, 1), pair.slice(1)]),
);
/** The noughts of the digits that are typed as 0 to 9 elsewhere. */
const noughts = [
  0x0660, 0x06f0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50,
  0xff10,
];

/** Makes a text plain. */
export function plain(text: string): Plain {
  if (/^[!-~]*(?: [!-~]+)*$/.test(text)) return asIs(text);
  let out = '';
  const from: number[] = [];
  const to: number[] = [];
  for (const { 0: unit, index } of text.matchAll(units)) {
    const folded = foldUnit(unit);
    const end = index + unit.length;
    // A mark that is dropped goes with the letter before it.
    if (folded === '' && to.length > 0) to[to.length - 1] = end;
    for (let i = 0; i < folded.length; i++) {
      from.push(index);
      to.push(end);
    }
    out += folded;
  }
  return { text: out, from, to };
}

function asIs(text: string): Plain {
  const from = Array.from({ length: text.length }, (_, i) => i);
  return { text: text.toLowerCase(), from, to: from.map((i) => i + 1) };
}

function foldUnit(unit: string): string {
  if (/^\s/.test(unit)) return ' ';
  if (whole.test(unit)) return unit.normalize('NFKC');
  // Before they are taken apart: what some letters are made of says less than the letter.
  const low = unit.toLowerCase();
  const known = letters.get(low) ?? digit(low);
  if (known !== undefined) return known;
  return Array.from(low.normalize('NFKD'), part).join('');
}

function part(c: string): string {
  const code = c.codePointAt(0) ?? 0;
  // Some signs stand for a space with a mark.
  if (/\s/.test(c) || marks.some(([from, to]) => code >= from && code <= to)) return '';
  const low = c.toLowerCase();
  return letters.get(low) ?? low;
}

function digit(unit: string): string | undefined {
  const code = unit.charCodeAt(0);
  const nought = noughts.find((n) => code >= n && code < n + 10);
  return nought === undefined ? undefined : String(code - nought);
}

/** Writes the digits of other scripts as 0 to 9; the text keeps its length. */
export function latinDigits(text: string): string {
  return text.replaceAll(/[\u0660-\uffff]/g, (c) => digit(c) ?? c);
}

/** Finds a plain text in another, from left to right; no two overlap. */
export function stretches(text: Plain, wanted: string): Stretch[] {
  const found: Stretch[] = [];
  if (wanted.trim() === '') return found;
  let end = 0;
  for (let i = text.text.indexOf(wanted); i >= 0; i = text.text.indexOf(wanted, i + 1)) {
    const from = text.from[i] ?? 0;
    const to = text.to[i + wanted.length - 1] ?? from;
    // One letter may have become two: it is found once.
    if (from < end) continue;
    found.push({ from, to });
    end = to;
  }
  return found;
}
