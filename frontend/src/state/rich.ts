// Text with form, as Go's mailtext.Rich has it: lines, lists, quotations, bold,
// italic, links, pictures. What the editor holds and what is pasted is read
// into it, and nothing else ever gets out of it.

export type LineKind = 'plain' | 'bullet' | 'number';

export interface Span {
  /** Of a picture: what it shows, in words. Only an item's text holds "\n". */
  text: string;
  bold: boolean;
  italic: boolean;
  link: string;
  /** The draft's file that is shown here, "" for text. */
  file: string;
}

export interface Line {
  kind: LineKind;
  quote: number;
  spans: Span[];
}

const maxQuote = 5;
const hidden = new Set(
  'HEAD STYLE SCRIPT TITLE TEMPLATE NOSCRIPT OBJECT SVG MATH SELECT TEXTAREA IFRAME'.split(' '),
);
const blocks = new Set(
  'P DIV LI H1 H2 H3 H4 H5 H6 PRE TR DT DD SECTION ARTICLE HEADER FOOTER ADDRESS'.split(' '),
);

interface Form {
  bold: boolean;
  italic: boolean;
  link: string;
  kind: LineKind;
  quote: number;
}

/** Reads what stands below a node. In an editor (`exact`) every space counts. */
export function readLines(root: Node, exact: boolean): Line[] {
  const reader = new Reader(exact);
  reader.below(root, { bold: false, italic: false, link: '', kind: 'plain', quote: 0 });
  reader.endBlock();
  return reader.lines;
}

/** Reads the written form, or any HTML, without anything in it coming to life. */
export function readHtml(source: string, exact: boolean): Line[] {
  return readLines(new DOMParser().parseFromString(source, 'text/html').body, exact);
}

class Reader {
  readonly lines: Line[] = [];
  #line: Line | null = null;
  /** They count once something follows: the last one only holds the line open. */
  #breaks = 0;

  constructor(private readonly exact: boolean) {}

  below(node: Node, form: Form): void {
    for (const child of node.childNodes) {
      if (child instanceof Text) this.#text(child.data, form);
      else if (child instanceof Element) this.#element(child, form);
    }
  }

  #element(el: Element, form: Form): void {
    const name = el.tagName.toUpperCase();
    if (hidden.has(name)) return;
    if (name === 'BR') {
      this.#begin(form);
      this.#breaks++;
    } else if (name === 'IMG') {
      const file = /^[1-9]\d*$/.exec(el.getAttribute('data-file') ?? '')?.[0];
      if (file)
        this.#add(
          { ...look(form), file, text: readable(el.getAttribute('alt') ?? '').trim() },
          form,
        );
    } else if (name === 'UL' || name === 'OL' || name === 'BLOCKQUOTE') {
      this.#leaveLine();
      this.below(el, deeper(form, name));
      this.endBlock();
    } else if (blocks.has(name)) {
      if (this.#line && (this.#line.spans.length > 0 || this.#breaks > 0)) this.endBlock();
      this.#begin(form);
      this.below(el, styled(el, name, form));
      this.endBlock();
    } else {
      this.below(el, styled(el, name, form));
    }
  }

  #text(data: string, form: Form): void {
    if (this.exact) {
      for (const [i, part] of data.split('\n').entries()) {
        if (i > 0) {
          this.#begin(form);
          this.#breaks++;
        }
        if (part !== '') this.#add({ ...look(form), text: readable(part) }, form);
      }
      return;
    }
    let text = readable(data).replace(/ {2,}/g, ' ');
    const before = this.#line?.spans.at(-1)?.text ?? ' ';
    if (/[ \n]$/.test(before) || this.#breaks > 0) text = text.trimStart();
    if (text !== '') this.#add({ ...look(form), text }, form);
  }

  #begin(form: Form): Line {
    this.#line ??= { kind: form.kind, quote: Math.min(form.quote, maxQuote), spans: [] };
    return this.#line;
  }

  #add(span: Span, form: Form): void {
    this.#begin(form);
    this.#takeBreaks(form);
    this.#join(span, form);
  }

  #join(span: Span, form: Form): void {
    const { spans } = this.#begin(form);
    const last = spans.at(-1);
    if (last && span.file === '' && alike(last, span)) last.text += span.text;
    else spans.push(span);
  }

  #takeBreaks(form: Form): void {
    for (; this.#breaks > 0; this.#breaks--) {
      if (this.#begin(form).kind !== 'plain') {
        this.#join({ ...look(form), text: '\n' }, form);
        continue;
      }
      this.#endLine();
      this.#begin(form);
    }
  }

  /** A list in a block begins: the block isn't a line of its own. */
  #leaveLine(): void {
    if (this.#line?.spans.length === 0 && this.#breaks === 0) this.#line = null;
    this.endBlock();
  }

  endBlock(): void {
    const line = this.#line;
    if (line?.kind === 'plain' && this.#breaks > 0) {
      this.#breaks--;
      this.#takeBreaks({ bold: false, italic: false, link: '', ...line });
    }
    this.#breaks = 0;
    this.#endLine();
  }

  #endLine(): void {
    const line = this.#line;
    this.#line = null;
    if (!line) return;
    const last = line.spans.at(-1);
    if (!this.exact && last && last.file === '') last.text = last.text.replace(/ $/, '');
    this.lines.push(line);
  }
}

