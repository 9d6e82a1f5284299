import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { putAway, snooze, undoLast, type Away } from '../src/state/standing';
import { undoMs } from '../src/state/steps';
import { idOf, settled, startDesk } from './desk';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function opened(name = 'Giulia Romano') {
  const all = await startDesk();
  const id = idOf(all.fake, name);
  await all.desk.open(id);
  return { ...all, id, status: () => all.fake.view(id).row.status };
}

describe.each<Away>(['done', 'spam', 'bin'])('%s', (away) => {
  test('opens the next, and its button undoes it', async () => {
    const { desk, id, status } = await opened();
    const next = desk.next(id);
    await putAway(desk, away);
    await settled();
    expect(status()).toBe(away);
    expect(desk.conversation.id).toBe(next);
    expect(desk.list.index(id)).toBe(-1);
    desk.notices.list.at(-1)?.act?.run();
    await settled();
    expect(status()).toBe('open');
    expect(desk.list.index(id)).toBeGreaterThanOrEqual(0);
    expect(desk.notices.list).toHaveLength(0);
  });

  test('lies in its view, and comes back from there', async () => {
    const { desk, id, status } = await opened();
    await putAway(desk, away);
    await desk.showView(away);
    expect(desk.list.index(id)).toBeGreaterThanOrEqual(0);
    await desk.open(id);
    await putAway(desk, away);
    await settled();
    expect(status()).toBe('open');
    expect(desk.list.index(id)).toBe(-1);
  });
});

describe('snoozed', () => {
  test('stands in its view until its time, and undoing goes back to it', async () => {
    const { desk, fake, id, status } = await opened();
    const next = desk.next(id);
    const until = Date.now() + 3_600_000;
    await snooze(desk, until);
    await settled();
    expect(status()).toBe('snoozed');
    expect(desk.conversation.id).toBe(next);
    expect(desk.counts?.snoozed).toBe(1);
    await desk.showView('snoozed');
    await desk.open(id);
    await snooze(desk, 0);
    await settled();
    expect(status()).toBe('open');
    expect(desk.list.index(id)).toBe(-1);
    undoLast(desk);
    await settled();
    expect(fake.view(id).row).toMatchObject({ status: 'snoozed', snoozedUntil: until });
    await desk.open(id);
    await snooze(desk, until + 1);
    await settled();
    expect(desk.list.index(id)).toBeGreaterThanOrEqual(0);
    expect(fake.view(id).row.snoozedUntil).toBe(until + 1);
  });
});

describe('undoing by key', () => {
  test('goes back step by step, the newest first', async () => {
    const { desk, hand, id, status } = await opened();
    const second = desk.next(id);
    await putAway(desk, 'spam');
    await settled();
    await putAway(desk, 'bin');
    await settled();
    const of = (conversation: string) =>
      desk.bridge.inbox.open(conversation).then((v) => v.row.status);
    const key = hand.actions.find((a) => a.keys.includes('mod+z'));
    key?.run();
    await settled();
    const binned = of(second);
    await settled();
    expect([await binned, status()]).toEqual(['open', 'spam']);
    key?.run();
    await settled();
    expect(status()).toBe('open');
    expect(key?.when()).toBe(false);
  });

  test('is over after its time', async () => {
    const { desk, status } = await opened();
    await putAway(desk, 'bin');
    await settled(undoMs + 1_000);
    undoLast(desk);
    await settled();
    expect(status()).toBe('bin');
    expect(desk.notices.list).toHaveLength(0);
  });
});
