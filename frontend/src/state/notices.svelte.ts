/** A quiet word at the foot of the screen. */
export interface Notice {
  id: number;
  text: string;
  tone: 'plain' | 'care';
  /** When it goes by itself; 0: when somebody closes it. */
  until: number;
  /** When the ring that empties began; 0: no ring. */
  from: number;
  act?: { label: string; key?: string; run: () => void };
}

/** Notices on screen, and the words for the live region. */
export class Notices {
  list = $state.raw<Notice[]>([]);
  /** Read aloud when it changes. */
  spoken = $state('');
  #next = 1;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(notice: Partial<Notice> & { text: string }, forMs = 6_000): number {
    const id = this.#next++;
    const until = notice.until ?? (forMs === 0 ? 0 : Date.now() + forMs);
    this.list = [...this.list.slice(-1), { tone: 'plain', from: 0, ...notice, id, until }];
    this.announce(notice.text);
    if (until > 0) {
      this.#timers.set(
        id,
        setTimeout(() => this.close(id), Math.max(0, until - Date.now())),
      );
    }
    return id;
  }

  close(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.list = this.list.filter((n) => n.id !== id);
  }

  /** Says something to a screen reader only. The same words twice are said twice. */
  announce(text: string): void {
    this.spoken = text === this.spoken ? `${text}\u00a0` : text;
  }
}
