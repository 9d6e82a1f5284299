import { expect } from '@playwright/test';
import { expectAccessible } from '../pages/axe';
import type { DeskPage } from '../pages/desk';

// What the walks through the outbox share.

export const slow = { timeout: 60_000 };
export const krzysztof = 'Krzysztof Zieliński';
export const irina = 'Ирина Соколова';
export const ingrid = 'Ingrid Solheim';
export const afterUndo = '11s';

/** Writes and queues a reply; the composer is still open when `before` runs. */
export async function answer(
  desk: DeskPage,
  customer: string,
  text: string,
  before?: () => Promise<void>,
  asked?: () => Promise<void>,
) {
  await desk.goTo('Inbox');
  await desk.read(customer);
  await desk.conversation.write(text);
  await before?.();
  await desk.conversation.send();
  await asked?.();
  await expect(desk.row(customer)).toHaveCount(0);
}

/** The outbox with a reply in a state, without one violation. */
export async function state(desk: DeskPage, customer: string, ...words: (string | RegExp)[]) {
  await desk.goTo('Outbox');
  for (const word of words) await expect(desk.outbox.card(customer)).toContainText(word, slow);
  await expectAccessible(desk.page);
}

export async function sent(desk: DeskPage, customer: string, ...words: string[]) {
  await desk.goTo('Outbox');
  await desk.outbox.showSent();
  await state(desk, customer, ...words);
}

/** The draft is open again, as it was. */
export async function isDraft(desk: DeskPage, text: string) {
  await expect(desk.conversation.text).toContainText(text);
}
