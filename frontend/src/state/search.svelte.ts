import { toFailure, type Bridge } from '../bridge';
import type { Failure, HitView } from '../bridge/types';

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
      this.hits = view.hits;
      this.more = view.more;
      this.since = view.since;
      this.active = view.hits[0]?.message ?? '';
      this.failure = null;
    } catch (error) {
      this.hits = [];
      this.more = false;
      this.failure = toFailure(error);
    }
    this.answered = text;
  }

  #forget(): void {
    this.hits = [];
    this.answered = '';
    this.more = false;
    this.failure = null;
  }
}
