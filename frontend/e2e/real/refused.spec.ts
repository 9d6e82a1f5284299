import { expect } from '@playwright/test';
import { expectAccessible } from '../pages/axe';
import {
  afterUndo,
  answer,
  ingrid,
  irina,
  isDraft,
  krzysztof,
  sent,
  slow,
  state,
} from './outboxWalk';
import { test } from './program';

// What a mail server may say to a reply, on the real inside: its sentence on the
// outbox screen, and every way out, by keyboard.

test.setTimeout(120_000);

test('you decide: the address is refused', async ({ desk, page, program }) => {
  const readdress = () => desk.conversation.readdress(page, 'nobody@nowhere.example');
  const agree = () =>
    page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).press('Enter');
  for (const customer of [krzysztof, irina, ingrid])
    await answer(desk, customer, 'Zwrot / возврат', readdress, agree);
  await program.later(afterUndo);
  await desk.goTo('Outbox');
  const cards = desk.outbox.card('nobody@nowhere.example');
  await expect(cards).toHaveCount(3, slow);
  for (const words of ['You decide', 'take the customer', 'No such domain'])
    await expect(cards.filter({ hasText: words })).toHaveCount(3, slow);
  await expectAccessible(page);
  const press = async (name: string) => {
    await cards.first().getByRole('button', { name }).focus();
    await page.keyboard.press('Enter');
  };
  await press('Drop mine');
  await expect(cards).toHaveCount(2);
  await press('Send again');
  await expect(cards.filter({ hasText: 'You decide' })).toHaveCount(2, slow);
  await press('Edit mine');
  await isDraft(desk, 'Zwrot / возврат');
});

test('you decide: larger than the server takes', async ({ desk, program }) => {
  await program.order('limit', { bytes: '200' });
  for (const customer of [krzysztof, irina, ingrid])
    await answer(desk, customer, 'Zwrot / возврат');
  await program.later(afterUndo);
  for (const customer of [krzysztof, irina, ingrid])
    await state(desk, customer, 'You decide', 'It is larger than the server takes.');
  await program.order('limit', { bytes: '1000000' });
  await desk.outbox.press(krzysztof, 'Send again');
  await sent(desk, krzysztof, 'Sent');
  await desk.outbox.press(ingrid, 'Drop mine');
  await expect(desk.outbox.card(ingrid)).toHaveCount(0);
  await desk.outbox.press(irina, 'Edit mine');
  await isDraft(desk, 'Zwrot / возврат');
});

// What a server may say for good, the sentence for it, and one way out of each in turn.
const refusals = [
  { at: 'rcpt', reply: '552 5.2.2 Mailbox full', words: "The customer's mailbox is full" },
  { at: 'data', reply: '554 5.7.1 It looks like spam', words: "against the mail server's rules" },
  { at: 'rcpt', reply: '550 5.4.5 Daily quota used up', words: 'may send no more for now' },
  { at: 'rcpt', reply: '550 5.7.60 Not your address', words: 'write from this address' },
  { at: 'rcpt', reply: '452 4.5.3 Too many recipients', words: 'so many recipients at once' },
  { at: 'data', reply: '554 5.0.0 Transaction failed', words: 'The server said no, for good' },
];

test('you decide: each refusal has its sentence, and the ways out', async ({ desk, program }) => {
  const waysOut = ['Send again', 'Edit mine', 'Drop mine'];
  for (const [i, { at, reply, words }] of refusals.entries()) {
    await program.order('refuse', { at, reply });
    await answer(desk, krzysztof, 'Zwrot wyszedł dzisiaj.');
    await program.later(afterUndo);
    const said = reply.slice('552 5.2.2 '.length);
    await state(desk, krzysztof, 'You decide', words, said);
    for (const name of waysOut)
      await expect(desk.outbox.card(krzysztof).getByRole('button', { name })).toBeVisible();
    const way = waysOut[i % waysOut.length] ?? '';
    if (way === 'Send again') {
      await program.order('refuse', { at, reply });
      await desk.outbox.press(krzysztof, way);
      await state(desk, krzysztof, 'You decide', words, said);
      await desk.outbox.press(krzysztof, 'Drop mine');
    } else await desk.outbox.press(krzysztof, way);
    if (way === 'Edit mine') {
      await isDraft(desk, 'Zwrot wyszedł dzisiaj.');
      await desk.conversation.drop();
    } else await expect(desk.outbox.card(krzysztof)).toHaveCount(0);
  }
});

test('waits: the server asks for patience', async ({ desk, program }) => {
  await program.order('refuse', { at: 'data', reply: '451 4.7.0 Try again later' });
  await answer(desk, krzysztof, 'Zwrot wyszedł dzisiaj.');
  await program.later(afterUndo);
  await state(desk, krzysztof, 'Waits', 'The server asked for patience', 'tries again in');
  await expect(
    desk.outbox.card(krzysztof).getByRole('button', { name: /^Take back/ }),
  ).toBeVisible();
  await program.later('15m');
  await sent(desk, krzysztof, 'Sent');
});

// The practice account can't be signed in to: taking back is its way out.
test('waits: the account wants to be signed in to again', async ({ desk, program }) => {
  await program.order('refuse', { at: 'data', reply: '530 5.7.0 Authentication required' });
  await answer(desk, krzysztof, 'Zwrot wyszedł dzisiaj.');
  await program.later(afterUndo);
  await state(desk, krzysztof, 'Waits', 'wants you to sign in again');
  await desk.outbox.press(krzysztof, /^Take back/);
  await isDraft(desk, 'Zwrot wyszedł dzisiaj.');
});
