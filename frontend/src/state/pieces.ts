import { links, type Linked } from './links';
import { numbersIn } from './numbers';

/** A piece of a message's text: a link, a number to carry elsewhere, or plain. */
export interface Piece extends Linked {
  number: boolean;
}

/** Cuts a paragraph into pieces that give it back when they are joined. */
export function pieces(paragraph: string, withNumbers: boolean): Piece[] {
  const numbers = withNumbers ? numbersIn(paragraph) : [];
  let at = 0;
  return links(paragraph).flatMap((piece): Piece[] => {
    const from = at;
    at += piece.text.length;
    // What looks like a number inside of a link is part of the link.
    const inside = numbers.filter((n) => n.from >= from && n.to <= at);
    if (piece.url !== '' || inside.length === 0) return [{ ...piece, number: false }];
    return cut(paragraph, from, at, inside);
  });
}

function cut(
  paragraph: string,
  from: number,
  to: number,
  numbers: { from: number; to: number }[],
): Piece[] {
  const ends = [from, ...numbers.flatMap((n) => [n.from, n.to]), to];
  return ends
    .slice(1)
    .map((end, i) => ({ text: paragraph.slice(ends[i], end), url: '', number: i % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}
