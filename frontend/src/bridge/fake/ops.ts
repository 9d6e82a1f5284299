import type { ConversationView, OpView } from '../types';
import { colleague, hour, message, minute } from './desk';

/** Replies in every state. */
export function ops(views: Map<string, ConversationView>, now: number): OpView[] {
  const of = (name: string, part: Partial<OpView>): OpView => {
    const view = [...views.values()].find((v) => v.row.customer.name === name)!;
    return opFor(view, { createdAt: now - 20 * minute, changedAt: now - 2 * minute, ...part });
  };
  return [
    of('Agnieszka Wójcik', {
      state: 'held',
      reason: 'colleague_answered',
      text: 'The download works again if you sign in at konto.birkpay.example and open Invoices, October. I have attached the PDF as well, so you have it in any case.',
      new: [
        message({
          at: now - 6 * minute,
          direction: 'out',
          from: colleague,
          text: 'There was a fault with invoices this morning. It is fixed since 13:30. Please try the download again and write to us if the error comes back.',
        }),
      ],
    }),
    of('Rafael Moreira', {
      state: 'needs_you',
      reason: 'not_seen',
      looks: 6,
      maxLooks: 6,
      final: true,
      text: 'Obrigado pelo comprovante. O boleto está baixado.',
    }),
    of('Mikkel Sørensen', {
      state: 'needs_you',
      reason: 'recipient',
      detail: '550 5.1.1 User unknown',
      text: 'Tak for kvitteringen.',
    }),
    of('Juma Mwangi', {
      state: 'uncertain',
      looks: 2,
      maxLooks: 6,
      nextAt: now + 40_000,
      final: true,
      text: 'Asante kwa ujumbe wako. Malipo yameonekana sasa.',
    }),
    of('佐藤 美咲', {
      state: 'sending',
      bytes: 14_000,
      done: 9_000,
      changedAt: now - 4_000,
      text: 'お問い合わせありがとうございます。設定画面の「お支払い方法」から変更できます。',
    }),
    of('Tom Whitfield', {
      state: 'queued',
      reason: 'line',
      attempts: 2,
      nextAt: now + 30_000,
      text: 'Hello Tom, the new address is in. The instalment on the 15th stays.',
    }),
    of('Giulia Romano', {
      state: 'sent',
      changedAt: now - 12 * minute,
      text: 'Buongiorno, per ora non deve pagare.',
    }),
    of('Sanne de Vries', {
      state: 'reconciled',
      changedAt: now - 31 * minute,
      text: 'Het bedrag is teruggestort.',
    }),
  ];
}

/** Replies that have a time: one that leaves later, one whose time is over, one without its copy. */
export function timed(views: Map<string, ConversationView>, now: number): OpView[] {
  const [first, second, third] = [...views.values()].slice(-3);
  const tomorrow = new Date(now).setHours(24 + 9, 0, 0, 0);
  if (!first || !second || !third) return [];
  return [
    opFor(first, {
      text: 'Good morning, the parcel is on its way.',
      createdAt: now - hour,
      changedAt: now - hour,
      sendAt: tomorrow,
      until: tomorrow + 9 * hour,
    }),
    opFor(second, {
      state: 'needs_you',
      reason: 'expired',
      text: 'The offer holds until noon.',
      createdAt: now - 5 * hour,
      changedAt: now - hour,
      until: now - hour,
    }),
    opFor(third, {
      state: 'sent',
      text: 'Thank you, all is well.',
      createdAt: now - 2 * hour,
      changedAt: now - 2 * hour,
      copy: 'missing',
      deliveries: [
        {
          recipient: third.row.customer.address,
          action: 'failed',
          reason: 'no_mailbox',
          said: '550 5.1.1 User unknown',
          server: 'mx.postfach.example',
          at: now - hour,
          report: '1',
        },
      ],
    }),
  ];
}

let lastOp = 0;

export function opFor(view: ConversationView, part: Partial<OpView>): OpView {
  return {
    id: `op-${++lastOp}`,
    account: view.account,
    conversation: view.row.id,
    kind: 'reply',
    state: 'queued',
    reason: '',
    detail: '',
    to: view.row.customer,
    subject: view.row.subject,
    text: '',
    files: [],
    language: view.row.language,
    createdAt: 0,
    changedAt: 0,
    undoUntil: 0,
    nextAt: 0,
    sendAt: 0,
    until: 0,
    attempts: 0,
    waits: '',
    copy: '',
    looks: 0,
    maxLooks: 0,
    bytes: 2_400,
    done: 0,
    final: false,
    new: [],
    deliveries: [],
    ...part,
  };
}
