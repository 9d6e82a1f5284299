import type { Line, LineKind, Span } from './rich';

// The two ways a text with form is written: as it is stored, and as the editor
// holds it. They differ in what a line is: <p> where it is stored, <div> where
// the browser makes the next one on Enter.

const lists: Record<Exclude<LineKind, 'plain'>, string> = { bullet: 'ul', number: 'ol' };

/** The stored form; Go's mailtext.ParseRich reads it. */
export function storedForm(lines: Line[]): string {
  return write(lines, (inside) => `<p>${inside}</p>`);
}

/** What an editor shows. */
export function editorHtml(lines: Line[]): string {
  return write(lines, (inside) => `<div>${inside || '<br>'}</div>`);
}

/** Spans without a line around them, to stand in the middle of one. */
export function inlineHtml(spans: Span[]): string {
  return spans.map(spanHtml).join('');
}

function write(lines: Line[], plain: (inside: string) => string): string {
  let out = '';
  let [quote, kind] = [0, 'plain' as LineKind];
  const stand = (q: number, k: LineKind) => {
    if (kind !== 'plain' && (k !== kind || q !== quote)) {
      out += `</${lists[kind]}>`;
      kind = 'plain';
    }
    out += '</blockquote>'.repeat(Math.max(0, quote - q));
    out += '<blockquote>'.repeat(Math.max(0, q - quote));
    if (k !== kind && k !== 'plain') out += `<${lists[k]}>`;
    [quote, kind] = [q, k];
  };
  for (const line of lines) {
    stand(line.quote, line.kind);
    const inside = inlineHtml(line.spans);
    out += line.kind === 'plain' ? plain(inside) : `<li>${inside}</li>`;
  }
  stand(0, 'plain');
  return out;
}

function spanHtml(span: Span): string {
  let out =
    span.file === ''
      ? escaped(span.text).replaceAll('\n', '<br>')
      : `<img data-file="${span.file}" alt="${escaped(span.text)}">`;
  if (span.italic) out = `<i>${out}</i>`;
  if (span.bold) out = `<b>${out}</b>`;
  return span.link === '' ? out : `<a href="${escaped(span.link)}">${out}</a>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
