import type { MessageView } from '../bridge/types';

/** What stands under the mark of a signature (RFC 3676 4.3) isn't what a person wrote. */
const signature = /(^|\n)--[ \u00a0]\n[^]*$/;

/** A line this long doesn't come out the same by chance. */
const copied = 20;

export function withoutSignature(text: string): string {
  return text.replace(signature, '');
}

/** What a person wrote themselves: no signature, no quotation, nothing copied out of what came in. */
export function ownWords(text: string, messages: MessageView[]): string {
  const theirs = messages.filter((m) => m.direction === 'in').map((m) => m.text);
  const foreign = (line: string) =>
    line.startsWith('>') || (line.length >= copied && theirs.some((t) => t.includes(line)));
  return withoutSignature(text)
    .split('\n')
    .filter((line) => !foreign(line.trim()))
    .join('\n');
}
