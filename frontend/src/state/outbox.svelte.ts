import { toFailure, type Bridge } from '../bridge';
import type { DraftView, Choice, Failure, OpView, OutboxView } from '../bridge/types';
import { Latch } from './latch';

/** The outbox screen, and what changed in it since the last look. */
export class OutboxState {
  view = $state.raw<OutboxView | null>(null);
  failure = $state.raw<Failure | null>(null);
  showSent = $state(false);

  readonly #latch = new Latch(() => this.#read());

  constructor(
    private readonly bridge: Bridge,
    /** Called for every op whose state is another than at the last look. */
    private readonly moved: (op: OpView) => void,
  ) {}

  reread(): Promise<void> {
    return this.#latch.wish();
  }

  /** Carries out a person's decision; gives the draft back where the choice is to edit. */
  async decide(op: OpView, choice: Choice): Promise<DraftView | Failure> {
    try {
      return await this.bridge.outbox.decide(op.id, choice, op.new.at(-1)?.id ?? '');
    } catch (error) {
      return toFailure(error);
    }
  }

  async #read(): Promise<void> {
    try {
      const view = await this.bridge.outbox.list();
      const before = this.view;
      this.view = view;
      this.failure = null;
      if (before) this.#compare(before, view);
    } catch (error) {
      this.failure = toFailure(error);
    }
  }

  #compare(before: OutboxView, now: OutboxView): void {
    const states = new Map(all(before).map((op) => [op.id, op.state]));
    for (const op of all(now)) {
      if (states.has(op.id) && states.get(op.id) !== op.state) this.moved(op);
    }
  }
}

function all(view: OutboxView): OpView[] {
  return [...view.needYou, ...view.running, ...view.sentToday];
}
