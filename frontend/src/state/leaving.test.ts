import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { idOf, settled, startDesk } from '../../tests/desk';
import { reply } from './work';

// What happens when a person closes the window.

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const closed = (calls: string[]) => calls.filter((c) => c === 'Window.Close').length;

async function closing(scenes: string) {
  const started = await startDesk(scenes);
  const begin = () => void started.desk.leaving.begin();
  return { ...started, begin };
}

test('closes at once when nothing waits', async () => {
  const { desk, fake, begin } = await closing('empty');
  begin();
  await settled(1_000);
  expect(desk.leaving.question).toBeNull();
  expect(closed(fake.calls)).toBe(1);
});

test('says how many replies are here, and how many of them leave later', async () => {
  const { desk, fake, begin } = await closing('timed');
  begin();
  await settled(1_000);
  expect(desk.leaving.question?.view).toMatchObject({ replies: 4, later: 1 });
  expect(closed(fake.calls)).toBe(0);
  desk.leaving.cancel();
  begin();
  await settled(1_000);
  await desk.leaving.stay();
  expect(fake.calls.at(-1)).toBe('Window.Stay');
  expect(desk.leaving.question).toBeNull();
});

test('asks nobody when the computer wants the program to end', async () => {
  const { desk, fake, begin } = await closing('ending');
  begin();
  await settled(1_000);
  expect(desk.leaving.question).toBeNull();
  expect(closed(fake.calls)).toBe(1);
});

test('saves what is typed while it closes', async () => {
  const { desk, fake, begin } = await closing('');
  fake.ops = [];
  const id = idOf(fake, 'Chloé Marchand');
  await desk.open(id);
  await reply(desk);
  desk.composer.draft?.edit({ text: 'B' });
  begin();
  for (const text of ['Bo', 'Bon', 'Bonj', 'Bonjour']) {
    await settled(100);
    desk.leaving.typed();
    desk.composer.draft?.edit({ text });
    expect(closed(fake.calls)).toBe(0);
  }
  await settled(1_000);
  expect(fake.view(id).draft.text).toBe('Bonjour');
  expect(closed(fake.calls)).toBe(1);
});

test('does not lose what could not be saved without saying so', async () => {
  const { desk, fake, begin } = await closing('full');
  fake.ops = [];
  await desk.open(idOf(fake, 'Chloé Marchand'));
  await reply(desk);
  desk.composer.draft?.edit({ text: 'Bonjour' });
  begin();
  await settled(1_000);
  expect(desk.leaving.question).toMatchObject({ unsaved: true, view: { replies: 0 } });
  expect(closed(fake.calls)).toBe(0);
  await desk.leaving.close();
  expect(closed(fake.calls)).toBe(1);
});

test('closes when the store never opened', async () => {
  const { fake, begin } = await closing('stopped');
  begin();
  await settled(1_000);
  expect(closed(fake.calls)).toBe(1);
});
