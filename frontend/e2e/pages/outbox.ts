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

  /** Presses one of a card's buttons by keyboard. */
  async press(customer: string, act: string | RegExp): Promise<void> {
    const button = this.card(customer).getByRole('button', { name: act, exact: true });
    await button.focus();
    await this.page.keyboard.press('Enter');
  }

  /** Opens what was sent today. */
  async showSent(): Promise<void> {
    const sent = this.page.getByRole('button', { name: /^Sent today/ });
    await sent.waitFor({ timeout: 30_000 });
    if ((await sent.getAttribute('aria-expanded')) === 'false') await sent.press('Enter');
  }

  async decide(customer: string, act: string): Promise<void> {
    await this.card(customer).getByRole('button', { name: act }).click();
  }
}
