/** Something that was done and can be undone: when, and how. */
export interface Step {
  at: number;
  undo: () => Promise<void>;
}

/** How long a step can be undone. */
export const undoMs = 10_000;

/** What can still be undone; the newest goes first. */
export class Steps {
  #list: Step[] = [];

  add(step: Step): void {
    this.#list.push(step);
  }

  newest(now: number): Step | undefined {
    this.#list = this.#list.filter((step) => now - step.at < undoMs);
    return this.#list.at(-1);
  }

  /** Takes a step off the list; false where it was undone already. */
  take(step: Step): boolean {
    const before = this.#list.length;
    this.#list = this.#list.filter((other) => other !== step);
    return this.#list.length < before;
  }
}
