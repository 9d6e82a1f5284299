import type { Bridge } from '../bridge';
import { CallError } from '../failure';
import type { ConversationView } from '../types';
import type { Answer } from './choices';
import type { FakeDesk } from './fakeDesk';

type Arranging = Pick<Bridge['inbox'], 'mergeChoices' | 'merge' | 'split' | 'undoArrangement'>;

/** Merging and splitting in memory; the state before each is kept for the undo. */
export function arrangingOf(desk: FakeDesk, answer: Answer): Arranging {
  const before: { views: Map<string, ConversationView>; conversation: string }[] = [];
  const remember = (conversation: string) => {
    before.push({ views: structuredClone(desk.views), conversation });
    return String(before.length);
  };
  return {
    mergeChoices: (id) =>
      answer('Inbox.MergeChoices', () => {
        const { customer } = desk.view(id).row;
        const named = [...desk.views.values()].map((v) => v.row);
        return named.filter((r) => r.id !== id && r.customer.address === customer.address);
      }),
    merge: (id, other) =>
      answer('Inbox.Merge', () => {
        const [into, gone] = [desk.view(id), desk.view(other)];
        const arrangement = remember(id);
        into.messages = [...into.messages, ...gone.messages].sort((a, b) => a.at - b.at);
        into.row.messages = into.messages.length;
        desk.views.delete(other);
        desk.tell(id);
        return { id: arrangement, conversation: id };
      }),
    split: (id, from) =>
      answer('Inbox.Split', () => {
        const view = desk.view(id);
        const at = view.messages.findIndex((m) => m.id === from);
        if (at < 1) throw new CallError('invalid', 'split conversation');
        const arrangement = remember(id);
        const half = structuredClone(view);
        half.row = { ...half.row, id: `${id}-${from}`, messages: view.messages.length - at };
        half.messages = view.messages.slice(at);
        view.messages = view.messages.slice(0, at);
        view.row.messages = at;
        desk.views.set(half.row.id, half);
        desk.tell(id);
        return { id: arrangement, conversation: half.row.id };
      }),
    undoArrangement: (id) =>
      answer('Inbox.UndoArrangement', () => {
        const was = before[Number(id) - 1];
        if (!was) throw new CallError('conflict', 'undo arrangement');
        desk.views = was.views;
        desk.tell(was.conversation);
        return { id, conversation: was.conversation };
      }),
  };
}
