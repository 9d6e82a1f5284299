import type { Locator, Page } from '@playwright/test';

/** The conversation on screen and its composer. */
export class Conversation {
  readonly subject: Locator;
  readonly messages: Locator;
  readonly text: Locator;
  readonly composer: Locator;
  readonly ownReply: Locator;

  constructor(readonly page: Page) {
    this.subject = page
      .getByRole('region', { name: 'Conversation', exact: true })
      .getByRole('heading', { level: 2 });
    this.messages = page.getByRole('region', { name: 'Messages' });
    this.composer = page.getByRole('region', { name: 'Reply' });
    this.text = page.getByRole('textbox', { name: 'Text of the reply' });
    this.ownReply = page.getByRole('article', { name: 'Your reply' });
  }

  /** Begins a reply and writes it; waits until it is stored. */
  async write(text: string): Promise<void> {
    await this.messages.focus();
    await this.page.keyboard.press('r');
    await this.text.fill(text);
    await this.composer.getByText(/^Saved/).waitFor();
  }

  /** Adds a list with a link to the reply, and files. */
  async form(page: Page): Promise<void> {
    await this.text.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\n\nBitte ');
    await page.keyboard.press('Control+b');
    await page.keyboard.type('nur eines');
    await page.keyboard.press('Control+b');
    await page.keyboard.type(' davon:\n');
    await page.keyboard.press('Control+Shift+l');
    await page.keyboard.type('Formular ausfüllen\nFoto schicken');
    await page.getByRole('button', { name: 'Attach files' }).click();
    await page.getByText('IMG_2041.jpg').waitFor();
  }

  /** Writes to others, by keyboard. */
  async readdress(page: Page, recipients: string): Promise<void> {
    await this.composer.getByRole('button', { name: /^to / }).press('Enter');
    await page.getByRole('textbox', { name: 'To', exact: true }).fill(recipients);
  }

  async drop(): Promise<void> {
    await this.composer.getByRole('button', { name: 'Drop this draft' }).press('Enter');
    await this.composer.waitFor({ state: 'hidden' });
  }

  async send(): Promise<void> {
    await this.text.press('Control+Enter');
  }

  async sendAndDone(): Promise<void> {
    await this.text.press('Control+Shift+Enter');
  }
}
