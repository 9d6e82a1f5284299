import { expect } from '@playwright/test';
import { AccountsPart } from '../pages/accounts';
import { expectAccessible } from '../pages/axe';
import { test } from './postoffice';

// A mailbox of one's own, on a real Dovecot and a real Exim: from its address to
// an answer in the customer's mailbox.

test.setTimeout(60_000); // ten seconds of it are the time to take a reply back

test('a mailbox is connected, its first mail answered, and the answer delivered', async ({
  desk,
  page,
  post,
}) => {
  const { address, imap, smtp } = post.account('help');
  await post.write(
    'help',
    'Ingrid Sommer',
    'Wo bleibt meine Erstattung?',
    'Guten Tag,\nich warte seit Tagen auf 84,90 €.\nIngrid Sommer',
  );
  const accounts = new AccountsPart(page);
  await accounts.open();
  await accounts.begin(address);
  await accounts.fill('Amira', imap, smtp);

  const refused = await accounts.test('not-it');
  await expect(
    refused.getByText(`${imap.host} doesn't accept user name and password.`),
  ).toHaveCount(2);
  await expectAccessible(page);

  const fine = await accounts.test(post.password);
  await expect(fine.getByText(/^works, signed in by/)).toHaveCount(2);
  await accounts.sheet.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(accounts.sheet.getByText(/^The mailbox is connected/)).toBeVisible();
  await accounts.sheet.getByRole('button', { name: 'Close' }).last().click();
  await expect(accounts.row(address)).toBeVisible();

  await desk.goTo('Inbox');
  await desk.order('Newest');
  await desk.read('Ingrid Sommer');
  await expect(desk.conversation.messages.getByText('84,90 €')).toBeVisible();
  await desk.conversation.write('Guten Tag,');
  await desk.conversation.text.press('Control+End');
  await page.keyboard.type('\nIhre Erstattung ging ');
  await page.keyboard.press('Control+b');
  await page.keyboard.type('heute');
  await page.keyboard.press('Control+b');
  await page.keyboard.type(' hinaus.');
  await desk.conversation.send();
  await expect(desk.row('Ingrid Sommer')).toHaveCount(0);

  // While it can be taken back, its account isn't removed unless it is given up.
  await accounts.open();
  await accounts.act(address, 'Remove');
  await expect(accounts.sheet.getByText(/^1 reply in it has not left for certain/)).toBeVisible();
  await expect(accounts.sheet.getByRole('button', { name: /^Remove/ })).toBeDisabled();
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await accounts.act(address, 'Rename');
  await accounts.sheet.getByRole('textbox', { name: 'Name of the mailbox' }).fill('Help desk');
  await page.keyboard.press('Enter');
  await accounts.act('Help desk', 'Move up');
  await expect(accounts.part.getByRole('listitem').first()).toContainText('Help desk');
  await accounts.act('Help desk', 'Pause');
  await expect(accounts.row('Help desk').getByText('paused')).toBeVisible();
  await accounts.act('Help desk', 'Resume');
  await expect(accounts.row('Help desk').getByText('paused')).toBeHidden();
  await desk.goTo('Waiting');
  await expect(desk.row('Ingrid Sommer').getByText('Help desk')).toBeVisible();

  await expect.poll(() => post.received('help'), { timeout: 30_000 }).toHaveLength(1);
  await expect.poll(() => post.sent('help'), { timeout: 30_000 }).toHaveLength(1);
  const [got = ''] = await post.received('help');
  const [filed = ''] = await post.sent('help');
  expect(got).toMatch(/^From: "?Amira"? </m);
  expect(got).toContain('<b>heute</b>');
  expect(messageId(got)).not.toBe('');
  expect(messageId(filed)).toBe(messageId(got));
});

function messageId(mail: string): string {
  return /^Message-ID: *(\S+)/im.exec(mail)?.[1] ?? '';
}
