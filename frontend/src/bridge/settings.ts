export type Theme = 'system' | 'light' | 'dark';

export interface SettingsView {
  theme: Theme;
  locale: string;
  locales: string[];
  system: string;
  dataDir: string;
  version: string;
  keys: boolean;
  notice: '' | 'network' | 'cloud';
  /** The disk is: nothing is fetched. */
  full: boolean;
  harm: HarmView;
}

/** What a damaged disk did to the store, until a person has read it. */
export interface HarmView {
  /** "" for nothing; main: everything was made anew; mended: it is whole again. */
  what: '' | 'main' | 'second' | 'files' | 'mended';
  at: number;
  drafts: number;
  replies: number;
  /** Of the replies: may have left, and are looked for. */
  looked: number;
  /** Some may be missing. */
  broken: boolean;
  /** Files of drafts and replies that are gone. */
  files: number;
  aside: string;
}

/** How far the store is from being open; part is of what an update changes, 0 to 1. */
export interface OpeningView {
  done: boolean;
  part: number;
}
