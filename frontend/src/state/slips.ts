import type { ConversationView, DraftView } from '../bridge/types';
import { attachedLine } from './attached';
import { ownWords } from './ownWords';

/** What may have slipped a person as they sent a reply. */
export interface Slips {
  /** The line that speaks of an attachment where there is none, else "". */
  attached: string;
}

type Written = Pick<DraftView, 'conversation' | 'text' | 'files'>;

/** Looks a reply over before it is queued; null where nothing needs to be asked. */
export function slipsOf(draft: Written, view: ConversationView): Slips | null {
  const attached = draft.files.length > 0 ? '' : attachedLine(ownWords(draft.text, view.messages));
  return attached === '' ? null : { attached };
}

/**
 * What people said about such questions: the same isn't asked twice, not even of
 * a reply that was taken back. Of each conversation the last answer counts.
 */
export class Answered {
  readonly #texts = new Map<string, string>();

  /** What is left to ask. */
  left(draft: Written, slips: Slips | null): Slips | null {
    if (!slips) return null;
    const attached = this.#texts.get(draft.conversation) === draft.text ? '' : slips.attached;
    return attached === '' ? null : { attached };
  }

  /** A person read it and sends the reply as it is. */
  keep(draft: Written, slips: Slips): void {
    if (slips.attached !== '') this.#texts.set(draft.conversation, draft.text);
  }
}
