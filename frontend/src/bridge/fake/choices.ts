import type * as t from '../types';

/** How the fake answers a call. */
export type Answer = <T>(call: string, fn: () => T) => Promise<T>;

/** What the fake account's person chose; `spent` in the scenes begins with a day used up. */
export interface LineChoices {
  budget: number;
  textOnly: boolean;
  paused: boolean;
  horizon: number;
  /** "today" was answered to the question. */
  freed: boolean;
}

/** The part of an account's view that its person chose. */
export function chosen(
  choices: LineChoices,
  used: number,
): Pick<
  t.AccountView,
  'state' | 'budget' | 'used' | 'spent' | 'textOnly' | 'horizon' | 'reach' | 'toGo'
> {
  return {
    state: choices.paused ? 'paused' : 'ok',
    budget: choices.budget,
    used,
    spent: choices.budget > 0 && used >= choices.budget && !choices.freed,
    textOnly: choices.textOnly,
    horizon: choices.horizon,
    reach: 0,
    toGo: 0,
  };
}
