import { test } from '@playwright/test';
import { expectAccessible } from '../pages/axe';
import { DeskPage } from '../pages/desk';
import { screens } from './screens';

// Every screen, light, dark and mirrored, without one violation.

for (const screen of screens) {
  test(`${screen.name} in light, dark and mirrored`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const desk = new DeskPage(page);
    await desk.open(`?fake=${screen.scene ?? ''}`);
    await screen.go(desk, page);
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.locator('[data-theme=dark]').waitFor();
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.evaluate(() => (document.documentElement.dir = 'rtl'));
    await expectAccessible(page);
  });
}

test('a store that cannot be opened', async ({ page }) => {
  await page.goto('/?fake=stopped');
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  await expectAccessible(page);
});
