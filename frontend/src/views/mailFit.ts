// The frame of a mail runs nothing, so the page around it measures it and does
// what a script inside would: its height, its width, its links, its selection.
// Listeners in there are no help: WebKit calls none where no script may run.

/** A mail wider than its frame is drawn smaller, but not below what can be read. */
const smallest = 0.6;
/** No taller than this, in pixels: beyond it the frame scrolls. */
const tallest = 30_000;
/** No more places of links than this. */
const mostLinks = 500;

/** Where a link lies in the frame, in pixels from its top left. */
export interface LinkPlace {
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Gives the frame the height of its mail, and a mail that is too wide for it a
 * smaller scale; gives the places of its links.
 */
export function fitMail(frame: HTMLIFrameElement): LinkPlace[] {
  const page = frame.contentDocument;
  const body = page?.body;
  if (!page || !body) return [];
  const root = page.documentElement;
  const around = scrollerOf(frame);
  const top = around?.scrollTop ?? 0;

  // Measured in a frame without height: else what is as high as its window grows
  // with every look.
  frame.style.blockSize = '0';
  root.style.overflow = 'hidden';
  body.style.width = body.style.transform = '';
  const room = root.clientWidth;
  let scale = 1;
  if (room > 0 && root.scrollWidth > room) {
    scale = Math.max(room / root.scrollWidth, smallest);
    body.style.width = `${String(root.scrollWidth)}px`;
    body.style.transformOrigin =
      getComputedStyle(body).direction === 'rtl' ? 'top right' : 'top left';
    body.style.transform = `scale(${String(scale)})`;
  }
  const wide = root.scrollWidth * scale > room + 1;
  const high = Math.ceil(root.scrollHeight * scale);
  root.style.overflow = '';
  root.style.overflowX = wide ? 'auto' : 'hidden';
  root.style.overflowY = high > tallest ? 'auto' : 'hidden';
  const edges = frame.offsetHeight - frame.clientHeight;
  frame.style.blockSize = `${String(Math.min(high, tallest) + edges + (wide ? 16 : 0))}px`;
  if (around) around.scrollTop = top;
  return linkPlaces(page);
}

function linkPlaces(page: Document): LinkPlace[] {
  const places: LinkPlace[] = [];
  for (const link of page.querySelectorAll('a[href]')) {
    for (const { x, y, width, height } of link.getClientRects()) {
      if (width < 1 || height < 1) continue;
      places.push({ url: link.getAttribute('href') ?? '', x, y, width, height });
      if (places.length === mostLinks) return places;
    }
  }
  return places;
}

/** What scrolls around an element. */
export function scrollerOf(element: Element): Element | null {
  for (let at = element.parentElement; at; at = at.parentElement)
    if (at.scrollHeight > at.clientHeight && getComputedStyle(at).overflowY !== 'visible')
      return at;
  return null;
}

/** Tells whether a button of the mouse is down in the frame. */
export function isPressed(frame: HTMLIFrameElement): boolean {
  return frame.contentDocument?.documentElement.matches(':active') ?? false;
}

/** The text that is selected in the frame. */
export function selectedIn(frame: HTMLIFrameElement): string {
  return frame.contentDocument?.getSelection()?.toString() ?? '';
}

/** Forgets what is selected in the frame. */
export function selectNothing(frame: HTMLIFrameElement): void {
  frame.contentDocument?.getSelection()?.removeAllRanges();
}
