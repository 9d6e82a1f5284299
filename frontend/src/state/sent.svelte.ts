import type { Bridge } from '../bridge/bridge';
import { toFailure } from '../bridge/failure';
import type { Failure, SentView } from '../bridge/types';

/** One mail shown as it was sent. */
export class Sent {
  view = $state.raw<SentView | null>(null);
  loading = $state(false);
  failure = $state.raw<Failure | null>(null);
  #asked = 0;

  constructor(
    private readonly bridge: Bridge,
    private readonly message: string,
  ) {}

  /** Reads it; with `load`, its pictures are brought from other people's servers. */
  async read(load: boolean): Promise<void> {
    const asked = ++this.#asked;
    this.loading = load;
    try {
      const view = await this.bridge.files.asSent(this.message, load);
      if (asked === this.#asked) [this.view, this.failure] = [view, null];
    } catch (error) {
      if (asked === this.#asked) this.failure = toFailure(error);
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }
}
