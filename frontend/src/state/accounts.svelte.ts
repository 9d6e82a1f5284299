import { toFailure, type Bridge } from '../bridge';
import type { Failure, IdentityView, MailboxView } from '../bridge/types';
import { MailboxSetupState } from './mailboxSetup.svelte';

/** The accounts as the settings show them, and what is being done to one of them. */
export class AccountsState {
  view = $state.raw<MailboxView[]>([]);
  /** A mailbox that is being connected, changed or signed in to again. */
  setup = $state<MailboxSetupState | null>(null);
  /** Whose senders are being edited. */
  senders = $state.raw<MailboxView | null>(null);
  /** What may be removed. */
  leaving = $state.raw<MailboxView | null>(null);

  constructor(private readonly bridge: Bridge) {}

  /** A sheet about one of them is open. */
  get open(): boolean {
    return this.setup !== null || this.senders !== null || this.leaving !== null;
  }

  async reread(): Promise<void> {
    this.view = await this.bridge.accounts.list().catch(() => this.view);
  }

  connect(): void {
    this.setup = new MailboxSetupState(this.bridge, () => this.reread());
  }

  edit(mailbox: MailboxView): void {
    this.setup = new MailboxSetupState(this.bridge, () => this.reread(), mailbox);
  }

  close(): void {
    this.setup?.cancel();
    this.setup = null;
    this.senders = null;
    this.leaving = null;
  }

  setSenders(id: string, all: IdentityView[]): Promise<Failure | null> {
    return this.#change(() => this.bridge.accounts.setIdentities(id, all));
  }

  remove(id: string, drafts: boolean): Promise<Failure | null> {
    return this.#change(() => this.bridge.accounts.remove(id, drafts));
  }

  async #change(call: () => Promise<void>): Promise<Failure | null> {
    try {
      await call();
      await this.reread();
      this.close();
      return null;
    } catch (error) {
      return toFailure(error);
    }
  }
}
