import { toFailure, type Bridge } from '../bridge';
import type {
  ConversationView,
  DraftFileView,
  DraftView,
  Failure,
  OpView,
  Person,
  Then,
} from '../bridge/types';
import { same } from './addresses';
import { newBeside } from './beside';
import { Draft } from './draft.svelte';
import { Answered, slipsOf, type Slips } from './slips';
import { atOnce, type Times } from './times';

/** Why a reply can't be sent as it is. */
export type Lack = '' | 'text' | 'recipient' | 'address' | 'files' | 'times';

export type Form = 'bold' | 'italic' | 'bullets' | 'numbers';

/** What of the writing on screen others may ask for. */
export interface Editor {
  form(form: Form): void;
  /** Asks for the address of a link. */
  link(): void;
  showPicture(file: DraftFileView): void;
}

/** The draft of the conversation on screen, and those that still have to be stored. */
export class ComposerState {
  draft = $state<Draft | null>(null);
  recipientsOpen = $state(false);
  lack = $state<Lack>('');
  /** The text on screen, null where none is. */
  editor = $state.raw<Editor | null>(null);
  /** What was asked to be sent, while a person decides about files that may never arrive. */
  doubts = $state<Then | ''>('');
  /** What was asked to be sent, while something new stands beside it. */
  objection = $state<Then | ''>('');
  /** What was asked to be sent, while a person looks at what may have slipped them. */
  slip = $state.raw<{ then: Then; slips: Slips } | null>(null);
  /** When the reply may leave. */
  times = $state.raw<Times>({ ...atOnce });
  timesOpen = $state(false);
  sending = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** The last reply that was queued and may be taken back. */
  lastSent = $state.raw<OpView | null>(null);

  readonly #answered = new Answered();
  readonly #kept = new Map<string, Draft>();
  /** Drafts that were sent or dropped: a read from before must not bring them back. */
  readonly #ended = new Set<string>();

  constructor(private readonly bridge: Bridge) {}

  /** Follows the conversation that is shown: opens its draft, if it has one. */
  show(view: ConversationView): void {
    const id = view.row.id;
    const same = view.draft.id !== '' && this.draft?.id === view.draft.id;
    if (this.draft && (same || this.draft.conversation === id)) {
      this.draft.conversation = id; // its conversation may be one with another now
      if (same) this.draft.files = view.draft.files;
      return;
    }
    this.leave();
    const kept = this.#take(id, view.draft.id);
    if (kept?.unsaved) this.#put(kept);
    else if (view.draft.id !== '' && !this.#ended.has(view.draft.id)) this.adopt(view.draft);
  }

  /** Begins a reply over what is on screen up to `newest`, or goes on with the one that is there. */
  async begin(conversation: string, newest: string, stillThere: () => boolean): Promise<void> {
    if (this.draft?.conversation === conversation) return;
    try {
      const view = await this.bridge.composer.start(conversation);
      if (view.id === '') view.base = newest;
      if (stillThere() && this.draft?.conversation !== conversation) this.adopt(view);
      this.failure = null;
    } catch (error) {
      this.failure = toFailure(error);
    }
  }

  /** Begins to pass the customer's newest message on. False while something is written here. */
  async forward(conversation: string, stillThere: () => boolean): Promise<boolean> {
    const before = this.draft;
    if (before && !before.blank) return false;
    this.failure = null;
    try {
      await before?.flush();
      const view = await this.bridge.composer.forward(conversation, '');
      before?.end(); // the store has made one of both
      if (this.draft === before) this.draft = null;
      if (stillThere()) this.adopt(view);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind === 'conflict') return false;
      this.failure = failure;
    }
    return true;
  }

  /** Adds those whom the customer's message also reached. */
  replyToAll(others: Person[]): void {
    const draft = this.draft;
    if (!draft) return;
    const there = [...draft.to, ...draft.cc, ...draft.bcc];
    const added = others.filter(
      (p, i) => !there.some((o) => same(o, p)) && others.findIndex((o) => same(o, p)) === i,
    );
    if (added.length > 0) draft.edit({ cc: [...draft.cc, ...added] });
    this.recipientsOpen = true;
  }

  /** Another sender of the account writes it: with their signature, where ours is as it was put there. */
  async writeAs(identity: string): Promise<void> {
    const draft = this.draft;
    if (!draft) return;
    const { text, rich } = draft;
    try {
      const as = await this.bridge.composer.writeAs(draft.view(), identity);
      const same = draft.text === text && draft.rich === rich; // nobody typed meanwhile
      draft.edit(same ? { identity, text: as.text, rich: as.rich } : { identity });
    } catch (error) {
      this.failure = toFailure(error);
    }
  }

  /** Puts a stored draft into the composer. */
  adopt(view: DraftView): void {
    this.leave();
    this.#ended.delete(view.id);
    this.#put(new Draft(this.bridge, view));
  }

