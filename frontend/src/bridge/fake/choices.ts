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
  /** What the server says and nobody has dismissed. */
  alerts: string[];
}

/** What the server says in the scene `alert`, one text for people here, one right-to-left. */
export const serverAlerts = [
  'Your mailbox is 96 % full. New mail will be refused from 100 %. See https://mail.birkpay.example/quota',
  'سيتوقف الخادم للصيانة يوم السبت من الساعة 22:00 إلى 23:30.',
];

/** The part of an account's view that its person chose. */
export function chosen(
  choices: LineChoices,
  used: number,
): Pick<
  t.AccountView,
  'state' | 'budget' | 'used' | 'spent' | 'textOnly' | 'horizon' | 'reach' | 'toGo' | 'alerts'
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
    alerts: choices.alerts,
  };
}
