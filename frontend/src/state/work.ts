import type { Choice, DraftView, MessageView, OpView, Then } from '../bridge/types';
import { toFailure } from '../bridge';
import { format, say } from '../words';
import { nameOf } from './addresses';
import type { Desk } from './desk.svelte';
import { canTakeBack } from './undo';

// What an agent does with a conversation: commands, each with its local effect
// at once in the store, and how the screen goes on.

/** Begins or goes on with the reply to the conversation on screen. */
export async function reply(desk: Desk, all = false): Promise<void> {
  await desk.conversation.opened; // not to the one that is just leaving the screen
  const view = desk.conversation.view;
  if (!view) return;
  const { id } = view.row;
  await desk.composer.begin(id, desk.conversation.newest, () => desk.conversation.id === id);
  if (all) {
    const last = view.messages.findLast((m) => m.direction === 'in' && m.kind === 'person');
    const others = [...(last?.to ?? []), ...(last?.cc ?? [])];
    desk.composer.replyToAll(others.filter((p) => !desk.accounts.owns(view.account, p)));
  }
  if (desk.composer.failure) desk.fail(desk.composer.failure);
  else desk.go.focus('composer');
}

/** Begins to pass the customer's newest message on. */
export async function forward(desk: Desk): Promise<void> {
  await desk.conversation.opened;
  const view = desk.conversation.view;
  if (!view) return;
  const { id } = view.row;
  if (!(await desk.composer.forward(id, () => desk.conversation.id === id))) {
    desk.notices.show({ text: say('composer.forwardBusy'), tone: 'care' }, 12_000);
    return;
  }
  if (desk.composer.failure) desk.fail(desk.composer.failure);
  else if (desk.composer.draft) {
    desk.composer.recipientsOpen = true;
    desk.go.focus('recipients');
  }
}

/** Opens the bar that finds in the conversation, or goes back to its field. */
export function findHere(desk: Desk): void {
  desk.go.pane = 'conversation';
  desk.find.begin(document.getSelection()?.toString());
  desk.go.focus('find');
}

export function leaveFinding(desk: Desk): void {
  desk.find.close();
  desk.go.focus('conversation');
}

/** Changes the files of the draft on screen. */
export async function changeFiles(
  desk: Desk,
  call: (id: string) => Promise<DraftView>,
): Promise<void> {
  try {
    await desk.composer.draft?.changeFiles(call);
  } catch (error) {
    desk.fail(toFailure(error));
  }
}

/** Asks which files to attach. */
export function attach(desk: Desk): Promise<void> {
  return changeFiles(desk, (id) => desk.bridge.composer.attach(id));
}

/** Queues the reply and opens the next conversation. */
export async function send(desk: Desk, then: Then, anyway = false): Promise<void> {
  const view = desk.conversation.view;
  if (!view) return;
  const next = desk.next(view.row.id);
  const op = await desk.composer.send(then, view, desk.accounts.ours, anyway);
  if (!op) {
    if (desk.composer.objection !== '') desk.go.focus('beside');
    if (desk.composer.failure) desk.fail(desk.composer.failure);
    return;
  }
  offerTakeBack(desk, op, desk.line.lost(view.account));
  // Who has gone elsewhere meanwhile stays there.
  if (desk.conversation.id === view.row.id) await desk.openNext(next);
}

function offerTakeBack(desk: Desk, op: OpView, offline: boolean): void {
  const words = offline ? 'send.queuedOffline' : 'send.queued';
  const Name = nameOf(op.to);
  const late = op.sendAt > op.createdAt;
  desk.notices.show({
    text: late
      ? say('send.queuedLater', { Name, When: format.soon(op.sendAt, Date.now()) })
      : say(words, { Name }),
    from: op.createdAt,
    until: Math.max(op.undoUntil, Date.now() + 1_000),
    act: { label: say('send.takeBack'), key: 'mod+z', run: () => void takeBack(desk, op) },
  });
}

/** Takes the last reply back, if there is one that can be. */
export function takeBackLast(desk: Desk): void {
  const op = desk.composer.lastSent;
  if (op) void takeBack(desk, op);
}

