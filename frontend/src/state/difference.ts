import type { Piece } from './search.svelte';

// Facts are what tells two answers apart at a glance: amounts, dates, numbers,
// addresses, order codes.
const fact =
  /[\p{Sc}]?\d[\d.,:/\u00a0-]*\d%?|[\p{Sc}]?\d%?|[\p{L}\d-]+(?:\.[\p{L}\d-]+)+(?:\/[^\s]*)?/gu;

/** Splits a text so that the facts which `theirs` doesn't hold are hits. */
export function onlyMine(mine: string, theirs: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of mine.matchAll(fact)) {
    if (theirs.includes(match[0])) continue;
    if (match.index > at) found.push({ text: mine.slice(at, match.index), hit: false });
    found.push({ text: match[0], hit: true });
    at = match.index + match[0].length;
  }
  if (at < mine.length) found.push({ text: mine.slice(at), hit: false });
  return found;
}
