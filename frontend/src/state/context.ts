import { createContext } from 'svelte';
import type { Action } from './actions';
import type { Desk } from './desk.svelte';

/** What every view has at hand. */
export interface Hand {
  desk: Desk;
  actions: Action[];
  mac: boolean;
}

export const [hand, setHand] = createContext<Hand>();
