/** Who asks again within this time wants the next one. */
export const againMs = 6_000;

/** Hands out the numbers of a conversation one after another. */
export class Carry {
  #conversation = '';
  #last = -1;
  #until = 0;
  /** The notice of the last one: the next takes its place. */
  notice = 0;

  /** Which of so many is next: the first, or the one after the last that was asked for just now. */
  next(conversation: string, many: number, now: number): number {
    const again = conversation === this.#conversation && now < this.#until;
    this.#last = again ? (this.#last + 1) % many : 0;
    this.#conversation = conversation;
    this.#until = now + againMs;
    return this.#last;
  }
}
