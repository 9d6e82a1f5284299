import { describe, expect, test } from 'vitest';
import { attachedSentence } from './attached';
import { attachedWords } from './attachedWords';

interface Cases {
  yes: string[];
  no: string[];
}

const cases: Record<string, Cases> = {
  ar: {
    yes: ['تجدون الفاتورة في المرفق.', 'أرفقتُ لك نسخة من العقد', 'مُرفق طيّه كشف الحساب'],
    no: ['يرجى إرفاق صورة من الهوية', 'سنرد عليك برفق وصبر'],
  },
  bg: {
    yes: ['Прилагам фактурата.', 'Вижте прикачения файл', 'Приложените документи са подписани.'],
    no: [
      'Отворете мобилното приложение.',
      'Моля, прикачете снимка.',
      'Прилагаме отстъпка от 5 %.',
      'Отстъпката е приложена.',
    ],
  },
  bn: {
    yes: ['রসিদটি সংযুক্ত করেছি।', 'সংযুক্তিতে চালান দেখুন', 'সংযুক্ত ফাইলটি দেখুন'],
    no: ['সংযুক্ত আরব আমিরাতে পাঠানো হয়েছে', 'অনুগ্রহ করে একটি ছবি সংযুক্ত করুন'],
  },
  cs: {
    yes: ['V příloze zasílám fakturu.', 'Přikládáme potvrzení', 'Smlouva je přiložena.'],
    no: ['Přiložte prosím fotografii.', 'Otevřete aplikaci.'],
  },
  da: {
    yes: ['Se vedhæftede fil.', 'Jeg vedlægger fakturaen', 'Formularen er vedhaeftet.'],
    no: ['Vedhæft venligst et billede.', 'Vi har bogført dit bilag.'],
  },
  de: {
    yes: [
      'Anbei die Rechnung.',
      'Im ANHANG finden Sie das Formular',
      'Das Formular ist beigefügt.',
      'siehe Anlage',
      'Ich hänge Ihnen die Liste an',
      'Die Bestaetigung ist angehaengt',
      'Habe das Formular angehangen.',
    ],
    no: [
      'Anhand der Nummer finden wir sie.',
      'Die Anlage ist seit gestern gestört.',
      'Ihren Anhang konnten wir nicht öffnen.',
      'Bitte hängen Sie ein Foto an.',
      'Die Gebühr liegt bei 5 %.',
      'Das hängt davon ab.',
      'Diese Mail und etwaige Anhänge sind vertraulich.',
      'Das hänge ich nicht an die große Glocke.',
    ],
  },
  el: {
    yes: ['Θα βρείτε το τιμολόγιο συνημμένο.', 'Σας επισυνάπτω την απόδειξη', 'ΣΥΝΗΜΜΕΝΑ: 2'],
    no: ['Παρακαλώ επισυνάψτε μια φωτογραφία.', 'Συνεννοηθήκαμε με την τράπεζα.'],
  },
  en: {
    yes: [
      'Please see attached.',
      'I’ve attached the form to help you.',
      'The form is attached to this e-mail.',
      'I attach our terms',
      'Our price list is enclosed',
      'ATTACHMENT: terms.pdf',
      'PFA the invoice.',
      'I’ll attach the form',
    ],
    no: [
      'The card is attached to your account.',
      'Could you attach a photo?',
      'We could not open your attachment.',
      'The attachment you sent is empty.',
      'Please send it as an attachment.',
      'He is still rather detached.',
      'The attachment limit is 20 MB.',
      'This mail and any attachments are confidential.',
    ],
  },
  es: {
    yes: ['Adjunto la factura.', 'Le hemos adjuntado el contrato', 'Véase el archivo adjunto'],
    no: ['Puede adjuntar una foto.', 'Por favor, adjunte el recibo.', 'Su archivo adjunto llegó.'],
  },
  fa: {
    yes: [
      'فاکتور به پیوست ارسال می‌شود.',
      'رسید پیوست‌شده است',
      'فایل ضميمه را ببینید',
      'رسید را پیوست می‌کنم.',
    ],
    no: ['لطفاً یک عکس پیوست کنید.', 'او به تیم ما پیوست.'],
  },
  fi: {
    yes: ['Lasku on liitteenä.', 'Ohessa kuitti', 'Katso liitetiedosto.'],
    no: ['Asia liittyy tilaukseesi.', 'Voit liittää mukaan kuvan.', 'Lähettämäsi liite ei aukea.'],
  },
  fr: {
    yes: [
      'Veuillez trouver ci-joint la facture.',
      'Le contrat est en PIÈCE JOINTE',
      'Vous trouverez les conditions en pj.',
      'J’ai joint le formulaire',
      'Voir le fichier joint.',
    ],
    no: [
      'Votre compte joint est fermé.',
      'Votre pièce jointe est illisible.',
      'Merci de joindre une photo.',
      'Il a été joint par téléphone.',
    ],
  },
  he: {
    yes: ['מצורפת הקבלה.', 'ראה בקובץ המצורף', 'מצ״ב החשבונית', 'צירפתי את הטופס'],
    no: ['מה מצב ההזמנה?', 'נא לצרף תמונה', 'הצטרפת אלינו'],
  },
  hi: {
    yes: ['रसीद संलग्न है।', 'मैंने चालान अटैच कर दिया है', 'अटैचमेंट देखें'],
    no: ['कृपया फोटो संलग्न करें।', 'राशि आपके खाते में जमा है।'],
  },
  hr: {
    yes: ['U prilogu šaljem račun.', 'Prilažemo potvrdu', 'Pogledajte privitak.'],
    no: ['To govori u prilog vašem zahtjevu.', 'Molimo priložite fotografiju.'],
  },
  hu: {
    yes: ['Csatoltan küldöm a számlát.', 'Lásd a mellékletet', 'A csatolmányban találja.'],
    no: ['Kérjük, csatoljon egy fényképet.', 'A számlája mellett szerepel.'],
  },
  id: {
    yes: ['Terlampir faktur Anda.', 'Kami lampirkan buktinya', 'Lihat lampiran.'],
    no: ['Silakan lampirkan foto.', 'Lampiran Anda tidak dapat dibuka.'],
  },
  it: {
    yes: ['In allegato trova la fattura.', 'Le allego il modulo', 'Vedi i file allegati'],
    no: ['Può allegare una foto?', 'Il suo allegato non si apre.'],
  },
  ja: {
    yes: ['請求書を添付いたします。', '添付ファイルをご確認ください', '領収書を同封しました'],
    no: [
      '写真を添付してください。',
      '付属の説明書をご覧ください。',
      '5 MBを超えるファイルは添付できません。',
    ],
  },
  ko: {
    yes: [
      '영수증을 첨부했습니다.',
      '첨부파일을 확인해 주세요',
      '파일첨부: 계약서',
      '확인서를 첨부해 드립니다.',
    ],
    no: [
      '사진을 첨부해 주세요.',
      '카드가 계정에 연결되었습니다.',
      '파일은 5개까지 첨부할 수 있습니다.',
    ],
  },
  ms: {
    yes: ['Saya kepilkan resit.', 'Invois dikepilkan'],
    no: ['Sila kepilkan gambar.', 'Bayaran termasuk cukai.'],
  },
  nb: {
    yes: ['Vedlagt finner du fakturaen.', 'Se vedlegg', 'Jeg legger ved skjemaet.'],
    no: ['Er dette ekte?', 'Vedlegget ditt lar seg ikke åpne.', 'Du må vedta vilkårene.'],
  },
  nl: {
    yes: [
      'In de bijlage vindt u de factuur.',
      'Bijgevoegd het formulier',
      'Zie bijlagen.',
      'Bijgaand de factuur.',
    ],
    no: ['Kunt u een foto bijvoegen?', 'Uw bijlage is leeg.', 'Wij hebben het toegevoegd.'],
  },
  pl: {
    yes: [
      'W załączniku przesyłam fakturę.',
      'Zalaczam formularz',
      'Umowa w załączeniu.',
      'Dołączam plik z umową.',
    ],
    no: ['Proszę załączyć zdjęcie.', 'Włączyłem powiadomienia.', 'Dołączam do programu.'],
  },
  pt: {
    yes: ['Segue em anexo a fatura.', 'Anexei o comprovante', 'Veja os arquivos anexos'],
    no: ['Poderia anexar uma foto?', 'O seu anexo não abre.'],
  },
  ro: {
    yes: ['Găsiți factura atașată.', 'Ataşez formularul', 'Vedeți documentul anexat'],
    no: ['Puteți atașa o fotografie?', 'Atașamentul dvs. nu se deschide.'],
  },
  ru: {
    yes: [
      'Счёт во вложении.',
      'Прикрепляю форму',
      'Договор приложен: прилагаю копию.',
      'Файл прикреплён к этому письму.',
      'Файл высылаю вложением.',
      'Мы приложили копию чека.',
    ],
    no: [
      'Откройте мобильное приложение.',
      'Карта прикреплена к вашему счёту.',
      'Пришлите фото, ваше вложение пустое.',
      'Мы прилагаем все усилия, чтобы помочь.',
      'Мы приложили все усилия.',
    ],
  },
  sk: {
    yes: ['V prílohe posielam faktúru.', 'Prikladáme potvrdenie'],
    no: ['Priložte, prosím, fotografiu.', 'Internet je pripojený.'],
  },
  sl: {
    yes: ['V prilogi pošiljam račun.', 'Prilagam obrazec', 'Glejte priponko.'],
    no: ['Prosimo, priložite fotografijo.', 'Ob tej priložnosti hvala.'],
  },
  sr: {
    yes: ['У прилогу шаљем рачун.', 'Прилажем потврду', 'U prilogu je ugovor.'],
    no: ['То иде у прилог вашем захтеву.', 'Приложите фотографију.'],
  },
  sv: {
    yes: ['Fakturan bifogas.', 'Se bilagan', 'Jag bifogar formuläret.'],
    no: ['Kan du bifoga en bild?', 'Din bilaga gick inte att öppna.'],
  },
  sw: {
    yes: ['Nimeambatisha risiti.', 'Tazama kiambatisho'],
    no: ['Tafadhali ambatisha picha.', 'Kiambatisho chako hakifunguki.'],
  },
  th: {
    yes: ['ดูรายละเอียดในไฟล์แนบ', 'ได้แนบใบเสร็จมาให้แล้ว', 'ตามเอกสารแนบค่ะ'],
    no: ['กรุณาแนบไฟล์', 'ดูแนบเนียนมาก'],
  },
  tr: {
    yes: [
      'Fatura ektedir.',
      'Formu EKTE BULABİLİRSİNİZ',
      'Ekli dosyaya bakınız',
      'Fatura e-postanın ekinde.',
    ],
    no: ['Ek olarak bir sorum var.', 'Kart hesabınıza ekli.', 'Lütfen bir fotoğraf ekleyin.'],
  },
  uk: {
    yes: [
      'Рахунок у вкладенні.',
      'Долучаю копію договору',
      'Файл прикріплено до цього листа.',
      'Додаю копію квитанції.',
    ],
    no: [
      'Відкрийте мобільний додаток.',
      'Картку прикріплено до вашого рахунку.',
      'Вкладення коштів захищені.',
    ],
  },
  ur: {
    yes: ['رسید منسلک ہے۔', 'منسلک فائل دیکھیں', 'اٹیچمنٹ دیکھیں'],
    no: ['کارڈ آپ کے اکاؤنٹ سے منسلک ہے۔', 'براہ کرم تصویر منسلک کریں'],
  },
  vi: {
    yes: ['Tôi gửi kèm hóa đơn.', 'Xem tệp đính kèm'],
    no: ['Vui lòng đính kèm ảnh.', 'Thẻ đã liên kết với tài khoản.'],
  },
  zh: {
    yes: ['发票请见附件。', '随信附上合同', '請參閱附檔', '如附圖所示'],
    no: ['您的附件无法打开。', '附近的门店', '附加费用为零', '请以附件形式发送。'],
  },
};

test('every language has its cases', () => {
  expect(Object.keys(cases)).toEqual(Object.keys(attachedWords));
});

describe.each(Object.entries(cases))('%s', (_, { yes, no }) => {
  test.each(yes)('says it: %s', (text) => expect(attachedSentence(text)).not.toBe(''));
  test.each(no)('does not: %s', (text) => expect(attachedSentence(text)).toBe(''));
});

describe('the sentence that says it', () => {
  test.each([
    ['Hello,\n\n  See attached.  \nAnbei noch mehr.', 'See attached.'],
    ['Thanks! bill.pdf is attached? Yes.', 'bill.pdf is attached?'],
    ['谢谢。发票请见附件。再见。', '发票请见附件。'],
    ['Merci. Voir en p.j. la facture.', 'Voir en p.j.'],
  ])('is the first, alone: %j', (text, said) => expect(attachedSentence(text)).toBe(said));

  test('is found where languages stand side by side', () => {
    expect(attachedSentence('Your attachment was empty, anbei mein Formular.')).not.toBe('');
  });

  test('is no part of a word', () => {
    expect(attachedSentence('The reattached unattachedness.')).toBe('');
  });
});
