import { readFileSync } from 'node:fs';
import { afterEach, expect, expectTypeOf, test, vi } from 'vitest';
import type * as t from './types';
import { wails } from './wails';
import type { app } from './wailsjs/go/models';

// The hand-kept types of the bridge against what Wails generates from Go.

type Plain<T> = T extends (infer E)[]
  ? Plain<E>[]
  : T extends object
    ? { [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: Plain<T[K]> }
    : T;

/** Ours may be narrower ("open" | "done" for string), never wider or of another shape. */
type Fits<Ours, Theirs> = [Ours] extends [Plain<Theirs>]
  ? [keyof Plain<Theirs>] extends [keyof Ours]
    ? true
    : false
  : false;

test('types fit the generated models', () => {
  expectTypeOf<Fits<t.Counts, app.Counts>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.RowPage, app.RowPage>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.ListRequest, app.ListRequest>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.ConversationView, app.ConversationView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.MessageView, app.MessageView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.DraftView, app.DraftView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.UploadView, app.UploadView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.OpView, app.OpView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.OutboxView, app.OutboxView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.SendRequest, app.SendRequest>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.LineView, app.LineView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.SearchView, app.SearchView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.SearchRequest, app.SearchRequest>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.SettingsView, app.SettingsView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.MailboxView, app.MailboxView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.MailboxSecrets, app.MailboxSecrets>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.FoundView, app.FoundView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.TestView, app.TestView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.LeavingView, app.LeavingView>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<t.OpeningView, app.OpeningView>>().toEqualTypeOf<true>();
});

afterEach(() => {
  delete window.go;
});

test('calls exactly the methods that Go offers, with as many arguments', async () => {
  const called: string[] = [];
  const record = vi.fn((service: string, method: string, args: unknown[]) => {
    called.push(`${service}.${method}/${args.length}`);
    return Promise.resolve(null);
  });
  const services = [
    'Inbox',
    'Composer',
    'Outbox',
    'Line',
    'Accounts',
    'Files',
    'Settings',
    'Window',
  ];
  const bound = (service: string) =>
    new Proxy(
      {},
      {
        get:
          (_, method: string) =>
          (...args: unknown[]) =>
            record(service, method, args),
      },
    );
  window.go = { app: Object.fromEntries(services.map((s) => [s, bound(s)])) };

  for (const service of [
    wails.inbox,
    wails.composer,
    wails.outbox,
    wails.line,
    wails.accounts,
    wails.files,
    wails.settings,
    wails.window,
  ]) {
    for (const method of Object.values(service) as ((...args: unknown[]) => Promise<unknown>)[])
      await method('1', '2', '3', '4');
  }
  expect(called.sort()).toEqual(services.flatMap(offered).sort());
});

function offered(service: string): string[] {
  const source = readFileSync(`src/bridge/wailsjs/go/app/${service}.d.ts`, 'utf8');
  return [...source.matchAll(/export function (\w+)\(([^)]*)\)/g)].map(
    ([, name, args]) => `${service}.${name}/${args === '' ? 0 : args?.split(',').length}`,
  );
}
