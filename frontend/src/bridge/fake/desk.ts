import type { ConversationView, DraftView, FileView, MessageView, Person } from '../types';
import { customers, type Customer } from './customers';
import { packed, unpackedHere } from './packed';

// A whole desk in memory, laid out relative to now, so that the screen has
// every state to show.

export const hour = 3_600_000;
export const minute = 60_000;
export const own: Person = { name: 'Amira Haddad', address: 'help@birkpay.example' };
export const colleague: Person = { name: 'Daniela Brandt', address: 'help@birkpay.example' };

let lastId = 1000;
export const nextId = () => String(++lastId);

export function message(part: Partial<MessageView> & { at: number }): MessageView {
  return {
    id: nextId(),
    direction: 'in',
    kind: 'person',
    from: own,
    to: [],
    cc: [],
    replyTo: [],
    subject: '',
    language: '',
    text: '',
    quoted: '',
    forwarded: false,
    html: '',
    textState: 'here',
    seen: true,
    files: [],
    warnings: [],
    mine: false,
    customer: part.from ?? own,
    via: '',
    marks: [],
    deliveries: [],
    ...part,
  };
}

export const noDraft = (conversation: string): DraftView => ({
  id: '',
  conversation,
  identity: '',
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  text: '',
  rich: '',
  quotes: '',
  passesOn: false,
  base: '',
  revision: 0,
  savedAt: 0,
  files: [],
});

function file(name: string, size: number, part: Partial<FileView> = {}): FileView {
  return {
    id: nextId(),
    name,
    type: 'application/pdf',
    size,
    have: 0,
    inline: false,
    risky: false,
    packed: false,
    inside: [],
    ...part,
  };
}

function conversation(customer: Customer, n: number, now: number): ConversationView {
  const id = String(n + 1);
  const at = now - customer.hours * hour;
  const from = { name: customer.name, address: `kunde${n + 1}@postfach.example` };
  const messages = [
    message({
      at,
      from,
      to: [own],
      subject: customer.subject,
      language: customer.language,
      text: customer.text,
      seen: n % 3 !== 1,
    }),
  ];
  return {
    row: {
      id,
      account: '1',
      customer: from,
      subject: customer.subject,
      preview: customer.text.slice(0, 200),
      language: customer.language,
      status: 'open',
      lastAt: at,
      snoozedUntil: 0,
      waitingSince: at,
      messages: 1,
      unread: n % 3 === 1 ? 1 : 0,
      files: 0,
      mark: '',
    },
    labels: [],
    messages,
    outgoing: [],
    draft: noDraft(id),
    account: '1',
  };
}

/** Every conversation, with some that are hard on a screen. */
export function conversations(now: number): Map<string, ConversationView> {
  const all = customers.map((c, n) => conversation(c, n, now));
  const byName = (name: string) => {
    const found = all.find((v) => v.row.customer.name === name);
    if (!found) throw new Error(`no fake customer ${name}`);
    return found;
  };
  withHistory(byName('Katharina Vogt'), now);
  withDraft(byName('Katharina Vogt'), now);
  withForty(byName('Olivia Bennett'), now);
  withHtml(byName('Chloé Marchand'));
  withFiles(byName('Camille Lefèvre-Dubois'));
  withHardCopies(byName('Siobhán Ó Conchúir'));
  withBounce(byName('Mehmet Aydın'));
  withMarks(byName('Lucía Fernández Ortega'));
  byName('Jan Novák').messages[0]!.textState = 'coming';
  byName('Jan Novák').messages[0]!.text = '';
  byName('Elin Johansson').labels = ['complaint', 'wants a person'];
  for (const name of ['Eszter Nagy', 'Aino Virtanen', 'Dewi Lestari'])
    answeredAs(byName(name), 'waiting', now);
  for (const name of ['Paweł Zając', 'Beatriz Gonçalves']) answeredAs(byName(name), 'done', now);
  for (const v of all) {
    v.row.messages = v.messages.length;
    v.row.files = v.messages.flatMap((m) => m.files).length;
  }
  return new Map(all.map((v) => [v.row.id, v]));
}

function answeredAs(v: ConversationView, status: string, now: number): void {
  v.row.status = status;
  v.row.waitingSince = 0;
  v.row.unread = 0;
  v.messages[0]!.seen = true;
  v.row.lastAt = now - 2 * hour;
  v.messages.push(
    message({
      at: v.row.lastAt,
      direction: 'out',
      from: own,
      to: [v.row.customer],
      text: 'Thank you for your message. I have passed it on and write again tomorrow at the latest.',
      mine: true,
    }),
  );
}

function withHistory(v: ConversationView, now: number): void {
  const customer = v.row.customer;
  const first = v.messages[0]!;
  first.files = [file('Retourenbestätigung.pdf', 212_000)];
  first.quoted =
    'Am 16. November schrieb Daniela Brandt:\nBitte senden Sie uns die Bestätigung des Händlers.';
  v.messages.unshift(
    message({
      at: now - 43 * hour,
      from: customer,
      to: [own],
      language: 'de',
      text: 'Guten Tag,\n\nam 3. November habe ich die Jacke zurückgeschickt, der Händler hat die Retoure am 10. November bestätigt. Trotzdem habe ich heute eine Mahnung über 84,90 € plus 5,00 € Mahngebühr bekommen. Wann wird die Rechnung storniert, und bekomme ich die erste Rate zurück?',
    }),
    message({
      at: now - 42 * hour,
      direction: 'out',
      from: colleague,
      to: [customer],
      language: 'de',
      text: 'Sehr geehrte Frau Vogt,\n\nbitte senden Sie uns die Bestätigung des Händlers, dann stoppen wir alle Mahnungen.\n\nMit freundlichen Grüßen\nDaniela Brandt',
    }),
  );
  renumber(v);
}