  /** Leaves the draft: it is stored, or kept until it can be. An empty one goes. */
  leave(): void {
    const draft = this.draft;
    if (!draft) return;
    this.draft = null;
    if (draft.blank) {
      void this.#discardEmpty(draft);
    } else if (draft.unsaved) {
      this.#kept.set(draft.conversation, draft);
      void draft.flush();
    }
  }

  /** Stores what isn't stored, everywhere: the window may be about to close. */
  flushAll(): Promise<boolean[]> {
    const all = this.draft ? [this.draft, ...this.#kept.values()] : [...this.#kept.values()];
    return Promise.all(all.map((d) => d.flush()));
  }

  /** A sheet about the reply is open. */
  get open(): boolean {
    return this.draft !== null && (this.timesOpen || this.doubts !== '' || this.slip !== null);
  }

  get unsaved(): boolean {
    return (this.draft?.unsaved ?? false) || [...this.#kept.values()].some((d) => d.unsaved);
  }

  /**
   * Queues the reply. Null when something is missing, when something new stands
   * beside it that nobody has agreed to, when something may have slipped the
   * person, or when it did not work. `ours` are the addresses of our mailboxes.
   */
  async send(
    then: Then,
    view: ConversationView,
    ours: string[],
    anyway = false,
  ): Promise<OpView | null> {
    const draft = this.draft;
    if (!draft || this.sending) return null;
    this.lack = lackOf(draft, this.times);
    if (this.lack === 'recipient' || this.lack === 'address') this.recipientsOpen = true;
    const free = this.lack === '';
    this.objection = free && newBeside(view.messages, draft.base).length > 0 ? then : '';
    if (!free || this.objection !== '') return null;
    const slips = this.#answered.left(draft, slipsOf(draft, view, ours));
    this.slip = slips && { then, slips };
    if (slips) return null;
    this.sending = true;
    try {
      if (draft.base === '') draft.read(view.messages.at(-1)?.id ?? '');
      if (draft.id === '') draft.edit({});
      if (!(await draft.flush())) return null;
      const op = await this.bridge.composer.send({
        draft: draft.id,
        then,
        anyway,
        ...this.times,
      });
      this.#end(draft);
      this.lastSent = op;
      return op;
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind === 'asks_first') this.doubts = then;
      else this.failure = failure;
      return null;
    } finally {
      this.sending = false;
    }
  }

  /** A person read what may have slipped them and sends it as it is; how it is to be sent. */
  answerSlip(): Then | '' {
    const { draft, slip } = this;
    this.slip = null;
    if (!draft || !slip) return '';
    this.#answered.keep(draft, slip.slips);
    return slip.then;
  }

  /** Throws the draft away; what it said, so that it can be put back. */
  async drop(): Promise<DraftView | null> {
    const draft = this.draft;
    if (!draft) return null;
    await draft.flush();
    try {
      if (draft.id !== '') await this.bridge.composer.drop(draft.id);
    } catch (error) {
      this.failure = toFailure(error);
      return null;
    }
    const gone = draft.view();
    const { blank } = draft;
    this.#end(draft);
    return blank ? null : { ...gone, id: '', revision: 0 };
  }

  /** Gives a draft that waits to be stored: of a conversation, or by its own id. */
  #take(conversation: string, id: string): Draft | undefined {
    for (const [key, draft] of this.#kept) {
      if (key !== conversation && (id === '' || draft.id !== id)) continue;
      this.#kept.delete(key);
      draft.conversation = conversation;
      return draft;
    }
    return undefined;
  }

  #put(draft: Draft): void {
    this.draft = draft;
    this.recipientsOpen = false;
    this.lack = '';
    this.failure = null;
    this.doubts = '';
    this.objection = '';
    this.slip = null;
    this.times = { ...atOnce };
    this.timesOpen = false;
  }

  #end(draft: Draft): void {
    draft.end();
    this.#ended.add(draft.id);
    this.#kept.delete(draft.conversation);
    if (this.draft === draft) this.draft = null;
  }

  async #discardEmpty(draft: Draft): Promise<void> {
    // A save under way may be giving it its id just now.
    if (draft.unsaved) await draft.flush();
    draft.end();
    if (draft.id === '') return;
    this.#ended.add(draft.id);
    try {
      await this.bridge.composer.drop(draft.id);
    } catch {
      this.#ended.delete(draft.id); // it stays in the drafts, empty: nothing is lost
    }
  }
}

function lackOf(draft: Draft, times: Times): Lack {
  if (draft.blank) return 'text';
  if (times.until > 0 && times.until <= Date.now()) return 'times';
  if (draft.wrong.length > 0) return 'address';
  if (draft.files.some((f) => f.have < f.size)) return 'files';
  return draft.to.length + draft.cc.length + draft.bcc.length === 0 ? 'recipient' : '';
}
