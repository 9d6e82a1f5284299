import { toFailure, type Bridge } from '../bridge';
import type {
  AccountView,
  Anyway,
  Failure,
  LineStroke,
  LineView,
  PracticeMode,
} from '../bridge/types';
import { Latch } from './latch';

/** What the foot of the sidebar says of all accounts together. */
export type LineSummary =
  | { state: 'unknown' }
  | { state: 'looking' }
  | { state: 'answered'; at: number }
  | { state: 'lost'; since: number }
  | { state: 'paused' }
  | { state: 'sign_in' };

/** The line: one account that doesn't answer is enough to say so; a paused one isn't asked. */
export function summarize(all: AccountView[]): LineSummary {
  if (all.length === 0) return { state: 'unknown' };
  const accounts = all.filter((a) => a.state !== 'paused');
  if (accounts.length === 0) return { state: 'paused' };
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

/** A budget that roughly doubles this one, in bytes, as people say numbers. */
export function raised(budget: number): number {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500].map((mb) => mb * 1e6);
  return steps.find((step) => step >= budget * 1.5) ?? budget * 2;
}

/** What a person may choose as a day's budget, in bytes; 0 for none. */
export const budgets: readonly number[] = [0, 1, 2, 5, 10, 20, 50, 100, 500].map((mb) => mb * 1e6);
/** How many days back mail may be brought in; 0 for everything. */
export const horizons: readonly number[] = [30, 90, 365, 0];

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

  get accounts(): AccountView[] {
    return this.view?.accounts ?? [];
  }

  /** The accounts whose day is used up. */
  get spent(): AccountView[] {
    return this.accounts.filter((a) => a.spent && a.state !== 'paused');
  }

  get textOnly(): boolean {
    return this.accounts.length > 0 && this.accounts.every((a) => a.textOnly);
  }

  get paused(): boolean {
    return this.accounts.length > 0 && this.accounts.every((a) => a.state === 'paused');
  }

  setPractice(mode: PracticeMode): Promise<Failure | null> {
    return this.#do(() => this.bridge.line.setPractice(mode));
  }

  setBudget(account: string, bytes: number): Promise<Failure | null> {
    return this.#do(() => this.bridge.line.setBudget(account, bytes));
  }

  /** "" means every account, here and in setPaused. */
  setTextOnly(account: string, on: boolean): Promise<Failure | null> {
    return this.#do(() => this.bridge.line.setTextOnly(account, on));
  }

  setPaused(account: string, on: boolean): Promise<Failure | null> {
    return this.#do(() => this.bridge.line.setPaused(account, on));
  }

  setHorizon(account: string, days: number): Promise<Failure | null> {
    return this.#do(() => this.bridge.line.setHorizon(account, days));
  }

  /** What servers say to people, of every account. */
  get alerts(): { account: AccountView; text: string }[] {
    return this.accounts.flatMap((account) => account.alerts.map((text) => ({ account, text })));
  }

  dismissAlert(account: string, text: string): Promise<Failure | null> {
    return this.#do(() => this.bridge.line.dismissAlert(account, text));
  }

  /** The answer to "today's bytes are used up": go on, or take more for a day. */
  async fetchAnyway(how: Anyway | 'raise'): Promise<Failure | null> {
    for (const account of this.spent) {
      const failure = await this.#do(() =>
        how === 'raise'
          ? this.bridge.line.setBudget(account.id, raised(account.used))
          : this.bridge.line.fetchAnyway(account.id, how),
      );
      if (failure) return failure;
    }
    return null;
  }

  async #do(call: () => Promise<void>): Promise<Failure | null> {
    try {
      await call();
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
