import type { MessageView } from '../bridge/types';

/** Tells whether message id `a` is newer than `b`: ids are numbers too large for JavaScript's. */
function newer(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}

/**
 * What people wrote in a conversation after `base`, except what left from this
 * desk: a colleague's answers and the customer's next mails. "" knows of none.
 */
export function newBeside(messages: MessageView[], base: string): MessageView[] {
  if (base === '') return [];
  return messages.filter(
    (m) =>
      newer(m.id, base) &&
      m.kind === 'person' &&
      (m.direction === 'in' || (m.direction === 'out' && !m.mine)),
  );
}
