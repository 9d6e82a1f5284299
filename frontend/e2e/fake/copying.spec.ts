import { expect, test } from '@playwright/test';
import { DeskPage } from '../pages/desk';

// The numbers of a conversation go to the clipboard by one key.

test('o copies the order number, and pressed again the next', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const desk = new DeskPage(page);
  await desk.open('?fake');
  await desk.read('Camille Lefèvre-Dubois');
  await expect(page.locator('.number')).toHaveText(['4711-0815', '00340434161094042557']);
  await page.keyboard.press('o');
  await expect(desk.notices).toContainText('Order number 4711-0815 copied');
  expect(await clipboard()).toBe('4711-0815');
  await page.keyboard.press('o');
  await expect(desk.notices).toContainText('Tracking number 00340434161094042557 copied');
  await expect(desk.notices).not.toContainText('4711-0815');
  expect(await clipboard()).toBe('00340434161094042557');
  await desk.notices.getByRole('button', { name: 'Next' }).click();
  await expect(desk.notices).toContainText('Order number 4711-0815 copied');
  expect(await clipboard()).toBe('4711-0815');
});

test('by name it is copied too, and o is a letter while somebody writes', async ({ page }) => {
  const desk = new DeskPage(page);
  await desk.open('?fake');
  await desk.read('Camille Lefèvre-Dubois');
  await desk.find('commande');
  await page.keyboard.type(' o');
  await expect(desk.finding.getByRole('textbox')).toHaveValue('commande o');
  await expect(desk.notices).toBeHidden();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('order number');
  await page.keyboard.press('Enter');
  await expect(desk.notices).toContainText('Order number 4711-0815 copied');
});
