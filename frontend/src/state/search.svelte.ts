import { toFailure, type Bridge } from '../bridge';
import type { Failure, HitView, SearchView, ServerSearchView } from '../bridge/types';

/** A piece of a snippet; `hit` words are those searched for. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** Splits a snippet at its marks, U+0002 and U+0003. */
export function pieces(snippet: string): Piece[] {
  return snippet
    .split('\u0002')
    .flatMap((part, i) => {
      if (i === 0) return [{ text: part, hit: false }];
      const [hit = '', rest = ''] = part.split('\u0003');
      return [
        { text: hit, hit: true },
        { text: rest, hit: false },
      ];
    })
    .filter((piece) => piece.text !== '');
}

/** How many pages are read to show what the server found. */
const deepest = 20;

/**
 * Search as one types. There is one question at a time: what is typed meanwhile
 * is asked as soon as the answer is there, so the store sets the pace.
 */
export class SearchState {
  text = $state('');
  hits = $state.raw<HitView[]>([]);
  more = $state(false);
  since = $state(0);
  /** What the hits answer; "" before the first answer. */
  answered = $state('');
  active = $state('');
  failure = $state.raw<Failure | null>(null);
  beyond = $state(false);
  /** How the search on the servers stands; null where none was for this text. */
  server = $state.raw<ServerSearchView | null>(null);
  /** The day's bytes are used up, and the person is asked whether to search all the same. */
  asks = $state(false);
  #asking = false;

  constructor(private readonly bridge: Bridge) {}

  get open(): boolean {
    return this.text.trim() !== '';
  }

  type(text: string): Promise<void> {
    this.text = text;
    if (!this.open) this.#forget();
    return this.#ask();
  }

  clear(): void {
    void this.type('');
  }

  async older(): Promise<void> {
    const last = this.hits.at(-1);
    const text = this.answered;
    if (!last || !this.more) return;
    try {
      const view = await this.bridge.inbox.search({ text, after: last.message });
      if (text !== this.answered) return;
      this.hits = [...this.hits, ...view.hits];
      this.more = view.more;
    } catch (error) {
      this.failure = toFailure(error);
    }
  }

  /** Searches the mail servers for what isn't here. */
  async searchServer(anyway = false): Promise<Failure | null> {
    const text = this.answered;
    this.asks = false;
    try {
      await this.bridge.inbox.searchServer(text, anyway);
      this.server = { text, state: 'running', found: 0, kind: '' };
      return null;
    } catch (error) {
      const failure = toFailure(error);
      this.asks = failure.kind === 'asks_first';
      return this.asks ? null : failure;
    }
  }

  stopServer(): void {
    void this.bridge.inbox.stopServerSearch().catch(() => {});
  }

  /** The search on the servers moved: what it found stands among the hits. */
  async serverMoved(): Promise<void> {
    const view = await this.bridge.inbox.serverSearch().catch(() => null);
    if (!view || !this.open || view.text !== this.answered) return;
    const more = view.found > (this.server?.found ?? 0);
    this.server = view;
    if (more) await this.#again(view);
  }

  /** Reads the hits anew, as far down as those from the server stand. */
  async #again({ text, found }: ServerSearchView): Promise<void> {
    const view = await this.bridge.inbox.search({ text, after: '' }).catch(() => null);
    if (!view || text !== this.answered) return;
    const active = this.active;
    this.#take(view);
    if (view.hits.some((h) => h.message === active)) this.active = active;
    const far = () => !this.more || this.hits.filter((h) => h.server).length >= found;
    for (let page = 0; page < deepest && !far(); page++) await this.older();
  }

  #take(view: SearchView): void {
    this.hits = view.hits;
    this.more = view.more;
    this.since = view.since;
    this.beyond = view.beyond;
    this.active = view.hits[0]?.message ?? '';
    this.failure = null;
  }

  move(step: number): void {
    const at = this.hits.findIndex((h) => h.message === this.active);
    const to = this.hits[Math.max(0, Math.min(this.hits.length - 1, at + step))];
    if (to) this.active = to.message;
  }

  get activeHit(): HitView | undefined {
    return this.hits.find((h) => h.message === this.active) ?? this.hits[0];
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.open && this.text.trim() !== this.answered) await this.#askOnce(this.text.trim());
    } finally {
      this.#asking = false;
    }
  }

  async #askOnce(text: string): Promise<void> {
    try {
      const view = await this.bridge.inbox.search({ text, after: '' });
      if (!this.open) return;
      this.#take(view);
    } catch (error) {
      this.hits = [];
      this.more = false;
      this.failure = toFailure(error);
    }
    this.answered = text;
    this.#leaveServer();
  }

  #leaveServer(): void {
    if (this.server?.state === 'running' || this.server?.state === 'waits') this.stopServer();
    this.server = null;
    this.asks = false;
  }

  #forget(): void {
    this.hits = [];
    this.answered = '';
    this.more = false;
    this.failure = null;
    this.#leaveServer();
  }
}
