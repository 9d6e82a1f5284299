import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { expectAccessible } from '../pages/axe';
import { test } from './program';

// Every screen on real data: no violation of WCAG 2.2 AA, and a picture of it.
// The README's pictures come from here: FERNPOST_PICTURES names where they go.

const folder = process.env['FERNPOST_PICTURES'] ?? join('test-results', 'pictures');
mkdirSync(folder, { recursive: true });

for (const scheme of ['light', 'dark'] as const) {
  test(`inbox, composer and outbox, ${scheme}`, async ({ desk, page }) => {
    const picture = (name: string) =>
      page.screenshot({
        path: join(folder, scheme === 'light' ? `${name}.png` : `${name}-dark.png`),
      });
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: 1440, height: 900 });

    await desk.practice('Off');
    await desk.read('Ирина Соколова');
    await desk.conversation.write(
      'Здравствуйте! Магазин подтвердил возврат, 18 990 тенге поступят до пятницы.',
    );
    await desk.conversation.send();
    await desk.read('Krzysztof Zieliński');
    await desk.conversation.write(
      'Szanowny Panie,\ndziękujemy za wiadomość. Zwrot jest już odnotowany na Pana koncie.',
    );
    await expectAccessible(page);
    await picture('inbox');

    await desk.goTo('Outbox');
    await expect(desk.outbox.card('Ирина Соколова')).toBeVisible();
    await expectAccessible(page);
    await picture('outbox');
  });
}

test('a small window shows the same', async ({ desk, page }) => {
  await page.setViewportSize({ width: 1024, height: 640 });
  await desk.read('Krzysztof Zieliński');
  await expect(desk.conversation.messages).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({ path: join(folder, 'inbox-1024x640.png') });
});
