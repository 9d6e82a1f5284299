// Scripts, remote pictures, fonts, frames and forms are all refused; pictures
// written into the mail (data:) and its inline styles stay.
const policy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

// Mails are drawn for white paper. A picture that isn't here (cid:) or lies
// elsewhere can't be loaded in here; an empty box would only raise questions. A
// link would change the frame, so the page around takes its clicks; one whose text
// names another site shows where it leads. What is found in it is marked as outside
// (styles/tokens.css), which this page doesn't see.
const looks = `
  html { color-scheme: light; }
  body { box-sizing: border-box; margin: 0; padding: 16px; background: #fff; color: #222; font: 14px/21px system-ui, sans-serif; overflow-wrap: anywhere; }
  img { max-width: 100%; height: auto; }
  img[src^="cid:"], img[data-remote] { display: none; }
  a { pointer-events: none; }
  ::highlight(found) { background-color: #d3e09c; color: #222; }
  ::highlight(found-here) { background-color: #526a1c; color: #fff; }
  a[data-differs]::after { content: " [" attr(data-host) "]"; color: #8a3b00; font-weight: 600; unicode-bidi: isolate; }
`;

/** The page of a frame that shows cleaned mail HTML. */
export function mailPage(html: string): string {
  return `<!doctype html><html dir="auto"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer"><style>${looks}</style></head><body dir="auto">${html}</body></html>`;
}
