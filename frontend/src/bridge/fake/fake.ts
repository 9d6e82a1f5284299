import type { Bridge } from '../bridge';
import { CallError } from '../failure';
import type * as t from '../types';
import { hour, nextId, noDraft, opFor } from './desk';
import { FakeDesk, undoMs } from './fakeDesk';
import { lineOf } from './line';

/** The bridge of a fake desk. */
export function fakeBridge(scenes = '', desk = new FakeDesk(scenes)): Bridge {
  const answer = async <T>(call: string, fn: () => T): Promise<T> => {
    desk.calls.push(call);
    await Promise.resolve();
    if (desk.part < 1 && call !== 'Settings.Opening') throw new CallError('opening', call);
    if (desk.has('stopped')) throw new CallError('locked', call);
    if (desk.has('broken') && call !== 'Settings.Get') throw new CallError('damaged', call);
    return structuredClone(fn());
  };
  return {
    inbox: inboxOf(desk, answer),
    composer: composerOf(desk, answer),
    outbox: outboxOf(desk, answer),
    line: lineOf(desk, answer),
    files: filesOf(desk, answer),
    settings: settingsOf(desk, answer),
    onChanged: (listener) => desk.listen(listener),
    onLeaving: () => () => {}, // a browser's tab asks by itself
  };
}

type Answer = <T>(call: string, fn: () => T) => Promise<T>;

function inboxOf(desk: FakeDesk, answer: Answer): Bridge['inbox'] {
  return {
    counts: () =>
      answer('Inbox.Counts', () => {
        const of = (view: t.ViewName) =>
          desk.rows({ view, order: 'newest', after: '', limit: 0 }).length;
        const open = desk.ops.filter((o) => desk.open(o.state));
        return {
          inbox: of('inbox'),
          unread: [...desk.views.values()].filter((v) => v.row.unread > 0).length,
          waiting: of('waiting'),
          done: of('done'),
          drafts: of('drafts'),
          outbox: open.length,
          needYou: desk.line().needYou,
        };
      }),
    list: (request) =>
      answer('Inbox.List', () => {
        const rows = desk.rows(request);
        const from = request.after === '' ? 0 : Number(request.after);
        const end = from + request.limit;
        return {
          rows: rows.slice(from, end),
          next: end < rows.length ? String(end) : '',
          total: rows.length,
        };
      }),
    open: (id) => answer('Inbox.Open', () => desk.view(id)),
    markRead: (id) =>
      answer('Inbox.MarkRead', () => {
        const view = desk.view(id);
        view.row.unread = 0;
        for (const m of view.messages) m.seen = true;
        desk.tell(id);
      }),
    setStatus: (id, status) =>
      answer('Inbox.SetStatus', () => {
        const view = desk.view(id);
        view.row.status = status;
        view.row.waitingSince = status === 'open' ? view.row.lastAt : 0;
        desk.tell(id);
      }),
    search: ({ text }) =>
      answer('Inbox.Search', () => {
        const word = text.toLowerCase();
        const hits = [...desk.views.values()].flatMap((v) =>
          v.messages
            .filter((m) =>
              `${m.text} ${v.row.subject} ${v.row.customer.name}`.toLowerCase().includes(word),
            )
            .map((m) => ({ message: m.id, row: v.row, at: m.at, snippet: mark(m.text, word) })),
        );
        const newest = hits.sort((a, b) => b.at - a.at).slice(0, 30);
        return { hits: newest, more: hits.length > 30, since: desk.now() - 90 * 24 * hour };
      }),
  };
}

function mark(text: string, word: string): string {
  const at = text.toLowerCase().indexOf(word);
  if (at < 0) return text.slice(0, 160);
  const from = Math.max(0, at - 40);
  return `${from > 0 ? '…' : ''}${text.slice(from, at)}\u0002${text.slice(at, at + word.length)}\u0003${text.slice(at + word.length, at + 140)}`;
}

