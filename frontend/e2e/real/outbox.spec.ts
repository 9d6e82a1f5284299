import { expect } from '@playwright/test';
import { expectAccessible } from '../pages/axe';
import type { DeskPage } from '../pages/desk';
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

// Every state of the outbox on the real inside: its words, and every way out of
// it, by keyboard. Others' acts, the line's faults and the passing of time are
// ordered from the program.

test.setTimeout(120_000);

test('queued: the ring empties, and it can be taken back', async ({ desk, program }) => {
  await answer(desk, krzysztof, 'Zwrot wyszedł dzisiaj.');
  await state(desk, krzysztof, 'Queued', /leaves in \d+ s/, 'You can still take it back');
  await desk.outbox.press(krzysztof, /^Take back/);
  await isDraft(desk, 'Zwrot wyszedł dzisiaj.');
  await desk.conversation.send();
  await program.later(afterUndo);
  await sent(desk, krzysztof, 'Sent', 'Your mail server accepted it.');
});

test('queued with no line: it waits, and leaves when the line is back', async ({
  desk,
  program,
}) => {
  await desk.practice('Off');
  await expect(desk.line).toContainText('Offline since');
  await answer(desk, krzysztof, 'Zwrot wyszedł dzisiaj.');
  await program.later('1h');
  await state(
    desk,
    krzysztof,
    'Waits',
    'It waits here and goes out by itself when the line is back',
  );
  await desk.outbox.press(krzysztof, /^Take back/);
  await isDraft(desk, 'Zwrot wyszedł dzisiaj.');
  await desk.conversation.send();
  await program.later(afterUndo);
  await desk.practice('Good');
  await sent(desk, krzysztof, 'Sent');
});

test('later: it leaves at its time, and can be taken back until then', async ({
  desk,
  page,
  program,
}) => {
  const inAnHour = async () => {
    await page.keyboard.press('Control+Shift+s');
    await page.getByRole('radio', { name: /^In an hour/ }).focus();
    await page.keyboard.press('Space');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Take these times' }).press('Enter');
    await expect(desk.conversation.composer.getByText(/^Leaves /)).toBeVisible();
  };
  await answer(desk, krzysztof, 'Zwrot wyszedł dzisiaj.', inAnHour);
  await state(desk, krzysztof, 'Leaves later', 'It leaves at that time if Fernpost runs then');
  await desk.outbox.press(krzysztof, /^Take back/);
  await isDraft(desk, 'Zwrot wyszedł dzisiaj.');
  await inAnHour();
  await desk.conversation.send();
  await program.later('30m');
  await state(desk, krzysztof, 'Leaves later');
  await program.later('31m');
  await sent(desk, krzysztof, 'Sent');
});

test('sending: how much has left, and no way back', async ({ desk, program }) => {
  await desk.practice('2G');
  await answer(desk, krzysztof, 'Zwrot wyszedł dzisiaj. '.repeat(2_500));
  await program.later(afterUndo);
  await state(desk, krzysztof, 'Sending', 'If the line breaks before the last byte');
  await expect(desk.outbox.card(krzysztof).getByRole('progressbar')).toBeVisible();
  await expect(desk.outbox.card(krzysztof).getByRole('button')).toHaveCount(1); // its conversation
  await desk.practice('Good');
  await sent(desk, krzysztof, 'Sent');
});

test('maybe sent: looked for, and found at the mail server', async ({ desk, program }) => {
  await program.order('lose', { kept: '1', off: '1' });
  await answer(desk, krzysztof, 'Zwrot wyszedł dzisiaj.');
  await program.later(afterUndo);
  await state(
    desk,
    krzysztof,
    'Maybe sent, checking',
    'It may have arrived, so it is not sent twice',
  );
  await desk.outbox.press(krzysztof, 'Look now');
  await desk.practice('Good');
  await program.later('5m');
  await sent(desk, krzysztof, 'Accepted by your mail server', 'It went out once.');
});

