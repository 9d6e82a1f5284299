import { describe, expect, test } from 'vitest';
import type { AccountView, MessageView } from '../bridge/types';
import { readAddresses, writeAddresses } from './addresses';
import { foldedBefore } from './conversation.svelte';
import { onlyMine } from './difference';
import { Latch } from './latch';
import { gaps, summarize } from './line.svelte';
import { links } from './links';
import { pieces } from './search.svelte';
import { bestLocale } from './settings.svelte';
import { canTakeBack, undoLeft, undoSeconds } from './undo';

describe('addresses', () => {
  test.each([
    ['a@b.example', [['', 'a@b.example']]],
    ['Ann Lee <a@b.example>', [['Ann Lee', 'a@b.example']]],
    [
      'a@b.example, c@d.example; e@f.example',
      [
        ['', 'a@b.example'],
        ['', 'c@d.example'],
        ['', 'e@f.example'],
      ],
    ],
    ['"Lee, Ann" <a@b.example>', [['Lee, Ann', 'a@b.example']]],
    ['佐藤 美咲 <misaki@例え.jp>', [['佐藤 美咲', 'misaki@例え.jp']]],
    [' , ,', []],
  ])('%s', (text, people) => {
    const read = readAddresses(text);
    expect(read.people.map((p) => [p.name, p.address])).toEqual(people);
    expect(read.wrong).toEqual([]);
    expect(readAddresses(writeAddresses(read.people)).people).toEqual(read.people);
  });

  test.each(['Ann', 'a@b', 'a b@c.example', '<>', '@x.example'])('%s is no address', (text) => {
    expect(readAddresses(text).wrong).toEqual([text]);
  });
});

describe('links', () => {
  const found = (text: string) =>
    links(text)
      .filter((l) => l.url)
      .map((l) => l.url);

  test.each([
    ['see https://a.example/b?c=1.', ['https://a.example/b?c=1']],
    ['(https://a.example)', ['https://a.example']],
    ['https://a.example/x_(y)', ['https://a.example/x_(y)']],
    ['„https://a.example“', ['https://a.example']],
    ['write to help@a.example, please', ['mailto:help@a.example']],
    ['javascript:alert(1) file:///etc/passwd data:text/html,x', []],
    ['3.11 and 84.90', []],
  ])('%s', (text, urls) => expect(found(text)).toEqual(urls));

  test('loses no letter', () => {
    const text = 'a https://b.example/c, d e@f.example!';
    expect(
      links(text)
        .map((l) => l.text)
        .join(''),
    ).toBe(text);
  });
});

describe('onlyMine', () => {
  test('marks facts that only the own text holds', () => {
    const mine = 'Sign in at konto.birkpay.example by 24.11.; €84.90 comes back.';
    const marked = onlyMine(mine, 'It comes back: €84.90.')
      .filter((p) => p.hit)
      .map((p) => p.text);
    expect(marked).toEqual(['konto.birkpay.example', expect.stringContaining('24.11')]);
  });

  test('loses no letter', () => {
    const mine = 'a 1, b 2 c.';
    expect(
      onlyMine(mine, '')
        .map((p) => p.text)
        .join(''),
    ).toBe(mine);
  });
});

describe('pieces of a snippet', () => {
  test.each([
    ['no marks', [['no marks', false]]],
    [
      '\u0002one\u0003 two',
      [
        ['one', true],
        [' two', false],
      ],
    ],
    [
      'a \u0002b\u0003 \u0002c\u0003',
      [
        ['a ', false],
        ['b', true],
        [' ', false],
        ['c', true],
      ],
    ],
    [
      'open \u0002end',
      [
        ['open ', false],
        ['end', true],
      ],
    ],
    ['', []],
  ])('%j', (snippet, expected) => {
    expect(pieces(snippet).map((p) => [p.text, p.hit])).toEqual(expected);
  });
});

describe('folding', () => {
  const messages = (n: number) =>
    Array.from({ length: n }, (_, i) => ({ id: String(i) }) as MessageView);

  test.each([
    ['few messages stay open', 4, '', 0],
    ['of many the newest three', 40, '', 37],
    ['from the first unread on', 40, '30', 30],
    ['never less than three', 40, '39', 37],
  ])('%s', (_, n, unread, end) => expect(foldedBefore(messages(n), unread)).toBe(end));
});

describe('the line', () => {
  const account = (part: Partial<AccountView>): AccountView => ({
    id: '1',
    name: '',
    address: '',
    kind: 'mail',
    state: 'ok',
    line: 'answered',
    answeredAt: 50,
    lostAt: 0,
    retryAt: 0,
    problem: '',
    importing: false,
    budget: 0,
    used: 0,
    spent: false,
    textOnly: false,
    horizon: 90,
    reach: 0,
    toGo: 0,
    alerts: [],
    ...part,
  });

  test.each<[string, AccountView[], unknown]>([
    ['no account', [], { state: 'unknown' }],
    ['never answered', [account({ line: 'looking', answeredAt: 0 })], { state: 'looking' }],
    ['answered', [account({})], { state: 'answered', at: 50 }],
    [
      'checking again after an answer',
      [account({ line: 'looking' })],
      { state: 'answered', at: 50 },
    ],
    [
      'one of two is lost',
      [account({}), account({ line: 'lost', lostAt: 40 })],
      { state: 'lost', since: 40 },
    ],
    [
      'sign-in comes first',
      [account({ line: 'lost' }), account({ state: 'sign_in' })],
      { state: 'sign_in' },
    ],
  ])('%s', (_, accounts, summary) => expect(summarize(accounts)).toEqual(summary));

  test('gaps are counted and added', () => {
    const strokes = [
      { from: 0, to: 10, answered: true },
      { from: 10, to: 14, answered: false },
      { from: 14, to: 20, answered: true },
      { from: 20, to: 23, answered: false },
    ];
    expect(gaps(strokes)).toEqual({ count: 2, length: 7 });
  });
});

describe('taking back', () => {
  test('the ring empties from its beginning to its end', () => {
    const op = { createdAt: 1_000, undoUntil: 11_000 };
    expect([0, 1_000, 6_000, 11_000, 20_000].map((now) => undoLeft(op, now))).toEqual([
      1, 1, 0.5, 0, 0,
    ]);
    expect(undoSeconds(op, 10_400)).toBe(1);
  });

  test.each([
    ['queued', true],
    ['sending', false],
    ['uncertain', false],
    ['sent', false],
    ['held', false],
  ] as const)('%s: %s', (state, can) => expect(canTakeBack({ state, kind: 'reply' })).toBe(can));
});

test.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'de'], 'de'],
  [['ja'], 'en'],
])('%j speaks %s', (wanted, locale) => expect(bestLocale(wanted, ['en', 'de'])).toBe(locale));

test('a latch answers any number of wishes during a read with one more read', async () => {
  const ends: (() => void)[] = [];
  let reads = 0;
  const latch = new Latch(() => (reads++, new Promise((resolve) => ends.push(resolve))));
  const done = latch.wish();
  void latch.wish();
  void latch.wish();
  ends.shift()?.();
  await Promise.resolve();
  await Promise.resolve();
  expect(reads).toBe(2);
  ends.shift()?.();
  await done;
  expect(reads).toBe(2);
});
