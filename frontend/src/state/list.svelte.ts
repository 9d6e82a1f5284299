import { toFailure, type Bridge } from '../bridge';
import type { Failure, Order, Row, RowPage, ViewName } from '../bridge/types';
import { Latch } from './latch';

const pageRows = 60;
/** The most that Go gives at once. */
const mostRows = 200;

/** The rows of the view on screen, page by page, and which row is in hand. */
export class ListState {
  view = $state<ViewName>('inbox');
  order = $state<Order>('longest');
  rows = $state.raw<Row[]>([]);
  total = $state(0);
  phase = $state<'reading' | 'ready' | 'failed'>('reading');
  failure = $state.raw<Failure | null>(null);
  /** The row in hand: what j and k move. */
  active = $state('');

  #next = '';
  #paging = false;
  readonly #latch = new Latch(() => this.#readAll());

  constructor(private readonly bridge: Bridge) {}

  /** Turns to a view; its first page replaces what is there in one go. */
  async show(view: ViewName, order: Order): Promise<void> {
    if (view !== this.view || order !== this.order) {
      this.view = view;
      this.order = order;
      this.rows = [];
      this.phase = 'reading';
    }
    await this.reread();
  }

  /** Reads again as many rows as are shown, and shows them at once. */
  reread(): Promise<void> {
    return this.#latch.wish();
  }

  async more(): Promise<void> {
    if (this.#paging || this.#next === '' || this.phase !== 'ready') return;
    this.#paging = true;
    const before = this.rows;
    try {
      const page = await this.#page(this.#next);
      if (this.rows === before) this.#put([...before, ...page.rows], page);
    } catch (error) {
      this.failure = toFailure(error);
    } finally {
      this.#paging = false;
    }
  }

  index(id: string): number {
    return this.rows.findIndex((row) => row.id === id);
  }

  /** The row that follows when this one leaves: the next, at the end the one before. */
  after(id: string): Row | undefined {
    const at = this.index(id);
    return at < 0 ? this.rows[0] : (this.rows[at + 1] ?? this.rows[at - 1]);
  }

  /** Moves the row in hand; true when it moved. */
  move(step: number): boolean {
    const at = this.index(this.active);
    const to = at < 0 ? 0 : Math.max(0, Math.min(this.rows.length - 1, at + step));
    const row = this.rows[to];
    if (!row || to === at) return false;
    this.active = row.id;
    return true;
  }

  #page(after: string, limit = pageRows): Promise<RowPage> {
    return this.bridge.inbox.list({
      view: this.view,
      order: this.order,
      after,
      limit,
    });
  }

  async #readAll(): Promise<void> {
    const { view, order } = this;
    const wanted = Math.max(this.rows.length, 1);
    const some = () => Math.min(Math.max(wanted - rows.length, pageRows), mostRows);
    let rows: Row[] = [];
    try {
      let page = await this.#page('', some());
      rows = page.rows;
      while (rows.length < wanted && page.next !== '') {
        page = await this.#page(page.next, some());
        rows = [...rows, ...page.rows];
      }
      if (view === this.view && order === this.order) this.#put(rows, page);
    } catch (error) {
      this.failure = toFailure(error);
      if (this.rows.length === 0) this.phase = 'failed';
    }
  }

  #put(rows: Row[], last: RowPage): void {
    this.rows = rows;
    this.total = last.total;
    this.#next = last.next;
    this.phase = 'ready';
    this.failure = null;
  }
}
