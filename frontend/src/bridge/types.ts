import type { FileView, MessageView, Person } from './mail';
import type { OpView } from './outgoing';

// The words between the screen and Go, equal to app/dto.go: flat, ids as text,
// times in milliseconds since 1970 (0: none), lists never null.

export type ViewName = 'inbox' | 'waiting' | 'snoozed' | 'done' | 'drafts' | 'spam' | 'bin';
export type Order = 'longest' | 'newest';
export type Status = 'open' | 'waiting' | 'snoozed' | 'done' | 'spam' | 'bin';

export interface ListRequest {
  view: ViewName;
  order: Order;
  after: string;
  limit: number;
}

export type MarkName =
  '' | 'draft' | 'queued' | 'waits' | 'sending' | 'uncertain' | 'held' | 'needs_you';

export interface Row {
  id: string;
  account: string;
  customer: Person;
  subject: string;
  preview: string;
  language: string;
  status: string;
  /** When it comes back; 0 where it isn't snoozed. */
  snoozedUntil: number;
  lastAt: number;
  waitingSince: number;
  messages: number;
  unread: number;
  files: number;
  mark: MarkName;
}

export interface RowPage {
  rows: Row[];
  next: string;
  total: number;
}

export interface Counts {
  inbox: number;
  unread: number;
  waiting: number;
  snoozed: number;
  done: number;
  drafts: number;
  outbox: number;
  needYou: number;
}

/** A merge or split that was made or undone. */
export interface ArrangementView {
  id: string;
  conversation: string;
}

export interface DraftView {
  id: string;
  conversation: string;
  /** Whom it is written as; "" is the account's usual sender. */
  identity: string;
  to: Person[];
  cc: Person[];
  bcc: Person[];
  subject: string;
  text: string;
  /** The text with its form, "" when it has none. */
  rich: string;
  /** The message that stands below the text, "" for none. */
  quotes: string;
  /** That message is forwarded. */
  passesOn: boolean;
  base: string;
  revision: number;
  savedAt: number;
  files: DraftFileView[];
}

export interface DraftFileView {
  id: string;
  name: string;
  type: string;
  size: number;
  /** Before it was made smaller, 0 when it wasn't. */
  was: number;
  /** Of size; less while it is being fetched. */
  have: number;
  picture: boolean;
  /** A picture meant for the text. */
  inline: boolean;
  risky: boolean;
  upload: string;
  original: string;
}

export interface SentView {
  /** For the sandboxed frame only. */
  html: string;
  links: LinkView[];
  /** Pictures that came along and aren't here yet. */
  waiting: FileView[];
  /** Pictures that would have to be loaded from elsewhere. */
  elsewhere: number;
  /** Bytes that loading them would cost at most. */
  most: number;
  /** What the person saves by, and loading would go past. */
  saving: '' | 'text_only' | 'spent';
  /** Of those asked for, how many couldn't be loaded. */
  failed: number;
  /** Bytes that loading cost. */
  loaded: number;
}

export interface LinkView {
  text: string;
  host: string;
  url: string;
  /** The text names another site than the host. */
  differs: boolean;
}

export interface ConversationView {
  row: Row;
  labels: string[];
  messages: MessageView[];
  outgoing: OpView[];
  draft: DraftView;
  account: string;
}

export type Anyway = 'once' | 'today';
export type PracticeMode = 'good' | '3g' | '2g' | 'lossy' | 'off';

export interface LineStroke {
  from: number;
  to: number;
  answered: boolean;
}

export interface LineBytes {
  replies: number;
  text: number;
  looking: number;
  files: number;
  total: number;
  /** Of all accounts that have one together; 0: none. */
  budget: number;
  /** What counts against it. */
  counted: number;
}

export interface AccountView {
  id: string;
  name: string;
  address: string;
  kind: 'mail' | 'practice';
  state: 'ok' | 'sign_in' | 'paused' | 'different';
  line: 'looking' | 'answered' | 'lost';
  answeredAt: number;
  lostAt: number;
  retryAt: number;
  problem: string;
  importing: boolean;
  /** Bytes a day, 0: none. */
  budget: number;
  used: number;
  /** The day is used up: nothing but replies goes on unasked. */
  spent: boolean;
  textOnly: boolean;
  /** Days back that mail is brought in, 0: everything. */
  horizon: number;
  /** Back to this day everything is here, 0: unknown. */
  reach: number;
  toGo: number;
  /** What its server says to people and nobody has dismissed, newest first. */
  alerts: string[];
}

export interface LineView {
  accounts: AccountView[];
  waiting: number;
  needYou: number;
  bytes: LineBytes;
  practice: '' | PracticeMode;
  dayStart: number;
  strokes: LineStroke[];
  sentTicks: number[];
}

export interface SearchRequest {
  text: string;
  after: string;
}

export interface HitView {
  message: string;
  row: Row;
  snippet: string;
  at: number;
  /** A search on the server found it. */
  server: boolean;
}

export interface SearchView {
  hits: HitView[];
  more: boolean;
  /** Back to this day everything is here; 0: all there is, or nothing. */
  since: number;
  /** Older mail may lie on a server. */
  beyond: boolean;
}

export interface ServerSearchView {
  text: string;
  state: '' | 'running' | 'waits' | 'done' | 'stopped' | 'failed';
  found: number;
  kind: string;
}

/** What the pump tells after commits (DTO "Event"); the screen re-reads. */
export interface Changed {
  seq: number;
  conversations: string[];
  lists: boolean;
  outbox: boolean;
  line: boolean;
  settings: boolean;
  search: boolean;
}

/** How an error reaches the screen: a kind the catalogues have words for. */
export interface Failure {
  kind: string;
  op: string;
}

export type * from './mailbox';
export type * from './outgoing';
export type * from './settings';
export type * from './mail';
