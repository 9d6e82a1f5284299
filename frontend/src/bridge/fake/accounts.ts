import type { Bridge } from '../bridge';
import { CallError } from '../failure';
import type * as t from '../types';
import type { Answer } from './choices';
import type { FakeDesk } from './fakeDesk';
import { accountsAtFirst, at, noSetup } from './mailboxes';

function found(address: string): t.FoundView {
  const domain = address.split('@')[1] ?? '';
  if (!domain.includes('.')) throw new CallError('invalid', 'read address');
  const nothing: t.FoundView = {
    way: '',
    provider: '',
    source: '',
    setup: noSetup(address),
    elsewhere: false,
    marks: [],
    checks: [],
    asked: [
      { way: 'list', whom: domain, answer: 'nothing' },
      { way: 'mx', whom: domain, answer: 'silent' },
      {
        way: 'autoconfig',
        whom: `https://autoconfig.${domain}/mail/config-v1.1.xml`,
        answer: 'nothing',
      },
    ],
  };
  if (domain === 'gmail.com')
    return {
      ...nothing,
      way: 'list',
      provider: 'Gmail',
      source: 'https://support.google.com/mail/answer/7126229',
      setup: at(address, 'imap.gmail.com', 'smtp.gmail.com'),
      marks: ['app', 'google'],
      checks: ['mx.google.com'],
      asked: [{ way: 'list', whom: domain, answer: 'found' }],
    };
  if (domain.startsWith('nothing')) return nothing;
  return {
    ...nothing,
    way: 'srv',
    setup: at(address, `imap.${domain}`, `smtp.${domain}`),
    checks: [domain, `imap.${domain}`, `mx.${domain}`],
    asked: [...nothing.asked, { way: 'srv', whom: `_imaps._tcp.${domain}`, answer: 'found' }],
  };
}

function tested(password: string): t.TestView {
  const works = password !== 'wrong';
  const side = (words: string): t.SideView =>
    works
      ? { trouble: '', words: '', mechanism: 'SCRAM-SHA-256' }
      : { trouble: 'password', words, mechanism: '' };
  return {
    works,
    imap: side('Authentication failed.'),
    smtp: side('5.7.8 Error: authentication failed'),
    folders: works ? ['Claims', 'Archive/2025'] : [],
    server: works ? 'dovecot' : '',
    labels: works,
    savesSent: false,
  };
}

export function accountsOf(desk: FakeDesk, answer: Answer): Bridge['accounts'] {
  const find = (id: string) => {
    const mailbox = desk.mailboxes.find((m) => m.id === id);
    if (!mailbox) throw new CallError('not_found', 'find account');
    return mailbox;
  };
  const told = () => desk.tell('', { settings: true });
  return {
    list: () => answer('Accounts.List', () => desk.mailboxes),
    find: (_, address) => answer('Accounts.Find', () => found(address)),
    test: (_, __, ___, secrets) => answer('Accounts.Test', () => tested(secrets.password)),
    browse: () => answer('Accounts.Browse', () => 'ticket'),
    cancel: () => answer('Accounts.Cancel', () => undefined),
    connect: (setup) =>
      answer('Accounts.Connect', () => {
        const [first] = accountsAtFirst(true);
        const id = String(desk.mailboxes.length + 10);
        if (first)
          desk.mailboxes = [...desk.mailboxes, { ...first, id, setup, name: setup.address }];
        told();
        return id;
      }),
    change: (id, setup) =>
      answer('Accounts.Change', () => {
        Object.assign(find(id), { setup, state: 'ok' });
        told();
      }),
    rename: (id, name) =>
      answer('Accounts.Rename', () => {
        const mailbox = find(id);
        mailbox.name = name.trim() || mailbox.setup.address;
        told();
      }),
    raise: (id) =>
      answer('Accounts.Raise', () => {
        const place = desk.mailboxes.indexOf(find(id));
        const above = desk.mailboxes[place - 1];
        if (!above) return;
        desk.mailboxes = desk.mailboxes.filter((m) => m !== above);
        desk.mailboxes.splice(place, 0, above);
        told();
      }),
    setIdentities: (id, identities) =>
      answer('Accounts.SetIdentities', () => {
        Object.assign(find(id), { identities });
        told();
      }),
    exportReplies: (id) =>
      answer('Accounts.Export', () => ({ folder: '/home/amira/Mail', replies: find(id).replies })),
    remove: (id, replies, drafts) =>
      answer('Accounts.Remove', () => {
        const mailbox = find(id);
        if (mailbox.replies > replies || mailbox.drafts > drafts)
          throw new CallError('conflict', 'remove mailbox');
        desk.mailboxes = desk.mailboxes.filter((m) => m.id !== id);
        told();
      }),
  };
}
