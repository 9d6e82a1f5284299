// Who belongs together by where their mail is.

/**
 * Domains where everybody may have an address: sharing one means nothing. The
 * same as Go's (app/mailtext/lookalike.go).
 */
const freeMail = new Set(
  `gmail.com googlemail.com ymail.com yahoo.com yahoo.de yahoo.fr yahoo.co.uk yahoo.es yahoo.it hotmail.com hotmail.de hotmail.fr hotmail.it
hotmail.es hotmail.co.uk outlook.com outlook.de outlook.fr live.com live.de msn.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch gmx.com
web.de mail.de email.de freenet.de t-online.de posteo.de mailbox.org proton.me protonmail.com pm.me mail.ru bk.ru list.ru inbox.ru yandex.ru ya.ru yandex.com
orange.fr free.fr laposte.net wanadoo.fr sfr.fr libero.it virgilio.it tiscali.it alice.it wp.pl o2.pl onet.pl interia.pl seznam.cz email.cz centrum.cz azet.sk
ziggo.nl kpnmail.nl planet.nl telenet.be skynet.be bluewin.ch qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net rediffmail.com
uol.com.br bol.com.br terra.com.br comcast.net verizon.net att.net sbcglobal.net btinternet.com sky.com abv.bg ukr.net citromail.hu freemail.hu mail.com email.com fastmail.com zoho.com tutanota.com`.split(
    /\s+/,
  ),
);

/** The domain of an address where it says whose house it is, "" otherwise. */
export function houseOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return freeMail.has(domain) ? '' : domain;
}

/** Tells whether two domains are one house: the same, or one a part of the other. */
export function sameHouse(a: string, b: string): boolean {
  if (a === '' || b === '') return false;
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
}
