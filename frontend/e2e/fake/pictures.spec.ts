import { test } from '@playwright/test';
import { DeskPage } from '../pages/desk';
import { screens } from './screens';

// Pictures to look at, in test-results/pictures: no comparison, a person judges.
// FERNPOST_LOOK=1 npm run e2e -- --project look

for (const look of ['light', 'dark'] as const) {
  for (const screen of screens) {
    test(`${screen.name}, ${look}`, async ({ page }) => {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.emulateMedia({ colorScheme: look });
      await page.clock.setFixedTime(new Date('2026-11-18T14:09:00+01:00'));
      const desk = new DeskPage(page);
      await desk.open(`?fake=${screen.scene ?? ''}`);
      await screen.go(desk, page);
      await page.screenshot({ path: `test-results/pictures/${screen.name}-${look}.png` });
    });
  }
}
