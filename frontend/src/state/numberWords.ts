import { plain } from './plain';

/** What a number counts; `other` where nothing says so. */
export type NumberKind = 'order' | 'invoice' | 'ticket' | 'tracking' | 'other';

// How words that stand before a number begin, in the languages customers write;
// they are compared as plain.ts folds them.
const stems: Record<NumberKind, string> = {
  order:
    'order purchase bestell auftrag commande pedido encomenda ordine zamówieni zamowieni beställning tilaus tilaukse rendelés objednáv comand sipariş заказ замовлен παραγγελ طلب الطلب سفارش הזמנה ההזמנה ऑर्डर agizo pesanan đơn',
  invoice:
    'invoice bill rechnung facture factura fatura fattura faktur factuur recibo lasku számla boleto счет рахун τιμολ فاتورة الفاتورة חשבונית चालान',
  ticket:
    'ticket case claim vorgang anfrage aktenzeichen geschäftszeichen reference ref référence referenc riferimento dossier zgłoszeni ärende arende обращен заявк',
  tracking:
    'tracking shipment parcel sendung paket suivi colis seguimiento envío rastre spedizione przesyłk paczk śledzeni zending forsendelse lähetys csomag kargo трек посылк تتبع الشحنة',
  other:
    'kunde customer client cliente klient contract vertrag contrat contrato umowa mitglied member account konto',
};
/** Parts of longer words: "Internetbestellung", and scripts that write without spaces. */
const inside: Partial<Record<NumberKind, string>> = {
  order: 'bestell auftragsn 订单 訂單 注文 オーダー 주문',
  invoice: 'rechnung 发票 發票 請求書 청구서',
  ticket: '工单 案件',
  tracking: 'sendung 运单 運單 快递 追跡 송장 운송장',
};
/** What may stand between such a word and its number: "order with the number". */
const between = new Set(
  split(
    'number numbers nummer nummern nr no num número numéro numero numer id code kod nº n номер № رقم o is are was ist sind war lautet lauten est es è jest er är with mit the der die das de du del di my meine mon ma',
  ),
);
/** No number of ours comes after these. */
const never = split(
  'tel telefon telephone phone mobil mobile mobiltelefon handy fax cell whatsapp iban bic swift card karte kreditkarte carte tarjeta carta plz zip pin tan jahr year année año هاتف جوال телефон',
);

const table = (words: Partial<Record<NumberKind, string>>) =>
  (Object.entries(words) as [NumberKind, string][]).map(([kind, list]) => ({
    kind,
    words: split(list),
  }));
const begins = table(stems);
const holds = table(inside);

function split(list: string): string[] {
  return list.split(' ').map((word) => plain(word).text);
}

/** How far back a word may say what a number is, in words and in characters. */
const steps = 5;
const reach = 60;

/** What the words before a number say it is; null where they say nothing. */
export function kindBefore(head: string): NumberKind | null {
  const near = head.slice(-reach);
  const words = near.match(/\p{L}[\p{L}\p{M}]*|[.,;!?]|\d+/gu) ?? [];
  let ended = false;
  for (const word of words.slice(-steps).reverse()) {
    if (word === '.') ended = true;
    else if (/^[,;!?\d]/.test(word)) return null;
    else {
      const low = plain(word).text;
      if (never.includes(low)) return null;
      if (between.has(low)) ended = false;
      // A sentence that ended says nothing about the next; "Best.-Nr. 4711" has no end.
      else return ended ? abbreviated(low) : kindOf(low);
    }
  }
  return null;
}

function kindOf(word: string): NumberKind | null {
  const first = begins.find(({ words }) => words.some((stem) => word.startsWith(stem)));
  return (first ?? holds.find(({ words }) => words.some((w) => word.includes(w))))?.kind ?? null;
}

function abbreviated(word: string): NumberKind | null {
  const short: Record<string, NumberKind> = { best: 'order', ord: 'order', ref: 'ticket' };
  return short[word] ?? null;
}
