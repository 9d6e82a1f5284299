import { describe, expect, test } from 'vitest';
import { plain, stretches } from './plain';

/** What of the text is found, as it is written there. */
function found(text: string, wanted: string): string[] {
  return stretches(plain(text), plain(wanted).text).map((s) => text.slice(s.from, s.to));
}

describe('what people type finds what is written', () => {
  test.each([
    ['case', 'The ORDER and the order', 'Order', ['ORDER', 'order']],
    ['accents', 'Élodie a déjà payé', 'deja', ['déjà']],
    ['accents that are typed and not written', 'deja', 'déjà', ['deja']],
    ['an accent of its own, which goes with its letter', 'cafe\u0301 noir', 'cafe', ['cafe\u0301']],
    ['ß and ss', 'Straße, STRASSE', 'strasse', ['Straße', 'STRASSE']],
    ['ss and ß', 'Strasse, Straße, STRAẞE', 'straße', ['Strasse', 'Straße', 'STRAẞE']],
    ['one half of ß, once', 'Straße', 's', ['S', 'ß']],
    ['letters without parts', 'Łódź, Ørsted', 'lodz', ['Łódź']],
    ['Turkish I', 'İSTANBUL ısı', 'istanbul', ['İSTANBUL']],
    ['wide letters and digits', 'ＢＰ－７７１', 'bp-771', ['ＢＰ－７７１']],
    ['a letter that is two', 'eﬃcient', 'ffi', ['ﬃ']],
    [
      'line breaks and spaces that do not break',
      'order\n  number\u00a04711',
      'order number 4711',
      ['order\n  number\u00a04711'],
    ],
    ['quotes and dashes', 'don’t – „wait“', 'don\'t - "wait"', ['don’t – „wait“']],
    ['soft hyphens', 'Rück\u00adsendung', 'rucksendung', ['Rück\u00adsendung']],
    ['Arabic vowels and the lengthening stroke', 'مُحَمَّد رقـــم', 'رقم', ['رقـــم']],
    ['Arabic vowels', 'مُحَمَّد', 'محمد', ['مُحَمَّد']],
    ['kinds of alef', 'أحمد إلى', 'احمد', ['أحمد']],
    ['Hebrew points', 'שָׁלוֹם', 'שלום', ['שָׁלוֹם']],
    ['Hebrew letters at the end of a word', 'שלום', 'שלומ', ['שלום']],
    ['Arabic digits', 'الطلب ٢٠٤١٩', '20419', ['٢٠٤١٩']],
    ['Greek at the end of a word', 'ΟΔΥΣΣΕΥΣ', 'οδυσσευς', ['ΟΔΥΣΣΕΥΣ']],
    [
      'Hangul, however it is stored',
      '\u1112\u1161\u11ab\u1100\u1173\u11af',
      '한글',
      ['\u1112\u1161\u11ab\u1100\u1173\u11af'],
    ],
    ['half-wide kana', 'ｶﾞｿﾘﾝ', 'ガソリン', ['ｶﾞｿﾘﾝ']],
    ['a sign outside the basic plane', '👍🏽 Danke', 'danke', ['Danke']],
  ])('%s', (_, text, wanted, all) => {
    expect(found(text, wanted)).toEqual(all);
  });

  test.each([
    ['a letter is not its sound mark', 'が', 'か'],
    ['a syllable is not another that begins alike', '한', '하'],
    ['an Indic vowel is a letter', 'की', 'क '],
    ['spaces alone', 'a b c', '  '],
    ['nothing', 'a', ''],
    ['more than there is', 'ab', 'abc'],
  ])('but %s', (_, text, wanted) => {
    expect(found(text, wanted)).toEqual([]);
  });
});

test('what is found does not overlap', () => {
  expect(found('aaaa', 'aa')).toEqual(['aa', 'aa']);
});

test('every unit knows its original, also where the text is plain already', () => {
  for (const text of ['plain text', 'Straße\n\nﬃ', 'אָ b']) {
    const made = plain(text);
    expect(made.from).toHaveLength(made.text.length);
    expect(made.to).toHaveLength(made.text.length);
    expect(made.to.at(-1)).toBe(text.length);
  }
});
