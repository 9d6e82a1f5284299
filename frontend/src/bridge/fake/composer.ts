import type { Bridge } from '../bridge';
import { CallError } from '../failure';
import type * as t from '../types';
import { minute, nextId, noDraft } from './desk';
import type { Answer } from './choices';
import { opFor } from './ops';
import { undoMs, type FakeDesk } from './fakeDesk';

/** What stands below a reply of a sender, "" being the usual one. */
function signed(desk: FakeDesk, account: string, id: string): string {
  const all = desk.mailboxes.find((m) => m.id === account)?.identities ?? [];
  const text = (all.find((i) => i.id === id) ?? all[0])?.signatures[0]?.text ?? '';
  return text && `\n\n-- \n${text}`;
}

/** The composer of a fake desk. */
export function composerOf(desk: FakeDesk, answer: Answer): Bridge['composer'] {
  return {
    start: (conversation) =>
      answer('Composer.Start', () => {
        const view = desk.view(conversation);
        if (view.draft.id) return view.draft;
        const subject = `Re: ${view.row.subject}`;
        return {
          ...noDraft(conversation),
          to: [view.row.customer],
          subject,
          text: signed(desk, view.account, ''),
          quotes: view.messages.findLast((m) => m.direction === 'in')?.id ?? '',
          base: view.messages.at(-1)?.id ?? '',
        };
      }),
    save: (draft) =>
      answer('Composer.Save', () => {
        if (desk.has('full')) throw new CallError('disk_full', 'save draft');
        const view = desk.view(draft.conversation);
        view.draft = {
          ...draft,
          files: view.draft.id === '' ? draft.files : view.draft.files,
          id: draft.id || `draft-${nextId()}`,
          revision: draft.revision + 1,
          savedAt: desk.now(),
        };
        if (view.row.mark === '') view.row.mark = 'draft';
        desk.tell(draft.conversation);
        return view.draft;
      }),
    writeAs: (draft, identity) =>
      answer('Composer.WriteAs', () => {
        const { account } = desk.view(draft.conversation);
        const [old, now] = [draft.identity, identity].map((id) => signed(desk, account, id)) as [
          string,
          string,
        ];
        if (!draft.text.endsWith(old)) return { ...draft, identity };
        return {
          ...draft,
          identity,
          text: draft.text.slice(0, draft.text.length - old.length) + now,
        };
      }),
    drop: (id) =>
      answer('Composer.Drop', () => {
        const view = [...desk.views.values()].find((v) => v.draft.id === id);
        if (!view) throw new CallError('not_found', 'drop draft');
        view.draft = noDraft(view.row.id);
        if (view.row.mark === 'draft') view.row.mark = '';
        desk.tell(view.row.id);
      }),
    send: ({ draft, then, anyway, sendAt, until }) =>
      answer('Composer.Send', () => {
        const view = withDraft(desk, draft);
        if (!anyway && weigh(view.draft).doubtful) throw new CallError('asks_first', 'weigh files');
        const now = desk.now();
        const op = opFor(view, {
          text: view.draft.text,
          files: view.draft.files.map(({ name, type, size }) => ({ name, type, size })),
          createdAt: now,
          changedAt: now,
          undoUntil: sendAt > now ? 0 : now + undoMs,
          sendAt,
          until,
        });
        held.set(op.id, view.draft);
        view.draft = noDraft(view.row.id);
        Object.assign(view.row, { status: then, waitingSince: 0, unread: 0 });
        desk.ops.push(op);
        desk.move(op, 'queued');
        desk.leave(op);
        return op;
      }),
    takeBack: (id) =>
      answer('Composer.TakeBack', () => {
        const op = find(desk, id);
        if (op.state !== 'queued') throw new CallError('too_late', 'take reply back');
        desk.move(op, 'cancelled');
        return giveBack(desk, op);
      }),
    again: (id) => answer('Composer.Again', () => giveBack(desk, find(desk, id))),
    forward: (conversation, message) =>
      answer('Composer.Forward', () => {
        const view = desk.view(conversation);
        const from =
          view.messages.find((m) => m.id === message) ??
          view.messages.findLast((m) => m.direction === 'in');
        if (!from) throw new CallError('not_found', 'pass message on');
        if (view.draft.text.trim() !== '') throw new CallError('conflict', 'pass message on');
        view.draft = {
          ...noDraft(conversation),
          id: `draft-${nextId()}`,
          subject: `Fwd: ${view.row.subject}`,
          quotes: from.id,
          passesOn: true,
          base: view.messages.at(-1)?.id ?? '',
          files: from.files.map((f) =>
            draftFile({ name: f.name, type: f.type, size: f.size, have: f.have }),
          ),
        };
        return view.draft;
      }),
    attach: (draft) =>
      answer('Composer.Attach', () => {
        const big = desk.has('heavy');
        return change(desk, draft, (files) => [
          ...files,
          draftFile({ name: 'Rückgabeformular.pdf', type: 'application/pdf', size: 184_000 }),
          draftFile({
            name: 'IMG_2041.jpg',
            type: 'image/jpeg',
            size: big ? 12_400_000 : 2_310_000,
            picture: true,
          }),
        ]);
      }),
    paste: (draft, name) =>
      answer('Composer.Paste', () =>
        change(desk, draft, (files) => [
          ...files,
          draftFile({ name, type: 'image/png', size: 48_000, picture: true, inline: true }),
        ]),
      ),
    detach: (draft, file) =>
      answer('Composer.Detach', () =>
        change(desk, draft, (files) => files.filter((f) => f.id !== file)),
      ),
    shrink: (draft, file, small) =>
      answer('Composer.Shrink', () =>
        change(desk, draft, (files) =>
          files.map((f) => {
            if (f.id !== file || f.was > 0 === small) return f;
            const size = small ? Math.round(f.size / 9) : f.was;
            return { ...f, size, have: size, was: small ? f.size : 0 };
          }),
        ),
      ),
    picture: () => answer('Composer.Picture', () => greyPicture),
    weigh: (draft) => answer('Composer.Weigh', () => weigh(withDraft(desk, draft).draft)),
  };
}

