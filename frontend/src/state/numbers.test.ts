import { describe, expect, test } from 'vitest';
import { message } from '../bridge/fake/desk';
import { numbersIn, numbersOf } from './numbers';

const read = (text: string) => numbersIn(text).map((n) => `${n.kind} ${n.text}`);

describe('a word says what a number is', () => {
  test.each([
    ['Wo bleibt meine Bestellung 4711-0815?', 'order 4711-0815'],
    ['Order #100234567 has not arrived', 'order 100234567'],
    ['My order number is BP-77102 and nothing has moved.', 'order BP-77102'],
    ['Bestellung mit der Nummer: 48151', 'order 48151'],
    ['Best.-Nr. 48151', 'order 48151'],
    ['Bestell-Nr.: A-48151', 'order A-48151'],
    ['Internetbestellung 48151', 'order 48151'],
    ['numéro de commande : 48151', 'order 48151'],
    ['Mi pedido n.º 48151 no llega', 'order 48151'],
    ['Ordine n. 48151', 'order 48151'],
    ['numer zamówienia: 48151', 'order 48151'],
    ['Siparişim 48151 nerede', 'order 48151'],
    ['Мой заказ № 48151', 'order 48151'],
    ['رقم الطلب BP-20419 والمبلغ 412.60', 'order BP-20419'],
    ['رقم الطلب ٢٠٤١٩', 'order 20419'],
    ['注文番号：48151です', 'order 48151'],
    ['我的订单号是48151', 'order 48151'],
    ['Rechnung RE-2026-0042', 'invoice RE-2026-0042'],
    ['Re: invoice 2026/0042', 'invoice 2026/0042'],
    ['Facture nº 48151', 'invoice 48151'],
    ['Ihr Aktenzeichen 12-AB-99', 'ticket 12-AB-99'],
    ['Ticket #9981', 'ticket 9981'],
    ['Sendungsnummer 0034 0434 1234 5678 9012', 'tracking 0034 0434 1234 5678 9012'],
    ['Kundennummer 48151', 'other 48151'],
    ['#48151', 'other 48151'],
  ])('%s', (text, wanted) => {
    expect(read(text)).toEqual([wanted]);
  });

  test('and of those that follow it', () => {
    expect(read('Bestellungen 48151, 48152 und 48153, dann 12')).toEqual([
      'order 48151',
      'order 48152',
      'order 48153',
    ]);
  });

  test('but not of one in the next sentence, or of another thing', () => {
    expect(read('Thanks for the order. 48151 people like it.')).toEqual([]);
    expect(read('Border 48151')).toEqual([]);
    expect(read('Meine Bestellung kam nicht, PLZ 48151')).toEqual([]);
    expect(read('Order paid with card 4811')).toEqual([]);
  });
});

describe('a number says by its look what it is', () => {
  test.each([
    ['INV-2026-0042 is wrong', 'invoice INV-2026-0042'],
    ['see PO-48151', 'order PO-48151'],
    ['it is 1Z999AA10123456784', 'tracking 1Z999AA10123456784'],
    ['RR123456785DE', 'tracking RR123456785DE'],
    ['JJD000390007882823454', 'tracking JJD000390007882823454'],
    ['00340434161094042557', 'tracking 00340434161094042557'],
    ['I mean 302-1234567-7654321', 'other 302-1234567-7654321'],
    ['Es geht um 100234567.', 'other 100234567'],
    ['4711-0815', 'other 4711-0815'],
    ['(AB12CD34)', 'other AB12CD34'],
    ['100234567 12', 'other 100234567'],
  ])('%s', (text, wanted) => {
    expect(read(text)).toEqual([wanted]);
  });
});

describe('is none', () => {
  test.each([
    ['a date', 'on 2026-11-18, 18.11.2026, 18/11/26, 11/18/2026 or 20261118'],
    ['a date of an order', 'Bestellung vom 03.11.2026, Order 18-11-2026'],
    ['years', 'order 2026, 2025/2026, Winter2026, Model-2026'],
    ['a time', 'um 14:09:30 Uhr, 2026-11-18T14:09:00'],
    ['a telephone', 'Tel. 030 12345678, +49 (0)176 1234567, 0176-12345678, 01761234567'],
    ['a telephone in America', 'call (555) 123-4567 or 555-123-4567'],
    ['a telephone without a zero', 'Phone: 17612345678'],
    ['an amount', '84,90 €, 1.234.567,00 EUR, $1234567, 1,234,567.00, EUR 1234567, 1234567 Euro'],
    ['an amount of an order', 'Bestellung über 1284,90 €, order 4711.50'],
    ['an IBAN', 'DE89370400440532013000 or DE89 3704 0044 0532 0130 00, GB82WEST12345698765432'],
    ['an IBAN with a mistake', 'IBAN: DE88370400440532013000'],
    ['a card', '4111 1111 1111 1111, 4111111111111111, 5500-0000-0000-0004'],
    ['an address', 'https://shop.example/o/100234567 or ab12345@mail.example'],
    ['a file', 'IMG_20260401_1234.jpg'],
    ['a measure', '1000000km, 5000mAh'],
    ['a postal code', '12345-6789, 01234-567, 10115 Berlin'],
    ['a word with a digit', 'password123456, Katharina1984'],
    ['a short one', 'B12, A-1, 123456, error 403, Rate 3'],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual([]);
  });
});

test('a number stands where it was written', () => {
  const text = 'Zu الطلب ٢٠٤١٩ und Order #100234567.';
  expect(numbersIn(text).map((n) => text.slice(n.from, n.to))).toEqual(['٢٠٤١٩', '100234567']);
});

test('a long line of digits is looked at as quickly as one of words', () => {
  for (const line of ['1', '1 ', '1.', '1-', 'a1', '1234 '])
    expect(numbersIn(line.repeat(50_000)).length).toBeLessThan(2);
});

describe('of a conversation', () => {
  const from = (direction: 'in' | 'out', text: string) => message({ at: 0, direction, text });

  test('what is named comes first, then the newest; of one message the order', () => {
    const all = numbersOf(
      [
        from('in', 'Bestellung 4711-0815'),
        from('out', 'Ihre Bestellung 9999-0000'),
        from('in', 'Rechnung 48151 zur Bestellung 4711-0816, Gerät AB12CD34'),
        from('in', 'Nochmals: Bestellung 4711-0815'),
        message({ at: 0, direction: 'in', kind: 'bounce', text: 'id 1zQdXw-0005Kp-2D' }),
      ],
      'Vorgang BP-55120-AX-9',
    );
    expect(all.map((n) => n.text)).toEqual([
      '4711-0815',
      '4711-0816',
      '48151',
      'BP-55120-AX-9',
      'AB12CD34',
    ]);
  });
});
