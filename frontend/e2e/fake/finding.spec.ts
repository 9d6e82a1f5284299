import { expect, test, type Page } from '@playwright/test';
import { DeskPage } from '../pages/desk';

// Finding in a conversation: what jsdom can't tell, because it lays nothing out.

const longest = 'Olivia Bennett';

async function reading(page: Page, customer: string): Promise<DeskPage> {
  const desk = new DeskPage(page);
  await desk.open('?fake');
  // The list draws what is in sight: who has waited longest, or wrote last.
  if (customer !== longest) await desk.order('Newest');
  await desk.read(customer);
  return desk;
}

/** What is marked in the page, and in the mails shown as they were sent. */
function marked(page: Page, name: string): Promise<string[]> {
  return page.evaluate((highlight) => {
    const frames = Array.from(document.querySelectorAll('iframe'), (f) => f.contentDocument);
    return [document, ...frames].flatMap((d) => {
      const found = d?.defaultView?.CSS.highlights.get(highlight) ?? [];
      return [...found].map((r) => {
        const range = r.startContainer.ownerDocument!.createRange();
        range.setStart(r.startContainer, r.startOffset);
        range.setEnd(r.endContainer, r.endOffset);
        return range.toString();
      });
    });
  }, name);
}

/** How far what is found stands below the bar, and above the foot of the messages. */
function room(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const [at] = CSS.highlights.get('found-here') ?? [];
    const range = document.createRange();
    range.setStart(at!.startContainer, at!.startOffset);
    range.setEnd(at!.endContainer, at!.endOffset);
    const box = range.getBoundingClientRect();
    const bar = document.querySelector('.bar')!.getBoundingClientRect();
    const stream = document.querySelector('.stream')!.getBoundingClientRect();
    const foot = Math.min(stream.bottom, innerHeight);
    return [box.top - bar.bottom, foot - box.bottom];
  });
}

async function expectInSight(page: Page): Promise<void> {
  await expect.poll(async () => Math.min(...(await room(page)))).toBeGreaterThanOrEqual(0);
}

test('a folded message opens for what is found in it, and stands in sight', async ({ page }) => {
  const desk = await reading(page, longest);
  await desk.find('message 9:');
  await expect(desk.finding.getByRole('status')).toHaveText('1 of 1');
  await expect(page.getByText('Message 9: the left shoe')).toBeInViewport();
  expect(await marked(page, 'found-here')).toEqual(['Message 9:']);
  await desk.find('LEFT shoe');
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Enter');
    await expectInSight(page);
  }
  expect(await marked(page, 'found-here')).toEqual(['left shoe']);
  expect((await marked(page, 'found')).length).toBeGreaterThan(3);
});

test('what is unfolded by hand is marked too', async ({ page }) => {
  const desk = await reading(page, longest);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Find in this conversation' }).click();
  await expect(desk.finding.getByRole('textbox')).toBeFocused();
  await page.keyboard.type('left shoe');
  await expect(desk.finding.getByRole('status')).toHaveText(/of 20$/);
  expect((await marked(page, 'found')).length).toBeLessThan(19);
  await page.getByRole('button', { name: 'Open all' }).click();
  await expect.poll(async () => (await marked(page, 'found')).length).toBe(19);
});

test('in a window where everything scrolls as one page the bar hides nothing', async ({ page }) => {
  const desk = await reading(page, longest);
  await page.setViewportSize({ width: 480, height: 260 });
  await desk.find('message 39:');
  await expectInSight(page);
  // One step leads to the same place, wherever it was scrolled to meanwhile.
  for (const top of [60, 5, 250]) {
    await page.evaluate((wanted) => {
      const [at] = CSS.highlights.get('found-here') ?? [];
      const here = at!.startContainer.parentElement!.getBoundingClientRect().top;
      document.querySelector('.conversation')!.scrollTop += here - wanted;
    }, top);
    expect(Math.min(...(await room(page)))).toBeLessThan(0);
    await page.keyboard.press('Enter');
    await expectInSight(page);
  }
});

test('Escape takes the marks away and gives the messages the keys', async ({ page }) => {
  const desk = await reading(page, 'Katharina Vogt');
  await desk.find('mahnung');
  expect((await marked(page, 'found')).length).toBeGreaterThan(0);
  await page.keyboard.press('Escape');
  await expect(desk.finding).toBeHidden();
  await expect(desk.conversation.messages).toBeFocused();
  expect(await marked(page, 'found')).toEqual([]);
  expect(await marked(page, 'found-here')).toEqual([]);
});

test('a mail shown as it was sent is searched as it stands', async ({ page }) => {
  const desk = await reading(page, 'Chloé Marchand');
  await desk.find('cloturer mon');
  expect(await marked(page, 'found-here')).toEqual(['clôturer mon']);
  await page.keyboard.press('Escape');
  await page.keyboard.press('v');
  await page.frameLocator('iframe').locator('body').waitFor();
  await desk.find('cloture');
  await expect(desk.finding.getByRole('status')).toHaveText(/^1 of [2-9]$/);
  const all = [...(await marked(page, 'found-here')), ...(await marked(page, 'found'))];
  expect(all).toContain('clôture');
  await page.keyboard.press('Escape');
  expect(await marked(page, 'found')).toEqual([]);
});
