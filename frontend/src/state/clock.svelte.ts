import { createSubscriber } from 'svelte/reactivity';

/** The time as the screen shows it. It ticks only while something on screen reads it. */
export class Clock {
  readonly #seconds = ticking(1_000);
  readonly #minutes = ticking(20_000);

  /** For countdowns. */
  get second(): number {
    this.#seconds();
    return Date.now();
  }

  /** For "waits 3 h" and the like. */
  get minute(): number {
    this.#minutes();
    return Date.now();
  }
}

function ticking(ms: number): () => void {
  return createSubscriber((update) => {
    const timer = setInterval(update, ms);
    return () => clearInterval(timer);
  });
}
