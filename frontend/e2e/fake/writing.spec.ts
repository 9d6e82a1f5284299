import { expect, test, type Page } from '@playwright/test';
import { DeskPage } from '../pages/desk';

// The text of a reply in a real browser: its form, the clipboard, input methods.

async function begin(page: Page, customer = 'Giulia Romano'): Promise<DeskPage> {
  const desk = new DeskPage(page);
  await desk.open('?fake=');
  await desk.order('Newest');
  await desk.read(customer);
  await desk.conversation.messages.focus();
  await page.keyboard.press('r');
  await expect(desk.conversation.text).toBeFocused();
  return desk;
}

/** Leaves the conversation and comes back: what is there was stored. */
async function stored(desk: DeskPage, customer = 'Giulia Romano'): Promise<string> {
  await desk.conversation.composer.getByText(/^Saved/).waitFor();
  await desk.read('Sanne de Vries');
  await desk.read(customer);
  return desk.conversation.text.innerHTML();
}

function paste(page: Page, html: string, text: string): Promise<void> {
  return page.evaluate(
    ([h, t]) => {
      const data = new DataTransfer();
      data.setData('text/html', h);
      data.setData('text/plain', t);
      const event = new ClipboardEvent('paste', {
        clipboardData: data,
        bubbles: true,
        cancelable: true,
      });
      document.activeElement?.dispatchEvent(event);
    },
    [html, text] as const,
  );
}

test('keys give text its form, and it is stored', async ({ page }) => {
  const desk = await begin(page);
  await page.keyboard.type('Please ');
  await page.keyboard.press('Control+b');
  await page.keyboard.type('print');
  await page.keyboard.press('Control+b');
  await page.keyboard.type(' it:\n');
  await page.keyboard.press('Control+Shift+l');
  await page.keyboard.type('front\nback');
  expect(await stored(desk)).toBe(
    '<div>Please <b>print</b> it:</div><ul><li>front</li><li>back</li></ul>',
  );
});

test('a link is asked for, and leads where it may', async ({ page }) => {
  const desk = await begin(page);
  await page.keyboard.type('our form');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+Shift+k');
  const field = page.getByRole('textbox', { name: 'Link to' });
  await field.fill('javascript:alert(1)');
  await field.press('Enter');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill('shop.example/return');
  await field.press('Enter');
  await expect(field).toBeHidden();
  expect(await stored(desk)).toBe('<div><a href="https://shop.example/return">our form</a></div>');
});

test('what is pasted keeps what a reply has, and nothing comes to life', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (r) => asked.push(r.url()));
  const desk = await begin(page);
  await paste(
    page,
    '<h1 style="color:red">Title</h1><p>some <b>bold</b> <u>words</u><img src="https://spy.example/1.gif" onerror="window.harmed=1"></p><script>window.harmed=1</script><a href="javascript:alert(1)">x</a>',
    'Title',
  );
  expect(await stored(desk)).toBe('<div>Title</div><div>some <b>bold</b> words</div><div>x</div>');
  expect(await page.evaluate(() => 'harmed' in window)).toBe(false);
  expect(asked.filter((url) => url.includes('spy'))).toEqual([]);
});

test('plain text from the clipboard stays as it is', async ({ page }) => {
  const desk = await begin(page);
  await paste(page, '', 'one\n\n  two <b>');
  expect(await stored(desk)).toBe('<div>one</div><div><br></div><div>  two &lt;b&gt;</div>');
});

test('undo and redo are the browser’s own', async ({ page }) => {
  const desk = await begin(page);
  await page.keyboard.type('one ');
  await page.keyboard.press('Control+b');
  await paste(page, '', 'two');
  await expect(desk.conversation.text).toHaveText('one two');
  await page.keyboard.press('Control+z');
  await expect(desk.conversation.text).toHaveText('one ');
  await page.keyboard.press('Control+Shift+z');
  await expect(desk.conversation.text).toHaveText('one two');
});

test('saving disturbs no input method', async ({ page }) => {
  const desk = await begin(page);
  const input = await page.context().newCDPSession(page);
  await page.keyboard.type('a');
  for (const [i, text] of ['に', 'にほ', 'にほん', '日本'].entries()) {
    await input.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
    if (i === 2) await desk.conversation.composer.getByText(/^Saved/).waitFor();
  }
  await input.send('Input.insertText', { text: '日本' });
  await page.keyboard.type('b');
  await expect(desk.conversation.text).toHaveText('a日本b');
  expect(await stored(desk)).toBe('<div>a日本b</div>');
});

test('each line runs as its first letter does', async ({ page }) => {
  const desk = await begin(page);
  await page.keyboard.insertText('مرحبًا');
  await page.keyboard.press('Enter');
  await page.keyboard.insertText('Order 4711');
  const [one, two] = await desk.conversation.text.evaluate((el) =>
    [...el.childNodes].map((n) => {
      const range = document.createRange();
      range.selectNodeContents(n);
      const box = el.getBoundingClientRect();
      return range.getBoundingClientRect().left - box.left > box.width / 2;
    }),
  );
  expect([one, two]).toEqual([true, false]);
});

test('files are listed, made smaller and taken out', async ({ page }) => {
  const desk = await begin(page);
  await page.keyboard.type('See below.');
  await page.keyboard.press('Control+Shift+a');
  const chip = desk.conversation.composer.getByRole('listitem').filter({ hasText: 'IMG_2041' });
  await chip.getByRole('button', { name: 'Make the picture smaller' }).click();
  await expect(chip).toContainText('was 2.3 MB');
  await chip.getByRole('button', { name: 'Show it in the text' }).click();
  await expect(desk.conversation.text.getByRole('img', { name: 'IMG_2041.jpg' })).toBeVisible();
  await desk.conversation.composer
    .getByRole('button', { name: 'Remove Rückgabeformular.pdf' })
    .click();
  await desk.conversation.send();
  await desk.goTo('Outbox');
  await expect(page.getByRole('list', { name: 'Files' })).toContainText('IMG_2041.jpg');
});

test('a large file is asked about before it waits for ever', async ({ page }) => {
  const desk = new DeskPage(page);
  await desk.open('?fake=heavy');
  await desk.order('Newest');
  await desk.read('Giulia Romano');
  await desk.conversation.messages.focus();
  await page.keyboard.press('r');
  await page.keyboard.type('See below.');
  await page.getByRole('button', { name: 'Attach files' }).click();
  await page.getByText('IMG_2041.jpg').waitFor();
  await desk.conversation.send();
  const dialog = page.getByRole('dialog', { name: 'These files may never arrive' });
  await expect(dialog).toContainText('this line mostly lives for 4 min');
  await dialog.getByRole('button', { name: 'Leave the files out' }).click();
  await desk.notices.getByText(/Giulia Romano leaves/).waitFor();
});

test('forwarding asks to whom, and never over a draft', async ({ page }) => {
  const desk = new DeskPage(page);
  await desk.open('?fake=');
  await desk.order('Newest');
  await desk.read('Giulia Romano');
  await desk.conversation.messages.focus();
  await page.keyboard.press('f');
  await expect(page.getByRole('textbox', { name: 'To', exact: true })).toBeFocused();
  await page.keyboard.type('jonas@birkpay.example');
  await page
    .getByRole('region', { name: 'Forward' })
    .getByText(/^Saved/)
    .waitFor();
  await desk.goTo('Drafts');
  await desk.read('Katharina Vogt');
  await desk.conversation.messages.focus();
  await page.keyboard.press('f');
  await desk.notices.getByText(/There is a draft/).waitFor();
});
