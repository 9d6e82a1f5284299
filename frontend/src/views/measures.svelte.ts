import { MediaQuery } from 'svelte/reactivity';

// The virtual list reckons with row heights, so they stand here as well as in
// tokens.css (--h-row); a test compares the two.
const short = new MediaQuery('(max-height: 760px)');

export const rowHeights = { tall: 72, short: 68 };

/** The height of a list row in this window, in pixels. */
export function rowHeight(): number {
  return short.current ? rowHeights.short : rowHeights.tall;
}
