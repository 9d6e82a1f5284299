import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base } from '@playwright/test';
import { DeskPage } from '../pages/desk';

/** The program itself, built to serve its page to a browser, on a data folder of its own. */
export class Program {
  #child: ChildProcess | null = null;

  private constructor(
    readonly data: string,
    readonly url: string,
    private readonly orders: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** `env` is what it finds in its environment beside the usual. */
  static async make(env: NodeJS.ProcessEnv = {}): Promise<Program> {
    const program = new Program(
      mkdtempSync(join(tmpdir(), 'fernpost-e2e-')),
      `http://127.0.0.1:${await freePort()}`,
      `127.0.0.1:${await freePort()}`,
      env,
    );
    await program.start();
    return program;
  }

  /** Starts it, again after a kill, and waits until it serves its page. */
  async start(): Promise<void> {
    const binary = process.env['FERNPOST_DEV'];
    if (!binary) throw new Error('FERNPOST_DEV names no program');
    this.#child = spawn(resolve('..', binary), [], {
      stdio: 'ignore',
      env: {
        ...process.env,
        ...this.env,
        FERNPOST_DATA: this.data,
        FERNPOST_ORDERS: this.orders,
        LANG: 'en_GB.UTF-8',
        assetdir: resolve('dist'),
        devserver: new URL(this.url).host,
        loglevel: 'Error',
      },
    });
    for (let tries = 0; tries < 100; tries++) {
      if (await answers(this.url)) return;
      await new Promise((r) => setTimeout(r, 100));
    }
    throw new Error('the program serves no page');
  }

  /** SIGKILL: what a power cut or the system's own hand does. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((r) => child.once('exit', r));
    child.kill('SIGKILL');
    await ended;
  }

  /** Has something happen that a person can't do here: app/orders_dev.go lists what. */
  async order(name: string, values: Record<string, string> = {}): Promise<void> {
    const body = new URLSearchParams(values);
    const answer = await fetch(`http://${this.orders}/${name}`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
  }

  /** Lets time pass. */
  async later(ahead: string): Promise<void> {
    await this.order('clock', { ahead });
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

/** A test with a program of its own and its page, the practice inbox fetched. */
export const test = base.extend<{ program: Program; desk: DeskPage }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
  program: async ({}, use) => {
    const program = await Program.make();
    await use(program);
    await program.end();
  },
  desk: async ({ page, program }, use) => {
    const desk = new DeskPage(page);
    await arrive(desk, program);
    await use(desk);
  },
});

/** Opens the page and waits until the first sync has come to its end. */
export async function arrive(desk: DeskPage, program: Program): Promise<void> {
  await desk.page.goto(program.url);
  await desk.list.waitFor();
  await desk.row('Siegfried Amtmann').waitFor();
}
