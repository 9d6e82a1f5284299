import type { Bridge } from '../bridge';
import type {
  Changed,
  Counts,
  Failure,
  HitView,
  MessageView,
  OpView,
  Order,
  ViewName,
} from '../bridge/types';
import { format, say } from '../words';
import { nameOf } from './addresses';
import { AccountsState } from './accounts.svelte';
import { Carry } from './carry';
import { Clock } from './clock.svelte';
import { ComposerState } from './composer.svelte';
import { ConversationState } from './conversation.svelte';
import { FindState } from './find.svelte';
import { LeavingState } from './leaving.svelte';
import { Latch } from './latch';
import { LineState, type LineSummary } from './line.svelte';
import { ListState } from './list.svelte';
import { Notices } from './notices.svelte';
import { OutboxState } from './outbox.svelte';
import { SearchState } from './search.svelte';
import { SettingsState } from './settings.svelte';
import { Steps } from './steps';
import { Navigation } from './navigation.svelte';

/** How long j and k must rest on a row before its conversation is opened. */
const restMs = 120;
/** How long a conversation must be on screen before it counts as read. */
const readMs = 900;

/** Everything the screen shows, and how one part follows another. */
export class Desk {
  readonly clock = new Clock();
  readonly notices = new Notices();
  readonly go = new Navigation();
  readonly steps = new Steps();
  readonly carry = new Carry();
  readonly settings: SettingsState;
  readonly accounts: AccountsState;
  readonly line: LineState;
  readonly list: ListState;
  readonly conversation: ConversationState;
  readonly find: FindState;
  readonly composer: ComposerState;
  readonly outbox: OutboxState;
  readonly search: SearchState;
  readonly leaving: LeavingState;
  counts = $state.raw<Counts | null>(null);

