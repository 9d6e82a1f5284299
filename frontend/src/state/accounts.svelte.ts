import { toFailure, type Bridge } from '../bridge';
import type { ExportView, Failure, IdentityView, MailboxView, Person } from '../bridge/types';
import { same } from './addresses';
import { MailboxSetupState } from './mailboxSetup.svelte';

/** The accounts as the settings show them, and what is being done to one of them. */
export class AccountsState {
  view = $state.raw<MailboxView[]>([]);
  /** A mailbox that is being connected, changed or signed in to again. */
  setup = $state<MailboxSetupState | null>(null);
  /** Whose senders are being edited. */
  senders = $state.raw<MailboxView | null>(null);
  /** What is being given another name. */
  naming = $state.raw<MailboxView | null>(null);
  /** What may be removed. */
  leaving = $state.raw<MailboxView | null>(null);

  constructor(private readonly bridge: Bridge) {}

  /** A sheet about one of them is open. */
  get open(): boolean {
    return [this.setup, this.senders, this.naming, this.leaving].some((sheet) => sheet !== null);
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
    this.naming = null;
    this.leaving = null;
  }

  /** Who writes for an account unless somebody else is chosen. */
  usual(account: string): Person {
    const one = this.view.find((m) => m.id === account)?.identities[0];
    return { name: one?.name ?? '', address: one?.address ?? '' };
  }

  /** What an account is called, where there are several; "" where it goes without saying. */
  nameOf(account: string): string {
    if (this.view.length < 2) return '';
    return this.view.find((m) => m.id === account)?.name ?? '';
  }

  /** The same in few letters: an address without its domain, while that is enough to tell. */
  shortNameOf(account: string): string {
    const name = this.nameOf(account);
    const short = name.split('@')[0] ?? '';
    const alike = this.view.filter((m) => (m.name.split('@')[0] ?? '') === short);
    return alike.length > 1 ? name : short;
  }

  /** Every address that mail of ours comes from. */
  get ours(): string[] {
    return this.view.flatMap((m) => [m.setup.address, ...m.identities.map((i) => i.address)]);
  }

  /** Tells whether somebody is one of the senders of an account. */
  owns(account: string, person: Person): boolean {
    const all = this.view.find((m) => m.id === account)?.identities ?? [];
    return all.some((own) => same(own, person));
  }

  rename(id: string, name: string): Promise<Failure | null> {
    return this.#change(() => this.bridge.accounts.rename(id, name));
  }

  raise(id: string): Promise<Failure | null> {
    return this.#change(() => this.bridge.accounts.raise(id));
  }

  setSenders(id: string, all: IdentityView[]): Promise<Failure | null> {
    return this.#change(() => this.bridge.accounts.setIdentities(id, all));
  }

  /** Removes a mailbox, with as many replies and drafts as the person knows of and gives up. */
  remove(id: string, replies: number, drafts: number): Promise<Failure | null> {
    return this.#change(() => this.bridge.accounts.remove(id, replies, drafts));
  }

  /** Writes the replies that wait in a mailbox into a folder of the person's choice. */
  async exportReplies(id: string): Promise<ExportView | Failure> {
    try {
      return await this.bridge.accounts.exportReplies(id);
    } catch (error) {
      return toFailure(error);
    }
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
