import { test } from '@playwright/test';
import { DeskPage } from '../pages/desk';
import { expectLegible } from '../pages/legible';
import { screens } from './screens';

// Every screen at every size, light and dark: nothing lies over anything or is cut.
// The pictures themselves stay in test-results/pictures, for a person to judge.

export const sizes = [
  [1440, 900],
  [1366, 728],
  [1093, 535],
  [960, 520],
] as const;

for (const screen of screens) {
  test(`${screen.name} at every size`, async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.clock.setFixedTime(new Date('2026-11-18T14:09:00+01:00'));
    const desk = new DeskPage(page);
    await desk.open(`?fake=${screen.scene ?? ''}`);
    await screen.go(desk, page);
    for (const look of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: look, reducedMotion: 'reduce' });
      await page.locator(`[data-theme=${look}]`).waitFor();
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        const name = `${screen.name}-${width}x${height}-${look}`;
        await page.screenshot({ path: `test-results/pictures/${name}.png` });
        if (look === 'light') await expectLegible(page, name);
      }
    }
  });
}