function look({ bold, italic, link }: Form): Span {
  return { text: '', bold, italic, link, file: '' };
}

function alike(a: Span, b: Span): boolean {
  return a.bold === b.bold && a.italic === b.italic && a.link === b.link && a.file === b.file;
}

function deeper(form: Form, name: string): Form {
  if (name === 'BLOCKQUOTE') return { ...form, quote: form.quote + 1 };
  return { ...form, kind: name === 'UL' ? 'bullet' : 'number' };
}

/** The form below an element; other programs write bold as a style. */
function styled(el: Element, name: string, form: Form): Form {
  const { fontWeight, fontStyle } = (el as HTMLElement).style;
  const bold = name === 'B' || name === 'STRONG' || form.bold;
  const italic = name === 'I' || name === 'EM' || form.italic;
  return {
    ...form,
    bold: fontWeight === '' ? bold : /^(bold|[6-9]00)/.test(fontWeight),
    italic: fontStyle === '' ? italic : fontStyle === 'italic',
    link: name === 'A' ? safeLink(el.getAttribute('href') ?? '') : form.link,
  };
}

function readable(text: string): string {
  // Controls, line separators and marks of byte order are no text.
  return text.replace(/[\t\n\r\u2028\u2029]/g, ' ').replace(/[\p{Cc}\ufeff]/gu, '');
}

/** An address that may stand in a link; "" for any other. */
export function safeLink(text: string): string {
  const address = text.trim();
  if (/[\s"<>\\^{|}`]/.test(address) || address.length > 2000) return '';
  if (!/^(https?:\/\/[^/]|mailto:.|tel:.)/i.test(address)) return '';
  return URL.canParse(address) ? address : '';
}

/** What somebody typed as an address, completed: shop.example, ana@shop.example. */
export function typedLink(text: string): string {
  const address = text.trim();
  if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return safeLink(address);
  if (/^[^\s@/]+@[^\s@/]+$/.test(address)) return safeLink(`mailto:${address}`);
  return /\S\.\S/.test(address) ? safeLink(`https://${address}`) : '';
}

/** Text alone, as lines. */
export function linesOf(text: string): Line[] {
  return text.split('\n').map((t) => ({
    kind: 'plain',
    quote: 0,
    spans: t === '' ? [] : [{ text: t, bold: false, italic: false, link: '', file: '' }],
  }));
}

/** Tells that text alone would lose something. */
export function isFormatted(lines: Line[]): boolean {
  return lines.some(
    (l) =>
      l.kind !== 'plain' ||
      l.quote > 0 ||
      l.spans.some(
        (s) => s.bold || s.italic || s.file !== '' || (s.link !== '' && !says(s.text, s.link)),
      ),
  );
}

/** The lines without form but with what the form says, as Go's Rich.Text. */
export function textOf(lines: Line[]): string {
  let number = 0;
  return lines
    .flatMap((l, i) => {
      const before = lines[i - 1];
      number = before?.kind === l.kind && before.quote === l.quote ? number + 1 : 1;
      const mark = { plain: '', bullet: '- ', number: `${number}. ` }[l.kind];
      return wordsOf(l)
        .split('\n')
        .map((part, n) => (n === 0 ? mark : ' '.repeat(mark.length)) + part)
        .map((part) => (l.quote > 0 ? `${'>'.repeat(l.quote)} ${part}`.trimEnd() : part));
    })
    .join('\n');
}

function wordsOf(line: Line): string {
  let label = '';
  return line.spans
    .map((s, i) => {
      const words = s.file === '' ? s.text : `[${s.text}]`;
      if (s.link === '') return words;
      label += s.text;
      if (line.spans[i + 1]?.link === s.link) return words;
      const said = says(label, s.link);
      label = '';
      return said ? words : `${words} <${s.link.replace(/^(mailto|tel):/, '')}>`;
    })
    .join('');
}

function says(label: string, link: string): boolean {
  const bare = (s: string) =>
    s
      .trim()
      .replace(/\/$/, '')
      .replace(/^(https?:\/\/|mailto:|tel:)/, '');
  return bare(label) === bare(link);
}