/** Ids grow with time, as the store's do. */
function renumber(v: ConversationView): void {
  for (const m of v.messages) m.id = nextId();
}

function withDraft(v: ConversationView, now: number): void {
  v.row.mark = 'draft';
  v.draft = {
    ...noDraft(v.row.id),
    id: 'draft-1',
    to: [v.row.customer],
    subject: `Re: ${v.row.subject}`,
    text: 'Sehr geehrte Frau Vogt,\n\nvielen Dank für die Bestätigung; die Rücksendung ist jetzt vermerkt und alle weiteren Mahnungen sind gestoppt.',
    base: v.messages.at(-1)!.id,
    revision: 4,
    savedAt: now - 6 * minute,
  };
}

function withForty(v: ConversationView, now: number): void {
  const customer = v.row.customer;
  v.messages = Array.from({ length: 40 }, (_, i) => {
    const theirs = i % 2 === 0;
    return message({
      at: now - (92 - i) * hour,
      direction: theirs ? 'in' : 'out',
      from: theirs ? customer : i % 4 === 1 ? colleague : own,
      to: [theirs ? own : customer],
      text: theirs
        ? `Message ${i + 1}: the left shoe is still missing. I sent a photo on the 4th.`
        : `Message ${i + 1}: we asked the shop again and wait for its answer.`,
      seen: i < 38,
    });
  });
  v.row.unread = 1;
  v.row.lastAt = v.messages.at(-1)!.at;
}

function withBounce(v: ConversationView): void {
  const report = nextId();
  const said = { action: 'failed', reason: 'full', server: 'mx.postfach.example', report } as const;
  const failed = {
    ...said,
    recipient: v.row.customer.address,
    said: '552 5.2.2 The mailbox is full: over quota',
    at: v.row.lastAt + 3 * minute,
  };
  v.messages.push(
    message({
      at: v.row.lastAt + minute,
      direction: 'out',
      from: own,
      to: [v.row.customer],
      text: 'Merhaba, taksit planınız güncellendi; kalan tutar 84,20 TL.',
      mine: true,
      deliveries: [failed],
    }),
    message({
      id: report,
      at: failed.at,
      kind: 'bounce',
      from: { name: 'Mail Delivery System', address: 'mailer-daemon@birkpay.example' },
      text: `The mailbox ${failed.recipient} is full.`,
      warnings: ['charset'],
      deliveries: [failed],
    }),
  );
}

function withMarks(v: ConversationView): void {
  const m = v.messages[0]!;
  m.marks = ['unproven', 'lookalike'];
  v.messages.push(
    message({
      at: m.at + minute,
      from: { name: 'BirkPay', address: 'wordpress@birkpay.example' },
      customer: v.row.customer,
      via: 'form',
      text: `Name: ${v.row.customer.name}\nEmail: ${v.row.customer.address}\n\nDid you get my first message?`,
    }),
  );
}

function withHtml(v: ConversationView): void {
  const m = v.messages[0]!;
  m.files = [file('logo.png', 4_200, { type: 'image/png', inline: true })];
  m.html = `<h2 style="color:#526a1c">Demande de clôture</h2><p>Bonjour,</p><p>je souhaite <b>clôturer mon compte</b>. Que dois-je faire des deux échéances restantes ?</p><table border="1" cellpadding="6"><tr><td>15 déc.</td><td>42,00 €</td></tr><tr><td>15 janv.</td><td>42,00 €</td></tr></table><p><img src="cid:logo" alt="Logo" width="48" height="48"> <img data-remote="https://pictures.example/a.png" alt="" width="48" height="48"></p><p><a href="https://www.boutique.example/compte" title="www.boutique.example" data-host="www.boutique.example">Mon compte</a>, <a href="https://evil.example/" title="evil.example" data-host="evil.example" data-differs="evil.example">www.boutique.example/payer</a></p>`;
  m.warnings = ['remote'];
}

function withFiles(v: ConversationView): void {
  v.messages[0]!.files = Array.from({ length: 30 }, (_, i) =>
    file(`photo-${String(i + 1).padStart(2, '0')}.jpg`, 184_000 + i * 9_000, {
      type: 'image/jpeg',
      have: i === 1 ? 61_000 : i === 0 ? 184_000 : 0,
    }),
  );
  v.messages[0]!.files[2] = file('facture.pdf.exe', 912_000, { risky: true });
  v.messages[0]!.files[3] = file('winmail.dat', 42_000, unpackedHere);
  v.messages[0]!.files[4] = file('winmail.dat', 96_000, packed);
}

function withHardCopies(v: ConversationView): void {
  v.messages[0]!.cc = Array.from({ length: 25 }, (_, i) => ({
    name: `Reader ${i + 1}`,
    address: `reader${i + 1}@copies.example`,
  }));
  v.messages[0]!.quoted = 'All thirty pages of it.\n'.repeat(300);
}
