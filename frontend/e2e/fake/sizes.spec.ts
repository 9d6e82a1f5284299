import { expect, test, type Page } from '@playwright/test';
import { AccountsPart } from '../pages/accounts';
import { expectAccessible } from '../pages/axe';
import { DeskPage } from '../pages/desk';

// Every size the window may have. 480×260 is the smallest window at 200 % zoom.

const sizes = [
  [1440, 900],
  [1366, 728],
  [1093, 535],
  [1024, 640],
  [960, 520],
] as const;

/** What sticks out of the window, or is cut without an ellipsis to say so. */
async function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > window.innerWidth ? ['the page'] : [];
    for (const button of document.querySelectorAll<HTMLElement>(
      'button, [role=option] > div > div',
    )) {
      const box = button.getBoundingClientRect();
      if (box.width === 0 || button.closest('.sr')) continue;
      if (box.right > window.innerWidth + 1 || box.left < -1)
        wide.push(button.outerHTML.slice(0, 120));
      if (button.tagName === 'BUTTON' && button.scrollWidth > button.clientWidth + 1)
        wide.push(`cut: ${button.textContent?.trim()}`);
    }
    return wide;
  });
}

for (const scene of ['offline,de', 'offline']) {
  for (const [width, height] of sizes) {
    test(`${width}×${height} (${scene}): nothing sticks out or overlaps`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await page.goto(`/?fake=${scene}`);
      await page.getByRole('listbox').first().waitFor();
      await page.getByRole('button', { name: /^(Order|Reihenfolge)/ }).click();
      await page.getByRole('menuitemradio').nth(1).click();
      await page.getByRole('option').filter({ hasText: 'Katharina Vogt' }).click();
      const text = page.getByRole('textbox', { name: /Text (of the reply|der Antwort)/ });
      await text.waitFor();
      expect(await tooWide(page)).toEqual([]);

      await text.fill('A line.\n'.repeat(60));
      const dock = await page.locator('.dock').boundingBox();
      const main = await page.locator('.col-conversation').boundingBox();
      expect(dock!.height).toBeLessThanOrEqual(main!.height / 2 + 1);
      const head = await page.locator('.col-conversation header').first().boundingBox();
      expect(dock!.y).toBeGreaterThan(head!.y + head!.height);

      await page.getByRole('button', { name: /^(Outbox|Ausgang)/ }).click();
      expect(await tooWide(page)).toEqual([]);
    });
  }
}

for (const [width, height] of [
  [720, 450],
  [480, 260],
] as const) {
  test(`${width}×${height}: one column at a time, all of it in reach`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const desk = new DeskPage(page);
    await desk.open('?fake');
    await desk.order('Newest');
    await desk.read('Katharina Vogt');
    await expect(desk.list).toBeHidden();
    await desk.conversation.text.fill('Readable.');
    await page.getByRole('button', { name: 'Send and done' }).scrollIntoViewIfNeeded();
    expect(await tooWide(page)).toEqual([]);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await expect(desk.list).toBeVisible();
    await page.getByRole('button', { name: 'Show the views' }).click();
    await expect(desk.views).toBeVisible();
    await expectAccessible(page);
    await desk.goTo('Outbox');
    await expect(desk.outbox.title).toBeVisible();
    await expectAccessible(page);
  });
}

for (const [width, height] of [
  [1024, 640],
  [720, 450],
] as const) {
  test(`${width}×${height}: thirty files leave the recipients and Send in reach`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    const desk = new DeskPage(page);
    await desk.open('?fake');
    await desk.read('Camille Lefèvre-Dubois');
    await desk.conversation.messages.focus();
    await page.keyboard.press('f');
    await page.getByText(/^Forwards/).waitFor();
    await expect(page.getByRole('textbox', { name: 'To' })).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeInViewport({
      ratio: 1,
    });
  });
}

test('720×450: what a test of the servers says comes into view', async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  const accounts = new AccountsPart(page);
  await page.goto('/?fake=connected');
  await page.getByRole('listbox').waitFor();
  await page.keyboard.press('Control+,');
  await accounts.begin('help@shop.example');
  await accounts.test('wrong');
  await expect(page.getByText(/^smtp.shop.example doesn't accept/)).toBeInViewport();
});

// 720×450 is a laptop of 1440×900 at 200 % zoom.
for (const [width, height] of [
  [960, 520],
  [720, 450],
] as const) {
  test(`${width}×${height}: what came since leaves room to write`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const desk = new DeskPage(page);
    await desk.open('?fake=beside');
    await desk.order('Newest');
    await desk.read('Katharina Vogt');
    await desk.conversation.text.focus();
    await desk.conversation.send();
    await page.getByRole('alert').waitFor();
    const quote = await page.getByRole('button', { name: 'Quote Katharina Vogt' }).boundingBox();
    const foot = await page.locator('.composer footer').boundingBox();
    expect(quote!.y + quote!.height).toBeLessThanOrEqual(foot!.y);
    expect(await tooWide(page)).toEqual([]);
  });
}
