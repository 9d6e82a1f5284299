// The arithmetic of a list whose rows all have one height.

export interface Window {
  /** First row to draw. */
  start: number;
  /** Row after the last to draw. */
  end: number;
}

/** The rows to draw: those in sight and a few more on both sides. */
export function windowOf(
  scroll: number,
  height: number,
  rowHeight: number,
  count: number,
  spare = 6,
): Window {
  const inSight = Math.ceil(height / rowHeight);
  // A list may have become shorter than where it was scrolled to.
  const first = Math.min(Math.floor(scroll / rowHeight), count - inSight);
  const last = Math.ceil((scroll + height) / rowHeight);
  return { start: Math.max(0, first - spare), end: Math.max(0, Math.min(count, last + spare)) };
}

/** Where to scroll so that a row is wholly in sight; the present place if it is. */
export function scrollTo(index: number, scroll: number, height: number, rowHeight: number): number {
  const top = index * rowHeight;
  if (top < scroll) return top;
  if (top + rowHeight > scroll + height) return top + rowHeight - height;
  return scroll;
}
