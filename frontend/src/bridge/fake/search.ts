import type * as t from '../types';
import { hour } from './desk';
import type { FakeDesk } from './fakeDesk';

// Words, and of the operators from:, is: and has:. All others are words here.

type Fits = (v: t.ConversationView, m: t.MessageView) => boolean;

const statuses = ['open', 'waiting', 'snoozed', 'done', 'spam', 'bin'];

/** What an operator asks for; undefined where it is none, or its value no value. */
function asked(operator: string, value: string): Fits | undefined {
  switch (operator) {
    case 'from':
      return (_, m) => `${m.from.name} ${m.from.address}`.toLowerCase().includes(value);
    case 'is':
      if (value === 'unread') return (v) => v.row.unread > 0;
      if (value === 'draft') return (v) => v.draft.id !== '';
      return statuses.includes(value) ? (v) => v.row.status === value : undefined;
    case 'has':
      return value === 'file' || value === 'attachment'
        ? (_, m) => m.files.some((f) => !f.inline)
        : undefined;
    default:
      return undefined;
  }
}

/** Takes the operators out of what was typed; the rest is one phrase. */
function read(text: string): { word: string; fits: Fits[]; ofMessages: boolean } {
  const fits: Fits[] = [];
  let ofMessages = false;
  const rest = text
    .toLowerCase()
    .replace(/(?<!\S)(-?)([a-z]+):("[^"]*"?|\S*)/g, (whole, minus, operator, value) => {
      const bare = String(value).replaceAll('"', '');
      if (bare === '' && ['from', 'is', 'has'].includes(String(operator))) return '';
      const fit = asked(String(operator), bare);
      if (!fit) return String(whole);
      ofMessages ||= operator !== 'is';
      fits.push(minus === '-' ? (v, m) => !fit(v, m) : fit);
      return '';
    });
  const word = rest.replaceAll('"', '').replaceAll(/\s+/g, ' ').trim();
  return { word, fits, ofMessages: ofMessages || word !== '' };
}

/** Finds as the store does: conversations alone are found by their newest message. */
export function search(desk: FakeDesk, { text, after }: t.SearchRequest): t.SearchView {
  const { word, fits, ofMessages } = read(text);
  const nothing = word === '' && fits.length === 0;
  const hits = [...desk.views.values()].flatMap((v) =>
    (ofMessages ? v.messages : v.messages.slice(-1))
      .filter((m) => !nothing && fits.every((fit) => fit(v, m)))
      .filter((m) =>
        `${m.text} ${v.row.subject} ${v.row.customer.name}`.toLowerCase().includes(word),
      )
      .map((m) => ({
        message: m.id,
        row: v.row,
        at: m.at,
        snippet: mark(m.text, word),
        server: m.at < desk.now() - 90 * 24 * hour,
      })),
  );
  const newest = hits.sort((a, b) => b.at - a.at);
  const from = after === '' ? 0 : newest.findIndex((h) => h.message === after) + 1;
  return {
    hits: newest.slice(from, from + 30),
    more: newest.length > from + 30,
    since: desk.now() - 90 * 24 * hour,
    beyond: true,
  };
}

function mark(text: string, word: string): string {
  const at = word === '' ? -1 : text.toLowerCase().indexOf(word);
  if (at < 0) return text.slice(0, 160);
  const from = Math.max(0, at - 40);
  return `${from > 0 ? '…' : ''}${text.slice(from, at)}\u0002${text.slice(at, at + word.length)}\u0003${text.slice(at + word.length, at + 140)}`;
}
