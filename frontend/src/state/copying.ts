import { toFailure } from '../bridge';
import { say } from '../words';
import { againMs } from './carry';
import type { Desk } from './desk.svelte';
import { numbersOf } from './numbers';

/** The key of the action; a notice names it too. */
export const copyKey = 'o';

/** Copies the likeliest number of the conversation on screen; at once again, the next. */
export async function copyNumber(desk: Desk): Promise<void> {
  const view = desk.conversation.view;
  if (!view) return;
  const numbers = numbersOf(view.messages, view.row.subject);
  const number = numbers[desk.carry.next(view.row.id, numbers.length, Date.now())];
  desk.notices.close(desk.carry.notice);
  if (!number) {
    desk.carry.notice = desk.notices.show({ text: say('copy.noNumber') });
    return;
  }
  try {
    await desk.bridge.copy(number.text);
  } catch (error) {
    desk.fail(toFailure(error));
    return;
  }
  const text = say(`copy.number.${number.kind}`, { Number: number.text });
  const next = { label: say('copy.next'), key: copyKey, run: () => void copyNumber(desk) };
  desk.carry.notice = desk.notices.show(
    { text, ...(numbers.length > 1 ? { act: next } : {}) },
    againMs,
  );
}
