// What leaves: replies on their way, and what is decided about them.

import type { DeliveryView, MessageView, Person } from './mail';

export interface SentFileView {
  name: string;
  type: string;
  size: number;
}

/** What sending a draft's files would take; times in milliseconds, 0: not known. */
export interface UploadView {
  bytes: number;
  limit: number;
  /** The server has said its limit. */
  sure: boolean;
  tooLarge: boolean;
  need: number;
  life: number;
  doubtful: boolean;
}

export type OpState =
  'queued' | 'sending' | 'uncertain' | 'sent' | 'reconciled' | 'held' | 'needs_you' | 'cancelled';

export interface OpView {
  id: string;
  account: string;
  conversation: string;
  kind: 'reply' | 'status';
  state: OpState;
  reason: string;
  detail: string;
  to: Person;
  subject: string;
  text: string;
  language: string;
  createdAt: number;
  changedAt: number;
  undoUntil: number;
  nextAt: number;
  /** It does not leave before `sendAt`, nor after `until`; 0 for none. */
  sendAt: number;
  until: number;
  attempts: number;
  looks: number;
  maxLooks: number;
  bytes: number;
  done: number;
  final: boolean;
  /** Why a queued reply does not even try. */
  waits: '' | 'paused';
  /** No copy was seen among the sent mail. */
  copy: '' | 'missing';
  files: SentFileView[];
  new: MessageView[];
  /** What became of it, as far as reports came. */
  deliveries: DeliveryView[];
}

export interface OutboxView {
  needYou: OpView[];
  running: OpView[];
  sentToday: OpView[];
}

export type Then = 'waiting' | 'done';

export interface SendRequest {
  draft: string;
  then: Then;
  /** Also files that may never arrive. */
  anyway: boolean;
  /** Not before, and not after; 0 for none. */
  sendAt: number;
  until: number;
}

export type Choice = 'it_arrived' | 'send_again' | 'send_anyway' | 'edit' | 'drop';
/** Where replies were written to, "" when the person changed their mind. */
export interface ExportView {
  folder: string;
  replies: number;
}

/** What is still here when the window closes. */
export interface LeavingView {
  /** Replies that have not left for sure and go on by themselves. */
  replies: number;
  /** Of them not before a time to come, and the first of these times. */
  later: number;
  first: number;
  /** The computer wants the program to end: nobody is asked. */
  ending: boolean;
}
