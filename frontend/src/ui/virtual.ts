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
  const first = Math.floor(scroll / rowHeight);
  const last = Math.ceil((scroll + height) / rowHeight);
  const end = Math.max(0, Math.min(count, last + spare));
  return { start: Math.max(0, Math.min(first - spare, end)), end };
}

/** Where to scroll so that a row is wholly in sight; the present place if it is. */
export function scrollTo(index: number, scroll: number, height: number, rowHeight: number): number {
  const top = index * rowHeight;
  if (top < scroll) return top;
  if (top + rowHeight > scroll + height) return top + rowHeight - height;
  return scroll;
}
