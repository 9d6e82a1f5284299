import { expect, test } from '@playwright/test';
import { DeskPage } from '../pages/desk';

// The main job on the fake bridge: what the real specs repeat on Go.

test('read, answer, take back, send', async ({ page }) => {
  const desk = new DeskPage(page);
  await desk.open('?fake');
  await desk.order('Newest');
  await desk.read('Chloé Marchand');
  await desk.conversation.write('Bonjour, vous pouvez clôturer le compte en ligne.');
  await desk.conversation.send();
  await expect(desk.notices).toContainText('Reply to Chloé Marchand leaves in a moment');
  await expect(desk.row('Chloé Marchand')).toHaveCount(0);

  await page.keyboard.press('Control+z');
  await expect(desk.conversation.text).toContainText(/clôturer le compte/);
  await expect(desk.row('Chloé Marchand')).toHaveCount(1);

  await desk.conversation.sendAndDone();
  await desk.goTo('Done');
  await desk.read('Chloé Marchand');
  await expect(desk.conversation.ownReply).toContainText('You can still take it back');
});

test('the whole way with the keyboard alone', async ({ page }) => {
  const desk = new DeskPage(page);
  await desk.open('?fake');
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await expect(desk.list).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(desk.conversation.messages).toBeFocused();
  await page.keyboard.press('r');
  await expect(desk.conversation.text).toBeFocused();
  await page.keyboard.type('Dear e j k ?');
  await page.keyboard.press('Escape');
  await expect(desk.conversation.messages).toBeFocused();
  await page.keyboard.press('e');
  await expect(desk.notices).toContainText('Set to done');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect(desk.outbox.title).toBeVisible();
  await page.keyboard.press('/');
  await expect(desk.search).toBeFocused();
});

test('without a line a reply waits, and says so', async ({ page }) => {
  const desk = new DeskPage(page);
  await desk.open('?fake');
  await desk.practice('Off');
  await expect(desk.line).toContainText('Offline since');
  await desk.order('Newest');
  await desk.read('Chloé Marchand');
  await expect(page.getByText('Waits here until the line is back')).toBeHidden();
  await desk.conversation.write('Bonjour.');
  await expect(page.getByText('Waits here until the line is back')).toBeVisible();
});

test('a mail shown as it was sent can run nothing and load nothing', async ({ page }) => {
  // A request that the policy stops is never routed.
  const asked: string[] = [];
  await page.route(/evil/, (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  const desk = new DeskPage(page);
  await desk.open('?fake');
  await desk.order('Newest');
  await desk.read('Chloé Marchand');
  await page.evaluate(() => {
    const hostile = `<script>parent.stolen = 1</script><img src="https://evil.example/a.png" onerror="parent.stolen=1"><a href="https://evil.example/" target="_top">x</a>`;
    const go = window as unknown as { hostile: string };
    go.hostile = hostile;
  });
  await page.getByRole('button', { name: /Show as sent/ }).click();
  const frame = page.locator('iframe');
  await frame.evaluate((el: HTMLIFrameElement) => {
    const hostile = (window as unknown as { hostile: string }).hostile;
    el.srcdoc = el.srcdoc.replace('</body>', `${hostile}</body>`);
  });
  await page.waitForTimeout(300);
  const link = page.frameLocator('iframe').getByRole('link', { name: 'x', exact: true });
  await link.click({ force: true });
  await link.evaluate((a: HTMLAnchorElement) => {
    a.click();
  });
  await page.waitForTimeout(300);
  expect(
    await page.evaluate(() => (window as unknown as { stolen?: number }).stolen),
  ).toBeUndefined();
  expect(asked).toEqual([]);
  expect(page.url()).toContain('?fake');
});

test('where only text is to come, the button for pictures says what it costs', async ({ page }) => {
  const desk = new DeskPage(page);
  await desk.open('?fake');
  await desk.order('Newest');
  await desk.read('Chloé Marchand');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('text only');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /Show as sent/ }).click();
  await expect(page.getByText(/^Text only is on\. .* this once, up to 2\.\d MB\.$/)).toBeVisible();
  await page.getByRole('button', { name: 'Load pictures from elsewhere' }).click();
  await expect(page.getByText(/Pictures loaded from elsewhere: 18/)).toBeVisible();
  await expect(page.getByText(/^Text only is on/)).toBeHidden();
});

test("a mail's own pictures and those from elsewhere come when asked for, and links say where they lead", async ({
  page,
}) => {
  const desk = new DeskPage(page);
  await desk.open('?fake');
  await desk.order('Newest');
  await desk.read('Chloé Marchand');
  await page.getByRole('button', { name: /Show as sent/ }).click();
  const mail = page.frameLocator('iframe');
  const shown = mail.locator('img[src^="data:"]');
  await expect(page.getByText(/may learn that it was read/)).toBeVisible();
  await expect(shown).toHaveCount(0);

  await page.getByRole('button', { name: /Fetch 1 picture that came along/ }).click();
  await expect(shown).toHaveCount(1);
  await page.getByRole('button', { name: 'Load pictures from elsewhere' }).click();
  await expect(shown).toHaveCount(2);
  await expect(page.getByText(/Pictures loaded from elsewhere: 18/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Load pictures from elsewhere' })).toBeHidden();

  // One link names another site than it opens: the list stands open and says so.
  const links = page.getByRole('group').filter({ hasText: '2 links in this mail' });
  await expect(links.getByText('names another site than it leads to')).toHaveCount(1);
  const trap = mail.getByRole('link', { name: /payer/ });
  expect(await trap.evaluate((a) => getComputedStyle(a, '::after').content)).toContain(
    'evil.example',
  );
});
