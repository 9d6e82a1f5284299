import { expect } from '@playwright/test';
import { test } from './program';

// What the line may cost, on the real inside: the day is used up, a pause, and
// a search on the server for mail that isn't here.

test('a day that is used up asks, a pause holds a reply, and the server is searched', async ({
  desk,
  page,
}) => {
  await desk.search.fill('Teleskop');
  await expect(page.getByText(/^Nothing found/)).toBeVisible();
  await page.getByRole('button', { name: /^Search the mail server/ }).click();
  await expect(page.getByText(/^The server had \d+ more message/)).toBeVisible();
  await expect(page.getByText('from the server').first()).toBeVisible();
  await page.getByRole('button', { name: 'Clear the search' }).click();

  await page.getByRole('button', { name: /^Saving data/ }).click();
  await page.getByRole('menuitemcheckbox', { name: /^Pause/ }).click();
  await expect(desk.line.getByText('Paused')).toBeVisible();
  await desk.read('Krzysztof Zieliński');
  await desk.conversation.write('Szanowny Panie, dziękujemy za wiadomość.');
  await desk.conversation.send();
  await desk.goTo('Outbox');
  const card = desk.outbox.card('Krzysztof Zieliński');
  await expect(card.getByText(/^The account is paused/)).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(card).toBeHidden({ timeout: 30_000 });

  // The smallest choice is more than this test moves.
  await page.evaluate(() => {
    const { go } = window as unknown as {
      go: { app: { Line: { SetBudget(account: string, bytes: number): Promise<void> } } };
    };
    return go.app.Line.SetBudget('', 1000);
  });
  await expect(desk.line.getByText(/are used\.$/)).toBeVisible();
  await page.getByRole('button', { name: /^Fetch though/ }).click();
  await page.getByRole('menuitemradio', { name: 'For the rest of today' }).click();
  await expect(page.getByRole('button', { name: /^Fetch though/ })).toBeHidden();
});