/** Takes a reply back; its draft is open again. */
export async function takeBack(desk: Desk, op: OpView): Promise<void> {
  if (!canTakeBack(op)) return;
  try {
    await desk.composer.flushAll(); // what is begun there meanwhile is made one with it
    const draft = await desk.bridge.composer.takeBack(op.id);
    if (desk.composer.lastSent?.id === op.id) desk.composer.lastSent = null;
    closeOffer(desk);
    await reopen(desk, draft);
    desk.notices.announce(say('send.takenBack'));
  } catch (error) {
    if (desk.composer.lastSent?.id === op.id) desk.composer.lastSent = null;
    closeOffer(desk);
    desk.fail(toFailure(error));
  }
}

/** Begins anew with the words of a reply that was not delivered: the address comes first. */
export async function writeAgain(desk: Desk, op: OpView): Promise<void> {
  try {
    const draft = await desk.bridge.composer.again(op.id);
    await reopen(desk, draft);
    desk.composer.recipientsOpen = true;
    desk.go.focus('recipients');
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind !== 'conflict') return desk.fail(failure);
    desk.notices.show({ text: say('composer.againBusy'), tone: 'care' }, 12_000);
  }
}

function closeOffer(desk: Desk): void {
  for (const notice of desk.notices.list) if (notice.from > 0) desk.notices.close(notice.id);
}

/** Opens the conversation of a draft that came back, with the draft in the composer. */
async function reopen(desk: Desk, draft: DraftView): Promise<void> {
  if (desk.conversation.id !== draft.conversation || desk.go.place === 'outbox')
    await desk.open(draft.conversation);
  if (desk.composer.draft?.id !== draft.id) {
    desk.composer.leave();
    desk.composer.adopt(draft);
  }
  desk.go.focus('composer');
}

/** Throws the draft away, with a way back. */
export async function dropDraft(desk: Desk): Promise<void> {
  const gone = await desk.composer.drop();
  if (desk.composer.failure) desk.fail(desk.composer.failure);
  desk.go.focus('conversation');
  if (!gone) return;
  desk.notices.show({
    text: say('composer.dropped'),
    act: { label: say('send.takeBack'), run: () => void restoreDraft(desk, gone) },
  });
}

async function restoreDraft(desk: Desk, gone: DraftView): Promise<void> {
  try {
    await reopen(desk, await desk.bridge.composer.save(gone));
  } catch (error) {
    desk.fail(toFailure(error));
  }
}

/** Carries out what a person decided about a reply that was stopped or is unclear. */
export async function decide(desk: Desk, op: OpView, choice: Choice): Promise<void> {
  const answer = await desk.outbox.decide(op, choice);
  if ('kind' in answer) {
    desk.fail(answer);
    return;
  }
  if (choice === 'edit') await reopen(desk, answer);
  if (choice === 'drop') desk.notices.show({ text: say('op.dropped', { Name: nameOf(op.to) }) });
}

/** Looks for an uncertain reply at once; "" checks all accounts for mail. */
export async function lookNow(desk: Desk, op = ''): Promise<void> {
  try {
    await desk.bridge.outbox.lookNow(op);
    desk.notices.announce(say('line.looking'));
  } catch (error) {
    desk.fail(toFailure(error));
  }
}

/** Fetches a file, or saves one that lies here. */
export async function file(desk: Desk, id: string, here: boolean): Promise<void> {
  try {
    if (!here) return await desk.bridge.files.fetch(id);
    const path = await desk.bridge.files.save(id);
    if (path !== '') desk.notices.show({ text: say('file.saved', { Path: path }) });
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'asks_first') askToFetch(desk, id);
    else desk.fail(failure);
  }
}

function askToFetch(desk: Desk, id: string): void {
  const anyway = () =>
    void desk.bridge.files.fetchAnyway(id).catch((error: unknown) => desk.fail(toFailure(error)));
  desk.notices.show(
    { text: say('file.asks'), act: { label: say('line.anyway'), run: anyway } },
    20_000,
  );
}

/** Opens an address outside; only schemes that can do no harm get there. */
export function openLink(desk: Desk, url: string): void {
  desk.bridge.settings.openLink(url).catch((error: unknown) => desk.fail(toFailure(error)));
}

/** Sends a reply as it is, though something may have slipped the person. */
export async function sendAsItIs(desk: Desk): Promise<void> {
  const then = desk.composer.answerSlip();
  if (then !== '') await send(desk, then);
}

/** Agrees to what is shown beside the draft, and no more, and sends it as well. */
export async function sendBeside(desk: Desk, shown: MessageView[]): Promise<void> {
  const then = desk.composer.objection;
  desk.composer.draft?.read(shown.at(-1)?.id ?? '');
  if (then !== '') await send(desk, then);
}
