import { render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallError } from '../src/bridge/failure';
import { againMs } from '../src/state/carry';
import { copyNumber } from '../src/state/copying';
import { pieces } from '../src/state/pieces';
import Root from '../src/views/Root.svelte';
import { idOf, settled, startDesk } from './desk';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function reading(...texts: string[]) {
  const started = await startDesk();
  const id = idOf(started.fake, 'Giulia Romano');
  await started.desk.open(id);
  for (const text of texts) started.fake.arrive(id, text);
  await settled(50);
  const copied = () =>
    started.fake.calls.filter((c) => c.startsWith('Copy ')).map((c) => c.slice(5));
  return { ...started, copied };
}

test('one number after another is copied, and a notice says which', async () => {
  const { desk, copied } = await reading('Ordine 48151', 'Fattura 2026/77 per ordine 48152');
  await copyNumber(desk);
  expect(desk.notices.list.map((n) => n.text)).toEqual(['Order number 48152 copied']);
  await copyNumber(desk);
  await copyNumber(desk);
  await copyNumber(desk);
  expect(copied()).toEqual(['48152', '2026/77', '48151', '48152']);
  expect(desk.notices.list).toHaveLength(1);
});

test('after a while it begins with the likeliest again, and in another conversation', async () => {
  const { desk, fake, copied } = await reading('Ordine 48151 e 48152');
  await copyNumber(desk);
  await settled(againMs + 1);
  await copyNumber(desk);
  expect(copied()).toEqual(['48151', '48151']);
  await desk.open(idOf(fake, 'نورة الحربي'));
  await copyNumber(desk);
  expect(copied().at(-1)).toBe('BP-20419');
});

test('where there is none it says so and leaves the clipboard alone', async () => {
  const { desk, copied } = await reading();
  await copyNumber(desk);
  expect(copied()).toEqual([]);
  expect(desk.notices.list[0]?.text).toBe('No order number was found here.');
});

test('a clipboard that refuses is no copy', async () => {
  const { desk } = await startDesk('', (bridge) => ({
    ...bridge,
    copy: () => Promise.reject(new CallError('internal', 'copy')),
  }));
  await desk.open(desk.list.rows.find((r) => r.customer.name === 'Siobhán Ó Conchúir')?.id ?? '');
  await copyNumber(desk);
  expect(desk.notices.list.map((n) => n.tone)).toEqual(['care']);
});

test('numbers are marked in what customers wrote, and in nothing else', async () => {
  const { desk, fake, hand } = await reading('Ordine 48151');
  render(Root, { hand });
  await settled();
  const marked = () => Array.from(document.querySelectorAll('.number'), (e) => e.textContent);
  expect(marked()).toEqual(['48151']);
  expect(screen.getByText('48151').closest('button')).toBeNull();
  await desk.open(fake.ops[0]?.conversation ?? '');
  await settled();
  expect(marked()).toEqual([]);
});

test('pieces joined are the paragraph again', () => {
  const text = 'Order 48151 (https://example.com/48152), 100234567.';
  const all = pieces(text, true);
  expect(all.map((p) => p.text).join('')).toBe(text);
  expect(all.filter((p) => p.number).map((p) => p.text)).toEqual(['48151', '100234567']);
  expect(pieces(text, false).some((p) => p.number)).toBe(false);
});
