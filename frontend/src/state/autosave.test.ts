import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Autosave, draftPace } from './autosave';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A save that ends when the test says so. */
function slowSave() {
  const ends: ((worked: boolean) => void)[] = [];
  const save = vi.fn(() => new Promise<boolean>((resolve) => ends.push(resolve)));
  return {
    save,
    end: async (worked = true) => (ends.shift()?.(worked), vi.advanceTimersByTimeAsync(0)),
  };
}

describe('Autosave', () => {
  test('saves after a pause, not before', async () => {
    const save = vi.fn(async () => true);
    const autosave = new Autosave(save);
    autosave.touch();
    await vi.advanceTimersByTimeAsync(draftPace.pause - 1);
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(save).toHaveBeenCalledTimes(1);
    expect(autosave.dirty).toBe(false);
  });

  test('saves at least every two seconds while typing goes on', async () => {
    const save = vi.fn(async () => true);
    const autosave = new Autosave(save);
    for (let typed = 0; typed < 6_000; typed += 100) {
      autosave.touch();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(save.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(save.mock.calls.length).toBeLessThanOrEqual(4);
  });

  test('never has two saves under way', async () => {
    const { save, end } = slowSave();
    const autosave = new Autosave(save);
    autosave.touch();
    await vi.advanceTimersByTimeAsync(draftPace.pause);
    autosave.touch();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(save).toHaveBeenCalledTimes(1);
    await end();
    await vi.advanceTimersByTimeAsync(draftPace.pause);
    expect(save).toHaveBeenCalledTimes(2);
    await end();
    expect(autosave.dirty).toBe(false);
  });

  test('a change during a save is saved afterwards', async () => {
    const { save, end } = slowSave();
    const autosave = new Autosave(save);
    autosave.touch();
    await vi.advanceTimersByTimeAsync(draftPace.pause);
    autosave.touch();
    const flushed = autosave.flush();
    await end();
    expect(save).toHaveBeenCalledTimes(2);
    await end();
    await expect(flushed).resolves.toBe(true);
  });

  test('keeps what could not be saved and tries again by itself', async () => {
    let worked = false;
    const save = vi.fn(async () => worked);
    const autosave = new Autosave(save);
    autosave.touch();
    await expect(autosave.flush()).resolves.toBe(false);
    expect(autosave.dirty).toBe(true);
    worked = true;
    await vi.advanceTimersByTimeAsync(draftPace.again);
    expect(save).toHaveBeenCalledTimes(2);
    expect(autosave.dirty).toBe(false);
  });

  test('saves nothing when nothing changed', async () => {
    const save = vi.fn(async () => true);
    await expect(new Autosave(save).flush()).resolves.toBe(true);
    expect(save).not.toHaveBeenCalled();
  });

  test('saves nothing after the end', async () => {
    const save = vi.fn(async () => true);
    const autosave = new Autosave(save);
    autosave.touch();
    autosave.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(save).not.toHaveBeenCalled();
  });
});
