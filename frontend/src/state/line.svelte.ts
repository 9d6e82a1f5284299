import { toFailure, type Bridge } from '../bridge';
import type { AccountView, Failure, LineStroke, LineView, PracticeMode } from '../bridge/types';
import { Latch } from './latch';

/** What the foot of the sidebar says of all accounts together. */
export type LineSummary =
  | { state: 'unknown' }
  | { state: 'looking' }
  | { state: 'answered'; at: number }
  | { state: 'lost'; since: number }
  | { state: 'sign_in' };

/** The line: one account that doesn't answer is enough to say so. */
export function summarize(accounts: AccountView[]): LineSummary {
  if (accounts.length === 0) return { state: 'unknown' };
  if (accounts.some((a) => a.state === 'sign_in')) return { state: 'sign_in' };
  const lost = accounts.filter((a) => a.line === 'lost');
  if (lost.length > 0) return { state: 'lost', since: Math.min(...lost.map((a) => a.lostAt)) };
  const answered = accounts.filter((a) => a.answeredAt > 0).map((a) => a.answeredAt);
  if (answered.length === 0) return { state: 'looking' };
  return { state: 'answered', at: Math.min(...answered) };
}

/** The gaps of a day: how many, and how long together in milliseconds. */
export function gaps(strokes: LineStroke[]): { count: number; length: number } {
  const silent = strokes.filter((s) => !s.answered);
  return { count: silent.length, length: silent.reduce((sum, s) => sum + s.to - s.from, 0) };
}

/** The state of the line, by account. */
export class LineState {
  view = $state.raw<LineView | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly summary = $derived<LineSummary>(summarize(this.view?.accounts ?? []));

  readonly #latch = new Latch(() => this.#read());

  constructor(
    private readonly bridge: Bridge,
    private readonly moved: (before: LineSummary, now: LineSummary) => void,
  ) {}

  reread(): Promise<void> {
    return this.#latch.wish();
  }

  /** Tells whether this account doesn't answer just now. */
  lost(account: string): boolean {
    return this.view?.accounts.some((a) => a.id === account && a.line === 'lost') ?? false;
  }

  async setPractice(mode: PracticeMode): Promise<Failure | null> {
    try {
      await this.bridge.line.setPractice(mode);
      await this.reread();
      return null;
    } catch (error) {
      return toFailure(error);
    }
  }

  async #read(): Promise<void> {
    const before = this.summary;
    const known = this.view !== null;
    try {
      this.view = await this.bridge.line.status();
      this.failure = null;
      if (known) this.moved(before, this.summary);
    } catch (error) {
      this.failure = toFailure(error);
    }
  }
}
