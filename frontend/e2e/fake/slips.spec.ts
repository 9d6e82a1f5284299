import { expect, test, type Page } from '@playwright/test';
import { DeskPage } from '../pages/desk';

// What may slip a person who sends, asked by keyboard alone.

async function writing(page: Page, text: string): Promise<DeskPage> {
  const desk = new DeskPage(page);
  await desk.open('?fake=');
  await desk.order('Newest');
  await desk.read('Giulia Romano');
  await desk.conversation.messages.focus();
  await page.keyboard.press('r');
  await expect(desk.conversation.text).toBeFocused();
  await page.keyboard.type(text);
  return desk;
}

test('an attachment that was forgotten is asked about, and can be attached', async ({ page }) => {
  const desk = await writing(page, 'In allegato trova il modulo.');
  const sheet = page.getByRole('dialog', { name: 'Before it is sent' });
  await page.keyboard.press('Control+Enter');
  await expect(sheet).toHaveAccessibleDescription(
    'You write of an attachment, and none is here. In allegato trova il modulo.',
  );
  await page.keyboard.press('e'); // the keys of the window rest meanwhile
  await page.keyboard.press('Control+Enter');
  await expect(sheet).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(desk.conversation.text).toBeFocused();
  await page.keyboard.press('Control+Shift+Enter');
  await sheet.getByRole('button', { name: 'Attach files' }).press('Enter');
  await desk.conversation.composer.getByText('IMG_2041.jpg').waitFor();
  await expect(desk.conversation.text).toBeFocused();
  await page.keyboard.press('Control+Enter');
  const upload = page.getByRole('dialog', { name: 'These files may never arrive' });
  await upload.getByRole('button', { name: 'Send anyway' }).press('Enter');
  await desk.notices.getByText(/Giulia Romano leaves/).waitFor();
});

test('an attachment that is not meant is sent without', async ({ page }) => {
  const desk = await writing(page, 'In allegato trova il modulo.');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Send without' }).press('Enter');
  await desk.notices.getByText(/Giulia Romano leaves/).waitFor();
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('a recipient from elsewhere is named, and one goes back to change it', async ({ page }) => {
  const desk = await writing(page, 'Buongiorno');
  await desk.conversation.composer.getByRole('button', { name: /^to / }).press('Enter');
  const cc = page.getByRole('textbox', { name: 'Cc', exact: true });
  await cc.fill('p.lang@kanzlei-lang.example');
  await page.keyboard.press('Control+Enter');
  const sheet = page.getByRole('dialog', { name: 'Before it is sent' });
  await expect(sheet).toHaveAccessibleDescription(
    "p.lang@kanzlei-lang.example isn't in this conversation so far.",
  );
  await sheet.getByRole('button', { name: 'Back' }).press('Enter');
  await expect(page.getByRole('textbox', { name: 'To', exact: true })).toBeFocused();
  await cc.fill('');
  await page.keyboard.press('Control+Enter');
  await desk.notices.getByText(/Giulia Romano leaves/).waitFor();
});

test('a customer who is not written to is missed, in one sheet with the attachment', async ({
  page,
}) => {
  const desk = await writing(page, 'In allegato trova il modulo.');
  await desk.conversation.readdress(page, 'jonas@birkpay.example');
  await page.keyboard.press('Control+Enter');
  const sheet = page.getByRole('dialog', { name: 'Before it is sent' });
  await expect(sheet).toHaveAccessibleDescription(
    /none is here.*Giulia Romano, isn't among the recipients/,
  );
  await sheet.getByRole('button', { name: 'Send anyway' }).press('Enter');
  await desk.notices.getByText(/leaves/).waitFor();
});
