import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Program, test as base } from './program';

export interface Server {
  host: string;
  port: number;
  tls: 'tls' | 'starttls';
}

interface Description {
  orders: string;
  roots: string;
  password: string;
  accounts: Record<Name, { address: string; customer: string; imap: Server; smtp: Server }>;
}

type Name = 'help' | 'returns';

/** A real Dovecot and a real Exim with two accounts: build/postoffice tells how it is spoken to. */
export class PostOffice {
  private constructor(
    readonly child: ChildProcess,
    private readonly description: Description,
  ) {}

  static async open(): Promise<PostOffice> {
    const binary = process.env['FERNPOST_POSTOFFICE'];
    if (!binary) throw new Error('FERNPOST_POSTOFFICE names no program');
    const child = spawn(binary, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout }))
      return new PostOffice(child, JSON.parse(line) as Description);
    throw new Error('the mail servers did not start');
  }

  /** The certificate of both servers, for a program that is to trust it. */
  get roots(): string {
    return this.description.roots;
  }

  get password(): string {
    return this.description.password;
  }

  account(name: Name) {
    return this.description.accounts[name];
  }

  /** A mail from the account's customer; `text` is German or any other language, in UTF-8. */
  async write(name: Name, from: string, subject: string, text: string): Promise<void> {
    const { address, customer } = this.account(name);
    const mail = [
      `From: ${encoded(from)} <${customer}>`,
      `To: <${address}>`,
      `Subject: ${encoded(subject)}`,
      `Message-ID: <${Date.now()}.${Math.random().toString(36).slice(2)}@customer.example>`,
      `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      ...text.split('\n'),
    ];
    await this.#order('POST', `${name}/customer`, mail.join('\r\n'));
  }

  async received(name: Name): Promise<string[]> {
    return (await (await this.#order('GET', `${name}/received`)).json()) as string[];
  }

  async sent(name: Name): Promise<string[]> {
    return (await (await this.#order('GET', `${name}/sent`)).json()) as string[];
  }

  async cut(name: Name): Promise<void> {
    await this.#order('POST', `${name}/cut`);
  }

  async restore(name: Name): Promise<void> {
    await this.#order('POST', `${name}/restore`);
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.stdin?.end();
    await ended;
  }

  async #order(method: string, path: string, body?: string): Promise<Response> {
    const answer = await fetch(`${this.description.orders}/${path}`, { method, body });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer;
  }
}

/** A word of a header (RFC 2047). */
function encoded(text: string): string {
  return `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
}

/**
 * A test with mail servers, and a program that trusts them and keeps its key
 * behind a passphrase file: the keyring is the person's who runs the tests.
 */
export const test = base.extend<{ post: PostOffice }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
  post: async ({}, use) => {
    const post = await PostOffice.open();
    await use(post);
    await post.close();
  },
  program: async ({ post }, use) => {
    const kept = mkdtempSync(join(tmpdir(), 'fernpost-key-'));
    const phrase = join(kept, 'phrase');
    writeFileSync(phrase, 'rain on the tin roof', { mode: 0o600 });
    const program = await Program.make({
      SSL_CERT_FILE: post.roots,
      FERNPOST_PASSPHRASE_FILE: phrase,
    });
    await use(program);
    await program.end();
    rmSync(kept, { recursive: true });
  },
});
