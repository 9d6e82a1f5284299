import type { Person } from '../bridge/types';

export interface Read {
  people: Person[];
  /** The pieces that are no address, as they were typed. */
  wrong: string[];
}

const plain = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]+$/u;

/**
 * Reads what a person types into a line of recipients: addresses, with names
 * or without, separated by commas, semicolons or line breaks. A comma inside
 * quotes belongs to the name (RFC 5322 3.4).
 */
export function readAddresses(text: string): Read {
  const read: Read = { people: [], wrong: [] };
  for (const piece of text.match(/(?:"[^"]*"|[^,;\n])+/gu) ?? []) {
    const typed = piece.trim();
    if (typed === '') continue;
    const person = readAddress(typed);
    if (person) read.people.push(person);
    else read.wrong.push(typed);
  }
  return read;
}

function readAddress(text: string): Person | null {
  const named = /^(.*)<([^<>]*)>$/su.exec(text);
  const name = (named?.[1] ?? '').trim().replace(/^"(.*)"$/su, '$1');
  const address = (named?.[2] ?? text).trim();
  return plain.test(address) ? { name, address } : null;
}

/** The line that readAddresses reads back. */
export function writeAddresses(people: Person[]): string {
  return people.map(writeAddress).join(', ');
}

function writeAddress({ name, address }: Person): string {
  if (name === '') return address;
  return /[,;<>@"]/.test(name)
    ? `"${name.replaceAll('"', "'")}" <${address}>`
    : `${name} <${address}>`;
}

/** What to call a person: the name, else the address. */
export function nameOf(person: Person): string {
  return person.name || person.address;
}

/** Mail systems compare addresses without regard to case. */
export function same(a: Person, b: Person): boolean {
  return a.address.toLowerCase() === b.address.toLowerCase();
}
