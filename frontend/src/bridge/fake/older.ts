import type { ConversationView } from '../types';
import { hour, message, nextId, noDraft, own } from './desk';

/** A mail of last year that only the server has; it holds what was searched for. */
export function older(now: number, text: string): ConversationView {
  const id = nextId();
  const customer = { name: 'Hanneke de Wit', address: 'hanneke.dewit@post.example' };
  const at = now - 400 * 24 * hour;
  const body = `Dear team, this is about ${text}. I wrote to you in spring already.`;
  return {
    row: {
      id,
      account: '1',
      customer,
      subject: `About ${text}`,
      preview: body,
      language: 'en',
      status: 'done',
      lastAt: at,
      snoozedUntil: 0,
      waitingSince: 0,
      messages: 1,
      unread: 0,
      files: 0,
      mark: '',
    },
    labels: [],
    messages: [message({ at, from: customer, to: [own], text: body, language: 'en' })],
    outgoing: [],
    draft: noDraft(id),
    account: '1',
  };
}
