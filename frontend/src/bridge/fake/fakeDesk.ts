import { CallError } from '../failure';
import type * as t from '../types';
import { chosen, serverAlerts, type LineChoices } from './choices';
import { accountsAtFirst } from './mailboxes';
import { harmOf } from './harm';
import { older } from './older';
import { colleague, conversations, hour, message, minute, own } from './desk';
import { ops, timed } from './ops';

/** Bytes of the fake day. */
const used = 63_000;
/** How long a reply can be taken back. */
export const undoMs = 10_000;
const markOfState: Partial<Record<t.OpState, t.MarkName>> = {
  queued: 'waits',
  sending: 'sending',
  uncertain: 'uncertain',
  held: 'held',
  needs_you: 'needs_you',
};

/**
 * A desk in memory for tests and for a plain browser. `scenes` are words
 * separated by commas: offline, empty, broken, stopped, opening (an update
 * changes the store), full (nothing can be saved), spent, textonly,
 * harm (a disk was damaged), paused, slow (the server searches for ever), alert (it has words for people), beside (drafts that
 * something new stands beside), timed (replies that leave later), leaving (the window closes),
 * ending (so does the computer), de, dark.
 */
export class FakeDesk {
  views: Map<string, t.ConversationView>;
  ops: t.OpView[];
  practice: t.PracticeMode;
  settings: t.SettingsView;
  mailboxes: t.MailboxView[];
  choices: LineChoices;
  hunted: t.ServerSearchView = { text: '', state: '', found: 0, kind: '' };
  close: () => void = () => {};
  /** How far an update has changed the store; below 1 nothing else answers. */
  part: number;
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
    this.mailboxes = accountsAtFirst(this.has('connected'));
    this.views = empty ? new Map() : conversations(now());
    for (const [n, view] of [...this.views.values()].entries())
      view.account = view.row.account = this.mailboxes[n % this.mailboxes.length]?.id ?? '';
    this.ops = empty ? [] : ops(this.views, now());
    if (this.has('timed')) this.ops.push(...timed(this.views, now()));
    for (const op of this.ops) this.#mark(op);
    if (this.has('beside'))
      for (const v of this.views.values())
        if (v.draft.id !== '') v.draft.base = v.messages[0]?.id ?? '';
    this.part = this.has('opening') ? 0.4 : 1;
    this.practice = this.has('offline') ? 'off' : 'good';
    this.choices = {
      budget: this.has('spent') ? 60_000 : 800_000,
      textOnly: this.has('textonly'),
      paused: this.has('paused'),
      horizon: 90,
      freed: false,
      alerts: this.has('alert') ? serverAlerts : [],
    };
    if (this.has('paused'))
      for (const op of this.ops) if (op.state === 'queued') op.waits = 'paused';
    this.settings = {
      theme: this.has('dark') ? 'dark' : this.has('light') ? 'light' : 'system',
      locale: this.has('de') ? 'de' : '',
      locales: ['en', 'de'],
      system: 'en',
      dataDir: '/home/amira/.local/share/fernpost',
      version: '0.1.0',
      keys: true,
      notice: '',
      full: this.has('full'),
      harm: harmOf(this.has('harm') ? 'main' : ''),
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
      search: false,
      ...also,
    };
    setTimeout(() => this.#listeners.forEach((l) => l(change)), 5);
  }

  /** A person closes the window, when there is one: a browser's tab asks by itself. */
  onClose(listener: () => void): () => void {
    this.close = listener;
    if (this.has('leaving')) setTimeout(listener, 300);
    return () => (this.close = () => {});
  }

  leaving(): t.LeavingView {
    const waits = this.ops.filter((o) => ['queued', 'sending', 'uncertain'].includes(o.state));
    const later = waits.filter((o) => o.sendAt > this.now());
    return {
      replies: waits.length,
      later: later.length,
      first: later.length > 0 ? Math.min(...later.map((o) => o.sendAt)) : 0,
      ending: this.has('ending'),
    };
  }

  view(id: string): t.ConversationView {
    const view = this.views.get(id);
    if (!view) throw new CallError('not_found', 'open conversation');
    return view;
  }

