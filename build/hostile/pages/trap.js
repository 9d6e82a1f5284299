// Stands before everything else in each page that shows a result, and tells
// whatever runs, loads or goes. Handlers that the page itself set would count
// as caught, so it sets none but on the window.
(() => {
  const number = Number(location.pathname.split('/').pop());
  const tell = (what) => window.parent.caught(number, String(what).slice(0, 300));
  for (const name of window.parent.calls) {
    window[name] = () => tell(`called ${name}`);
  }
  for (const name of ['write', 'writeln', 'open', 'execCommand']) {
    document[name] = () => tell(`called document.${name}`);
  }
  // The page's policy only reports: it stops nothing.
  document.addEventListener('securitypolicyviolation', (e) =>
    tell(`${e.effectiveDirective} ${e.blockedURI}`),
  );
  addEventListener('error', (e) => e.message && tell(`an error in a script: ${e.message}`), true);
  addEventListener('submit', () => tell('submitted a form'), true);
  addEventListener('beforeunload', () => tell('left the page'));
  // A person may follow a link to another site; nothing else may follow a click.
  addEventListener(
    'click',
    (e) => {
      const link = e.target.closest?.('a[href]');
      if (link && /^(https?|mailto|tel):$/.test(link.protocol)) e.preventDefault();
    },
    true,
  );

  const kept = new Set(window.parent.keptElements);
  // What the markup became, and then what happens when somebody touches it.
  window.touchEverything = () => {
    for (const element of document.body.querySelectorAll('*')) {
      const name = element.localName;
      if (!kept.has(name)) tell(`became <${name}>`);
      if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml') tell(`became foreign <${name}>`);
      for (const { name: key, value } of element.attributes) {
        if (/^on/i.test(key)) tell(`kept ${key}`);
        if (/script:|data:(?!image\/(png|gif|jpeg|webp);base64,)/i.test(value.replace(/[\s\0]/g, '')) && /^(href|src|action|formaction|data|style|xlink:href|srcdoc)$/.test(key)) {
          tell(`kept ${key}=${value}`);
        }
      }
      window.parent.touch(element);
    }
  };
})();
