import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { draftPace } from '../src/state/autosave';
import {
  decide,
  dropDraft,
  reply,
  send,
  sendBeside,
  takeBack,
  takeBackLast,
} from '../src/state/work';
import { idOf, settled, startDesk } from './desk';

// What must never happen to a reply, on the fake desk with a clock of its own.

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function writing(scenes = '', name = 'Chloé Marchand') {
  const started = await startDesk(scenes);
  const id = idOf(started.fake, name);
  await started.desk.open(id);
  await reply(started.desk);
  return { ...started, id };
}

const type = (desk: Awaited<ReturnType<typeof writing>>['desk'], text: string) =>
  desk.composer.draft?.edit({ text });

describe('a draft', () => {
  test('begins with recipient and subject and is not stored before something is written', async () => {
    const { desk, fake, id } = await writing();
    expect(desk.composer.draft?.to[0]?.name).toBe('Chloé Marchand');
    expect(desk.composer.draft?.subject).toBe('Re: Comment clôturer mon compte ?');
    await settled(10_000);
    expect(fake.view(id).draft.id).toBe('');
  });

  test('is stored by itself', async () => {
    const { desk, fake, id } = await writing();
    type(desk, 'Buongiorno');
    await settled(draftPace.pause + 20);
    expect(fake.view(id).draft.text).toBe('Buongiorno');
    expect(desk.composer.draft?.phase).toBe('saved');
  });

  test('is one draft, however quickly it is saved', async () => {
    const { desk, fake, id } = await writing();
    type(desk, 'a');
    const first = desk.composer.flushAll();
    await Promise.resolve();
    type(desk, 'ab');
    await Promise.all([first, desk.composer.flushAll()]);
    expect(fake.view(id).draft).toMatchObject({ text: 'ab', revision: 2 });
    expect(desk.composer.draft?.id).toBe(fake.view(id).draft.id);
  });

  test('stays with its conversation', async () => {
    const { desk, fake, id } = await writing();
    const other = idOf(fake, 'Sanne de Vries');
    type(desk, 'for Chloé');
    await desk.open(other);
    await settled();
    expect(desk.composer.draft).toBeNull();
    expect(fake.view(other).draft.text).toBe('');
    expect(fake.view(id).draft.text).toBe('for Chloé');
    await desk.open(id);
    expect(desk.composer.draft?.text).toBe('for Chloé');
  });

  test('that is asked for while another conversation opens does not land there', async () => {
    const { desk, fake } = await startDesk();
    const first = idOf(fake, 'Giulia Romano');
    const second = idOf(fake, 'Sanne de Vries');
    await desk.open(first);
    const asked = reply(desk);
    const opened = desk.open(second);
    await Promise.all([asked, opened]);
    expect(desk.composer.draft?.conversation ?? second).toBe(second);
  });

  test('keeps its text when it cannot be saved, across conversations', async () => {
    const { desk, fake, id } = await writing('full');
    type(desk, 'not on disk');
    await settled(draftPace.pause + 20);
    expect(desk.composer.draft?.phase).toBe('failed');
    expect(desk.composer.draft?.failure?.kind).toBe('disk_full');
    await desk.open(idOf(fake, 'Sanne de Vries'));
    await desk.open(id);
    expect(desk.composer.draft?.text).toBe('not on disk');
    expect(desk.composer.unsaved).toBe(true);
    fake.toggle('full', false);
    await settled(draftPace.again + 20);
    expect(fake.view(id).draft.text).toBe('not on disk');
    expect(desk.composer.unsaved).toBe(false);
  });

  test('that is left empty leaves no draft behind', async () => {
    const { desk, fake, id } = await writing();
    type(desk, 'x');
    await settled(1_000);
    type(desk, '  ');
    await desk.open(idOf(fake, 'Sanne de Vries'));
    await settled(1_000);
    expect(fake.view(id).draft.id).toBe('');
  });

  test('that is dropped can be put back', async () => {
    const { desk, fake, id } = await writing();
    type(desk, 'worth keeping');
    await dropDraft(desk);
    expect(fake.view(id).draft.id).toBe('');
    expect(desk.composer.draft).toBeNull();
    desk.notices.list.at(-1)?.act?.run();
    await settled();
    expect(fake.view(id).draft.text).toBe('worth keeping');
    expect(desk.composer.draft?.text).toBe('worth keeping');
  });
});

