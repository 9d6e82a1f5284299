import { expect, test } from 'vitest';
import { fakeBridge } from '../bridge/fake/fake';
import { actionsOf } from './actions';
import { Desk } from './desk.svelte';

const actions = actionsOf(new Desk(fakeBridge()));

test('every action has its own id', () => {
  const ids = actions.map((a) => a.id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
});

test('no key means two things', () => {
  const keys = actions.flatMap((a) => a.keys);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
});

test('what works while somebody writes writes nothing itself', () => {
  for (const action of actions.filter((a) => a.writing))
    for (const key of action.keys) expect(key).toMatch(/^mod\+|^(shift\+)?f\d+$/);
});

test('every action has a name', () => {
  for (const action of actions) expect(action.name(), action.id).not.toBe('');
});
