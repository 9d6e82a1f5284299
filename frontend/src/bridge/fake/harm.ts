import type { HarmView } from '../types';

/** What a damaged disk did, as the scene wants it. */
export function harmOf(what: HarmView['what']): HarmView {
  const main = what === 'main';
  return {
    what,
    at: what === '' ? 0 : Date.now(),
    drafts: main ? 3 : 0,
    replies: main ? 5 : 0,
    looked: main ? 1 : 0,
    broken: false,
    files: what === 'files' ? 2 : 0,
    aside:
      what === '' ? '' : '/home/amira/.local/share/fernpost/damaged/main-20261123T084200.000Z.db',
  };
}
