import type { Bridge } from '../bridge';
import { CallError } from '../failure';
import type * as t from '../types';
import { conversations, hour, message, minute, nextId, noDraft, opFor, ops, own } from './desk';

const undoMs = 10_000;
const markOfState: Partial<Record<t.OpState, t.MarkName>> = {
  queued: 'waits',
  sending: 'sending',
  uncertain: 'uncertain',
  held: 'held',
  needs_you: 'needs_you',
};

/**
 * A desk in memory for tests and for a plain browser. `scenes` are words
 * separated by commas: offline, empty, broken, stopped, full (nothing can be
 * saved), de, dark.
 */
export class FakeDesk {
  views: Map<string, t.ConversationView>;
  ops: t.OpView[];
  practice: t.PracticeMode;
  settings: t.SettingsView;
  /** What was called, for tests. */
  readonly calls: string[] = [];
  readonly #listeners = new Set<(change: t.Changed) => void>();
  readonly #scenes: Set<string>;
  #seq = 0;

  constructor(
    scenes = '',
    readonly now: () => number = () => Date.now(),
  ) {
    this.#scenes = new Set(scenes.split(','));
    const empty = this.has('empty');
    this.views = empty ? new Map() : conversations(now());
    this.ops = empty ? [] : ops(this.views, now());
    for (const op of this.ops) this.#mark(op);
    this.practice = this.has('offline') ? 'off' : 'good';
    this.settings = {
      theme: this.has('dark') ? 'dark' : this.has('light') ? 'light' : 'system',
      locale: this.has('de') ? 'de' : '',
      locales: ['en', 'de'],
      system: 'en',
      dataDir: '/home/amira/.local/share/fernpost',
      version: '0.1.0',
      keys: true,
      account: own,
      notice: '',
    };
  }

  has(scene: string): boolean {
    return this.#scenes.has(scene);
  }

  toggle(scene: string, on: boolean): void {
    if (on) this.#scenes.add(scene);
    else this.#scenes.delete(scene);
  }

