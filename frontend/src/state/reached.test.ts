import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ConversationView, MessageView, Person } from '../bridge/types';
import { houseOf, sameHouse } from './houses';
import { missed, strangers } from './reached';

const one = (address: string): Person => ({ name: '', address });
const customer = one('jane@firma.example');
const ours = ['help@shop.example', 'shop.help@gmail.com'];

function mail(part: Partial<MessageView> = {}): MessageView {
  const from = part.from ?? customer;
  return {
    direction: 'in',
    kind: 'person',
    from,
    to: [one('help@shop.example')],
    cc: [one('lawyer@kanzlei.example')],
    replyTo: [],
    customer: from,
    deliveries: [],
    text: '',
    quoted: '',
    ...part,
  } as MessageView;
}

const view = (...messages: MessageView[]) =>
  ({ row: { customer }, outgoing: [], messages }) as unknown as ConversationView;

const to = (...addresses: string[]) => ({
  to: addresses.map(one),
  cc: [],
  bcc: [],
  passesOn: false,
});

describe('a stranger among the recipients', () => {
  const names = (draft: Parameters<typeof strangers>[0], v = view(mail())) =>
    strangers(draft, v, ours).map((p) => p.address);

  test.each([
    ['the customer', 'JANE@firma.example'],
    ['who was copied', 'lawyer@kanzlei.example'],
    ['a colleague', 'jonas@shop.example'],
    ['a colleague of another branch', 'jonas@fr.shop.example'],
    ['our own address at a free provider', 'shop.help@gmail.com'],
    ['somebody of the customer’s house', 'bob@firma.example'],
  ])('is not %s', (_, address) => expect(names(to(address))).toEqual([]));

  test.each([
    ['somebody from elsewhere', 'ann@other.example'],
    ['a name that only ends like ours', 'ann@notshop.example'],
    ['everybody at our own free provider', 'ann@gmail.com'],
  ])('is %s', (_, address) => expect(names(to('jane@firma.example', address))).toEqual([address]));

  test('is found in every line, and named once', () => {
    const found = names({
      to: [one('a@x.example')],
      cc: [one('A@x.example'), one('b@y.example')],
      bcc: [one('c@z.example')],
      passesOn: false,
    });
    expect(found).toEqual(['a@x.example', 'b@y.example', 'c@z.example']);
  });

  test.each([
    ['where the sender wants answers', { replyTo: [one('new@x.example')] }],
    ['who was written to', { direction: 'out', to: [one('new@x.example')] }],
    ['whom a form was filled in for', { customer: one('new@x.example') }],
    ['whom a mail names', { text: 'Write to New@x.example.' }],
    ['whom a quotation names', { quoted: 'From: <new@x.example>' }],
  ] as const)('is not %s', (_, part) => {
    expect(names(to('new@x.example'), view(mail(), mail(part as object)))).toEqual([]);
  });

  test.each(['renew@x.example', 'new@x.example.org', 'a.new@x.example'])(
    'is who only resembles somebody that a mail names: %s',
    (text) => expect(names(to('new@x.example'), view(mail({ text })))).toHaveLength(1),
  );

  test('is nobody in a forwarded mail, and where there is no conversation yet', () => {
    expect(names({ ...to('ann@other.example'), passesOn: true })).toEqual([]);
    expect(names(to('ann@other.example'), view())).toEqual([]);
  });
});

describe('the customer', () => {
  const who = (draft: Parameters<typeof missed>[0], v = view(mail())) =>
    missed(draft, v)?.address ?? '';

  test('is missed where only others are written to', () => {
    expect(who(to('jonas@shop.example', 'lawyer@kanzlei.example'))).toBe('jane@firma.example');
    expect(who(to('bob@firma.example'))).toBe('jane@firma.example');
  });

  test('is reached in every line', () => {
    expect(who(to('Jane@Firma.example'))).toBe('');
    expect(who({ ...to('jonas@shop.example'), cc: [customer] })).toBe('');
    expect(who({ ...to('jonas@shop.example'), bcc: [customer] })).toBe('');
  });

  test('is reached where any of those who wrote is', () => {
    const both = view(mail(), mail({ from: one('bob@firma.example') }));
    expect(who(to('bob@firma.example'), both)).toBe('');
    expect(who(to('jane@firma.example'), both)).toBe('');
    expect(who(to('lawyer@kanzlei.example'), both)).toBe('bob@firma.example');
    const elsewhere = view(mail({ replyTo: [one('jane@home.example')] }));
    expect(who(to('jane@home.example'), elsewhere)).toBe('');
  });

  test('is whom a form or a colleague wrote for, and no machine', () => {
    const form = view(mail({ from: one('forms@shop.example'), customer }));
    expect(who(to('forms@shop.example'), form)).toBe('jane@firma.example');
    const bounced = view(mail(), mail({ kind: 'auto', from: one('robot@x.example') }));
    expect(who(to('robot@x.example'), bounced)).toBe('jane@firma.example');
  });

  test('is not missed at an address that refused our mail', () => {
    const failed = { action: 'failed', recipient: 'Jane@firma.example' };
    const late = { action: 'delayed', recipient: 'jane@firma.example' };
    const sent = (d: object) =>
      view(mail(), mail({ direction: 'out', deliveries: [d] } as Partial<MessageView>));
    expect(who(to('jane@firma-gmbh.example'), sent(failed))).toBe('');
    expect(who(to('jane@firma-gmbh.example'), sent(late))).toBe('jane@firma.example');
  });

  test('is not missed in a forwarded mail, and where there is no conversation yet', () => {
    expect(who({ ...to('jonas@shop.example'), passesOn: true })).toBe('');
    expect(who(to('jonas@shop.example'), view())).toBe('');
  });
});

describe('a house', () => {
  test('is no provider where everybody may have an address, as in Go', () => {
    const go = readFileSync('../app/mailtext/lookalike.go', 'utf8');
    const free = /freeMail = setOf\(`([^`]+)`/.exec(go)?.[1]?.split(/\s+/) ?? [];
    expect(free.length).toBeGreaterThan(50);
    expect(free.filter((domain) => houseOf(`a@${domain}`) !== '')).toEqual([]);
    const here = readFileSync('src/state/houses.ts', 'utf8');
    expect(/`([^`]+)`/.exec(here)?.[1]?.trim().split(/\s+/)).toEqual(free);
  });

  test.each([
    ['a.example', 'a.example', true],
    ['mail.a.example', 'a.example', true],
    ['a.example', 'mail.a.example', true],
    ['ba.example', 'a.example', false],
    ['', '', false],
  ])('%s and %s', (a, b, alike) => expect(sameHouse(a, b)).toBe(alike));
});
