import { toFailure, type Bridge } from '../bridge';
import type {
  Failure,
  FoundView,
  MailboxSecrets,
  MailboxSetup,
  MailboxView,
  TestView,
} from '../bridge/types';

export type SetupStep = 'address' | 'servers' | 'choose' | 'done';

/** What a person may choose to sign in by, the best first. */
export const mechanisms: Record<'password' | 'browser', readonly string[]> = {
  password: [
    'SCRAM-SHA-256-PLUS',
    'SCRAM-SHA-1-PLUS',
    'SCRAM-SHA-256',
    'SCRAM-SHA-1',
    'PLAIN',
    'LOGIN',
  ],
  browser: ['OAUTHBEARER', 'XOAUTH2'],
};

const noSecrets = (): MailboxSecrets => ({
  password: '',
  smtpPassword: '',
  clientSecret: '',
  ticket: '',
});

let calls = 0;

/** One mailbox on its way to being connected, or to other settings. */
export class MailboxSetupState {
  step = $state<SetupStep>('address');
  address = $state('');
  setup = $state<MailboxSetup | null>(null);
  secrets = $state<MailboxSecrets>(noSecrets());
  found = $state.raw<FoundView | null>(null);
  test = $state.raw<TestView | null>(null);
  /** What is being waited for. */
  busy = $state<'' | 'finding' | 'testing' | 'browsing' | 'saving'>('');
  failure = $state.raw<Failure | null>(null);
  #call = '';

  constructor(
    private readonly bridge: Bridge,
    private readonly changed: () => Promise<void>,
    /** The account that is changed; none for a new one. */
    readonly mailbox: MailboxView | null = null,
  ) {
    if (!mailbox) return;
    this.step = 'servers';
    this.address = mailbox.setup.address;
    this.setup = structuredClone(mailbox.setup);
  }

  async find(): Promise<void> {
    const found = await this.#wait('finding', (id) =>
      this.bridge.accounts.find(id, this.address.trim()),
    );
    if (!found) return;
    this.found = found;
    this.setup = found.setup;
    this.step = 'servers';
  }

  async browse(): Promise<void> {
    const { setup } = this;
    if (!setup) return;
    const ticket = await this.#wait('browsing', (id) =>
      this.bridge.accounts.browse(id, $state.snapshot(setup), $state.snapshot(this.secrets)),
    );
    if (ticket) this.secrets.ticket = ticket;
  }

  async testNow(): Promise<void> {
    const { setup } = this;
    if (!setup) return;
    this.test = null;
    this.test = await this.#wait('testing', (id) =>
      this.bridge.accounts.test(
        id,
        this.mailbox?.id ?? '',
        $state.snapshot(setup),
        $state.snapshot(this.secrets),
      ),
    );
    if (!this.test?.works) return;
    if (this.mailbox) await this.save();
    else this.step = 'choose';
  }

  async save(): Promise<void> {
    const { setup, mailbox } = this;
    if (!setup) return;
    const [kept, secrets] = [$state.snapshot(setup), $state.snapshot(this.secrets)];
    const done = await this.#wait('saving', async () => {
      if (mailbox) await this.bridge.accounts.change(mailbox.id, kept, secrets);
      else await this.bridge.accounts.connect(kept, secrets);
      return true;
    });
    if (!done) return;
    this.secrets = noSecrets();
    this.step = 'done';
    await this.changed();
  }

  /** What was tested is no longer what stands here. */
  edited(): void {
    this.test = null;
    this.failure = null;
  }

  back(): void {
    this.cancel();
    this.edited();
    this.step = this.step === 'choose' ? 'servers' : 'address';
  }

  cancel(): void {
    if (this.#call) this.bridge.accounts.cancel(this.#call).catch(() => {});
    this.#call = '';
    this.busy = '';
  }

  /** Waits for a call, unless it was cancelled meanwhile. */
  async #wait<T>(
    busy: MailboxSetupState['busy'],
    call: (id: string) => Promise<T>,
  ): Promise<T | null> {
    this.cancel();
    const id = `setup-${++calls}`;
    this.#call = id;
    this.busy = busy;
    this.failure = null;
    try {
      const value = await call(id);
      return this.#call === id ? value : null;
    } catch (error) {
      if (this.#call === id) this.failure = toFailure(error);
      return null;
    } finally {
      if (this.#call === id) {
        this.#call = '';
        this.busy = '';
      }
    }
  }
}
