import { describe, expect, test } from 'vitest';
import { offersAt, take } from './operators';

const nameOf = (tag: string) => new Intl.DisplayNames('de', { type: 'language' }).of(tag) ?? tag;

/** What is offered where | stands. */
function offered(typed: string) {
  const caret = typed.indexOf('|');
  return offersAt(typed.replace('|', ''), caret, nameOf);
}

const texts = (typed: string) => offered(typed).all.map((o) => `${o.operator}:${o.value}`);

describe('what is offered', () => {
  test.each([
    ['f|', ['from:']],
    ['refund S|', ['subject:']],
    ['-l|', ['label:', 'lang:']],
    ['has|', ['has:']],
    ['|', []],
    ['refund |', []],
    ['fr|om', []],
    ['parcel|', []],
    ['"f|', []],
    ['„f|', []],
    ['"a b" f|', ['from:']],
    ['has:|', ['has:file', 'has:picture']],
    ['HAS：p|', ['has:picture']],
    ['has:file|', []],
    ['-is:s|', ['is:snoozed', 'is:spam']],
    ['is:x|', []],
    ['before:t|', ['before:today']],
    ['after:2|', []],
    ['from:m|', []],
    ['lang:de|', []],
    ['lang:fran|', ['lang:fr']],
    ['http:|', []],
    ['constructor:|', []],
  ])('%s', (typed, want) => expect(texts(typed)).toEqual(want));

  test('is a list short enough to be read', () => {
    expect(texts('lang:|').length).toBeLessThan(10);
    expect(texts('is:|')).toHaveLength(8);
  });
});

describe('an offer that is taken', () => {
  test.each([
    ['refund f|', 'refund from:|'],
    ['-h| x', '-has:| x'],
    ['is:w|', 'is:waiting |'],
    ['-is:o| refund', '-is:open |refund'],
    ['lang:fran|', 'lang:fr |'],
  ])('%s', (typed, want) => {
    const caret = typed.indexOf('|');
    const offers = offered(typed);
    const taken = take(typed.replace('|', ''), caret, offers, offers.all[0]!);
    expect(`${taken.text.slice(0, taken.caret)}|${taken.text.slice(taken.caret)}`).toBe(want);
  });
});
