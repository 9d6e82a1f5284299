/** How long to wait; milliseconds. */
export interface Pace {
  /** After the last change. */
  pause: number;
  /** After the first change, however long the person goes on typing. */
  most: number;
  /** After a save that did not work. */
  again: number;
}

export const draftPace: Pace = { pause: 400, most: 2_000, again: 5_000 };

/**
 * Decides when to save. Saves never overlap: a draft that is being stored for
 * the first time has no id yet, and a second save would make a second draft.
 */
export class Autosave {
  #changes = 0;
  #saved = 0;
  #firstChangeAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;

  /** `save` tells whether it worked; it must not throw. */
  constructor(
    private readonly save: () => Promise<boolean>,
    private readonly pace: Pace = draftPace,
  ) {}

  get dirty(): boolean {
    return this.#changes !== this.#saved;
  }

  /** Something changed. */
  touch(): void {
    const now = Date.now();
    if (!this.dirty) this.#firstChangeAt = now;
    this.#changes++;
    this.#in(Math.min(this.pace.pause, Math.max(0, this.#firstChangeAt + this.pace.most - now)));
  }

  /** Saves what is not saved, now. True when nothing is left to save. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    await this.#running;
    if (this.dirty) await this.#run();
    return !this.dirty;
  }

  /** Forgets what is not saved: the draft is gone. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#saved = this.#changes;
  }

  #in(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), ms);
  }

  #run(): Promise<void> {
    this.#running ??= this.#saveOnce().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #saveOnce(): Promise<void> {
    const changes = this.#changes;
    const worked = await this.save();
    if (worked) this.#saved = Math.max(this.#saved, changes);
    if (!this.dirty) return;
    this.#firstChangeAt = Date.now();
    this.#in(worked ? this.pace.pause : this.pace.again);
  }
}
