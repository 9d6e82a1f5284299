import { toFailure } from '../bridge';
import type { Row, Status, ViewName } from '../bridge/types';
import { format, say, type TextKey } from '../words';
import type { Desk } from './desk.svelte';
import { undoMs, type Step } from './steps';
import { takeBackLast } from './work';

// Where a conversation stands: done, snoozed, spam, the bin, and back again.

/** Where a person puts a conversation away. */
export type Away = 'done' | 'spam' | 'bin';

const words: Record<Away, TextKey> = {
  done: 'conversation.movedDone',
  spam: 'conversation.movedSpam',
  bin: 'conversation.movedBin',
};

const shownIn: Partial<Record<ViewName, Status>> = {
  inbox: 'open',
  waiting: 'waiting',
  snoozed: 'snoozed',
  done: 'done',
  spam: 'spam',
  bin: 'bin',
};

/** Puts the conversation in hand away and opens the next; one that lies there comes back. */
export async function putAway(desk: Desk, away: Away): Promise<void> {
  const row = inHand(desk);
  if (!row) return;
  const status: Status = row.status === away ? 'open' : away;
  const text = say(status === away ? words[away] : 'conversation.movedOpen');
  await stand(desk, row, status, 0, text);
}

/** Puts the conversation in hand aside until a time and opens the next; 0 brings it back. */
export async function snooze(desk: Desk, until: number): Promise<void> {
  const row = inHand(desk);
  if (!row) return;
  if (until === 0) return stand(desk, row, 'open', 0, say('conversation.movedOpen'));
  const Time = format.soon(until, Date.now());
  await stand(desk, row, 'snoozed', until, say('conversation.snoozed', { Time }));
}

async function stand(
  desk: Desk,
  row: Row,
  status: Status,
  until: number,
  text: string,
): Promise<void> {
  const { id, snoozedUntil } = row;
  const before = row.status as Status;
  const next = desk.next(id);
  const at = Date.now();
  if (!(await setStatus(desk, id, status, until))) return;
  offerUndo(desk, text, {
    at,
    undo: async () => {
      if (await setStatus(desk, id, before, snoozedUntil))
        desk.notices.announce(say('conversation.undone'));
    },
  });
  if (leavesView(desk, status)) await desk.openNext(next);
}

/** When the conversation in hand comes back; 0 where it isn't snoozed. */
export function snoozedUntil(desk: Desk): number {
  return inHand(desk)?.snoozedUntil ?? 0;
}

/** Tells whether the conversation in hand lies there. */
export function liesIn(desk: Desk, away: Away): boolean {
  return inHand(desk)?.status === away;
}

/** Tells whether there is a step to undo, or a reply to take back. */
export function canUndo(desk: Desk): boolean {
  return desk.composer.lastSent !== null || desk.steps.newest(Date.now()) !== undefined;
}

/** Undoes what was done last: a step, or sending a reply. */
export function undoLast(desk: Desk): void {
  const step = desk.steps.newest(Date.now());
  const sent = desk.composer.lastSent;
  if (!step || (sent && sent.createdAt > step.at)) return takeBackLast(desk);
  void undo(desk, step);
}

async function undo(desk: Desk, step: Step): Promise<void> {
  if (!desk.steps.take(step)) return;
  for (const notice of desk.notices.list)
    if (notice.from === step.at) desk.notices.close(notice.id);
  await step.undo();
}

function offerUndo(desk: Desk, text: string, step: Step): void {
  desk.steps.add(step);
  desk.notices.show({
    text,
    from: step.at,
    until: step.at + undoMs,
    act: { label: say('action.undo'), key: 'mod+z', run: () => void undo(desk, step) },
  });
}

function leavesView(desk: Desk, status: Status): boolean {
  if (desk.search.open) return false;
  const shown = shownIn[desk.list.view];
  return shown === undefined ? status !== 'open' : shown !== status;
}

async function setStatus(desk: Desk, id: string, status: Status, until: number): Promise<boolean> {
  const { inbox } = desk.bridge;
  try {
    await (status === 'snoozed' ? inbox.snooze(id, until) : inbox.setStatus(id, status));
    return true;
  } catch (error) {
    desk.fail(toFailure(error));
    return false;
  }
}

/** The row that actions apply to: the conversation on screen, else the row in hand. */
function inHand(desk: Desk): Row | undefined {
  const open = desk.conversation.view?.row;
  if (open && (desk.search.open || open.id === desk.list.active || desk.list.active === ''))
    return open;
  return desk.list.rows.find((row) => row.id === desk.list.active) ?? open;
}
