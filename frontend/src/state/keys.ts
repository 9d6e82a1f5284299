/** What of a keyboard event counts. */
export type KeyPress = Pick<
  KeyboardEvent,
  | 'key'
  | 'code'
  | 'ctrlKey'
  | 'metaKey'
  | 'altKey'
  | 'shiftKey'
  | 'isComposing'
  | 'keyCode'
  | 'repeat'
>;

/** An input method is at work: no key is ours. Safari ends it with keyCode 229. */
export function composing(e: Pick<KeyPress, 'isComposing' | 'keyCode'>): boolean {
  return e.isComposing || e.keyCode === 229;
}

/**
 * Names a key press: "j", "shift+r", "mod+enter", "?", "escape". "" where it is
 * no shortcut. A Latin letter counts as the layout gives it; where the layout
 * gives none (Arabic, Russian, Hindi), the physical key counts.
 */
export function keyName(e: KeyPress, mac: boolean): string {
  if (composing(e) || e.altKey) return '';
  const mod = mac ? e.metaKey : e.ctrlKey;
  if (!mod && (e.ctrlKey || e.metaKey)) return '';
  const base = baseName(e);
  if (base === '') return '';
  // Signs need Shift on some layouts and not on others: it is part of the sign.
  const shift = e.shiftKey && (base.length > 1 || /[a-z]/.test(base));
  return `${mod ? 'mod+' : ''}${shift ? 'shift+' : ''}${base}`;
}

function baseName(e: KeyPress): string {
  if (/^[a-zA-Z]$/.test(e.key)) return e.key.toLowerCase();
  if (/^[\x21-\x7e]$/.test(e.key)) return e.key;
  if (/^F\d+$/.test(e.key)) return e.key.toLowerCase();
  if (/^[A-Z][A-Za-z]+$/.test(e.key) && e.key !== 'Dead') return e.key.toLowerCase();
  const letter = /^Key([A-Z])$/.exec(e.code)?.[1];
  if (letter) return letter.toLowerCase();
  if (e.code === 'Slash') return e.shiftKey ? '?' : '/';
  return e.code === 'Comma' ? ',' : '';
}

/** Tells whether the key is a plain one, that writing must not trigger. */
export function isSingle(name: string): boolean {
  return !/^mod\+|^escape$|^(shift\+)?f\d+$/.test(name);
}

/** Tells whether somebody is writing there. */
export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[contenteditable=true]') || target instanceof HTMLTextAreaElement)
    return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)
  );
}

/** Puts "g i" and the like together: a first key waits this long for its second. */
const sequenceMs = 1_500;

/** Remembers a first key of two. */
export class KeySequence {
  #first = '';
  #at = 0;

  /** The name with what came before: "g i" after "g", else the name itself. */
  press(name: string, known: (name: string) => boolean, now = Date.now()): string {
    const both = `${this.#first} ${name}`;
    const inTime = this.#first !== '' && now - this.#at < sequenceMs && known(both);
    this.#first = inTime ? '' : name;
    this.#at = now;
    return inTime ? both : name;
  }
}
