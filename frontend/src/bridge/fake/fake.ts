import type { Bridge } from '../bridge';
import { CallError } from '../failure';
import type * as t from '../types';
import { accountsOf } from './accounts';
import { composerOf, find, giveBack } from './composer';
import { noDraft } from './desk';
import { arrangingOf } from './arranging';
import type { Answer } from './choices';
import { FakeDesk } from './fakeDesk';
import { harmOf } from './harm';
import { lineOf } from './line';
import { search } from './search';
import { asSent } from './sent';

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
    accounts: accountsOf(desk, answer),
    files: filesOf(desk, answer),
    settings: settingsOf(desk, answer),
    copy: (text) => answer(`Copy ${text}`, () => void navigator.clipboard?.writeText(text)),
    onChanged: (listener) => desk.listen(listener),
    window: {
      leaving: () => answer('Window.Leaving', () => desk.leaving()),
      close: () => answer('Window.Close', () => undefined),
      stay: () => answer('Window.Stay', () => undefined),
    },
    onLeaving: (listener) => desk.onClose(listener),
  };
}

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
          snoozed: of('snoozed'),
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
        view.row.snoozedUntil = 0;
        view.row.waitingSince = status === 'open' ? view.row.lastAt : 0;
        desk.tell(id);
      }),
    snooze: (id, until) =>
      answer('Inbox.Snooze', () => {
        Object.assign(desk.view(id).row, { status: 'snoozed', snoozedUntil: until });
        desk.tell(id);
      }),
    search: (request) => answer('Inbox.Search', () => search(desk, request)),
    searchServer: (text, anyway) =>
      answer('Inbox.SearchServer', () => {
        if (!anyway && desk.line().accounts[0]?.spent)
          throw new CallError('asks_first', 'search the server');
        if (desk.choices.paused) throw new CallError('paused', 'search the server');
        desk.hunt(text);
      }),
    serverSearch: () => answer('Inbox.ServerSearch', () => desk.hunted),
    stopServerSearch: () => answer('Inbox.StopServerSearch', () => desk.endHunt('stopped')),
    ...arrangingOf(desk, answer),
  };
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
  const brought = new Set<string>();
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
    asSent: (id, load) =>
      answer(`Files.AsSent ${id} ${load}`, () => {
        if (load && desk.practice === 'off') throw new CallError('offline', 'show mail as sent');
        const message = [...desk.views.values()]
          .flatMap((v) => v.messages)
          .find((m) => m.id === id);
        if (!message) throw new CallError('not_found', 'show mail as sent');
        if (load) brought.add(id);
        const account = desk.line().accounts[0];
        const saving = account?.textOnly ? 'text_only' : account?.spent ? 'spent' : '';
        return asSent(message, brought.has(id), saving);
      }),
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
    harmRead: () => set('Settings.HarmRead', { harm: harmOf('') }),
    openLink: (url) => answer(`Settings.OpenLink ${url}`, () => undefined),
  };
}
