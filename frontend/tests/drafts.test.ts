import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Bridge } from '../src/bridge';
import { CallError } from '../src/bridge/failure';
import type { ConversationView, DraftView } from '../src/bridge/types';
import { draftPace } from '../src/state/autosave';
import { ComposerState } from '../src/state/composer.svelte';
import { settled } from './desk';

// What a store may do to a draft under the hands of whoever writes it.

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const draft = (change: Partial<DraftView>) =>
  ({
    id: '',
    text: '',
    rich: '',
    to: [],
    cc: [],
    bcc: [],
    files: [],
    ...change,
  }) as unknown as DraftView;

const shown = (id: string, d: Partial<DraftView>) =>
  ({ row: { id }, draft: draft({ conversation: id, ...d }) }) as unknown as ConversationView;

/** A composer over a store that answers as the test says. */
function composerOver(save: (d: DraftView) => DraftView) {
  const saved: DraftView[] = [];
  const bridge = {
    composer: {
      save: vi.fn(async (d: DraftView) => {
        saved.push(d);
        await Promise.resolve();
        return save(d);
      }),
    },
  } as unknown as Bridge;
  return { composer: new ComposerState(bridge), saved };
}

const keeps = (d: DraftView) => ({ ...d, id: d.id || 'draft-1', revision: d.revision + 1 });

test('the last letters stay on screen when the conversation is merged into another', async () => {
  const { composer, saved } = composerOver(keeps);
  composer.show(shown('1', { id: 'draft-1', text: 'Hello' }));
  composer.draft?.edit({ text: 'Hello Katharina' });
  composer.show(shown('2', { id: 'draft-1', text: 'Hello' }));
  expect(composer.draft).toMatchObject({ conversation: '2', text: 'Hello Katharina' });
  await settled(draftPace.pause + 20);
  expect(saved.at(-1)).toMatchObject({ id: 'draft-1', text: 'Hello Katharina' });
});

test('what waits to be stored is found by its own id where its conversation is another now', async () => {
  let full = true;
  const { composer } = composerOver((d) => {
    if (full) throw new CallError('disk_full', 'save');
    return keeps(d);
  });
  composer.show(shown('1', { id: 'draft-1', text: 'Hello' }));
  composer.draft?.edit({ text: 'Hello Katharina' });
  composer.leave();
  await settled();
  composer.show(shown('2', { id: 'draft-1', text: 'Hello' }));
  expect(composer.draft?.text).toBe('Hello Katharina');
  full = false;
  await expect(composer.flushAll()).resolves.toEqual([true]);
});

test('another conversation never gets the text', () => {
  const { composer } = composerOver(keeps);
  composer.show(shown('1', { id: 'draft-1', text: 'for the first' }));
  composer.draft?.edit({ text: 'for the first alone' });
  composer.show(shown('2', {}));
  expect(composer.draft).toBeNull();
});

test('a draft that was made one with another is saved into that one', async () => {
  const { composer, saved } = composerOver((d) => {
    if (d.id === 'draft-1') throw new CallError('not_found', 'save');
    return { ...keeps(d), id: 'draft-2', text: `${d.text}\n\nwhat stood there` };
  });
  composer.show(shown('1', { id: 'draft-1', text: 'Hello' }));
  composer.draft?.edit({ text: 'Hello Katharina' });
  await settled(draftPace.pause + 20);
  expect(saved.map((d) => d.id)).toEqual(['draft-1', '']);
  expect(composer.draft).toMatchObject({
    id: 'draft-2',
    text: 'Hello Katharina\n\nwhat stood there',
    phase: 'saved',
  });
});

test('what is typed while another text joins is kept', async () => {
  let answer = () => {};
  const { composer } = composerOver(keeps);
  const bridge = {
    composer: {
      save: (d: DraftView) =>
        new Promise<DraftView>((resolve) => {
          answer = () => resolve({ ...keeps(d), text: `${d.text}\n\nother` });
        }),
    },
  } as unknown as Bridge;
  const slow = new ComposerState(bridge);
  slow.adopt(draft({ conversation: '1' }));
  slow.draft?.edit({ text: 'one' });
  await settled(draftPace.pause + 20);
  slow.draft?.edit({ text: 'one two' });
  answer();
  await settled();
  expect(slow.draft?.text).toBe('one two');
  expect(composer.draft).toBeNull();
});
