import { toFailure, type Bridge } from '../bridge';
import type { DraftFileView, DraftView, Failure, Person } from '../bridge/types';
import { Autosave } from './autosave';
import { withoutSignature } from './ownWords';

/** What of a draft a person edits. */
export interface Fields {
  to: Person[];
  cc: Person[];
  bcc: Person[];
  subject: string;
  text: string;
  /** The text with its form, "" when it has none. */
  rich: string;
  /** The message below the text, "" for none. */
  quotes: string;
  /** Whom it is written as; "" is the account's usual sender. */
  identity: string;
}

/**
 * One draft being written. It belongs to one conversation, so that text can never
 * turn up in another: only where the store has moved the draft itself, it follows.
 * It lives until all of it is stored.
 */
export class Draft implements Fields {
  conversation = $state('');
  id = $state('');
  to = $state.raw<Person[]>([]);
  cc = $state.raw<Person[]>([]);
  bcc = $state.raw<Person[]>([]);
  subject = $state('');
  text = $state('');
  rich = $state('');
  quotes = $state('');
  /** They change by calls of their own, not by saving. */
  files = $state.raw<DraftFileView[]>([]);
  readonly passesOn: boolean;
  identity = $state('');
  savedAt = $state(0);
  phase = $state<'saved' | 'waiting' | 'saving' | 'failed'>('saved');
  failure = $state.raw<Failure | null>(null);
  /** Pieces of the recipient lines that are no address. */
  wrong = $state.raw<string[]>([]);

  #base = $state('');
  #revision: number;
  readonly #autosave = new Autosave(() => this.#save());

  constructor(
    private readonly bridge: Bridge,
    view: DraftView,
  ) {
    this.conversation = view.conversation;
    this.id = view.id;
    this.to = view.to;
    this.cc = view.cc;
    this.bcc = view.bcc;
    this.subject = view.subject;
    this.text = view.text;
    this.rich = view.rich;
    this.quotes = view.quotes;
    this.passesOn = view.passesOn;
    this.files = view.files;
    this.identity = view.identity;
    this.savedAt = view.savedAt;
    this.#base = view.base;
    this.#revision = view.revision;
  }

  get blank(): boolean {
    const written = withoutSignature(this.text).trim();
    return written === '' && this.files.length === 0 && !this.passesOn;
  }

  get unsaved(): boolean {
    return this.#autosave.dirty;
  }

  /** A change by the person. */
  edit(change: Partial<Fields>): void {
    Object.assign(this, change);
    if (this.phase !== 'failed') this.phase = 'waiting';
    this.#autosave.touch();
  }

  /**
   * The newest message that the person wrote this over: what was on screen when
   * it was begun, and what they said they had read since.
   */
  get base(): string {
    return this.#base;
  }

  /** The person has read the conversation up to `message`. */
  read(message: string): void {
    if (message === '' || message === this.#base) return;
    this.#base = message;
    this.edit({});
  }

  /** Stores what isn't stored. True when all of it is. */
  flush(): Promise<boolean> {
    return this.#autosave.flush();
  }

  /** Changes the files by a call of Go's, which needs a stored draft. */
  async changeFiles(call: (id: string) => Promise<DraftView>): Promise<void> {
    if (this.id === '') this.edit({});
    if (await this.flush()) this.files = (await call(this.id)).files;
  }

  /** The draft was sent or dropped: nothing may be saved any more. */
  end(): void {
    this.#autosave.stop();
  }

  view(): DraftView {
    return {
      id: this.id,
      conversation: this.conversation,
      identity: this.identity,
      to: this.to,
      cc: this.cc,
      bcc: this.bcc,
      subject: this.subject,
      text: this.text,
      rich: this.rich,
      quotes: this.quotes,
      passesOn: this.passesOn,
      files: this.files,
      base: this.#base,
      revision: this.#revision,
      savedAt: this.savedAt,
    };
  }

  async #save(): Promise<boolean> {
    this.phase = 'saving';
    try {
      await this.#store();
      this.phase = 'saved';
      this.failure = null;
      return true;
    } catch (error) {
      this.phase = 'failed';
      this.failure = toFailure(error);
      return false;
    }
  }

  async #store(): Promise<void> {
    let given = this.view();
    const stored = await this.bridge.composer.save(given).catch((error: unknown) => {
      if (given.id === '' || toFailure(error).kind !== 'not_found') throw error;
      // It was made one with another, and its text there is from before: what is
      // written here goes to that one.
      given = { ...given, id: '', revision: 0, files: [] };
      return this.bridge.composer.save(given);
    });
    this.id = stored.id;
    this.#revision = stored.revision;
    this.savedAt = stored.savedAt;
    // Another text stood in the conversation and came to ours.
    if (stored.text !== given.text && this.text === given.text && this.rich === given.rich)
      Object.assign(this, { text: stored.text, rich: stored.rich, files: stored.files });
  }
}
