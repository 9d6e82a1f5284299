import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import english from '../../../i18n/locales/en.json';
import { direction, isolate } from './bidi';
import type { Catalogue } from './catalogue';
import { count, format, keyFor, locale, say, sayFailure, setLocale } from './index';
import { speak } from './words.svelte';

beforeEach(() => void vi.spyOn(navigator, 'languages', 'get').mockReturnValue([]));
afterEach(() => setLocale('en'));

describe('say', () => {
  test('fills placeholders and writes numbers as the locale does', async () => {
    expect(say('search.foundMore', { Count: 12345 })).toBe('the newest 12,345 messages');
    await setLocale('de');
    expect(say('search.foundMore', { Count: 12345 })).toBe('die neuesten 12.345 Nachrichten');
  });

  test('falls back to English, key by key', () => {
    speak('fr', { 'nav.inbox': 'Boîte' });
    expect(say('nav.inbox')).toBe('Boîte');
    expect(say('nav.outbox')).toBe('Outbox');
  });

  test('a locale without a catalogue speaks English', async () => {
    await setLocale('tlh');
    expect(locale()).toBe('en');
  });

  test('picks plural forms by the rules of the language', () => {
    expect(count('line.wait', 1)).toBe('1 reply waits');
    expect(count('line.wait', 3)).toBe('3 replies wait');
    speak('pl', {
      'line.wait': { one: '{{.Count}} a', few: '{{.Count}} b', many: '{{.Count}} c', other: 'd' },
    });
    expect([1, 2, 5].map((n) => count('line.wait', n))).toEqual(['1 a', '2 b', '5 c']);
  });

  test('tells the document its language and direction', async () => {
    speak('ar-XB', english);
    expect([document.documentElement.lang, document.documentElement.dir]).toEqual(['ar-XB', 'rtl']);
    await setLocale('de');
    expect([document.documentElement.lang, document.documentElement.dir]).toEqual(['de', 'ltr']);
  });

  test('a code that Go sends and no catalogue knows has words all the same', () => {
    expect(keyFor('op.reason', 'refused', 'op.say.needs_you')).toBe('op.reason.refused');
    expect(keyFor('op.reason', 'brand_new', 'op.say.needs_you')).toBe('op.say.needs_you');
    expect(keyFor('op.reason', '', 'op.say.needs_you')).toBe('op.say.needs_you');
    expect(sayFailure('brand_new')).toBe(say('error.internal'));
  });
});

describe('bidi', () => {
  test.each([
    ['ar', 'rtl'],
    ['he-IL', 'rtl'],
    ['fa', 'rtl'],
    ['ur-PK', 'rtl'],
    ['de', 'ltr'],
    ['uz-Latn', 'ltr'],
  ])('%s is %s', (tag, dir) => expect(direction(tag)).toBe(dir));

  test('isolates names of the other direction only', () => {
    expect(isolate('Anna', 'ltr')).toBe('Anna');
    expect(isolate('يعل', 'ltr')).toBe('\u2068يعل\u2069');
    expect(isolate('Anna', 'rtl')).toBe('\u2068Anna\u2069');
  });
});

describe('format', () => {
  const now = new Date(2026, 10, 18, 14, 9).getTime();
  const hours = (n: number) => n * 3_600_000;

  test('dates as short as they can be said', async () => {
    await setLocale('de');
    expect(format.shortDate(now - hours(2), now)).toBe('12:09');
    expect(format.shortDate(now - hours(24), now)).toBe('Di');
    expect(format.shortDate(now - hours(24 * 30), now)).toBe('19. Okt.');
    expect(format.shortDate(now - hours(24 * 400), now)).toContain('2025');
  });

  test.each([
    [30_000, '1 min'],
    [59 * 60_000, '59 min'],
    [hours(3.9), '3 h'],
    [hours(25), '1 day'],
    [hours(72), '3 days'],
  ])('waiting for %d ms is %s', (ms, text) => expect(format.duration(ms)).toBe(text));

  test.each([
    [4_000, '4 s'],
    [69 * 60_000, '1 h 9 min'],
    [hours(2), '2 h'],
  ])('exactly %d ms is %s', (ms, text) => expect(format.exactDuration(ms)).toBe(text));

  test.each([
    [0, '0 kB'],
    [12, '1 kB'],
    [212_000, '212 kB'],
    [1_250_000, '1.3 MB'],
    [25_000_000, '25 MB'],
  ])('%d bytes are %s', (n, text) => expect(format.bytes(n)).toBe(text));

  test('the last minute is just now', () => {
    expect(format.relative(now - 20_000, now)).toBe('just now');
    expect(format.relative(now + 20_000, now)).toContain('20');
  });

  test('what a mail calls a language need not be one', () => {
    expect(format.languageName('de')).toBe('German');
    expect(format.languageName('x y z')).toBe('x y z');
    expect(format.languageName('')).toBe('Language not known');
  });
});

test('a pseudo-locale a third longer fits every key', () => {
  speak('en-XA', longer(english));
  expect(say('nav.inbox').length).toBeGreaterThan('Inbox'.length * 1.35);
  expect(say('composer.toWhom', { Name: 'Ann' })).toContain('Ann');
});

function longer(catalogue: Catalogue): Catalogue {
  const stretch = (text: string) => `${text}${'~'.repeat(Math.ceil(text.length * 0.4))}`;
  return Object.fromEntries(
    Object.entries(catalogue).map(([key, message]) => [
      key,
      typeof message === 'object'
        ? (Object.fromEntries(
            Object.entries(message).map(([f, t]) => [f, stretch(t)]),
          ) as Catalogue[string])
        : stretch(message ?? ''),
    ]),
  );
}