  rows({ view, order }: t.ListRequest): t.Row[] {
    const status = {
      inbox: 'open',
      waiting: 'waiting',
      snoozed: 'snoozed',
      done: 'done',
      spam: 'spam',
      bin: 'bin',
    } as const;
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
    view.outgoing = this.ops.filter(
      (o) => o.conversation === op.conversation && this.open(o.state),
    );
    view.row.mark = markOfState[op.state] ?? (view.draft.id ? 'draft' : '');
  }

  /** A reply leaves after its time to be taken back, when there is a line. */
  leave(op: t.OpView): void {
    setTimeout(() => {
      if (op.state !== 'queued' || op.sendAt > this.now()) return;
      if (this.choices.paused) this.move(op, 'queued', { waits: 'paused' });
      else if (this.practice === 'off') this.move(op, 'queued');
      else this.#send(op);
    }, undoMs);
  }

  #send(op: t.OpView): void {
    this.move(op, 'sending', { bytes: 2_400, done: 800 });
    setTimeout(() => {
      const view = this.view(op.conversation);
      view.messages = [
        ...view.messages,
        message({
          at: this.now(),
          direction: 'out',
          from: own,
          to: [op.to],
          text: op.text,
          mine: true,
        }),
      ];
      this.move(op, 'sent');
    }, 1_500);
  }

  release(): void {
    for (const op of this.ops) if (op.state === 'queued' && op.sendAt <= this.now()) this.#send(op);
  }

  /** A colleague answers. */
  answer(id: string, text: string): void {
    const view = this.view(id);
    const sent = { at: this.now(), direction: 'out', from: colleague, text } as const;
    view.messages = [...view.messages, message({ ...sent, to: [view.row.customer] })];
    this.tell(id);
  }

  /** The customer writes again. */
  arrive(id: string, text: string): void {
    const view = this.view(id);
    const at = this.now();
    view.messages = [
      ...view.messages,
      message({
        at,
        from: view.row.customer,
        to: [own],
        text,
        language: view.row.language,
        seen: false,
      }),
    ];
    Object.assign(view.row, {
      lastAt: at,
      preview: text,
      status: 'open',
      unread: 1,
      snoozedUntil: 0,
      waitingSince: at,
    });
    this.tell(id);
  }

  /** The server finds one old mail, or waits for its line. */
  hunt(text: string): void {
    const offline = this.practice === 'off';
    this.hunted = { text, state: offline ? 'waits' : 'running', found: 0, kind: '' };
    this.tell('', { search: true });
    if (offline || this.has('slow')) return;
    setTimeout(() => {
      if (this.hunted.state !== 'running') return;
      const old = older(this.now(), text);
      this.views.set(old.row.id, old);
      this.hunted.found = 1;
      this.endHunt('done');
    }, 100);
  }

  endHunt(state: 'done' | 'stopped'): void {
    this.hunted = { ...this.hunted, state };
    this.tell('', { search: true });
  }

  line(): t.LineView {
    const now = this.now();
    const start = Math.min(new Date(now).setHours(8, 0, 0, 0), now - 6 * hour);
    const lost = this.practice === 'off';
    return {
      accounts: this.mailboxes.map((m) => ({
        ...this.#account(lost, this.has('empty')),
        id: m.id,
        name: m.name,
        address: m.setup.address,
        kind: m.kind,
        ...(m.state === 'sign_in' ? { state: m.state } : {}),
      })),
      waiting: this.ops.filter((o) => o.state === 'queued').length,
      needYou: this.ops.filter((o) => o.state === 'held' || o.state === 'needs_you').length,
      bytes: {
        replies: 21_000,
        text: 33_000,
        looking: 9_000,
        files: 0,
        total: used,
        budget: this.choices.budget,
        counted: this.choices.budget > 0 ? used : 0,
      },
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
      id: '',
      name: '',
      address: '',
      kind: 'mail',
      line: lost ? 'lost' : 'answered',
      answeredAt: now - (lost ? 7 * minute : 20_000),
      lostAt: lost ? now - 7 * minute : 0,
      retryAt: lost ? now + 20_000 : 0,
      problem: '',
      importing,
      ...chosen(this.choices, used),
      ...(importing ? { reach: now - 22 * 24 * hour, toGo: 12_400 } : {}),
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
