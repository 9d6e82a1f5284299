import { expect, type Page } from '@playwright/test';

/**
 * Fails where text lies over text, sticks out of the window, or is cut without an
 * ellipsis to say so. What a scrolled part hides is not cut: it can be reached.
 */
export async function expectLegible(page: Page, where: string): Promise<void> {
  const told = await page.evaluate(() => {
    interface Line {
      text: string;
      holder: HTMLElement;
      box: DOMRect;
    }
    const name = (l: Line) => `"${l.text}" (${l.holder.className.split(' ')[0] ?? ''})`;

    function shownHolder(node: Node): HTMLElement | null {
      const holder = node.parentElement;
      if (!holder || !node.textContent?.trim()) return null;
      if (holder.closest('.sr, script, style, [inert]')) return null;
      return holder.checkVisibility({ opacityProperty: true, visibilityProperty: true })
        ? holder
        : null;
    }

    const says = (style: CSSStyleDeclaration) =>
      style.textOverflow === 'ellipsis' || style.getPropertyValue('-webkit-line-clamp') !== 'none';

    /** What is left of a line after every ancestor has cut it; the reason if that is wrong. */
    function cut(line: Line): { left: DOMRect; why: string } {
      let { left, right, top, bottom } = line.box;
      let why = '';
      let reachable = false;
      let told = false;
      for (let e: HTMLElement | null = line.holder; e; e = e.parentElement) {
        const style = getComputedStyle(e);
        told ||= says(style);
        const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY);
        if (style.overflowX !== 'visible' || style.overflowY !== 'visible') {
          const own = e.getBoundingClientRect();
          const beyond = line.box.left < own.left - 1 || line.box.right > own.right + 1;
          const below = bottom > own.bottom + 3 && top < own.bottom - 3;
          if (!scrolls && !reachable && !told && e !== document.body && (beyond || below))
            why ||= `cut: ${name(line)}`;
          left = Math.max(left, own.left);
          right = Math.min(right, own.right);
          top = Math.max(top, own.top);
          bottom = Math.min(bottom, own.bottom);
        }
        reachable ||= scrolls;
        if (style.position === 'fixed') break;
      }
      const outside =
        line.box.left < -1 ||
        line.box.right > innerWidth + 1 ||
        line.box.top < -1 ||
        line.box.bottom > innerHeight + 1;
      if (outside && !reachable && !told) why ||= `out of the window: ${name(line)}`;
      return { left: new DOMRect(left, top, right - left, bottom - top), why };
    }

    /** Whether something opaque lies over an element at a point. */
    function covered(holder: HTMLElement, x: number, y: number): boolean {
      for (const e of document.elementsFromPoint(x, y)) {
        if (e === holder || e.contains(holder)) return false;
        const ground = getComputedStyle(e).backgroundColor;
        if (ground !== 'transparent' && !/, 0\)$|\/ 0\)$/.test(ground)) return true;
      }
      return true;
    }

    const wrong = new Set<string>();
    const lines: Line[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const holder = shownHolder(node);
      if (!holder) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width < 1) continue;
        const line = { text: node.textContent!.trim().slice(0, 40), holder, box };
        const { left, why } = cut(line);
        const seen = left.width > 1 && left.height > 4;
        if (why && (seen || why.startsWith('out'))) wrong.add(why);
        // A font's box is taller than its letters.
        if (seen)
          lines.push({
            ...line,
            box: new DOMRect(left.x, left.y + left.height * 0.25, left.width, left.height * 0.5),
          });
      }
    }
    for (const [i, a] of lines.entries()) {
      for (const b of lines.slice(i + 1)) {
        if (a.holder === b.holder) continue;
        const x = Math.max(a.box.left, b.box.left);
        const y = Math.max(a.box.top, b.box.top);
        const width = Math.min(a.box.right, b.box.right) - x;
        const height = Math.min(a.box.bottom, b.box.bottom) - y;
        if (width <= 2 || height <= 1) continue;
        if (covered(a.holder, x + width / 2, y + height / 2)) continue;
        if (covered(b.holder, x + width / 2, y + height / 2)) continue;
        wrong.add(`over each other: ${name(a)} and ${name(b)}`);
      }
    }
    return [...wrong];
  });
  expect(told, where).toEqual([]);
}
