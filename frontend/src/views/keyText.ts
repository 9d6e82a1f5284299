import { say } from '../words';

const signs: Record<string, string> = {
  arrowdown: '↓',
  arrowup: '↑',
};

/** A key name as keys.ts gives it, as it stands on the keyboard: "Ctrl ↵", "⌘ K", "g i". */
export function keyText(name: string, mac: boolean): string {
  return name
    .split(/[+ ](?=.)/)
    .map((part) => partText(part, mac, name.includes('+')))
    .join(' ');
}

function partText(part: string, mac: boolean, upper: boolean): string {
  if (part === 'mod') return say(mac ? 'key.command' : 'key.control');
  if (part === 'shift') return say('key.shift');
  if (part === 'enter') return say('key.enter');
  if (part === 'escape') return say('key.escape');
  return signs[part] ?? (upper || /^f\d/.test(part) ? part.toUpperCase() : part);
}
