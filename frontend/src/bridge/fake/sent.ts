import type { MessageView, SentView } from '../types';

const green =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mPI6lfGihiGlgQA0B1HATqZseAAAAAASUVORK5CYII=';
const blue =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mPQyt+AFTEMLQkAAihSQSlLlRoAAAAASUVORK5CYII=';

/** What Go makes of a mail: pictures put in, links listed. */
export function asSent(
  message: MessageView,
  brought: boolean,
  saving: SentView['saving'],
): SentView {
  const own = message.files.filter((f) => f.inline);
  const waiting = own.filter((f) => f.have < f.size);
  const page = new DOMParser().parseFromString(message.html, 'text/html');
  const pictures = [...page.querySelectorAll<HTMLImageElement>('img[data-remote]')];
  if (brought) for (const img of pictures) img.replaceWith(picture(img, blue));
  if (waiting.length === 0)
    for (const img of page.querySelectorAll<HTMLImageElement>('img[src^="cid:"]'))
      img.replaceWith(picture(img, green));
  return {
    html: page.body.innerHTML,
    links: [...page.querySelectorAll<HTMLAnchorElement>('a[href]')].map((a) => ({
      text: a.textContent ?? '',
      host: a.dataset['host'] ?? '',
      url: a.href,
      differs: a.dataset['differs'] !== undefined,
    })),
    waiting,
    elsewhere: brought ? 0 : pictures.length,
    most: brought ? 0 : Math.min(2 * pictures.length, 8) * 2 ** 20,
    saving,
    failed: 0,
    loaded: brought ? 18_400 * pictures.length : 0,
  };
}

function picture(old: HTMLImageElement, src: string): HTMLImageElement {
  const img = old.ownerDocument.createElement('img');
  for (const name of ['alt', 'width', 'height'])
    img.setAttribute(name, old.getAttribute(name) ?? '');
  img.setAttribute('src', src);
  return img;
}
