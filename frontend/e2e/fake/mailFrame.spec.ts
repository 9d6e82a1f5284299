import { expect, test } from '@playwright/test';
import { DeskPage } from '../pages/desk';

// A mail shown as it was sent stands at its full height in the page, and a click
// into it takes neither the keys nor copying away.

test.beforeEach(async ({ page }) => {
  const desk = new DeskPage(page);
  await desk.open('?fake');
  await desk.order('Newest');
  await desk.read('Chloé Marchand');
  await page.keyboard.press('v');
  await page.frameLocator('iframe').locator('body').waitFor();
});

const inside = (el: HTMLIFrameElement) => {
  const root = el.contentDocument?.documentElement;
  return root
    ? { high: root.scrollHeight - el.clientHeight, wide: root.scrollWidth - el.clientWidth }
    : null;
};

test('nothing scrolls in the frame, at any width', async ({ page }) => {
  const frame = page.locator('iframe');
  for (const size of [
    { width: 1440, height: 900 },
    { width: 960, height: 520 },
  ]) {
    await page.setViewportSize(size);
    await expect.poll(() => frame.evaluate(inside)).toEqual({ high: 0, wide: 0 });
  }
});

test('a mail as high as its window and as wide as a table stays in bounds', async ({ page }) => {
  const frame = page.locator('iframe');
  await frame.evaluate((el: HTMLIFrameElement) => {
    const grows =
      '<div style="height:100vh">a</div><table style="width:900px"><tr><td>wide</td></tr></table>';
    el.srcdoc = el.srcdoc.replace('</body>', `${grows}</body>`);
  });
  const scale = () =>
    frame.evaluate((el: HTMLIFrameElement) => el.contentDocument?.body.style.transform ?? '');
  await expect.poll(scale).toMatch(/scale\(0\.\d+\)/);
  const before = (await frame.boundingBox())?.height ?? 0;
  for (const width of [1200, 1440, 1200, 1440]) await page.setViewportSize({ width, height: 900 });
  await expect.poll(scale).toMatch(/scale\(0\.\d+\)/);
  expect(Math.abs(((await frame.boundingBox())?.height ?? 0) - before)).toBeLessThan(before / 2);
});

test('a click into the mail leaves the keys where they were', async ({ page }) => {
  const heading = new DeskPage(page).conversation.subject;
  const subject = await heading.textContent();
  await page.frameLocator('iframe').locator('p').first().click();
  await expect(page.locator('figure')).toBeFocused();
  await page.keyboard.press('j');
  await expect(heading).not.toHaveText(subject ?? '');
});

test('what is selected in the mail can be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const words = await page.frameLocator('iframe').locator('p').nth(1).boundingBox();
  expect(words).not.toBeNull();
  if (!words) return;
  // Playwright's own mouse looks for a drag with a script in the frame, and waits for ever.
  const wire = await context.newCDPSession(page);
  const mouse = (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', by: number) =>
    wire.send('Input.dispatchMouseEvent', {
      ...{ type, x: words.x + by, y: words.y + 10, button: 'left', clickCount: 1 },
      buttons: type === 'mouseReleased' ? 0 : 1,
    });
  await mouse('mousePressed', 10);
  for (const by of [20, 60, 150]) {
    await page.waitForTimeout(60); // longer than the page looks whether the button is down
    await mouse('mouseMoved', by);
  }
  await mouse('mouseReleased', 150);
  await expect(page.locator('figure')).toBeFocused();
  const selected = await page
    .locator('iframe')
    .evaluate((el: HTMLIFrameElement) => el.contentDocument?.getSelection()?.toString() ?? '');
  expect(selected.trim().length).toBeGreaterThan(5);
  await page.keyboard.press('Control+c');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(selected);
});

test('a click on a link asks the program to open it', async ({ page }) => {
  const link = page.frameLocator('iframe').getByRole('link').first();
  const url = await link.getAttribute('href');
  const place = await link.boundingBox();
  expect(place).not.toBeNull();
  if (!place) return;
  const clicked = page.locator('button.link').first();
  await expect(clicked).toHaveAttribute('title', url ?? '');
  const cover = await clicked.boundingBox();
  expect(Math.abs((cover?.x ?? 0) - place.x)).toBeLessThan(2);
  expect(Math.abs((cover?.y ?? 0) - place.y)).toBeLessThan(2);
  await clicked.click();
  await expect(page.frameLocator('iframe').getByRole('link').first()).toBeVisible();
});
