import type * as t from '../types';
import { own } from './desk';

export const noSetup = (address: string): t.MailboxSetup => ({
  address,
  name: '',
  username: address,
  smtpUsername: '',
  imap: { host: '', port: 993, tls: 'tls' },
  smtp: { host: '', port: 465, tls: 'tls' },
  signIn: 'password',
  client: '',
  tenant: '',
  mechanism: '',
  authServ: '',
  horizon: 90,
  folders: [],
});

export function at(address: string, imap: string, smtp: string): t.MailboxSetup {
  const setup = noSetup(address);
  setup.imap.host = imap;
  setup.smtp.host = smtp;
  return setup;
}

/** The accounts of a fake desk; the scene "connected" has a mailbox that wants a sign-in. */
export function accountsAtFirst(connected: boolean): t.MailboxView[] {
  const practice: t.MailboxView = {
    id: '1',
    kind: 'practice',
    name: 'Practice inbox',
    state: 'ok',
    setup: noSetup(own.address),
    identities: [{ id: '', name: own.name, address: own.address, signatures: [] }],
    checks: [],
    kept: 'keyring',
    replies: 0,
    drafts: 0,
  };
  if (!connected) return [practice];
  const mailbox = (id: string, address: string): t.MailboxView => ({
    ...practice,
    id,
    kind: 'mail',
    name: address,
    checks: ['birkpay.example', 'imap.birkpay.example', 'mx.birkpay.example'],
    setup: at(address, 'imap.birkpay.example', 'smtp.birkpay.example'),
    identities: [
      {
        id: '1',
        name: 'Amira',
        address,
        signatures: [
          { language: '', text: 'Amira\nBirkpay help' },
          { language: 'de', text: 'Viele Grüße\nAmira' },
        ],
      },
    ],
  });
  return [
    mailbox('2', 'help@birkpay.example'),
    { ...mailbox('3', 'returns@birkpay.example'), state: 'sign_in', replies: 2, drafts: 1 },
    practice,
  ];
}
