// What the settings say and ask of accounts.

export type Protection = 'tls' | 'starttls' | 'plain';

export interface ServerView {
  host: string;
  port: number;
  tls: Protection;
}

export type SignIn = 'password' | 'google' | 'microsoft';

/** What a mailbox is connected with, without its secrets. */
export interface MailboxSetup {
  address: string;
  name: string;
  username: string;
  /** "" where it is the same. */
  smtpUsername: string;
  imap: ServerView;
  smtp: ServerView;
  signIn: SignIn;
  client: string;
  tenant: string;
  /** "" leaves it to what the server offers. */
  mechanism: string;
  /** As whom the own server signs its checks of senders; "" leaves it to `checks`. */
  authServ: string;
  horizon: number;
  folders: string[];
}

/** They go one way; an empty one leaves what is stored as it is. */
export interface MailboxSecrets {
  password: string;
  smtpPassword: string;
  clientSecret: string;
  ticket: string;
}

export interface AskedView {
  way: string;
  whom: string;
  answer: string;
}

export interface FoundView {
  way: '' | 'list' | 'mx' | 'srv' | 'autoconfig' | 'guess';
  provider: string;
  source: string;
  setup: MailboxSetup;
  elsewhere: boolean;
  marks: string[];
  asked: AskedView[];
  /** As whom the own server signs its checks, as far as can be told. */
  checks: string[];
}

export interface SideView {
  trouble: string;
  words: string;
  mechanism: string;
}

export interface TestView {
  works: boolean;
  imap: SideView;
  smtp: SideView;
  folders: string[];
  server: string;
  labels: boolean;
  savesSent: boolean;
}

export interface SignatureView {
  language: string;
  text: string;
}

export interface IdentityView {
  id: string;
  name: string;
  address: string;
  signatures: SignatureView[];
}

export interface MailboxView {
  id: string;
  kind: 'mail' | 'practice';
  /** What a person calls it, never "". */
  name: string;
  state: 'ok' | 'sign_in' | 'paused' | 'different';
  setup: MailboxSetup;
  identities: IdentityView[];
  /** As in FoundView. */
  checks: string[];
  kept: 'keyring' | 'file';
  replies: number;
  drafts: number;
}
