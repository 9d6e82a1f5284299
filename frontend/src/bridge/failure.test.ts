import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CallError, settle, toFailure } from './failure';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('settle', () => {
  test('gives the answer', async () => {
    await expect(settle(Promise.resolve(7), 'x')).resolves.toBe(7);
  });

  test('turns what Go rejects with into a CallError', async () => {
    const call = settle(Promise.reject({ kind: 'disk_full', op: 'save draft' }), 'Composer.Save');
    await expect(call).rejects.toBeInstanceOf(CallError);
    await expect(call).rejects.toMatchObject({ kind: 'disk_full', op: 'save draft' });
  });

  test('gives up on a promise that got lost', async () => {
    const call = settle(new Promise(() => {}), 'Inbox.Open', 20_000);
    const expected = expect(call).rejects.toMatchObject({ kind: 'no_answer', op: 'Inbox.Open' });
    await vi.advanceTimersByTimeAsync(20_000);
    await expected;
  });
});

describe('toFailure', () => {
  test.each([
    ['a string of Wails', 'something', 'internal'],
    ['nothing', undefined, 'internal'],
    ['an error of the browser', new TypeError('x'), 'internal'],
    ['a failure', { kind: 'offline', op: '' }, 'offline'],
    ['a failure without a kind', { kind: '', op: 'x' }, 'internal'],
  ])('%s', (_, thrown, kind) => {
    expect(toFailure(thrown, 'here')).toEqual({ kind, op: 'here' });
  });
});