  #rest: ReturnType<typeof setTimeout> | undefined;
  #readTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #counts = new Latch(async () => {
    this.counts = await this.bridge.inbox.counts().catch(() => this.counts);
  });

  constructor(readonly bridge: Bridge) {
    this.settings = new SettingsState(bridge);
    this.accounts = new AccountsState(bridge);
    this.line = new LineState(bridge, (before, now) => this.#lineMoved(before, now));
    this.list = new ListState(bridge);
    this.composer = new ComposerState(bridge);
    this.outbox = new OutboxState(bridge, (op) => this.#opMoved(op));
    this.search = new SearchState(bridge);
    this.leaving = new LeavingState(bridge, async () =>
      (await this.composer.flushAll()).every(Boolean),
    );
    this.conversation = new ConversationState(bridge, {
      shown: (view) => this.composer.show(view),
      arrived: (message) => this.#arrived(message),
    });
    this.find = new FindState(this.conversation);
  }

  /** Subscribes first and reads then: a commit in between is told, not missed. */
  async start(): Promise<() => void> {
    const stop = this.bridge.onChanged((change) => void this.#changed(change));
    await this.settings.reread();
    if (!this.settings.failure) void this.#readEverything();
    else if (this.settings.failure.kind === 'opening') void this.#awaitStore();
    return stop;
  }

  async #awaitStore(): Promise<void> {
    await this.settings.opened();
    await this.retry();
  }

  /** Starts anew after the store could not be opened. */
  async retry(): Promise<void> {
    await this.settings.reread();
    if (!this.settings.failure) await this.#readEverything();
  }

  async #readEverything(): Promise<void> {
    void this.#counts.wish();
    void this.line.reread();
    void this.accounts.reread();
    void this.outbox.reread();
    await this.list.reread();
  }

  async #changed(change: Changed): Promise<void> {
    const { id } = this.conversation;
    if (change.lists) void this.list.reread();
    if (change.lists || change.outbox) void this.#counts.wish();
    // A card also shows what stands in its conversation, and what became of the mail.
    if (change.outbox || (change.conversations.length > 0 && this.go.place === 'outbox'))
      void this.outbox.reread();
    if (change.line) void this.line.reread();
    if (change.search) void this.search.serverMoved();
    if (change.settings) void this.settings.reread();
    if (change.settings || change.line) void this.accounts.reread();
    if (id !== '' && (change.conversations.includes(id) || change.outbox))
      void this.conversation.reread();
  }

  /** Turns to a list. */
  async showView(view: ViewName, order: Order = this.go.orderOf(view)): Promise<void> {
    this.search.clear();
    this.go.toList(view, order);
    if (view !== this.list.view) {
      this.list.active = '';
      this.closeConversation();
    }
    await this.list.show(view, order);
  }

  showSettings(): void {
    this.search.clear();
    this.closeConversation();
    this.go.toSettings();
    void this.accounts.reread();
  }

  showOutbox(): void {
    this.search.clear();
    this.closeConversation();
    this.go.toOutbox();
    void this.outbox.reread();
  }

  /** Opens a conversation for reading. */
  async open(id: string, at = ''): Promise<void> {
    clearTimeout(this.#rest);
    this.list.active = id;
    if (this.go.place !== 'list') this.go.toList(this.list.view, this.list.order);
    this.go.pane = 'conversation';
    await this.#show(id, at);
    this.go.focus('conversation');
  }

  async openHit(hit: HitView): Promise<void> {
    this.search.active = hit.message;
    await this.open(hit.row.id, hit.message);
  }

  /** Moves the row in hand; the conversation follows when the keys rest. */
  move(step: number): void {
    if (this.search.open) {
      this.search.move(step);
      return;
    }
    if (!this.list.move(step)) return;
    clearTimeout(this.#rest);
    const id = this.list.active;
    if (this.go.narrow) return;
    this.#rest = setTimeout(() => void this.#show(id, ''), restMs);
  }

  closeConversation(): void {
    clearTimeout(this.#rest);
    clearTimeout(this.#readTimer);
    this.composer.leave();
    this.find.close();
    this.conversation.close();
  }

  /**
   * The conversation to go on with after this one. Ask before a command: its
   * row may have left the list by the time the command is done.
   */
  next(after: string): string {
    const row = this.list.after(after);
    return row && row.id !== after ? row.id : '';
  }

  /** Goes on with that conversation, or shows that there is none. */
  async openNext(id: string): Promise<void> {
    if (this.search.open) return;
    if (id !== '') {
      await this.open(id);
      return;
    }
    this.closeConversation();
    this.list.active = '';
    this.go.pane = 'list';
    this.go.focus('list');
  }

  fail(failure: Failure | null): void {
    if (failure) this.notices.show({ text: this.go.failureText(failure), tone: 'care' }, 12_000);
  }

  async #show(id: string, at: string): Promise<void> {
    if (this.conversation.id !== id) {
      this.composer.leave();
      this.find.close();
    }
    await this.conversation.open(id, at);
    this.#markReadSoon();
  }

  #markReadSoon(): void {
    clearTimeout(this.#readTimer);
    const view = this.conversation.view;
    if (!view || view.row.unread === 0) return;
    const { id } = view.row;
    this.#readTimer = setTimeout(() => {
      if (this.conversation.id === id) this.bridge.inbox.markRead(id).catch(() => {});
    }, readMs);
  }

  #arrived(message: MessageView): void {
    this.notices.announce(say('announce.message', { Name: nameOf(message.from) }));
    this.#markReadSoon();
  }

  #opMoved(op: OpView): void {
    const who = { Name: nameOf(op.to) };
    if (op.kind !== 'reply') return;
    if (op.state === 'sent' || op.state === 'reconciled')
      this.notices.announce(say('announce.sent', who));
    if (op.state === 'held' || op.state === 'needs_you')
      this.notices.announce(say('announce.needYou', who));
    if (op.state === 'uncertain') this.notices.announce(say('announce.uncertain', who));
  }

  #lineMoved(before: LineSummary, now: LineSummary): void {
    if (before.state === now.state) return;
    if (now.state === 'lost')
      this.notices.announce(say('line.offlineSince', { Time: format.clock(now.since) }));
    if (now.state === 'answered' && before.state === 'lost')
      this.notices.announce(say('announce.lineBack'));
  }
}
