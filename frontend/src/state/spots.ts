import type { ConversationView } from '../bridge/types';
import { paragraphs } from './paragraphs';
import { plain, stretches, type Plain } from './plain';

/** What of a message holds a text; `sent` is the mail as it was sent. */
export type Part = 'text' | 'quoted' | 'sent';

/** Where in a conversation something was found. */
export interface Spot {
  /** A message, or a reply on its way. */
  owner: string;
  part: Part;
  paragraph: number;
  from: number;
  to: number;
}

/** A text of the conversation that can be searched, in the order of the screen. */
export interface Passage {
  owner: string;
  part: Part;
  paragraphs: string[];
}

/** How the screen shows the messages just now. */
export interface Shown {
  asSent: ReadonlySet<string>;
  /** The texts of the mails that are shown as they were sent. */
  sent: ReadonlyMap<string, string[]>;
}

/** Every text of a conversation, whether it is folded or not. */
export function passages(view: ConversationView, shown: Shown): Passage[] {
  const all = view.messages.flatMap((m): Passage[] => {
    const owner = m.id;
    if (m.html !== '' && shown.asSent.has(owner))
      return [{ owner, part: 'sent', paragraphs: shown.sent.get(owner) ?? [] }];
    return [
      { owner, part: 'text', paragraphs: paragraphs(m.text) },
      { owner, part: 'quoted', paragraphs: paragraphs(m.quoted) },
    ];
  });
  for (const op of view.outgoing)
    all.push({ owner: op.id, part: 'text', paragraphs: paragraphs(op.text) });
  return all;
}

/**
 * Finds what is wanted in each paragraph. Making texts plain is most of the
 * work, and the same for every letter typed: `kept` holds them.
 */
export function spots(all: Passage[], wanted: string, kept: Map<string, Plain>): Spot[] {
  const needle = plain(wanted).text;
  if (needle.trim() === '') return [];
  const read = (text: string) => {
    let made = kept.get(text);
    if (!made) kept.set(text, (made = plain(text)));
    return made;
  };
  return all.flatMap(({ owner, part, paragraphs: texts }) =>
    texts.flatMap((text, paragraph) =>
      stretches(read(text), needle).map((s) => ({ owner, part, paragraph, ...s })),
    ),
  );
}

/** The first of the spots that stands at a place or after it; 0 where none does. */
export function firstFrom(found: Spot[], place: Spot | null, all: Passage[]): number {
  if (!place) return 0;
  const owners = [...new Set(all.map((p) => p.owner))];
  const rank = new Map(owners.map((owner, i) => [owner, i]));
  const parts: Part[] = ['sent', 'text', 'quoted'];
  const key = (s: Spot) => [rank.get(s.owner) ?? 0, parts.indexOf(s.part), s.paragraph, s.from];
  const from = key(place);
  const at = found.findIndex((spot) => {
    const mine = key(spot);
    const differs = mine.findIndex((n, i) => n !== from[i]);
    return differs < 0 || (mine[differs] ?? 0) > (from[differs] ?? 0);
  });
  return Math.max(0, at);
}
