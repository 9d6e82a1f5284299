import type { AccountView } from '../bridge/types';
import { format, say } from '../words';

/** How far the first sync has come: "back to 3 November, 12,400 to go". */
export function progressOf(account: AccountView): string {
  const back = say('account.back', { Date: format.longDate(account.reach) });
  if (account.toGo === 0) return back;
  return format.list([back, say('account.toGo', { Count: format.number(account.toGo) })], true);
}

/** What is known of an account, in a few words. */
export function wordsOf(account: AccountView, now: number): string {
  if (account.state === 'sign_in') return say('account.signIn');
  if (account.state !== 'ok') return say(`account.${account.state}`);
  if (account.line === 'lost')
    return account.retryAt > now
      ? say('account.lost', { When: format.relative(account.retryAt, now) })
      : say('account.lostNow');
  if (account.spent) return say('account.spent', { Budget: format.bytes(account.budget) });
  if (account.importing)
    return account.reach > 0
      ? format.list([say('account.importing'), progressOf(account)], true)
      : say('account.importing');
  if (account.answeredAt === 0) return say('account.looking');
  return say('account.answered', { Ago: format.relative(account.answeredAt, now) });
}
