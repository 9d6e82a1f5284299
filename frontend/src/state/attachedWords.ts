/** What a language says of a file that comes along. */
export interface AttachedWords {
  /**
   * Words and phrases, separated by "|"; "*" stands for any letters. Written as
   * people write them: matching folds case, accents, hyphens and apostrophes.
   */
  says: string;
  /** What holds such a word and means something else: another's file, a request, an account. */
  but?: string;
  /** Words of this script stand without spaces. */
  joined?: true;
}

/**
 * All languages are matched at once, because agents mix them: a word belongs here
 * only if it is harmless in the others. So Turkish "ekte" (attached) stands with
 * its verbs, being Norwegian for "genuine"; Russian "приложение" and Ukrainian
 * "додаток" are left out, being mostly an app, and Bulgarian "прилагам" (also: apply)
 * stands with what can be a file. Requests ("please attach") are left out as far as
 * the form of the verb tells them apart.
 */
export const attachedWords: Record<string, AttachedWords> = {
  ar: {
    says: '*مرفق*|أرفقت|أرفقنا|أرفق لك*|أرفق لكم|نرفق لك*|أرفقته|أرفقتها|طيه',
    but: 'مرفقك|مرفقاتك|مرفقاتكم|مرفق صحي',
  },
  bg: {
    says: `прикачен|прикачена|прикачено|прикачени|прикачения|прикаченият|прикачените|прикачената|
      прикачвам|прикачваме|прикачих|прикачихме|прилагам фактур*|прилагам коп*|прилагам документ*|
      прилагам файл*|прилагам снимк*|прилагам ви|прилагаме фактур*|прилагаме коп*|
      прилагаме документ*|прилагаме файл*|прилагаме снимк*|прилагаме ви|приложен файл|
      приложения файл|приложени файл*|приложените файл*|приложените документ*|приложено изпращам*|
      приложено ще`,
  },
  bn: {
    says: `সংযুক্তি*|সংযুক্ত ফাইল*|সংযুক্ত নথি*|সংযুক্ত করেছি|সংযুক্ত করলাম|ফাইল সংযুক্ত|অ্যাটাচমেন্ট*|
      এটাচমেন্ট*|অ্যাটাচ করেছি|এটাচ করেছি`,
  },
  cs: {
    says: `příloha|příloze|přílohu|přílohy|přílohou|přílohách|přikládám|přikládáme|přiložen*|
      připojuji soubor*`,
  },
  da: {
    says: `vedhæftet|vedhæftede|vedhæfter|vedhæftning|vedhæftningen|vedlagt|vedlagte|vedlægger|
      i bilaget|se bilag|som bilag`,
    but: 'din vedhæftede|dit vedhæftede|jeres vedhæftede',
  },
  de: {
    says: `anbei|anhang|anhänge|anhaenge|in den anhängen|angehängt*|angehaengt*|angefügt*|beigefügt*|
      beigefuegt*|beigelegt*|beiliegend*|hänge ich ihnen|hänge ihnen|hänge ich dir|füge ich ihnen|
      in der anlage|siehe anlage|siehe anlagen|als anlage|anlage:|anlagen:|anliegend finden|
      anliegend erhalten|anliegend sende*|anhängend*|angehangen|füge bei|füge ich bei|beifüge|
      hänge dir|hänge euch|hänge ich euch`,
    but: `ihr anhang|ihren anhang|ihrem anhang|ihre anhänge|ihren anhängen|dein anhang|deinen anhang|
      deinem anhang|deine anhänge|ohne anhang|kein anhang|keinen anhang|etwaige anhänge|eventuelle anhänge|
      deren anhänge`,
  },
  el: {
    says: `συνημμέν*|επισυνάπτω|επισυνάπτουμε|επισυνάπτεται|επισυνάπτονται|επισύναψα|επισυνάψαμε|
      επισυναπτόμεν*|επισυναφθ*|εσώκλειστ*|εσωκλείω`,
  },
  en: {
    says: `attached|attached to this *mail|attached to this e mail|attached to this message|
      attached to this reply|attached to my *mail|attachment|attachments|i attach|we attach|
      i am attaching|i m attaching|we are attaching|we re attaching|enclosed|i enclose|we enclose|
      pfa|i ll attach|i will attach|we ll attach|we will attach|let me attach`,
    but: `attached to|attached with your account|your attachment|your attachments|your attached|
      attachment you|attachments you|no attachment|no attachments|without attachment|
      without attachments|as an attachment|as attachment|as attachments|you attached|
      you have attached|enclosed in|enclosed by|attachment size|attachment limit|
      attachments larger|attachments are not|any attachment|any attachments|its attachments`,
  },
  es: {
    says: `adjunto|adjunta|adjuntos|adjuntas|adjuntamos|he adjuntado|hemos adjuntado|anexo|anexos|
      anexamos|he anexado|hemos anexado|adjuntándole|adjuntando`,
    but: `su adjunto|sus adjuntos|su archivo adjunto|sus archivos adjuntos|tu adjunto|
      tu archivo adjunto|sin adjuntos|sin archivos adjuntos`,
  },
  fa: {
    says: `به پیوست|در پیوست|پیوست شده|پیوست کرده*|پیوست کردم|پیوست کردیم|پیوست است|فایل پیوست|
      فایل‌های پیوست|پیوست این ایمیل|به ضمیمه|در ضمیمه|ضمیمه شده|ضمیمه کرده*|ضمیمه کردم|
      ضمیمه کردیم|ضمیمه است|فایل ضمیمه|پیوست می‌کنم|پیوست میکنم|پیوست می‌کنیم|ضمیمه می‌کنم|
      ضمیمه میکنم|ضمیمه می‌کنیم`,
  },
  fi: {
    says: `liite|liitteenä|liitteen|liitteessä|liitteestä|liitteet|liitteinä|liitteissä|liitetiedosto*|
      liitän|liitimme|ohessa|oheinen|oheisen|oheisessa|oheisena|oheiset`,
    but: 'liitteesi|lähettämäsi liite',
  },
  fr: {
    says: `ci joint|ci jointe|ci joints|ci jointes|pièce jointe|pièces jointes|en pj|en p.j.|je joins|
      je vous joins|nous joignons|nous vous joignons|j ai joint|nous avons joint|joint à ce|
      jointe à ce|joints à ce|jointes à ce|en annexe|fichier joint|fichiers joints|document joint|
      documents joints|ci annexé|ci annexée`,
    but: `votre pièce jointe|vos pièces jointes|ta pièce jointe|tes pièces jointes|sans pièce jointe|
      aucune pièce jointe`,
  },
  he: {
    says: `*מצורף|*מצורפת|*מצורפים|*מצורפות|מצ"ב|צירפתי|צירפנו|מצרף|מצרפת|מצרפים|*צרופה|*צרופות|
      בצירוף הקובץ`,
  },
  hi: {
    says: `संलग्न|संलग्नक|संलग्नकों|अटैचमेंट|अटैच किया|अटैच की|अटैच किए|अटैच कर दिया|अटैच कर दी|
      अटैच कर रहा|अटैच कर रही`,
    but: 'संलग्न करें|संलग्न कीजिए|संलग्न कर दें|आपका अटैचमेंट',
  },
  hr: {
    says: `prilogu|prilozima|prilažem|prilažemo|priložen*|privitak|privitku|privitka|privitke|privitci|
      privitcima`,
  },
  hu: {
    says: `csatolva|csatolt|csatoltan|csatoltam|csatoltuk|csatolom|csatoljuk|csatolmány*|mellékelve|
      mellékelt|mellékelten|mellékeltem|mellékeltük|mellékelem|mellékeljük|melléklet*`,
  },
  id: {
    says: `terlampir|lampiran|dilampirkan|saya lampirkan|kami lampirkan|saya melampirkan|
      kami melampirkan|berikut lampiran`,
    but: 'lampiran anda|lampirannya anda|tanpa lampiran',
  },
  it: {
    says: `allegato|allegata|allegati|allegate|allego|le allego|alleghiamo|accluso|acclusa|acclusi|
      accluse`,
    but: `suo allegato|suoi allegati|vostro allegato|vostri allegati|tuo allegato|tuoi allegati|
      senza allegati|nessun allegato`,
  },
  ja: {
    says: '添付|同封',
    but: `添付してください|添付して下さい|添付して頂|添付していただ|添付をお願い|添付のうえ|添付の上|ご添付|添付いただ|添付頂|添付でき|添付してお送りください|添付して送ってください`,
    joined: true,
  },
  ko: {
    says: '첨부|동봉',
    but: `첨부해 주|첨부해주|첨부하여 주|첨부하여주|첨부 부탁|첨부하셔|첨부해서 보내 주|첨부해서 보내주|보내주신 첨부|보내 주신 첨부|첨부 가능|첨부할 수|첨부가 안|
      첨부하실`,
    joined: true,
  },
  ms: { says: 'saya kepilkan|kami kepilkan|dikepilkan|bersama ini dilampirkan' },
  nb: {
    says: `vedlagt|vedlagte|vedlegg|vedlegget|vedleggene|vedlegger|legger ved|vedheftet|vedheftede`,
    but: 'vedlegget ditt|vedleggene dine|uten vedlegg',
  },
  nl: {
    says: `bijlage|bijlagen|bijlages|bijgevoegd|bijgevoegde|bijgesloten|bijgaand|bijgaande|
      ingesloten vindt|ingesloten vind`,
    but: `uw bijlage|uw bijlagen|je bijlage|je bijlagen|jouw bijlage|jouw bijlagen|zonder bijlage|
      geen bijlage`,
  },
  pl: {
    says: `załącznik*|w załączeniu|załączam|załączamy|załączyłem|załączyłam|załączyliśmy|załączon*|
      dołączam plik*|dołączam faktur*|dołączony plik|dołączonym pliku`,
    but: 'twój załącznik|pana załącznik|pani załącznik|państwa załącznik|bez załącznik*',
  },
  pt: {
    says: `anexo|anexa|anexos|anexas|anexei|anexamos|anexado|anexada|anexados|anexadas|em apenso`,
    but: 'seu anexo|seus anexos|teu anexo|sem anexo|sem anexos',
  },
  ro: {
    says: `atașat|atașată|atașate|atașament|atașamentul|atașamente|atașamentele|atașez|atașăm|anexat|
      anexată|anexate|anexez|anexăm|în anexă|alăturat`,
    but: 'atașamentul dvs*|atașamentul dumneavoastră|atașamentul tău',
  },
  ru: {
    says: `во вложении|вложение|вложения|вложении|вложениях|вложенном|вложенный файл|прилагаю|прилагаем|
      прилагается|прилагаются|прикрепляю|прикрепляем|прикрепил|прикрепила|прикрепили|прикреплён|
      прикреплена|прикреплены|прикреплено|прикреплённ*|прикреплен* к письму|
      прикреплен* к этому письму|приложенн*|вложением|прикладываю|прикладываем|приложил файл*|
      приложила файл*|приложили файл*|приложил коп*|приложила коп*|приложили коп*`,
    but: `прикреплен* к|ваше вложение|ваши вложения|без вложений|прилага* все|прилага* максим*|
      прилага* усили*|вложени* средств*|приложенн* усили*`,
  },
  sk: {
    says: `príloha|prílohe|prílohu|prílohy|prílohou|prílohách|prikladám|prikladáme|priložen*|
      pripájam súbor`,
  },
  sl: {
    says: `priloga|prilogi|prilogo|priloge|prilogah|prilagam|prilagamo|priponka|priponki|priponko|
      priponke|pripenjam|pripet* datotek*`,
  },
  sr: {
    says: 'прилогу|прилозима|прилажем|прилажемо|приложене|u atačmentu|у атачменту',
  },
  sv: {
    says: 'bifogad|bifogade|bifogat|bifogas|bifogar|bilaga|bilagan|bilagor|bilagorna|bilagd',
    but: 'din bilaga|er bilaga|ditt bifogade|din bifogade|utan bilaga',
  },
  sw: {
    says: `kiambatisho|viambatisho|kiambatanisho|viambatanisho|nimeambatisha|tumeambatisha|
      nimeambatanisha|tumeambatanisha|*meambatishwa|*meambatanishwa|kilichoambatishwa|
      kilichoambatanishwa|zilizoambatishwa|iliyoambatishwa`,
    but: 'kiambatisho chako|viambatisho vyako',
  },
  th: {
    says: `ไฟล์แนบ|เอกสารแนบ|สิ่งที่แนบมา|ที่แนบมา|ตามที่แนบ|ตามแนบ|ได้แนบ|แนบมาให้|แนบมาด้วย|
      แนบมาพร้อม|แนบมากับ|แนบไฟล์มาให้|แนบเอกสารมาให้|ขอแนบ|สิ่งที่ส่งมาด้วย|ดังแนบ`,
    but: 'ไฟล์แนบของคุณ|ไฟล์แนบของท่าน|ที่คุณแนบมา|ได้แนบเนียน',
    joined: true,
  },
  tr: {
    says: `ekteki|ektedir|ektedirler|ekte bul*|ekte gönder*|ekte ilet*|ekte sun*|ekte yer al*|
      ekte paylaş*|ekte gör*|ekte mevcut*|ekli dosya*|ekli belge*|ekli fatura*|dosyayı ekledim|
      dosyayı ekledik|belgeyi ekledim|belgeyi ekledik|faturayı ekledim|ilişikte|ilişikteki|
      mailin ekinde|e postanın ekinde|eklerde bul*`,
  },
  uk: {
    says: `вкладення|вкладенні|вкладеннях|вкладеному файлі|вкладений файл|прикріпив|прикріпила|
      прикріпили|прикріплюю|прикріплюємо|прикріплен*|прикріплен* до листа|
      прикріплен* до цього листа|долучаю|долучаємо|долучено|долучен* файл*|додаю файл*|додаю коп*|
      додаємо файл*|додаємо коп*|прикріпляю|прикріпляємо|вкладенням`,
    but: 'прикріплен* до|ваше вкладення|ваші вкладення|без вкладень|вкладенн* коштів',
  },
  ur: {
    says: `منسلکہ|منسلک فائل*|منسلک دستاویز*|منسلک کر رہا|منسلک کر رہی|منسلک کر رہے|منسلک کر دیا|
      منسلک کر دی|منسلک ہے|منسلک ہیں|اٹیچمنٹ|اٹیچ کر دیا|اٹیچ کر دی|اٹیچ کیا|لف ہے|لف ہیں`,
    but: 'سے منسلک|کے ساتھ منسلک|آپ کی اٹیچمنٹ',
  },
  vi: { says: 'đính kèm|kèm theo|gửi kèm|tôi kèm|file kèm', but: 'vui lòng đính kèm|hãy đính kèm' },
  zh: {
    says: '附件|附上|随附|隨附|附档|附檔|夹带档案|夾帶檔案|附图|附圖|附加檔案',
    but: '您的附件|你的附件|您发送的附件|您發送的附件|您发来的附件|您傳來的附件|请附上|請附上|没有附件|沒有附件|以附件形式|作为附件|作為附件',
    joined: true,
  },
};
