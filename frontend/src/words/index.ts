export type { CountKey, TextKey } from './catalogue';
export { direction } from './bidi';
export { count, keyFor, locale, say, sayFailure, sayTrouble, setLocale } from './words.svelte';
export * as format from './format';
