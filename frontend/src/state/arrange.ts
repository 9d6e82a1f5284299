import { toFailure } from '../bridge';
import type { ArrangementView, Row } from '../bridge/types';
import { say, type TextKey } from '../words';
import type { Desk } from './desk.svelte';

// Merging and splitting conversations: made at once, shown, and undone from the
// notice.

/** What the conversation could be made one with; undefined, and the sheet closed, where nobody can say. */
export async function mergeChoices(desk: Desk, conversation: string): Promise<Row[] | undefined> {
  try {
    return await desk.bridge.inbox.mergeChoices(conversation);
  } catch (error) {
    desk.go.sheet = '';
    desk.fail(toFailure(error));
    return undefined;
  }
}

/** Makes one of the conversation on screen and another. */
export async function mergeWith(desk: Desk, other: string): Promise<void> {
  const { id } = desk.conversation;
  await arrange(desk, 'arrange.merged', () => desk.bridge.inbox.merge(id, other));
}

/** Makes a message and all after it a conversation of their own, and shows that. */
export async function splitFrom(desk: Desk, message: string): Promise<void> {
  const { id } = desk.conversation;
  await arrange(desk, 'arrange.parted', () => desk.bridge.inbox.split(id, message));
}

async function arrange(
  desk: Desk,
  words: TextKey,
  make: () => Promise<ArrangementView>,
): Promise<void> {
  try {
    const before = desk.conversation.id;
    await desk.composer.flushAll(); // what is being written goes with its message
    const made = await make();
    await desk.open(made.conversation);
    desk.notices.show(
      {
        text: say(words),
        act: { label: say('send.takeBack'), run: () => void undo(desk, made.id, before) },
      },
      12_000,
    );
  } catch (error) {
    desk.fail(toFailure(error));
  }
}

async function undo(desk: Desk, arrangement: string, conversation: string): Promise<void> {
  try {
    await desk.bridge.inbox.undoArrangement(arrangement);
    await desk.open(conversation);
    desk.notices.announce(say('arrange.undone'));
  } catch (error) {
    desk.fail(toFailure(error));
  }
}
