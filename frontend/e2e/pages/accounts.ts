import type { Locator, Page } from '@playwright/test';

/** The servers as a person types them. */
export interface Typed {
  host: string;
  port: number;
  tls: 'tls' | 'starttls';
}

/** The accounts in the settings, and the sheets about one of them. */
export class AccountsPart {
  readonly part: Locator;
  readonly sheet: Locator;

  constructor(readonly page: Page) {
    this.part = page.getByRole('region', { name: 'Accounts' });
    this.sheet = page.getByRole('dialog');
  }

  row(address: string): Locator {
    return this.part.getByRole('listitem').filter({ hasText: address });
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Settings' }).click();
    await this.part.waitFor();
  }

  /** From the address to the fields of the servers. */
  async begin(address: string): Promise<void> {
    await this.part.getByRole('button', { name: 'Connect a mailbox' }).click();
    await this.sheet.getByRole('textbox', { name: 'E-mail address' }).fill(address);
    await this.sheet.getByRole('button', { name: 'Go on' }).click();
    await this.sheet.getByRole('textbox', { name: 'Name in replies' }).waitFor();
  }

  async fill(name: string, imap: Typed, smtp: Typed): Promise<void> {
    await this.sheet.getByRole('textbox', { name: 'Name in replies' }).fill(name);
    for (const [side, server] of [
      ['Receiving (IMAP)', imap],
      ['Sending (SMTP)', smtp],
    ] as const) {
      await this.sheet.getByRole('textbox', { name: `${side}, server` }).fill(server.host);
      await this.sheet.getByRole('spinbutton', { name: `${side}, port` }).fill(String(server.port));
      await this.sheet
        .getByRole('combobox', { name: `${side}, protection` })
        .selectOption(server.tls);
    }
  }

  async test(password: string): Promise<Locator> {
    await this.sheet.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
    await this.sheet.getByRole('button', { name: 'Test connection' }).click();
    const said = this.sheet.getByRole('status', { name: 'Test connection' });
    await said.waitFor();
    return said;
  }

  /** Does something from the account's menu, by keyboard alone. */
  async act(name: string, what: string): Promise<void> {
    await this.part.getByRole('button', { name: `More: ${name}` }).focus();
    await this.page.keyboard.press('Enter');
    const items = this.page.getByRole('menuitem');
    const texts = await items.allTextContents();
    const at = texts.findIndex((text) => text.trim() === what);
    if (at < 0) throw new Error(`no ${what} among ${texts.join(', ')}`);
    for (let n = 0; n < at; n++) await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
  }
}
