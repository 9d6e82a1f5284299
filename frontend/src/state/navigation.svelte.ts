import type { Failure, Order, ViewName } from '../bridge/types';
import { sayFailure } from '../words';

export type Pane = 'views' | 'list' | 'conversation';
export type Sheet = '' | 'palette' | 'keys' | 'merge' | 'split' | 'snooze';
export type FocusTarget =
  'list' | 'conversation' | 'find' | 'composer' | 'recipients' | 'search' | 'beside';

/** Where the person is. Below this width one column is shown at a time. */
const narrowQuery = '(max-width: 900px)';

export class Navigation {
  place = $state<'list' | 'outbox' | 'settings'>('list');
  pane = $state<Pane>('list');
  sheet = $state<Sheet>('');
  narrow = $state(false);
  /** What should take the keyboard; each wish has its own number. */
  wish = $state.raw<{ target: FocusTarget; n: number }>({ target: 'list', n: 0 });
  readonly #orders = new Map<ViewName, Order>([['inbox', 'longest']]);

  constructor() {
    const query = window.matchMedia(narrowQuery);
    this.narrow = query.matches;
    query.addEventListener('change', () => (this.narrow = query.matches));
  }

  /** The order a view was last read in; the inbox begins with the longest waiting. */
  orderOf(view: ViewName): Order {
    return this.#orders.get(view) ?? 'newest';
  }

  toList(view: ViewName, order: Order): void {
    this.#orders.set(view, order);
    this.place = 'list';
    this.pane = 'list';
  }

  toOutbox(): void {
    this.place = 'outbox';
    this.pane = 'conversation';
  }

  toSettings(): void {
    this.place = 'settings';
    this.pane = 'conversation';
  }

  focus(target: FocusTarget): void {
    // In a narrow window the search field stands above the list.
    if (target === 'search' && this.narrow) {
      this.place = 'list';
      this.pane = 'list';
    }
    this.wish = { target, n: this.wish.n + 1 };
  }

  failureText(failure: Failure): string {
    return sayFailure(failure.kind);
  }
}
