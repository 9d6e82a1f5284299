import { expect } from '@playwright/test';
import { arrive, test } from './program';

// The main job against the real inside: Go, SQLite and the practice servers.

const customer = 'Krzysztof Zieliński';
const answer = 'Szanowny Panie, zwrot 312,40 zł wyszedł od nas dzisiaj.';

test('an answer written without a line survives a kill and leaves once', async ({
  desk,
  program,
}) => {
  await desk.practice('Off');
  await expect(desk.line).toContainText('Offline since');
  await desk.read(customer);
  await desk.conversation.write(answer);
  await desk.conversation.send();
  await expect(desk.row(customer)).toHaveCount(0);

  await program.kill();
  await program.start();
  await arrive(desk, program);
  await desk.goTo('Outbox');
  await expect(desk.outbox.card(customer)).toContainText(/Waits|Queued/);

  await desk.practice('Good');
  await expect(desk.page.getByText('Nothing is on its way')).toBeVisible({ timeout: 30_000 });
  await desk.goTo('Waiting');
  await desk.read(customer);
  await expect(desk.conversation.messages.getByText(answer)).toHaveCount(1);
});

test('a draft is there after a kill, to the last saved letter', async ({ desk, program }) => {
  await desk.read(customer);
  await desk.conversation.write(answer);
  await program.kill();
  await program.start();
  await arrive(desk, program);
  await desk.goTo('Drafts');
  await desk.read(customer);
  await expect(desk.conversation.text).toContainText(answer);
});

test('a reply can be taken back, and is a draft again', async ({ desk, page }) => {
  await desk.read(customer);
  await desk.conversation.write(answer);
  await desk.conversation.send();
  await expect(desk.notices).toContainText(customer);
  await page.keyboard.press('Control+z');
  await expect(desk.conversation.text).toContainText(answer);
  await expect(desk.row(customer)).toHaveCount(1);
});

test('every script is found by two characters of it', async ({ desk, page }) => {
  for (const [words, found] of [
    ['人工', '李建国'],
    ['Соколова', 'Ирина Соколова'],
    ['הזמנה', 'BP-578845'],
    ['zwrócił', customer],
  ] as const) {
    await desk.search.fill(words);
    const results = page.getByRole('listbox', { name: 'Search results' });
    await expect(results, `searching ${words}`).toContainText(found);
  }
});

test('done is one key, and shows where it went', async ({ desk, page }) => {
  await desk.read(customer);
  await page.keyboard.press('e');
  await expect(desk.row(customer)).toHaveCount(0);
  await desk.goTo('Done');
  await expect(desk.row(customer)).toHaveCount(1);
});
