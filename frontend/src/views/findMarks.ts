import type { Spot } from '../state/spots';
import { scrollerOf } from './mailFit';

// Marks what was found, in the page and in the frames of mails shown as they were
// sent: nothing is put into either (CSS Custom Highlight API).

/** Names of the highlights, for ::highlight() in base.css and mailPage.ts. */
const everything = 'found';
const current = 'found-here';

/** How far from the edge what was found must stand, in pixels. */
const air = 28;

/** A paragraph as the browser holds it. */
interface Block {
  text: string;
  nodes: { node: Text; from: number }[];
}

const mails = new WeakMap<Document, Block[]>();

/** The paragraphs of a mail in its frame; what isn't shown is left out. */
export function mailTexts(page: Document): string[] {
  return mailBlocks(page).map((block) => block.text);
}

function mailBlocks(page: Document): Block[] {
  const known = mails.get(page);
  if (known) return known;
  // What is still being read would be kept by half.
  if (page.readyState !== 'complete') return [];
  const blocks: Block[] = [];
  const holders = new Map<Element, { shown: boolean; block: Element }>();
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  let last: Element | null = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeName === 'BR') last = null;
    if (node.nodeType !== Node.TEXT_NODE || !node.parentElement) continue;
    const holder = holders.get(node.parentElement) ?? holderOf(node.parentElement);
    holders.set(node.parentElement, holder);
    if (!holder.shown) continue;
    if (holder.block !== last) blocks.push({ text: '', nodes: [] });
    last = holder.block;
    add(blocks.at(-1), node as Text);
  }
  mails.set(page, blocks);
  return blocks;
}

function holderOf(element: Element): { shown: boolean; block: Element } {
  let block = element;
  while (block.parentElement && /^(inline|contents)/.test(getComputedStyle(block).display))
    block = block.parentElement;
  return { shown: element.checkVisibility({ visibilityProperty: true }), block };
}

function add(block: Block | undefined, node: Text): void {
  if (!block) return;
  block.nodes.push({ node, from: block.text.length });
  block.text += node.data;
}

function textBlocks(text: Element): Block[] {
  return Array.from(text.children, (paragraph) => {
    const block: Block = { text: '', nodes: [] };
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) add(block, node as Text);
    return block;
  });
}

function rangeIn(block: Block | undefined, { from, to }: Spot): StaticRange | null {
  const first = block?.nodes.findLast((n) => n.from <= from);
  const last = block?.nodes.findLast((n) => n.from < to);
  if (!first || !last || to - last.from > last.node.length) return null;
  return new StaticRange({
    startContainer: first.node,
    startOffset: from - first.from,
    endContainer: last.node,
    endOffset: to - last.from,
  });
}

/**
 * Marks the spots that are on screen, `here` stronger than the others; gives the
 * place of `here`. Where the browser has no highlights nothing is marked.
 */
export function markSpots(stream: Element, spots: Spot[], here: Spot | undefined): Range | null {
  const places = new Map<string | undefined, { blocks: Block[]; ranges: StaticRange[] }>();
  const pages = [document];
  for (const element of stream.querySelectorAll<HTMLElement>('[data-place]')) {
    const page = element instanceof HTMLIFrameElement ? element.contentDocument : null;
    if (page?.body) pages.push(page);
    const blocks = page?.body ? mailBlocks(page) : textBlocks(element);
    places.set(element.dataset['place'], { blocks, ranges: [] });
  }
  let at: StaticRange | null = null;
  for (const spot of spots) {
    const place = places.get(`${spot.owner} ${spot.part}`);
    const range = rangeIn(place?.blocks[spot.paragraph], spot);
    if (!range) continue;
    if (spot === here) at = range;
    else place?.ranges.push(range);
  }
  const all = [...places.values()].flatMap((place) => place.ranges);
  for (const page of pages) paint(page, all, at);
  return at && live(at);
}

/** Takes all marks away. */
export function unmark(stream: Element | undefined): void {
  paint(document, [], null);
  for (const frame of stream?.querySelectorAll('iframe') ?? [])
    if (frame.contentDocument) paint(frame.contentDocument, [], null);
}

function paint(page: Document, all: StaticRange[], at: StaticRange | null): void {
  const view = page.defaultView;
  const registry = view?.CSS?.highlights;
  if (!registry) return;
  const own = (r: StaticRange) => r.startContainer.ownerDocument === page;
  // Emptied and not replaced: WebKit leaves a replaced one on the screen.
  const fill = (name: string, priority: number, ranges: StaticRange[]) => {
    const highlight = registry.get(name) ?? new view.Highlight();
    highlight.priority = priority;
    highlight.clear();
    for (const range of ranges) highlight.add(range);
    registry.set(name, highlight);
  };
  fill(everything, 0, all.filter(own));
  fill(current, 1, at && own(at) ? [at] : []);
}

/** Tells whether this browser marks without our changing the page. */
export function canMark(): boolean {
  return window.CSS?.highlights !== undefined;
}

function live(at: StaticRange): Range {
  const range = (at.startContainer.ownerDocument ?? document).createRange();
  range.setStart(at.startContainer, at.startOffset);
  range.setEnd(at.endContainer, at.endOffset);
  return range;
}

/** Scrolls only where it must, and not to below what lies over the messages. */
export function bringIntoSight(range: Range, bar: Element): void {
  const holder = range.startContainer.parentElement;
  const frame = holder?.ownerDocument.defaultView?.frameElement;
  // A mail too wide or too high for its frame scrolls in there.
  if (frame) holder?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  const around = holder && scrollerOf(frame ?? holder);
  if (!around) return;
  const view = around.getBoundingClientRect();
  const box = range.getBoundingClientRect();
  const top = box.top + (frame ? frame.getBoundingClientRect().top + frame.clientTop : 0);
  const first = Math.max(view.top, bar.getBoundingClientRect().bottom);
  if (top >= first + air && top + box.height <= view.bottom - air) return;
  around.scrollTop += top - first - (view.bottom - first) / 3;
}

/** The first message that is in sight, "" without one. */
export function firstInSight(stream: Element, bar: Element): string {
  const top = Math.max(stream.getBoundingClientRect().top, bar.getBoundingClientRect().bottom);
  const messages = Array.from(stream.querySelectorAll('[id^="message-"]'));
  const first = messages.find((m) => m.getBoundingClientRect().bottom > top + air);
  return first?.id.replace('message-', '') ?? '';
}