describe('sending', () => {
  test('stores the last letters first, queues once and opens the next', async () => {
    const { desk, fake, id } = await writing();
    const next = desk.next(id);
    type(desk, 'Complete');
    await send(desk, 'waiting');
    const op = fake.ops.find((o) => o.conversation === id && o.state === 'queued');
    expect(op?.text).toBe('Complete');
    expect(fake.view(id).row.status).toBe('waiting');
    expect(desk.conversation.id).toBe(next);
    expect(desk.composer.draft).toBeNull();
  });

  test('twice at once sends once', async () => {
    const { desk, fake } = await writing();
    type(desk, 'Once');
    await Promise.all([send(desk, 'waiting'), send(desk, 'waiting')]);
    expect(fake.calls.filter((c) => c === 'Composer.Send')).toHaveLength(1);
  });

  test('leaves alone who has gone elsewhere meanwhile', async () => {
    const { desk, fake } = await writing();
    const elsewhere = idOf(fake, 'Katharina Vogt');
    type(desk, 'Complete');
    const sending = send(desk, 'waiting');
    await desk.open(elsewhere);
    await sending;
    expect(desk.conversation.id).toBe(elsewhere);
  });

  test('a reply begins in the conversation that is just opening, not in the one that leaves', async () => {
    const { desk, fake } = await writing();
    const other = idOf(fake, 'Mehmet Aydın');
    const opening = desk.open(other);
    await Promise.all([opening, reply(desk)]);
    expect(desk.composer.draft?.conversation).toBe(other);
  });

  test('a change while a conversation opens does not swallow the opening', async () => {
    const { desk, fake } = await writing();
    const other = idOf(fake, 'Mehmet Aydın');
    const opening = desk.conversation.open(other);
    const again = desk.conversation.reread();
    await Promise.all([opening, again]);
    expect(desk.conversation.view?.row.id).toBe(other);
    expect(desk.conversation.firstNew).toBe('');
  });

  test('does not leave with text that could not be stored', async () => {
    const { desk, fake } = await writing('full');
    type(desk, 'not on disk');
    await send(desk, 'waiting');
    expect(fake.calls).not.toContain('Composer.Send');
    expect(desk.composer.draft?.text).toBe('not on disk');
  });

  test.each([
    ['text', { text: ' \n' }],
    ['recipient', { text: 'x', to: [] }],
  ] as const)('says that the %s is missing', async (lack, change) => {
    const { desk, fake } = await writing();
    desk.composer.draft?.edit({ ...change, ...('to' in change ? { to: [] } : {}) } as object);
    await send(desk, 'done');
    expect(desk.composer.lack).toBe(lack);
    expect(fake.calls).not.toContain('Composer.Send');
  });

  test('is taken back with the draft as it was', async () => {
    const { desk, fake, id } = await writing();
    type(desk, 'Hold on');
    await send(desk, 'done');
    takeBackLast(desk);
    await settled();
    expect(desk.conversation.id).toBe(id);
    expect(desk.composer.draft?.text).toBe('Hold on');
    expect(fake.view(id).row.status).toBe('open');
    expect(desk.notices.list.filter((n) => n.from > 0)).toEqual([]);
    await settled(60_000);
    expect(fake.ops.filter((o) => o.conversation === id && o.state === 'sent')).toEqual([]);
  });

  test('that has begun cannot be taken back, and says so', async () => {
    const { desk, fake, id } = await writing();
    type(desk, 'Gone');
    await send(desk, 'waiting');
    const op = desk.composer.lastSent;
    await settled(10_500);
    if (op) await takeBack(desk, op);
    expect(desk.notices.list.at(-1)?.text).toContain("can't be taken back");
    await settled(5_000);
    expect(fake.view(id).messages.at(-1)?.text).toBe('Gone');
  });

  test('waits without a line and goes out when it is back', async () => {
    const { desk, fake, id } = await writing('offline');
    type(desk, 'Patience');
    await send(desk, 'waiting');
    expect(desk.notices.list.at(-1)?.text).toContain('waits for the line');
    await settled(60_000);
    const op = fake.ops.find((o) => o.conversation === id);
    expect(op?.state).toBe('queued');
    await desk.line.setPractice('good');
    await settled(5_000);
    expect(op?.state).toBe('sent');
    expect(desk.notices.spoken).toContain('was sent');
  });
});

