import type { Bridge } from '../bridge';
import { toFailure } from '../bridge/failure';
import type { Failure, LeavingView } from '../bridge/types';

/** Keys may still be on their way to the page: it waits until none has come for a few of these. */
const pause = 50;
const quiet = 3;
/**
 * But no longer than this many in all: a key may be stuck. A slow computer needs
 * many for what was typed fast, and closing once more closes at once.
 */
const patience = 600;
/** A save that a key came into is followed by another. */
const saves = 3;

/** What is to be decided while the window closes. */
export interface Question {
  view: LeavingView;
  /** What was written last could not be saved. */
  unsaved: boolean;
}

/** Closes the window: what was typed last is saved first, and a person is asked about replies that wait. */
export class LeavingState {
  question = $state.raw<Question | null>(null);
  failure = $state.raw<Failure | null>(null);
  #keys = 0;
  #busy = false;

  constructor(
    private readonly bridge: Bridge,
    /** Stores everything that is written; true when it is. */
    private readonly save: () => Promise<boolean>,
  ) {}

  /** A key was pressed. */
  typed(): void {
    this.#keys++;
  }

  /** The window is to close. */
  async begin(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const [view, saved] = await Promise.all([
        this.bridge.window.leaving().catch(() => null),
        this.#saveAll(),
      ]);
      const asks = view !== null && !view.ending && (!saved || view.replies > 0);
      if (asks) this.question = { view, unsaved: !saved };
      else await this.close();
    } finally {
      this.#busy = false;
    }
  }

  close(): Promise<void> {
    return this.#do(() => this.bridge.window.close());
  }

  stay(): Promise<void> {
    return this.#do(() => this.bridge.window.stay());
  }

  cancel(): void {
    this.question = null;
  }

  async #do(call: () => Promise<void>): Promise<void> {
    this.question = null;
    try {
      await call();
    } catch (error) {
      this.failure = toFailure(error);
    }
  }

  async #saveAll(): Promise<boolean> {
    await this.save();
    let still = 0;
    for (let n = 0; n < patience && still < quiet; n++) {
      const before = this.#keys;
      await new Promise((resolve) => setTimeout(resolve, pause));
      still = this.#keys === before ? still + 1 : 0;
    }
    for (let n = 0; n < saves; n++) if (await this.save()) return true;
    return false;
  }
}
