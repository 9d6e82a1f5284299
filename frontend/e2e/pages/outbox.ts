import type { Locator, Page } from '@playwright/test';

/** The outbox. */
export class Outbox {
  readonly title: Locator;

  constructor(readonly page: Page) {
    this.title = page.getByRole('heading', { level: 2, name: 'Outbox' });
  }

  /** The card of the reply to a customer. */
  card(customer: string): Locator {
    return this.page.getByRole('main').getByRole('listitem').filter({ hasText: customer });
  }

  async decide(customer: string, act: string): Promise<void> {
    await this.card(customer).getByRole('button', { name: act }).click();
  }
}
