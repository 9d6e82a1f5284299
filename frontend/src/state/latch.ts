/**
 * Runs one read at a time. A wish that comes while a read is under way is
 * answered by one more read afterwards, however many wishes there were: the
 * answer under way may be older than the change that was told.
 */
export class Latch {
  #running: Promise<void> | undefined;
  #again = false;

  constructor(private readonly read: () => Promise<void>) {}

  wish(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#loop().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #loop(): Promise<void> {
    do {
      this.#again = false;
      await this.read();
    } while (this.#again);
  }
}
