// Invented customers of an invented payments company, in their own languages.
// One line each: name, language, subject, first message, hours they have waited.

export interface Customer {
  name: string;
  language: string;
  subject: string;
  text: string;
  hours: number;
}

const c = (
  name: string,
  language: string,
  hours: number,
  subject: string,
  text: string,
): Customer => ({ name, language, subject, text, hours });

export const customers: Customer[] = [
  c('Katharina Vogt', 'de', 0.5, 'Retoure bestätigt, trotzdem Mahnung', 'Anbei die Bestätigung des Händlers. Ich möchte keine weitere Mahnung bekommen. Bitte um kurze Rückmeldung.'),
  c('Lucía Fernández Ortega', 'es', 0.8, 'Me cobraron dos veces la misma cuota', 'Buenos días, el día 12 me cargaron la cuota dos veces y el banco me dice que los dos cargos son firmes. ¿Cuándo me devuelven los 46,20 €?'),
  c('نورة الحربي', 'ar', 1.2, 'رمز التحقق لا يصل', 'السلام عليكم، أحاول تسجيل الدخول منذ الصباح ولا يصلني رمز التحقق على جوالي. رقم الطلب BP-20419 والمبلغ 412.60. أرجو المساعدة.'),
  c('Juma Mwangi', 'sw', 1.5, 'Malipo yangu hayaonekani', 'Habari, nililipa jana kwa M-Pesa lakini malipo hayaonekani kwenye akaunti yangu. Naomba msaada.'),
  c('Agnieszka Wójcik', 'pl', 1.9, 'Nie mogę pobrać faktury', 'Dzień dobry, przy próbie pobrania faktury za październik pojawia się błąd 403. Proszę o pomoc.'),
  c('प्रिया शर्मा', 'hi', 2.3, 'रिफंड अभी तक नहीं आया', 'नमस्ते, मैंने 5 तारीख को ऑर्डर रद्द किया था, लेकिन पैसे अभी तक वापस नहीं आए। कृपया बताइए कि कब आएँगे।'),
  c('佐藤 美咲', 'ja', 2.6, '登録カードの変更について', 'お世話になっております。登録しているカードを変更したいのですが、画面にボタンが見つかりません。手順を教えていただけますか。'),
  c('Tom Whitfield', 'en', 3.1, 'Moved house, letters go to the old flat', 'Hi, I moved last month and your letters still go to my old place. The new one is 14 Alder Row. Could you also confirm that the instalment on the 15th stays as it is? See https://konto.birkpay.example/plan for what I see.'),
  c('Rafael Moreira', 'pt', 3.4, 'Boleto pago ainda consta em aberto', 'Bom dia, paguei o boleto na sexta, mas ainda consta em aberto. Segue o comprovante.'),
  c('Chloé Marchand', 'fr', 3.8, 'Comment clôturer mon compte ?', 'Bonjour, je souhaite clôturer mon compte. Que dois-je faire des deux échéances restantes ?'),
  c('Mehmet Aydın', 'tr', 4.2, 'Kısmi iade sonrası taksit planı', 'Merhaba, siparişin yarısını iade ettim, taksit tutarı değişecek mi?'),
  c('יעל כהן', 'he', 4.7, 'קבלה למס הכנסה', 'שלום, אני צריכה קבלה עבור מס הכנסה על התשלום מחודש ספטמבר, הזמנה BP-20419. באתר מופיעה ההודעה “Document not available”.'),
  c('Ingrid Solheim', 'no', 26, 'Feil navn på avtalen', 'Hei, etternavnet mitt er skrevet feil i avtalen. Kan dere rette det?'),
  c('Giulia Romano', 'it', 5.2, 'Pacco mai arrivato', 'Buongiorno, il corriere dice consegnato ma io non ho ricevuto nulla. Devo pagare lo stesso?'),
  c('Sanne de Vries', 'nl', 6, 'Betaling dubbel afgeschreven', 'Goedemiddag, er is twee keer € 39,95 afgeschreven. Kunt u één bedrag terugstorten?'),
  c('Олена Коваленко', 'uk', 6.5, 'Не приходить код підтвердження', 'Добрий день! Код підтвердження не приходить ні в SMS, ні на пошту.'),
  c('Анна Смирнова', 'ru', 7, 'Возврат не пришёл', 'Здравствуйте, товар вернула две недели назад, деньги до сих пор не поступили.'),
  c('Γιώργος Παπαδόπουλος', 'el', 7.5, 'Αλλαγή τραπεζικού λογαριασμού', 'Καλησπέρα, θα ήθελα να αλλάξω τον λογαριασμό από τον οποίο γίνεται η χρέωση.'),
  c('王小明', 'zh', 8, '退款什么时候到账', '您好，我上周申请了退款，页面显示已处理，但银行卡还没有收到钱。请帮忙查一下。'),
  c('김민지', 'ko', 8.5, '주문 취소가 안 됩니다', '안녕하세요, 어제 주문을 취소하려고 했는데 버튼이 눌리지 않습니다. 확인 부탁드립니다.'),
  c('سارا احمدی', 'fa', 9, 'دو بار از حسابم کسر شد', 'سلام، مبلغ خرید دو بار از حسابم کسر شده است. لطفاً بررسی کنید.'),
  c('عائشہ خان', 'ur', 9.6, 'رقم واپس نہیں ملی', 'السلام علیکم، میں نے دس دن پہلے سامان واپس کیا تھا لیکن رقم ابھی تک نہیں ملی۔'),
  c('Nguyễn Thị Mai', 'vi', 10, 'Không đăng nhập được', 'Xin chào, tôi đổi số điện thoại nên không nhận được mã đăng nhập. Xin giúp tôi.'),
  c('Dewi Lestari', 'id', 10.5, 'Salah tagihan', 'Halo, tagihan bulan ini lebih besar dari biasanya. Mohon dijelaskan.'),
  c('สมชาย ใจดี', 'th', 11, 'ยังไม่ได้รับสินค้า', 'สวัสดีครับ สั่งของไปสองสัปดาห์แล้วยังไม่ได้รับ แต่โดนหักเงินแล้ว'),
  c('রহিমা বেগম', 'bn', 12, 'টাকা ফেরত পাইনি', 'নমস্কার, আমি পণ্য ফেরত দিয়েছি কিন্তু টাকা এখনও পাইনি।'),
  c('Elin Johansson', 'sv', 13, 'Vill prata med en människa', 'Hej, jag har skrivit tre gånger med er robot. Kan jag få prata med en människa?'),
  c('Mikkel Sørensen', 'da', 14, 'Rykkergebyr', 'Hej, jeg har fået et rykkergebyr, selv om jeg betalte til tiden. Kvittering vedhæftet.'),
  c('Aino Virtanen', 'fi', 15, 'Laskun eräpäivä', 'Hei, voisinko siirtää laskun eräpäivää viikolla?'),
  c('Jan Novák', 'cs', 16, 'Špatná adresa na faktuře', 'Dobrý den, na faktuře je stará adresa. Můžete ji prosím opravit?'),
  c('Eszter Nagy', 'hu', 18, 'Részletfizetés módosítása', 'Jó napot, szeretném a részletet a hónap végére tenni.'),
  c('Andrei Popescu', 'ro', 20, 'Nu pot plăti cu cardul', 'Bună ziua, plata cu cardul este refuzată de fiecare dată.'),
  c('Markus Brunner', 'de', 22, 'DAS IST JETZT DIE DRITTE MAHNUNG', 'Ich habe BEZAHLT. Beleg liegt bei. Wenn ich morgen nichts höre, gehe ich zum Anwalt.'),
  c('Zanele Dlamini', 'en', 24, 'Refund to a closed card', 'Hello, the refund went to a card that I closed in June. Where is my money now?'),
  c('Camille Lefèvre-Dubois', 'fr', 28, 'Colis endommagé', 'Bonjour, le colis est arrivé ouvert et il manque un article. Photos en pièces jointes.'),
  c('Beatriz Gonçalves', 'pt', 30, 'Alterar data de pagamento', 'Olá, posso mudar a data da prestação para o dia 20?'),
  c('Wolfeschlegelsteinhausenbergerdorff-Hohenlohe-Langenburg von und zu Sayn-Wittgenstein', 'de', 33, 'Betreff: eine sehr lange Betreffzeile, die zeigt, dass ein Betreff mit zweihundert Zeichen die Liste nicht sprengt, sondern mit drei Punkten endet und beim Zeigen ganz zu lesen ist, Vorgang BP-55120-AX-9', 'Guten Tag, bitte prüfen Sie den Vorgang.'),
  c('Siobhán Ó Conchúir', 'en', 40, '', 'No subject, sorry. My order number is BP-77102 and nothing has moved since Tuesday.'),
  c('Paweł Zając', 'pl', 46, 'Zwrot za buty', 'Jeden but nie dotarł. Proszę o zwrot połowy kwoty.'),
  c('Olivia Bennett', 'en', 52, 'Forty messages about one shoe', 'This has been going on for a while now. Let me sum up where we are.'),
];
