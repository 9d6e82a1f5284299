import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rowHeights } from '../src/views/measures.svelte';

// What the house style asks of the sources themselves.

// Tests run in frontend/.
const root = 'src';
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.(svelte|ts|css)$/.test(file) && !file.includes('wailsjs'),
);
const source = (file: string) => readFileSync(`${root}/${file}`, 'utf8');
const styleOf = (file: string) => /<style>([\s\S]*)<\/style>/.exec(source(file))?.[1] ?? '';

describe.each(files.filter((f) => f.endsWith('.svelte')))('%s', (file) => {
  test('takes its colours from the tokens', () => {
    expect(styleOf(file)).not.toMatch(/#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/i);
  });

  test('uses logical properties, so that it mirrors', () => {
    const physical =
      /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|(?:min-|max-)?(?:width|height)|text-align:\s*(?:left|right)|float)\b[^;{]*[:;]/m;
    const rules = styleOf(file)
      .replaceAll(/@media[^{]+/g, '')
      .replaceAll(/\/\*[\s\S]*?\*\//g, '');
    expect(rules).not.toMatch(physical);
  });
});

test('every key of English is used', () => {
  const all = files.map(source).join('\n');
  const built = [...all.matchAll(/`([\w.]+)\.\$\{/g), ...all.matchAll(/keyFor\('([\w.]+)'/g)].map(
    (m) => `${m[1]}.`,
  );
  const english = JSON.parse(readFileSync('../i18n/locales/en.json', 'utf8')) as Record<
    string,
    unknown
  >;
  const unused = Object.keys(english).filter(
    (key) =>
      !key.startsWith('cli.') &&
      !all.includes(`'${key}'`) &&
      !built.some((start) => key.startsWith(start)),
  );
  expect(unused).toEqual([]);
});

test('the list reckons with the row heights of the tokens', () => {
  const heights = [...source('styles/tokens.css').matchAll(/--h-row: (\d+)px/g)].map((m) =>
    Number(m[1]),
  );
  expect(heights).toEqual([rowHeights.tall, rowHeights.short]);
});

test('no file is longer than 400 lines', () => {
  const long = files.filter((file) => source(file).split('\n').length > 400);
  expect(long).toEqual([]);
});