/** One grey point, which the screen draws as large as it likes. */
const greyPicture =
  'data:image/gif;base64,R0lGODlhAQABAIAAAMLCwsLCwiH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==';

function draftFile(part: Partial<t.DraftFileView> & { size: number }): t.DraftFileView {
  return {
    id: nextId(),
    name: '',
    type: '',
    was: 0,
    have: part.size,
    picture: false,
    inline: false,
    risky: false,
    upload: nextId(),
    original: '0',
    ...part,
  };
}

function withDraft(desk: FakeDesk, draft: string): t.ConversationView {
  const view = [...desk.views.values()].find((v) => v.draft.id === draft);
  if (!view) throw new CallError('not_found', 'find draft');
  return view;
}

function change(
  desk: FakeDesk,
  draft: string,
  edit: (files: t.DraftFileView[]) => t.DraftFileView[],
): t.DraftView {
  const view = withDraft(desk, draft);
  view.draft = { ...view.draft, files: edit(view.draft.files) };
  desk.tell(view.row.id);
  return view.draft;
}

/** A line of 8 kB a second that mostly lives for four minutes. */
function weigh(draft: t.DraftView): t.UploadView {
  const bytes = Math.round(draft.files.reduce((sum, f) => sum + f.size, 0) * 1.37);
  const [limit, life] = [25 << 20, 4 * minute];
  const need = bytes / 8;
  return {
    bytes,
    limit,
    sure: false,
    tooLarge: bytes > limit,
    need,
    life,
    doubtful: need > (life * 3) / 4,
  };
}

/** Drafts that an op holds. */
const held = new Map<string, t.DraftView>();

/** Gives the draft of an op back. */
export function giveBack(desk: FakeDesk, op: t.OpView): t.DraftView {
  const view = desk.view(op.conversation);
  view.row.status = 'open';
  view.draft = held.get(op.id) ?? {
    ...noDraft(op.conversation),
    id: `draft-${nextId()}`,
    to: [op.to],
    text: op.text,
  };
  view.row.mark = 'draft';
  desk.tell(op.conversation);
  return view.draft;
}

/** The op with this id. */
export function find(desk: FakeDesk, id: string): t.OpView {
  const op = desk.ops.find((o) => o.id === id);
  if (!op) throw new CallError('not_found', 'find op');
  return op;
}
