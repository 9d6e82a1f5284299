import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { toFailure, type Bridge } from '../bridge';
import type { ConversationView, Failure, MessageView } from '../bridge/types';

/** From this many messages on, the older ones are folded to a line each. */
const foldFrom = 5;
/** How many of the newest stay open. */
const keepOpen = 3;

/**
 * Where folding ends: the messages before this index stand as one line each.
 * Everything from the first unread message on is open.
 */
export function foldedBefore(messages: MessageView[], firstUnread: string): number {
  if (messages.length < foldFrom) return 0;
  const newest = messages.length - keepOpen;
  const unread = messages.findIndex((m) => m.id === firstUnread);
  return unread < 0 ? newest : Math.min(newest, unread);
}

/** The conversation on screen. */
export class ConversationState {
  id = $state('');
  view = $state.raw<ConversationView | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** The first unread message when it was opened: the screen begins there. */
  firstUnread = $state('');
  /** The message to begin at instead, from a search. */
  target = $state('');
  /** Counts openings: the same conversation may be opened again, at another place. */
  opening = $state(0);
  foldEnd = $state(0);
  /** The first message that came while it was on screen. */
  firstNew = $state('');
  readonly unfolded = new SvelteSet<string>();
  readonly asSent = new SvelteSet<string>();
  /** Where a person folded or unfolded what a message quotes. */
  readonly quotes = new SvelteMap<string, boolean>();

  /** Settles when the conversation that was asked for last is on screen. */
  opened: Promise<void> = Promise.resolve();

  #reading = 0;
  /** Asked for and not on screen yet, whichever read brings it. */
  #arriving = false;

  constructor(
    private readonly bridge: Bridge,
    private readonly hooks: {
      shown(view: ConversationView): void;
      arrived(message: MessageView): void;
    },
  ) {}

  /** Opens a conversation. The one before stays on screen until this one is here. */
  async open(id: string, at = ''): Promise<void> {
    this.id = id;
    this.target = at;
    this.#arriving = true;
    await this.#again();
  }

  /** Reads it again after a change. */
  async reread(): Promise<void> {
    if (this.id !== '') await this.#again();
  }

  close(): void {
    this.#reading++;
    this.#arriving = false;
    this.id = '';
    this.view = null;
    this.failure = null;
  }

  toggle(message: string): void {
    if (!this.unfolded.delete(message)) this.unfolded.add(message);
  }

  /** Unfolds a message that stands as one line. */
  unfold(message: string): void {
    const at = this.view?.messages.findIndex((m) => m.id === message) ?? -1;
    if (at >= 0 && at < this.foldEnd) this.unfolded.add(message);
  }

  unfoldAll(): void {
    for (const m of this.view?.messages ?? []) this.unfolded.add(m.id);
  }

  /** Shows a mail as it was sent, or as text again. */
  toggleAsSent(message: string): void {
    if (!this.asSent.delete(message)) this.asSent.add(message);
  }

  /** The newest message on screen, "" without one. */
  get newest(): string {
    return this.view?.messages.at(-1)?.id ?? '';
  }

  /** Reads; who waits for a read that a newer one overtook waits for the newer one. */
  #again(): Promise<void> {
    const mine: Promise<void> = this.#read().then(() =>
      this.opened === mine ? undefined : this.opened,
    );
    this.opened = mine;
    return mine;
  }

  async #read(): Promise<void> {
    const reading = ++this.#reading;
    const { id } = this;
    try {
      const view = await this.bridge.inbox.open(id);
      if (reading !== this.#reading) return;
      // A conversation may have been merged into another since the list was read.
      this.id = view.row.id;
      if (this.#arriving) this.#begin(view);
      else this.#greet(view);
      this.#arriving = false;
      this.view = view;
      this.failure = null;
      this.hooks.shown(view);
    } catch (error) {
      if (reading !== this.#reading) return;
      this.failure = toFailure(error);
      if (this.view?.row.id !== id) this.view = null;
    }
  }

  #begin(view: ConversationView): void {
    const unread = view.messages.find((m) => !m.seen && m.direction === 'in');
    this.firstUnread = unread?.id ?? '';
    this.firstNew = '';
    this.foldEnd = foldedBefore(view.messages, this.target || this.firstUnread);
    this.unfolded.clear();
    this.asSent.clear();
    this.quotes.clear();
    if (this.target) this.unfolded.add(this.target);
    this.opening++;
  }

  #greet(view: ConversationView): void {
    const known = new Set(this.view?.messages.map((m) => m.id));
    const fresh = view.messages.filter((m) => !known.has(m.id) && m.direction === 'in');
    const newest = fresh.at(-1);
    if (!newest || known.size === 0) return;
    this.firstNew ||= fresh[0]?.id ?? '';
    this.hooks.arrived(newest);
  }
}