test('not seen: a person says that it arrived, or sends it again', async ({
  desk,
  page,
  program,
}) => {
  for (const customer of [krzysztof, irina]) {
    await program.order('lose', { off: '1' });
    await answer(desk, customer, 'Zwrot / возврат');
    await program.later(afterUndo);
    await state(desk, customer, 'Maybe sent, checking');
    await desk.practice('Good');
    await expect(async () => {
      await program.later('200s');
      await expect(desk.outbox.card(customer)).toContainText('You decide', { timeout: 500 });
    }).toPass(slow);
  }
  await state(desk, irina, 'It was looked for and not found, but nothing proves that it was lost');
  await expect(desk.outbox.card(irina)).toContainText('the customer may see it twice');
  await desk.outbox.press(irina, 'How can I know?');
  await expect(desk.outbox.card(irina)).toContainText('Look into the folder with sent mail');
  await desk.outbox.press(irina, 'Send again');
  await sent(desk, irina, 'Sent');
  await desk.outbox.press(krzysztof, 'I know it arrived');
  await expect(page.getByText('Nothing is on its way')).toBeVisible();
  await sent(desk, krzysztof, 'Sent');
});

test('stopped: a colleague or the customer was quicker', async ({ desk, page, program }) => {
  await answer(desk, krzysztof, 'Zwrot wyszedł dzisiaj.');
  await answer(desk, irina, 'Возврат отправлен.');
  await answer(desk, ingrid, 'Navnet er rettet.');
  await program.order('says', {
    customer: krzysztof,
    text: 'Zwrot jest w drodze.',
    colleague: '1',
  });
  await program.order('says', { customer: irina, text: 'Деньги пришли, спасибо!' });
  await program.order('says', { customer: ingrid, text: 'Enda et spørsmål.' });
  await program.later(afterUndo);

  await state(
    desk,
    krzysztof,
    'Stopped',
    'Daniela Brandt answered in the meantime',
    'Zwrot jest w drodze.',
  );
  await state(
    desk,
    irina,
    'Stopped',
    `${irina} wrote again before your reply left`,
    'Деньги пришли',
  );
  await state(desk, ingrid, 'Stopped', `${ingrid} wrote again before your reply left`);

  await desk.outbox.press(irina, 'Send mine as well');
  await sent(desk, irina, 'Sent');
  await desk.outbox.press(ingrid, 'Drop mine');
  await expect(desk.outbox.card(ingrid)).toHaveCount(0);
  await desk.outbox.press(krzysztof, 'Edit mine');
  await isDraft(desk, 'Zwrot wyszedł dzisiaj.');
  await expect(desk.conversation.composer).toContainText('Daniela Brandt answered since you began');
  await desk.conversation.send();
  await expect(page.getByRole('alert')).toContainText('Send yours as well?');
  await page.getByRole('button', { name: 'Send mine as well' }).press('Enter');
  await program.later(afterUndo);
  await sent(desk, krzysztof, 'Sent');
});

test('new beside the draft: shown while it is written', async ({ desk, page, program }) => {
  await desk.read(krzysztof);
  await desk.conversation.write('Zwrot wyszedł');
  await program.order('says', { customer: krzysztof, text: 'Jeszcze jedno pytanie.' });
  const beside = page.getByRole('group', { name: 'New since you began' });
  await expect(beside).toContainText('Jeszcze jedno pytanie.', slow);
  await expectAccessible(page);
  await beside.getByRole('button', { name: 'I have read it' }).press('Enter');
  await expect(beside).toHaveCount(0);
  await page.keyboard.type(' dzisiaj.');
  await desk.conversation.send();
  await program.later(afterUndo);
  await sent(desk, krzysztof, 'Sent');
});

test('stopped: a colleague set the conversation to done', async ({ desk, program }) => {
  for (const customer of [krzysztof, irina, ingrid])
    await answer(desk, customer, 'Zwrot / возврат');
  for (const customer of [krzysztof, irina, ingrid]) await program.order('done', { customer });
  await program.later(afterUndo);
  for (const customer of [krzysztof, irina, ingrid])
    await state(desk, customer, 'Stopped', 'A colleague set this conversation to done');
  await desk.outbox.press(krzysztof, 'Send mine as well');
  await sent(desk, krzysztof, 'Sent');
  await desk.outbox.press(ingrid, 'Drop mine');
  await expect(desk.outbox.card(ingrid)).toHaveCount(0);
  await desk.outbox.press(irina, 'Edit mine');
  await isDraft(desk, 'Zwrot / возврат');
});

