import type { ConversationView, DraftView, MessageView, Person } from '../bridge/types';
import { same } from './addresses';
import { houseOf, sameHouse } from './houses';

// Whom a reply reaches, beside what "reply" and "reply to all" would have given.

export type Addressed = Pick<DraftView, 'to' | 'cc' | 'bcc' | 'passesOn'>;

/**
 * The recipients that nobody in the conversation would expect: not among those
 * who wrote or were written to, named in no mail, and neither of our houses nor of
 * one that has part in it. None of a forwarded mail, whose recipients are new by
 * nature.
 */
export function strangers(draft: Addressed, view: ConversationView, ours: string[]): Person[] {
  if (draft.passesOn || view.messages.length === 0) return [];
  const known = partakers(view);
  const houses = [...known.map((p) => p.address), ...ours].map(houseOf);
  return recipients(draft).filter(
    (p, i, all) =>
      all.findIndex((o) => same(o, p)) === i &&
      !known.some((k) => same(k, p)) &&
      !ours.some((address) => same({ name: '', address }, p)) &&
      !houses.some((house) => sameHouse(house, houseOf(p.address))) &&
      !view.messages.some((m) => names(m, p.address)),
  );
}

/**
 * The customer whom a reply doesn't reach, null where it does: any of those who
 * wrote in the conversation counts as reached. Nobody is missed whose mailbox has
 * refused our mail, because then another address stands there for a reason.
 */
export function missed(draft: Addressed, view: ConversationView): Person | null {
  if (draft.passesOn || view.messages.length === 0) return null;
  const incoming = view.messages.filter((m) => m.direction === 'in' && writes(m));
  const customer = incoming.at(-1)?.customer ?? view.row.customer;
  const writers = [view.row.customer, ...incoming.flatMap((m) => [m.customer, ...m.replyTo])];
  const one = (list: Person[], p: Person) => list.some((o) => same(o, p));
  const failed = view.messages
    .flatMap((m) => m.deliveries)
    .filter((d) => d.action === 'failed')
    .map((d) => ({ name: '', address: d.recipient }));
  if (customer.address === '' || failed.some((p) => one(writers, p))) return null;
  return recipients(draft).some((p) => one(writers, p)) ? null : customer;
}

function recipients({ to, cc, bcc }: Addressed): Person[] {
  return [...to, ...cc, ...bcc];
}

function writes(message: MessageView): boolean {
  return message.kind === 'person' || message.kind === 'list';
}

function partakers(view: ConversationView): Person[] {
  return [
    view.row.customer,
    ...view.outgoing.map((op) => op.to),
    ...view.messages.flatMap((m) => [m.from, m.customer, ...m.to, ...m.cc, ...m.replyTo]),
  ];
}

/** The address stands in a mail's text, and isn't the end of a longer one. */
function names(message: MessageView, address: string): boolean {
  const text = `${message.text}\n${message.quoted}`.toLowerCase();
  const sought = address.toLowerCase();
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
    const [before, after] = [text.slice(0, at), text.slice(at + sought.length)];
    if (!/[\p{L}\p{N}.+_-]$/u.test(before) && !/^(?:[\p{L}\p{N}_-]|\.[\p{L}\p{N}])/u.test(after))
      return true;
  }
  return false;
}
