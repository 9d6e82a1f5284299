import type { Locator, Page } from '@playwright/test';
import { Conversation } from './conversation';
import { Outbox } from './outbox';

/** The whole window, found as a person finds it: by roles and words (English). */
export class DeskPage {
  readonly views: Locator;
  readonly list: Locator;
  readonly search: Locator;
  readonly line: Locator;
  readonly notices: Locator;
  readonly finding: Locator;
  readonly conversation: Conversation;
  readonly outbox: Outbox;

  constructor(readonly page: Page) {
    this.views = page.getByRole('navigation', { name: 'Views' });
    this.list = page.getByRole('listbox', { name: 'Conversations' });
    this.search = page.getByRole('combobox', { name: 'Search' });
    this.line = page.getByRole('group', { name: 'The line' });
    this.notices = page.getByRole('region', { name: 'Notices' });
    this.finding = page.getByRole('search', { name: 'Find in this conversation' });
    this.conversation = new Conversation(page);
    this.outbox = new Outbox(page);
  }

  /** Opens the page; `query` is for the fake bridge, "" for the real one. */
  async open(query = ''): Promise<void> {
    await this.page.goto(`/${query}`);
    await this.views.or(this.list).first().waitFor();
  }

  async goTo(
    view: 'Inbox' | 'Waiting' | 'Snoozed' | 'Done' | 'Drafts' | 'Outbox' | 'Spam' | 'Bin',
  ): Promise<void> {
    await this.views.getByRole('button', { name: view }).click();
  }

  async order(order: 'Longest waiting' | 'Newest'): Promise<void> {
    await this.page.getByRole('button', { name: /^Order/ }).click();
    await this.page.getByRole('menuitemradio', { name: order }).click();
  }

  row(customer: string): Locator {
    return this.list.getByRole('option').filter({ hasText: customer });
  }

  /** Opens a customer's conversation from the list that is on screen. */
  async read(customer: string): Promise<void> {
    await this.row(customer).first().click();
    await this.page.getByRole('region', { name: 'Messages' }).waitFor();
  }

  /** Finds in the conversation on screen. */
  async find(text: string): Promise<void> {
    await this.page.keyboard.press('Control+f');
    await this.finding.getByRole('textbox').fill(text);
    await this.finding.getByRole('status').getByText(/./).waitFor();
  }

  async practice(mode: 'Good' | '3G' | '2G' | 'Lossy' | 'Off'): Promise<void> {
    await this.page.getByRole('button', { name: /^Practice line/ }).click();
    await this.page.getByRole('menuitemradio', { name: mode, exact: true }).click();
  }
}
