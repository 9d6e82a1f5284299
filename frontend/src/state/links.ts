/** A piece of a message's text; with an address it is a link. */
export interface Linked {
  text: string;
  url: string;
}

const link = /\b(?:https?:\/\/|mailto:)[^\s<>"]+|\b[^\s<>@,;:"()]+@[^\s<>@,;:"()]+\.\p{L}{2,}/giu;

/** Finds addresses in a text. What ends a sentence doesn't belong to them. */
export function links(text: string): Linked[] {
  const found: Linked[] = [];
  let at = 0;
  for (const match of text.matchAll(link)) {
    const word = trimEnd(match[0]);
    if (match.index > at) found.push({ text: text.slice(at, match.index), url: '' });
    found.push({ text: word, url: /^(https?:|mailto:)/i.test(word) ? word : `mailto:${word}` });
    at = match.index + word.length;
  }
  if (at < text.length) found.push({ text: text.slice(at), url: '' });
  return found;
}

function trimEnd(word: string): string {
  const trimmed = word.replace(/[.,;:!?'"»”“’‘\]}]+$/u, '');
  return trimmed.endsWith(')') && !trimmed.includes('(') ? trimmed.slice(0, -1) : trimmed;
}
