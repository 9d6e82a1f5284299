import { describe, expect, test } from 'vitest';
import { newBeside } from './beside';
import { fromLocal, timesToEnd, timesToLeave, timesToSnooze, toLocal, troubleOf } from './times';
import type { MessageView } from '../bridge/types';

const local = (text: string) => new Date(text).getTime();

describe('times that people name', () => {
  test.each([
    ['2026-11-25T14:20', ['2026-11-25T15:20', '2026-11-26T09:00', '2026-11-30T09:00']],
    ['2026-11-25T23:30', ['2026-11-26T00:30', '2026-11-26T09:00', '2026-11-30T09:00']],
    ['2026-11-29T14:20', ['2026-11-29T15:20', '2026-11-30T09:00']], // tomorrow is Monday
    ['2026-11-30T08:00', ['2026-11-30T09:00', '2026-12-01T09:00', '2026-12-07T09:00']], // next Monday, not today
    ['2026-12-31T12:00', ['2026-12-31T13:00', '2027-01-01T09:00', '2027-01-04T09:00']],
  ])('at %s', (now, times) => {
    expect(timesToLeave(local(now)).map(toLocal)).toEqual(times);
  });

  test('a clock that is set forward or back keeps nine at nine', () => {
    for (const day of ['2026-03-28', '2026-10-24', '2026-03-07', '2026-10-31'])
      expect(toLocal(timesToLeave(local(`${day}T12:00`))[1]!)).toMatch(/T09:00$/);
  });

  test.each([
    ['2026-11-25T14:20', '', ['2026-11-25T18:00', '2026-11-26T18:00']],
    ['2026-11-25T17:30', '', ['2026-11-26T18:00', '2026-11-27T18:00']],
    ['2026-11-25T14:20', '2026-11-26T09:00', ['2026-11-26T18:00', '2026-11-27T18:00']],
    ['2026-11-25T14:20', '2026-11-30T09:00', ['2026-11-30T18:00', '2026-12-01T18:00']],
  ])('ends at %s for what leaves at %s', (now, from, ends) => {
    expect(timesToEnd(local(now), from ? local(from) : 0).map(toLocal)).toEqual(ends);
  });

  test.each([
    ['2026-11-25T08:10', 'today 2026-11-25T11:30', 'evening 2026-11-25T18:00'],
    ['2026-11-25T15:10', 'evening 2026-11-25T18:00', 'tomorrow 2026-11-26T09:00'],
    ['2026-11-25T17:30', 'tomorrow 2026-11-26T09:00', 'monday 2026-11-30T09:00'],
    ['2026-11-29T20:00', 'tomorrow 2026-11-30T09:00', 'week 2026-12-06T09:00'],
    ['2026-11-30T20:00', 'tomorrow 2026-12-01T09:00', 'monday 2026-12-07T09:00'],
  ])('snoozed at %s', (now, ...first) => {
    const all = timesToSnooze(local(now));
    expect(all.slice(0, 2).map((t) => `${t.name} ${toLocal(t.at)}`)).toEqual(first);
    expect(all.map((t) => t.at)).toEqual(all.map((t) => t.at).sort((a, b) => a - b));
    expect(new Set(all.map((t) => t.at)).size).toBe(all.length);
  });

  test.each([
    [{ sendAt: 0, until: 0 }, ''],
    [{ sendAt: 200, until: 300 }, ''],
    [{ sendAt: 100, until: 0 }, 'past'],
    [{ sendAt: 0, until: 50 }, 'past'],
    [{ sendAt: 300, until: 300 }, 'order'],
  ] as const)('%o', (times, trouble) => {
    expect(troubleOf(times, 100)).toBe(trouble);
  });

  test('what is typed is read back', () => {
    const now = local('2026-11-25T14:20');
    expect(fromLocal(toLocal(now))).toBe(now);
    expect(['', 'x', '2026-13-45T99:99'].map(fromLocal)).toEqual([0, 0, 0]);
  });
});

test('message ids are compared as the numbers they are', () => {
  const m = (id: string) => ({ id, kind: 'person', direction: 'in', mine: false }) as MessageView;
  const all = ['9', '10', '9007199254740993'].map(m);
  expect(newBeside(all, '9').map((x) => x.id)).toEqual(['10', '9007199254740993']);
  expect(newBeside(all, '9007199254740992').map((x) => x.id)).toEqual(['9007199254740993']);
  expect(newBeside(all, '')).toEqual([]);
});
