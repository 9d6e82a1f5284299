// The drawings: 16 px, one stroke of 1.5, no fill. Each is the inside of an SVG.

export const icons = {
  above: '<path d="M4.75 9.5L8 6.25l3.25 3.25"/>',
  back: '<path d="M9.5 4.75L6.25 8l3.25 3.25"/>',
  bold: '<path d="M5 3.25h3.5a2.25 2.25 0 010 4.5H5zM5 7.75h4.25a2.5 2.5 0 010 5H5z"/>',
  bullets:
    '<path d="M6.25 4.25h7M6.25 8h7M6.25 11.75h7"/><path d="M3 4.25h.01M3 8h.01M3 11.75h.01"/>',
  check: '<path d="M3.5 8.5l3 3 6-7"/>',
  clip: '<path d="M12.75 7.4l-4.9 4.9a3 3 0 01-4.25-4.25l5.1-5.1a2 2 0 012.85 2.85l-5.1 5.1a1 1 0 01-1.4-1.4l4.6-4.6"/>',
  close: '<path d="M4.25 4.25l7.5 7.5M11.75 4.25l-7.5 7.5"/>',
  done: '<circle cx="8" cy="8" r="5.25"/><path d="M5.6 8.2l1.7 1.7 3.1-3.6"/>',
  down: '<path d="M4.75 6.5L8 9.75l3.25-3.25"/>',
  fetch: '<path d="M8 2.75v7.5M5.25 7.5L8 10.25l2.75-2.75M3.25 13.25h9.5"/>',
  held: '<rect x="2.75" y="2.75" width="10.5" height="10.5" rx="2"/><path d="M6.5 6v4M9.5 6v4"/>',
  forward: '<path d="M9.75 3.75l3.5 3.5-3.5 3.5M13.25 7.25h-6a4.5 4.5 0 00-4.5 4.5v.5"/>',
  grow: '<path d="M9.5 2.75h3.75V6.5M6.5 13.25H2.75V9.5M13 3L9.25 6.75M3 13l3.75-3.75"/>',
  inbox:
    '<path d="M2.75 9h3l.9 1.75h2.7L10.25 9h3M2.75 9v3.25c0 .55.45 1 1 1h8.5c.55 0 1-.45 1-1V9M2.75 9l1.7-5.3c.12-.38.48-.7.95-.7h5.2c.47 0 .83.32.95.7L13.25 9"/>',
  italic: '<path d="M6.5 3.25h5M4.5 12.75h5M9.25 3.25l-2.5 9.5"/>',
  keys: '<rect x="1.75" y="4.25" width="12.5" height="7.5" rx="1.5"/><path d="M4.5 6.75h.01M7 6.75h.01M9.5 6.75h.01M11.75 6.75h.01M5.25 9.25h5.5"/>',
  link: '<path d="M6.75 9.25a2.5 2.5 0 003.6.1l2-2a2.5 2.5 0 00-3.5-3.6l-1 1M9.25 6.75a2.5 2.5 0 00-3.6-.1l-2 2a2.5 2.5 0 003.5 3.6l1-1"/>',
  mail: '<rect x="2.25" y="3.75" width="11.5" height="8.5" rx="1.25"/><path d="M2.75 4.75L8 9l5.25-4.25"/>',
  merge:
    '<path d="M4 2.75v2.5c0 3 4 2.75 4 5.5v2.5M12 2.75v2.5c0 1.6-1.2 2.3-2.3 2.9M5.9 11.1L8 13.25l2.1-2.15"/>',
  menu: '<path d="M2.75 4.5h10.5M2.75 8h10.5M2.75 11.5h10.5"/>',
  more: '<path d="M3.75 8h.01M8 8h.01M12.25 8h.01" stroke-width="2"/>',
  needs: '<path d="M8 1.75L14.25 8 8 14.25 1.75 8z"/><path d="M8 5.25v3.25M8 10.6h.01"/>',
  note: '<path d="M3.25 3.25h9.5V9.5l-3.25 3.25H3.25zM12.75 9.5H9.5v3.25"/>',
  numbers:
    '<path d="M7 4.25h6.25M7 8h6.25M7 11.75h6.25M2.75 3.5l1-.5v3.25M2.6 10.4c.2-.5.6-.65 1-.65.55 0 .9.3.9.8 0 .7-1.2 1.15-1.9 2.2h1.9"/>',
  off: '<path d="M1.5 8h3.25M11.25 8h3.25M6.5 5.25v5.5M9.5 5.25v5.5"/>',
  on: '<path d="M1.5 8h4M10.5 8h4"/><circle cx="8" cy="8" r="2.25"/>',
  out: '<path d="M2.75 9.5v2.75c0 .55.45 1 1 1h8.5c.55 0 1-.45 1-1V9.5M8 10V2.75M5.25 5.5L8 2.75l2.75 2.75"/>',
  pen: '<path d="M3 13l.6-2.7 7-7a1.2 1.2 0 011.7 0l.4.4a1.2 1.2 0 010 1.7l-7 7z"/>',
  people:
    '<circle cx="6" cy="5.75" r="2.25"/><path d="M1.75 12.75c.4-2.4 2-3.5 4.25-3.5s3.85 1.1 4.25 3.5M10.25 3.6a2.25 2.25 0 010 4.3M11.75 9.5c1.35.45 2.2 1.5 2.5 3.25"/>',
  picture:
    '<rect x="2.25" y="3.25" width="11.5" height="9.5" rx="1.25"/><circle cx="5.75" cy="6.5" r="1"/><path d="M2.75 11.5l3.25-3 2.25 2 2.5-2.5 2.75 2.5"/>',
  plus: '<path d="M8 3.25v9.5M3.25 8h9.5"/>',
  practice:
    '<path d="M2.75 2.75h7.5v5.5H6.5L4.25 10.5V8.25h-1.5zM12.25 6.25h1v5.5h-1.5v2l-2.25-2H7.25v-1"/>',
  queued: '<circle cx="8" cy="8" r="5.25"/><path d="M8 5v3h2.25"/>',
  refresh: '<path d="M13.25 3.25v3.5h-3.5M13 6.75A5.25 5.25 0 102.9 9.5"/>',
  reopen: '<path d="M2.75 3.25v3.5h3.5M3 6.75A5.25 5.25 0 1113.1 9.5"/>',
  reply: '<path d="M6.25 3.75L2.75 7.25l3.5 3.5M2.75 7.25h6a4.5 4.5 0 014.5 4.5v.5"/>',
  right: '<path d="M6.5 4.75L9.75 8 6.5 11.25"/>',
  save: '<path d="M2.75 12.25a5.5 5.5 0 1110.5 0M8 9.75l2.75-3M8 9.75h.01"/>',
  search: '<circle cx="7" cy="7" r="4.25"/><path d="M10.25 10.25l3 3"/>',
  shrink: '<path d="M13.25 6.5H9.5V2.75M2.75 9.5H6.5v3.75M9.75 6.25L13 3M6.25 9.75L3 13"/>',
  sending: '<circle cx="8" cy="8" r="5.25"/><path d="M8 10.75v-5M5.9 7.6L8 5.5l2.1 2.1"/>',
  snooze: '<path d="M12.9 9.6A5.25 5.25 0 116.4 3.1a4.25 4.25 0 006.5 6.5z"/>',
  spam: '<path d="M5.75 2.5h4.5l3.25 3.25v4.5l-3.25 3.25h-4.5L2.5 10.25v-4.5z"/><path d="M8 5.25v3.25M8 10.6h.01"/>',
  trash:
    '<path d="M3.25 4.75h9.5M6.25 4.5V3.25h3.5V4.5M4.5 4.75l.6 7.6c.05.5.45.9.95.9h3.9c.5 0 .9-.4.95-.9l.6-7.6"/>',
  split:
    '<path d="M8 13.25v-3c0-3-4-2.75-4-5.5v-1.5M8 10c0-3 4-2.5 4-5.25v-1.5M2.25 4.75L4 3l1.75 1.75M10.25 4.75L12 3l1.75 1.75"/>',
  tune: '<path d="M2.75 5h5.5M11.75 5h1.5M2.75 11h1.5M7.75 11h5.5"/><circle cx="10" cy="5" r="1.75"/><circle cx="6" cy="11" r="1.75"/>',
  undo: '<path d="M5.5 3.25L2.75 6l2.75 2.75M2.75 6h6.5a3.5 3.5 0 010 7H6"/>',
  unsure:
    '<circle cx="8" cy="8" r="5.25" stroke-dasharray="2.2 1.9"/><path d="M6.6 6.7c0-.8.6-1.35 1.4-1.35s1.4.55 1.4 1.25c0 1-1.4 1.1-1.4 2.05M8 10.6h.01"/>',
  up: '<path d="M8 13.25V3M4.25 6.5L8 2.75l3.75 3.75"/>',
  wait: '<path d="M4.5 2.75h7M4.5 13.25h7M5.25 2.75V4.5C5.25 6.75 8 7.25 8 8s-2.75 1.25-2.75 3.5v1.75M10.75 2.75V4.5C10.75 6.75 8 7.25 8 8s2.75 1.25 2.75 3.5v1.75"/>',
  warn: '<path d="M8 2.75l5.75 10.5H2.25zM8 6.75v2.75M8 11.4h.01"/>',
} as const;

export type IconName = keyof typeof icons;

/** Put once into the document; every Icon then points into it. */
export function sprite(): SVGSVGElement {
  const symbols = Object.entries(icons)
    .map(([name, inside]) => `<symbol id="icon-${name}" viewBox="0 0 16 16">${inside}</symbol>`)
    .join('');
  const text = `<svg xmlns="http://www.w3.org/2000/svg" aria-hidden="true" width="0" height="0" style="position:absolute">${symbols}</svg>`;
  return new DOMParser().parseFromString(text, 'image/svg+xml')
    .documentElement as unknown as SVGSVGElement;
}
