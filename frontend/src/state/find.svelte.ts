import { SvelteMap } from 'svelte/reactivity';
import type { ConversationState } from './conversation.svelte';
import type { Plain } from './plain';
import { firstFrom, passages, spots, type Passage, type Spot } from './spots';

/** No longer selection is taken for what somebody looks for. */
const longest = 80;

/** Finding something in the conversation on screen. */
export class FindState {
  open = $state(false);
  text = $state('');
  /** Counts the moves of a person: only these scroll. */
  moves = $state(0);
  /** The texts of the mails that are shown as they were sent, by message. */
  readonly sent = new SvelteMap<string, string[]>();

  readonly #kept = new Map<string, Plain>();
  /** Where the person is; what was found there may be gone by now. */
  #place = $state.raw<Spot | null>(null);
  readonly #passages = $derived.by<Passage[]>(() => {
    const { view, asSent } = this.conversation;
    return this.open && view ? passages(view, { asSent, sent: this.sent }) : [];
  });
  /** Everything found, in the order of the screen. */
  readonly spots = $derived(spots(this.#passages, this.text, this.#kept));
  /** Which of them the person is at; -1 without any. */
  readonly at = $derived(
    this.spots.length === 0 ? -1 : firstFrom(this.spots, this.#place, this.#passages),
  );
  readonly here = $derived(this.spots[this.at]);

  constructor(private readonly conversation: ConversationState) {}

  /** Opens it with what was typed last, or with the text that is selected; `from` says where it begins. */
  begin(selected = ''): void {
    const line = selected.trim();
    if (line !== '' && line.length <= longest && !line.includes('\n')) this.text = line;
    if (this.open) this.#go(this.here);
    this.open = true;
  }

  /** Begins at this message instead of the first. */
  from(owner: string): void {
    this.#place = { owner, part: 'sent', paragraph: 0, from: 0, to: 0 };
    this.#go(this.here);
  }

  type(text: string): void {
    this.text = text;
    this.#go(this.here);
  }

  /** The next or the previous one; after the last comes the first. */
  step(by: 1 | -1): void {
    const n = this.spots.length;
    if (n > 0) this.#go(this.spots[(this.at + by + n) % n]);
  }

  /** What was typed stays for the next time. */
  close(): void {
    this.open = false;
    this.#place = null;
    this.#kept.clear();
  }

  #go(spot: Spot | undefined): void {
    this.moves++;
    if (!spot) return;
    this.#place = spot;
    this.conversation.unfold(spot.owner);
    if (spot.part === 'quoted') this.conversation.quotes.set(spot.owner, true);
  }
}
