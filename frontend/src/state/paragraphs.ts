/** A text as it stands on screen: an empty line parts paragraphs. */
export function paragraphs(text: string): string[] {
  return text.split(/\n[^\S\n]*\n\s*/);
}