function composerOf(desk: FakeDesk, answer: Answer): Bridge['composer'] {
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
          base: view.messages.at(-1)?.id ?? '',
        };
      }),
    save: (draft) =>
      answer('Composer.Save', () => {
        if (desk.has('full')) throw new CallError('disk_full', 'save draft');
        const view = desk.view(draft.conversation);
        view.draft = {
          ...draft,
          id: draft.id || `draft-${nextId()}`,
          revision: draft.revision + 1,
          savedAt: desk.now(),
        };
        if (view.row.mark === '') view.row.mark = 'draft';
        desk.tell(draft.conversation);
        return view.draft;
      }),
    drop: (id) =>
      answer('Composer.Drop', () => {
        const view = [...desk.views.values()].find((v) => v.draft.id === id);
        if (!view) throw new CallError('not_found', 'drop draft');
        view.draft = noDraft(view.row.id);
        if (view.row.mark === 'draft') view.row.mark = '';
        desk.tell(view.row.id);
      }),
    send: ({ draft, then }) =>
      answer('Composer.Send', () => {
        const view = [...desk.views.values()].find((v) => v.draft.id === draft);
        if (!view) throw new CallError('not_found', 'queue reply');
        const now = desk.now();
        const op = opFor(view, {
          text: view.draft.text,
          createdAt: now,
          changedAt: now,
          undoUntil: now + undoMs,
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
  };
}

/** Drafts that an op holds. */
const held = new Map<string, t.DraftView>();

function giveBack(desk: FakeDesk, op: t.OpView): t.DraftView {
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

function find(desk: FakeDesk, id: string): t.OpView {
  const op = desk.ops.find((o) => o.id === id);
  if (!op) throw new CallError('not_found', 'find op');
  return op;
}

function outboxOf(desk: FakeDesk, answer: Answer): Bridge['outbox'] {
  const stopped = (o: t.OpView) => o.state === 'held' || o.state === 'needs_you';
  return {
    list: () =>
      answer('Outbox.List', () => ({
        needYou: desk.ops.filter(stopped),
        running: desk.ops.filter((o) => desk.open(o.state) && !stopped(o)),
        sentToday: desk.ops
          .filter((o) => o.state === 'sent' || o.state === 'reconciled')
          .sort((a, b) => b.changedAt - a.changedAt),
      })),
    decide: (id, choice) =>
      answer('Outbox.Decide', () => {
        const op = find(desk, id);
        const to = { it_arrived: 'sent', send_again: 'queued', send_anyway: 'queued' } as const;
        if (choice === 'edit' || choice === 'drop') desk.move(op, 'cancelled');
        else desk.move(op, to[choice]);
        return choice === 'edit' ? giveBack(desk, op) : noDraft(op.conversation);
      }),
    lookNow: (id) =>
      answer('Outbox.LookNow', () => {
        const op = desk.ops.find((o) => o.id === id);
        if (op?.state === 'uncertain') setTimeout(() => desk.move(op, 'reconciled'), 800);
      }),
  };
}

function filesOf(desk: FakeDesk, answer: Answer): Bridge['files'] {
  const files = () =>
    [...desk.views.values()].flatMap((v) =>
      v.messages.flatMap((m) => m.files.map((f) => ({ f, v }))),
    );
  const fetch = (call: string, id: string, anyway: boolean) =>
    answer(call, () => {
      const hit = files().find(({ f }) => f.id === id);
      if (!hit) throw new CallError('not_found', 'fetch file');
      if (desk.practice === 'off') throw new CallError('offline', 'fetch file');
      const account = desk.line().accounts[0];
      if (account?.state === 'paused') throw new CallError('paused', 'fetch file');
      if (!anyway && (account?.spent || account?.textOnly))
        throw new CallError('asks_first', 'fetch file');
      for (const [i, part] of [0.3, 0.7, 1].entries())
        setTimeout(
          () => {
            hit.f.have = Math.round(hit.f.size * part);
            desk.tell(hit.v.row.id, { outbox: false });
          },
          300 * (i + 1),
        );
    });
  return {
    fetch: (id) => fetch('Files.Fetch', id, false),
    fetchAnyway: (id) => fetch('Files.FetchAnyway', id, true),
    save: () => answer('Files.Save', () => '/home/amira/Downloads/file.pdf'),
  };
}

function settingsOf(desk: FakeDesk, answer: Answer): Bridge['settings'] {
  const set = (call: string, part: Partial<t.SettingsView>) =>
    answer(call, () => void Object.assign(desk.settings, part));
  return {
    get: () => answer('Settings.Get', () => desk.settings),
    opening: () => answer('Settings.Opening', () => ({ done: desk.part >= 1, part: desk.part })),
    setTheme: (theme) => set('Settings.SetTheme', { theme }),
    setLocale: (locale) => set('Settings.SetLocale', { locale }),
    setKeys: (keys) => set('Settings.SetKeys', { keys }),
    openLink: (url) => answer(`Settings.OpenLink ${url}`, () => undefined),
  };
}