  listen(listener: (change: t.Changed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells the screen, a moment later as the pump does. */
  tell(conversation = '', also: Partial<t.Changed> = {}): void {
    const change: t.Changed = {
      seq: ++this.#seq,
      conversations: conversation ? [conversation] : [],
      lists: true,
      outbox: true,
      line: true,
      settings: false,
      ...also,
    };
    setTimeout(() => this.#listeners.forEach((l) => l(change)), 5);
  }

  view(id: string): t.ConversationView {
    const view = this.views.get(id);
    if (!view) throw new CallError('not_found', 'open conversation');
    return view;
  }

  rows({ view, order }: t.ListRequest): t.Row[] {
    const status = { inbox: 'open', waiting: 'waiting', done: 'done' } as const;
    const rows = [...this.views.values()]
      .filter((v) => (view === 'drafts' ? v.draft.id !== '' : v.row.status === status[view]))
      .map((v) => v.row);
    return order === 'longest'
      ? rows.sort((a, b) => (a.waitingSince || Infinity) - (b.waitingSince || Infinity))
      : rows.sort((a, b) => b.lastAt - a.lastAt);
  }

  open(state: t.OpState): boolean {
    return !['sent', 'reconciled', 'cancelled'].includes(state);
  }

  move(op: t.OpView, state: t.OpState, part: Partial<t.OpView> = {}): void {
    Object.assign(op, { state, reason: '', changedAt: this.now(), ...part });
    this.#mark(op);
    this.tell(op.conversation);
  }

  #mark(op: t.OpView): void {
    const view = this.views.get(op.conversation);
    if (!view || (op.state === 'sent' && view.row.mark === 'draft')) return;
    view.outgoing = this.ops.filter((o) => o.conversation === op.conversation && this.open(o.state));
    view.row.mark = markOfState[op.state] ?? (view.draft.id ? 'draft' : '');
  }

  /** A reply leaves after its time to be taken back, when there is a line. */
  leave(op: t.OpView): void {
    setTimeout(() => {
      if (op.state !== 'queued') return;
      if (this.practice === 'off') this.move(op, 'queued');
      else this.#send(op);
    }, undoMs);
  }

  #send(op: t.OpView): void {
    this.move(op, 'sending', { bytes: 2_400, done: 800 });
    setTimeout(() => {
      const view = this.view(op.conversation);
      view.messages = [
        ...view.messages,
        message({ at: this.now(), direction: 'out', from: own, to: [op.to], text: op.text, mine: true }),
      ];
      this.move(op, 'sent');
    }, 1_500);
  }

  release(): void {
    for (const op of this.ops) if (op.state === 'queued') this.#send(op);
  }

  /** The customer writes again. */
  arrive(id: string, text: string): void {
    const view = this.view(id);
    const at = this.now();
    view.messages = [
      ...view.messages,
      message({ at, from: view.row.customer, to: [own], text, language: view.row.language, seen: false }),
    ];
    Object.assign(view.row, { lastAt: at, preview: text, status: 'open', unread: 1, waitingSince: at });
    this.tell(id);
  }

  line(): t.LineView {
    const now = this.now();
    const start = Math.min(new Date(now).setHours(8, 0, 0, 0), now - 6 * hour);
    const lost = this.practice === 'off';
    return {
      accounts: this.has('empty')
        ? [this.#account(false, true)]
        : [this.#account(lost, false)],
      waiting: this.ops.filter((o) => o.state === 'queued').length,
      needYou: this.ops.filter((o) => o.state === 'held' || o.state === 'needs_you').length,
      bytes: { replies: 21_000, text: 33_000, looking: 9_000, files: 0, total: 63_000, budget: 800_000 },
      practice: this.practice,
      dayStart: start,
      strokes: strokes(start, now, lost),
      sentTicks: [0.03, 0.05, 0.11, 0.16, 0.24, 0.3, 0.42, 0.47, 0.6, 0.68, 0.8, 0.86, 0.93].map(
        (p) => start + p * (now - start),
      ),
    };
  }

  #account(lost: boolean, importing: boolean): t.AccountView {
    const now = this.now();
    return {
      id: '1',
      name: 'Birkpay help',
      address: own.address,
      kind: 'practice',
      state: 'ok',
      line: lost ? 'lost' : 'answered',
      answeredAt: now - (lost ? 7 * minute : 20_000),
      lostAt: lost ? now - 7 * minute : 0,
      retryAt: lost ? now + 20_000 : 0,
      problem: '',
      importing,
    };
  }
}

function strokes(start: number, now: number, lost: boolean): t.LineStroke[] {
  const cuts = [0.06, 0.07, 0.17, 0.19, 0.36, 0.41, 0.49, 0.5, 0.71, 0.73, 0.9, 0.92];
  if (lost) cuts.push(0.97);
  const at = (p: number) => start + p * (now - start);
  return [0, ...cuts].map((p, i, all) => ({
    from: at(p),
    to: at(all[i + 1] ?? 1),
    answered: i % 2 === 0,
  }));
}

/** The bridge of a fake desk. */
export function fakeBridge(scenes = '', desk = new FakeDesk(scenes)): Bridge {
  const answer = async <T>(call: string, fn: () => T): Promise<T> => {
    desk.calls.push(call);
    await Promise.resolve();
    if (desk.has('stopped')) throw new CallError('locked', call);
    if (desk.has('broken') && call !== 'Settings.Get') throw new CallError('damaged', call);
    return structuredClone(fn());
  };
  return {
    inbox: inboxOf(desk, answer),
    composer: composerOf(desk, answer),
    outbox: outboxOf(desk, answer),
    line: {
      status: () => answer('Line.Status', () => desk.line()),
      setPractice: (mode) =>
        answer('Line.SetPractice', () => {
          desk.practice = mode;
          if (mode !== 'off') desk.release();
          desk.tell();
        }),
    },
    files: filesOf(desk, answer),
    settings: settingsOf(desk, answer),
    onChanged: (listener) => desk.listen(listener),
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
            .filter((m) => `${m.text} ${v.row.subject} ${v.row.customer.name}`.toLowerCase().includes(word))
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
        return { ...noDraft(conversation), to: [view.row.customer], subject, base: view.messages.at(-1)?.id ?? '' };
      }),
    save: (draft) =>
      answer('Composer.Save', () => {
        if (desk.has('full')) throw new CallError('disk_full', 'save draft');
        const view = desk.view(draft.conversation);
        view.draft = { ...draft, id: draft.id || `draft-${nextId()}`, revision: draft.revision + 1, savedAt: desk.now() };
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
        const op = opFor(view, { text: view.draft.text, createdAt: now, changedAt: now, undoUntil: now + undoMs });
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
  view.draft = held.get(op.id) ?? { ...noDraft(op.conversation), id: `draft-${nextId()}`, to: [op.to], text: op.text };
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
  const files = () => [...desk.views.values()].flatMap((v) => v.messages.flatMap((m) => m.files.map((f) => ({ f, v }))));
  return {
    fetch: (id) =>
      answer('Files.Fetch', () => {
        const hit = files().find(({ f }) => f.id === id);
        if (!hit) throw new CallError('not_found', 'fetch file');
        if (desk.practice === 'off') throw new CallError('offline', 'fetch file');
        for (const [i, part] of [0.3, 0.7, 1].entries())
          setTimeout(
            () => {
              hit.f.have = Math.round(hit.f.size * part);
              desk.tell(hit.v.row.id, { outbox: false });
            },
            300 * (i + 1),
          );
      }),
    save: () => answer('Files.Save', () => '/home/amira/Downloads/file.pdf'),
  };
}

function settingsOf(desk: FakeDesk, answer: Answer): Bridge['settings'] {
  const set = (call: string, part: Partial<t.SettingsView>) =>
    answer(call, () => void Object.assign(desk.settings, part));
  return {
    get: () => answer('Settings.Get', () => desk.settings),
    setTheme: (theme) => set('Settings.SetTheme', { theme }),
    setLocale: (locale) => set('Settings.SetLocale', { locale }),
    setKeys: (keys) => set('Settings.SetKeys', { keys }),
    openLink: (url) => answer(`Settings.OpenLink ${url}`, () => undefined),
  };
}
