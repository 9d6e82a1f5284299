import type { ConversationView, DraftView, Person } from '../bridge/types';
import { attachedSentence } from './attached';
import { ownWords } from './ownWords';
import { missed, strangers } from './reached';

/** What may have slipped a person as they sent a reply. */
export interface Slips {
  /** The sentence that speaks of an attachment where there is none, else "". */
  attached: string;
  /** Recipients who have had no part in the conversation. */
  strangers: Person[];
  /** The customer, where the reply doesn't reach them. */
  missed: Person | null;
}

type Written = Pick<
  DraftView,
  'conversation' | 'text' | 'files' | 'to' | 'cc' | 'bcc' | 'passesOn'
>;

/** Looks a reply over before it is queued. `ours` are the addresses of our own mailboxes. */
export function slipsOf(draft: Written, view: ConversationView, ours: string[]): Slips {
  const words = draft.files.length > 0 ? '' : ownWords(draft.text, view.messages);
  return {
    attached: attachedSentence(words),
    strangers: strangers(draft, view, ours),
    missed: missed(draft, view),
  };
}

/**
 * What people said about such questions: the same isn't asked twice, not even of
 * a reply that was taken back. Of a conversation's texts the last answer counts;
 * a recipient, like a partner who is often copied, is asked about once in all.
 */
export class Answered {
  readonly #texts = new Map<string, string>();
  readonly #people = new Set<string>();
  readonly #missed = new Set<string>();

  /** What is left to ask; null where nothing is. */
  left(draft: Written, slips: Slips): Slips | null {
    const left = {
      attached: this.#texts.get(draft.conversation) === draft.text ? '' : slips.attached,
      strangers: slips.strangers.filter((p) => !this.#people.has(p.address.toLowerCase())),
      missed: slips.missed && this.#missed.has(without(draft, slips.missed)) ? null : slips.missed,
    };
    return left.attached === '' && left.strangers.length === 0 && !left.missed ? null : left;
  }

  /** A person read it and sends the reply as it is. */
  keep(draft: Written, slips: Slips): void {
    if (slips.attached !== '') this.#texts.set(draft.conversation, draft.text);
    for (const p of slips.strangers) this.#people.add(p.address.toLowerCase());
    if (slips.missed) this.#missed.add(without(draft, slips.missed));
  }
}

function without(draft: Written, customer: Person): string {
  return `${draft.conversation} ${customer.address.toLowerCase()}`;
}