test('you decide: its time is over', async ({ desk, page, program }) => {
  const soon = async () => {
    await page.keyboard.press('Control+Shift+s');
    const end = page.getByRole('group', { name: 'Not after' });
    await end.getByRole('radio', { name: 'Own time' }).check();
    await end.locator('input[type=datetime-local]').fill(await inTwoMinutes(page));
    await page.getByRole('button', { name: 'Take these times' }).press('Enter');
  };
  await desk.practice('Off');
  for (const customer of [krzysztof, irina, ingrid])
    await answer(desk, customer, 'Do południa.', soon);
  await state(desk, krzysztof, 'Not after');
  await program.later('4m');
  for (const customer of [krzysztof, irina, ingrid])
    await state(
      desk,
      customer,
      'You decide',
      'Its time was over before it could leave. Nothing was sent.',
    );
  await desk.outbox.press(ingrid, 'Drop mine');
  await expect(desk.outbox.card(ingrid)).toHaveCount(0);
  await desk.outbox.press(irina, 'Send now');
  await state(desk, irina, 'Waits');
  await desk.practice('Good');
  await sent(desk, irina, 'Sent');
  await desk.outbox.press(krzysztof, 'Edit mine');
  await isDraft(desk, 'Do południa.');
});

async function inTwoMinutes(page: DeskPage['page']): Promise<string> {
  return page.evaluate(() => {
    const d = new Date(Date.now() + 2 * 60_000 + 59_000);
    const two = (n: number) => String(n).padStart(2, '0');
    return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
  });
}

test('sent, and found not delivered later: it can be written again', async ({
  desk,
  page,
  program,
}) => {
  const holger = 'Holger Brinkmann';
  await answer(desk, holger, 'Guten Tag Herr Brinkmann.');
  await program.later(afterUndo);
  await sent(desk, holger, 'Sent');
  await program.later('10m');
  await state(desk, holger, 'Not delivered', 'nobody has this address', 'What the server said');
  await desk.outbox.press(holger, 'Write again');
  await isDraft(desk, 'Guten Tag Herr Brinkmann.');
  await expect(page.getByRole('textbox', { name: 'To', exact: true })).toHaveValue(/altepost/);
});

test('a draft is back to the last saved keystroke when the program is killed while somebody types', async ({
  desk,
  page,
  program,
}) => {
  await desk.read(krzysztof);
  await desk.conversation.write('Szanowny Panie, ');
  await page.evaluate(() => {
    const composer = (window as unknown as Bound).go.app.Composer;
    const save = composer.Save;
    composer.Save = async (draft) => {
      const saved = await save(draft);
      (window as unknown as Bound).acknowledged = draft.text;
      return saved;
    };
  });
  const whole = 'zwrot 312,40 zł wyszedł od nas dzisiaj i będzie na koncie do piątku. '.repeat(4);
  await desk.conversation.text.press('Control+End');
  const typing = page.keyboard.type(whole, { delay: 20 }).catch(() => {});
  const acknowledged = () => page.evaluate(() => (window as unknown as Bound).acknowledged ?? '');
  await expect.poll(async () => (await acknowledged()).length, slow).toBeGreaterThan(60);
  const kept = await acknowledged();
  await program.kill();
  await typing;
  await program.start();
  await page.goto(program.url);
  await desk.goTo('Drafts');
  await desk.read(krzysztof);
  await expect(desk.conversation.text).toContainText(kept.trim());
  const back = (await desk.conversation.text.innerText()).trim();
  expect(`Szanowny Panie, ${whole}`.startsWith(back)).toBe(true); // what was typed, and nothing else
});

interface Bound {
  go: { app: { Composer: { Save(draft: { text: string }): Promise<unknown> } } };
  acknowledged?: string;
}