describe('deciding', () => {
  test('to edit a stopped reply opens it with its text', async () => {
    const { desk, fake } = await startDesk();
    desk.showOutbox();
    await settled();
    const op = desk.outbox.view?.needYou.find((o) => o.state === 'held');
    if (!op) throw new Error('no held reply in the fake desk');
    await decide(desk, op, 'edit');
    expect(desk.go.place).toBe('list');
    expect(desk.composer.draft?.text).toBe(op.text);
    expect(desk.composer.draft?.conversation).toBe(idOf(fake, 'Agnieszka Wójcik'));
  });
});

describe('what is new beside a draft', () => {
  async function beside() {
    const all = await writing();
    type(all.desk, 'Bonjour');
    await settled(draftPace.pause + 20);
    return all;
  }

  test('stops the reply before it is queued, until a person agrees to what is shown', async () => {
    const { desk, fake, id } = await beside();
    fake.answer(id, 'Daniela was quicker.');
    await settled();
    type(desk, 'Bonjour encore'); // typing on agrees to nothing
    await send(desk, 'waiting');
    expect(desk.composer.objection).toBe('waiting');
    expect(fake.ops.some((o) => o.conversation === id)).toBe(false);
    const shown = desk.conversation.view!.messages.slice(-1);
    fake.arrive(id, 'Une autre question.');
    await settled();
    await sendBeside(desk, shown); // the second stood there when the button was pressed, but not on screen
    expect(desk.composer.objection).toBe('waiting');
    await sendBeside(desk, desk.conversation.view!.messages.slice(-1));
    expect(fake.ops.filter((o) => o.conversation === id)).toHaveLength(1);
  });

  test('agreed to once is not asked again, and is stored with the draft', async () => {
    const { desk, fake, id } = await beside();
    fake.arrive(id, 'Une autre question.');
    await settled();
    desk.composer.draft?.read(desk.conversation.newest);
    await settled(draftPace.pause + 20);
    expect(fake.view(id).draft.base).toBe(desk.conversation.newest);
    await send(desk, 'waiting');
    expect(fake.ops.filter((o) => o.conversation === id)).toHaveLength(1);
  });

  test('is no bounce, no machine and nothing of our own', async () => {
    const { desk, fake, id } = await beside();
    for (const part of [
      { kind: 'bounce' },
      { kind: 'auto' },
      { direction: 'out', mine: true },
    ] as const) {
      fake.arrive(id, 'x');
      Object.assign(fake.view(id).messages.at(-1)!, part);
    }
    await settled();
    await send(desk, 'waiting');
    expect(fake.ops.filter((o) => o.conversation === id)).toHaveLength(1);
  });
});

describe('a reply that leaves later', () => {
  test('is queued with its times, which count for it alone', async () => {
    const { desk, fake, id } = await writing();
    type(desk, 'Bonjour');
    const times = { sendAt: Date.now() + 3_600_000, until: Date.now() + 7_200_000 };
    desk.composer.times = times;
    await send(desk, 'waiting');
    const op = fake.ops.find((o) => o.conversation === id)!;
    expect(op).toMatchObject({ state: 'queued', ...times });
    await settled(60_000);
    expect(op.state).toBe('queued');
    await takeBack(desk, op);
    expect(desk.composer.draft?.text).toBe('Bonjour');
    expect(desk.composer.times.sendAt).toBe(0);
  });

  test('is not queued when its time is over already', async () => {
    const { desk, fake, id } = await writing();
    type(desk, 'Bonjour');
    desk.composer.times = { sendAt: 0, until: Date.now() - 1 };
    await send(desk, 'waiting');
    expect(desk.composer.lack).toBe('times');
    expect(fake.ops.some((o) => o.conversation === id)).toBe(false);
  });
});
