import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Catalogue, Message } from '../src/words/catalogue';

// Tests run in frontend/.
const folder = '../i18n/locales';
const locales = readdirSync(folder).map((file) => file.replace('.json', ''));
const read = (locale: string) =>
  JSON.parse(readFileSync(`${folder}/${locale}.json`, 'utf8')) as Catalogue;
const english = read('en');

function forms(message: Message | undefined): string[] {
  return typeof message === 'object' ? Object.values(message) : [message ?? ''];
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{\.(\w+)\}\}/g)].map((m) => m[1] ?? '').sort();
}

describe.each(locales)('catalogue %s', (locale) => {
  const catalogue = read(locale);

  test('has the keys of English', () => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(english).sort());
  });

  test('uses the placeholders of English', () => {
    for (const key of Object.keys(english)) {
      const wanted = [...new Set(forms(english[key]).flatMap(placeholders))].sort();
      for (const text of forms(catalogue[key])) {
        // A form for "one" may leave its number out.
        const got = placeholders(text).filter((p) => p !== 'Count');
        expect(got, `${key}: ${text}`).toEqual(wanted.filter((p) => p !== 'Count'));
      }
    }
  });

  test('has every plural form its language needs', () => {
    const needed = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    for (const [key, message] of Object.entries(catalogue)) {
      if (typeof message !== 'object') continue;
      for (const form of needed) expect(message, key).toHaveProperty(form);
    }
  });

  test('says nothing an agent would not say', () => {
    const never =
      /\b(op|claim|identity|reconciled|guard|uncertain|wire|seed|encrypted|failed)\b|κ/i;
    for (const [key, message] of Object.entries(catalogue)) {
      if (key.startsWith('cli.')) continue;
      for (const text of forms(message)) expect(text, key).not.toMatch(never);
    }
  });
});

test('every kind of error of Go has a sentence', () => {
  const source = readFileSync('../store/desk/error.go', 'utf8');
  const kinds = [...source.matchAll(/Kind = "(\w+)"/g)].map((m) => m[1]);
  expect(kinds.length).toBeGreaterThan(10);
  for (const kind of kinds) expect(english).toHaveProperty([`error.${kind}`]);
});

test('every reason of an op has a sentence', () => {
  const source = readFileSync('../store/desk/op.go', 'utf8');
  const reasons = [...source.matchAll(/Reason = "(\w+)"/g)].map((m) => m[1]);
  expect(reasons.length).toBeGreaterThan(8);
  for (const reason of reasons) expect(english).toHaveProperty([`op.reason.${reason}`]);
});

test('every warning about a mail has a sentence', () => {
  const source = ['doc', 'trust']
    .map((name) => readFileSync(`../app/mailtext/${name}.go`, 'utf8'))
    .join();
  const codes = [...source.matchAll(/Warn\w+\s+= "(\w+)"/g)].map((m) => m[1]);
  expect(codes.length).toBeGreaterThan(3);
  for (const code of codes) expect(english).toHaveProperty([`message.warning.${code}`]);
});

test('every reason why a mail did not arrive has a sentence', () => {
  const source = readFileSync('../store/desk/delivery.go', 'utf8');
  const codes = [...source.matchAll(/Delivery(?:Action|Reason) = "(\w+)"/g)].map((m) => m[1]);
  const failed = codes.filter((code) => code !== 'failed');
  expect(failed.length).toBeGreaterThan(12);
  for (const code of failed) expect(english).toHaveProperty([`delivery.${code}`]);
});
