import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bridge } from '../src/bridge';
import { idOf, settled, startDesk } from './desk';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('starting', () => {
  test('subscribes before it reads', async () => {
    const order: string[] = [];
    await startDesk('', (bridge) => ({
      ...bridge,
      onChanged: (listener) => (order.push('subscribe'), bridge.onChanged(listener)),
      settings: { ...bridge.settings, get: () => (order.push('read'), bridge.settings.get()) },
    }));
    expect(order[0]).toBe('subscribe');
    expect(order).toContain('read');
  });

  test('a store that cannot be opened leaves a reason and a way on', async () => {
    const { desk, fake } = await startDesk('stopped');
    expect(desk.settings.failure?.kind).toBe('locked');
    fake.toggle('stopped', false);
    await desk.retry();
    expect(desk.settings.failure).toBeNull();
    expect(desk.list.rows.length).toBeGreaterThan(0);
  });

  test('a list that cannot be read says so and can be read again', async () => {
    const { desk, fake } = await startDesk('broken');
    expect(desk.list.phase).toBe('failed');
    expect(desk.list.failure?.kind).toBe('damaged');
    fake.toggle('broken', false);
    await desk.list.reread();
    expect(desk.list.phase).toBe('ready');
  });
});

describe('the list', () => {
  test('has the longest waiting first', async () => {
    const { desk } = await startDesk();
    const waits = desk.list.rows.map((r) => r.waitingSince);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
  });

  test('reads on page by page and keeps its length when it is read again', async () => {
    const page = (bridge: Bridge): Bridge => ({
      ...bridge,
      inbox: { ...bridge.inbox, list: (r) => bridge.inbox.list({ ...r, limit: 10 }) },
    });
    const { desk } = await startDesk('', page);
    expect(desk.list.rows).toHaveLength(10);
    await desk.list.more();
    await desk.list.more();
    expect(desk.list.rows).toHaveLength(30);
    await desk.list.reread();
    expect(desk.list.rows).toHaveLength(30);
    expect(new Set(desk.list.rows.map((r) => r.id)).size).toBe(30);
  });

  test('an answer for a view that was left is not shown', async () => {
    const { desk } = await startDesk();
    const first = desk.showView('waiting');
    const second = desk.showView('done');
    await Promise.all([first, second]);
    expect(desk.list.view).toBe('done');
    expect(desk.list.rows.every((r) => r.status === 'done')).toBe(true);
    expect(desk.list.rows.length).toBeGreaterThan(0);
  });

  test('j and k open what they rest on, not what they pass', async () => {
    const { desk, fake } = await startDesk();
    for (let i = 0; i < 5; i++) desk.move(1);
    await settled(500);
    expect(fake.calls.filter((c) => c === 'Inbox.Open')).toHaveLength(1);
    expect(desk.conversation.id).toBe(desk.list.rows[4]?.id);
  });
});

describe('a conversation', () => {
  test('is read after it has been on screen for a moment', async () => {
    const { desk, fake } = await startDesk();
    const unread = desk.list.rows.filter((r) => r.unread > 0).map((r) => r.id);
    await desk.open(unread[0] ?? '');
    await desk.open(unread[1] ?? '');
    await settled(2_000);
    expect(fake.view(unread[0] ?? '').row.unread).toBe(1);
    expect(fake.view(unread[1] ?? '').row.unread).toBe(0);
  });

  test('that is slow to come does not replace one opened later', async () => {
    const { desk, fake } = await startDesk('', (bridge) => ({
      ...bridge,
      inbox: {
        ...bridge.inbox,
        open: async (id) => {
          await new Promise((resolve) => setTimeout(resolve, id === '1' ? 500 : 10));
          return bridge.inbox.open(id);
        },
      },
    }));
    const slow = desk.open('1');
    const quick = desk.open('2');
    await settled(1_000);
    await Promise.all([slow, quick]);
    expect(desk.conversation.view?.row.id).toBe('2');
    expect(fake.calls).toContain('Inbox.Open');
  });

  test('greets what arrives while it is on screen', async () => {
    const { desk, fake } = await startDesk();
    const id = idOf(fake, 'Giulia Romano');
    await desk.open(id);
    fake.arrive(id, 'Ancora io.');
    await settled(50);
    expect(desk.conversation.view?.messages.at(-1)?.text).toBe('Ancora io.');
    expect(desk.conversation.firstNew).toBe(desk.conversation.newest);
    expect(desk.notices.spoken).toContain('Giulia Romano');
  });

  test('that is gone says so', async () => {
    const { desk } = await startDesk();
    await desk.open('99999');
    expect(desk.conversation.failure?.kind).toBe('not_found');
    expect(desk.conversation.view).toBeNull();
  });
});

describe('search', () => {
  test('asks one question at a time and ends with the last one typed', async () => {
    const asked: string[] = [];
    const { desk } = await startDesk('', (bridge) => ({
      ...bridge,
      inbox: {
        ...bridge.inbox,
        search: async (request) => {
          asked.push(request.text);
          await new Promise((resolve) => setTimeout(resolve, 100));
          return bridge.inbox.search(request);
        },
      },
    }));
    for (const text of ['r', 're', 'ref', 'refu', 'refund']) void desk.search.type(text);
    await settled(1_000);
    expect(asked).toEqual(['r', 'refund']);
    expect(desk.search.answered).toBe('refund');
    expect(desk.search.hits.length).toBeGreaterThan(0);
  });

  test('opens at the message found', async () => {
    const { desk } = await startDesk();
    await desk.search.type('left shoe');
    const hit = desk.search.hits.at(-1);
    if (!hit) throw new Error('nothing found');
    await desk.openHit(hit);
    expect(desk.conversation.target).toBe(hit.message);
    expect(desk.conversation.unfolded.has(hit.message)).toBe(true);
  });

  test('cleared in mid-question stays clear', async () => {
    const { desk } = await startDesk();
    const asked = desk.search.type('refund');
    desk.search.clear();
    await asked;
    expect(desk.search.open).toBe(false);
    expect(desk.search.hits).toEqual([]);
  });
});

test('the line that breaks and comes back is told aloud', async () => {
  const { desk } = await startDesk();
  await desk.line.setPractice('off');
  expect(desk.line.lost('1')).toBe(true);
  expect(desk.notices.spoken).toContain('Offline since');
  await desk.line.setPractice('good');
  expect(desk.notices.spoken).toContain('back');
});
