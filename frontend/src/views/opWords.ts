import type { Choice, MarkName, OpView } from '../bridge/types';
import { nameOf } from '../state/addresses';
import { canTakeBack, undoSeconds } from '../state/undo';
import type { IconName } from '../ui/icons';
import { format, keyFor, say, type TextKey } from '../words';

// What is said of a reply: a shape, a word, a time, and one honest sentence:
// what is known, what is safe, what is next.

export type Tone = 'plain' | 'accent' | 'care' | 'stop';

export interface Look {
  icon: IconName;
  tone: Tone;
}

const looks: Record<OpView['state'], Look> = {
  queued: { icon: 'queued', tone: 'plain' },
  sending: { icon: 'sending', tone: 'accent' },
  uncertain: { icon: 'unsure', tone: 'care' },
  held: { icon: 'held', tone: 'care' },
  needs_you: { icon: 'needs', tone: 'stop' },
  sent: { icon: 'check', tone: 'plain' },
  reconciled: { icon: 'check', tone: 'plain' },
  cancelled: { icon: 'undo', tone: 'plain' },
};

export function lookOf(op: OpView): Look {
  return undelivered(op) ? { icon: 'warn', tone: 'stop' } : looks[op.state];
}

/** It was sent, and a report says that it did not reach somebody. */
export function undelivered(op: OpView): boolean {
  return (
    (op.state === 'sent' || op.state === 'reconciled') &&
    op.deliveries.some((d) => d.action === 'failed')
  );
}

const marks: Record<Exclude<MarkName, ''>, Look> = {
  draft: { icon: 'pen', tone: 'accent' },
  queued: looks.queued,
  waits: looks.queued,
  sending: looks.sending,
  uncertain: looks.uncertain,
  held: looks.held,
  needs_you: looks.needs_you,
};

/** The mark of a list row; null for none, or one this screen doesn't know yet. */
export function markOf(name: MarkName): (Look & { word: string }) | null {
  const look = name === '' ? undefined : marks[name];
  return look ? { ...look, word: say(`mark.${name as Exclude<MarkName, ''>}`) } : null;
}

/** Tells whether the ring still empties. */
export function undoOpen(op: OpView, now: number): boolean {
  return canTakeBack(op) && op.undoUntil > now;
}

export function wordOf(op: OpView, now: number): string {
  if (op.state === 'queued' && op.waits === 'paused') return say('op.state.paused');
  if (later(op, now)) return say('op.state.later');
  if (undelivered(op)) return say('op.state.undelivered');
  if (op.state === 'queued' && !undoOpen(op, now)) return say('op.state.waits');
  return say(`op.state.${op.state}`);
}

/** Tells whether it is to leave at a time that has not come. */
export function later(op: OpView, now: number): boolean {
  return op.state === 'queued' && op.sendAt > now;
}

/** The small words under the state. */
export function whenOf(op: OpView, now: number): string {
  if (later(op, now)) return format.soon(op.sendAt, now);
  if (undoOpen(op, now)) return say('op.leaves', { Seconds: undoSeconds(op, now) });
  if (op.state === 'sending')
    return say('op.for', { Time: format.exactDuration(Math.max(1000, now - op.changedAt)) });
  if (op.state === 'sent' || op.state === 'reconciled') return format.clock(op.changedAt);
  return say('op.since', { Time: format.shortDate(op.changedAt, now) });
}

export function sentenceOf(op: OpView, now: number): string {
  if (op.state === 'held' || op.state === 'needs_you')
    return say(keyFor('op.reason', op.reason, 'op.say.needs_you'), { Name: culprit(op) });
  if (op.state === 'queued' && op.waits === '' && later(op, now))
    return [say('op.say.later'), notAfter(op, now)].join(' ');
  if (op.state === 'queued' && op.until > 0)
    return [undoOpen(op, now) ? say('op.say.queued') : say(waitReason(op)), notAfter(op, now)].join(
      ' ',
    );
  if (op.state === 'queued') return undoOpen(op, now) ? say('op.say.queued') : say(waitReason(op));
  if (op.copy === 'missing') return `${say(`op.say.${op.state}`)} ${say('op.noCopy')}`;
  if (op.state === 'sending') return say(op.final ? 'op.say.sendingFinal' : 'op.say.sending');
  return say(`op.say.${op.state}`);
}

function notAfter(op: OpView, now: number): string {
  return op.until > 0 ? say('op.say.notAfter', { Time: format.soon(op.until, now) }) : '';
}

function waitReason(op: OpView): TextKey {
  if (op.waits === 'paused') return 'op.say.paused';
  return keyFor('op.reason', op.reason, 'op.say.waits');
}

/** Who got in between. */
function culprit(op: OpView): string {
  if (op.reason === 'customer_wrote') return nameOf(op.to);
  const theirs = op.new.findLast((m) => m.direction === 'out');
  return theirs ? nameOf(theirs.from) : say('op.someone');
}

/** "Stopped: Daniela answered", where there is room for it. */
export function headlineOf(op: OpView, now: number): string {
  if (op.state !== 'held') return wordOf(op, now);
  if (op.reason === 'customer_wrote') return say('op.stopped.customer', { Name: culprit(op) });
  if (op.reason === 'colleague_answered') return say('op.stopped.colleague', { Name: culprit(op) });
  return say(op.reason === 'closed' ? 'op.stopped.closed' : 'op.state.held');
}

/** What may be decided, the safest first. */
export function choicesOf(op: OpView): Choice[] {
  if (op.state === 'held') return ['edit', 'send_anyway', 'drop'];
  if (op.state !== 'needs_you') return [];
  if (op.reason === 'not_seen') return ['it_arrived', 'send_again'];
  if (op.reason === 'expired') return ['edit', 'send_again', 'drop'];
  if (op.reason === 'file_gone') return ['edit', 'drop'];
  if (op.kind === 'status' || op.reason === 'sign_in') return ['send_again', 'drop'];
  return ['edit', 'send_again', 'drop'];
}

/** What a choice is called; of a reply whose time is over, "again" would be the wrong word. */
export function actOf(op: OpView, choice: Choice): string {
  return say(
    op.reason === 'expired' && choice === 'send_again' ? 'op.act.send_now' : `op.act.${choice}`,
  );
}

/** What comes next by itself. */
export function nextOf(op: OpView, now: number): string {
  if (op.state === 'uncertain') {
    const which = { N: op.looks, Of: op.maxLooks };
    return op.nextAt > now
      ? say('op.looks', { ...which, When: format.relative(op.nextAt, now) })
      : say('op.looksNow', which);
  }
  if (op.state === 'queued' && op.waits === '' && op.attempts > 0 && op.nextAt > now)
    return say('op.nextAt', { When: format.relative(op.nextAt, now) });
  return '';
}

/** Its size; while it leaves, how much has left. */
export function sizeOf(op: OpView): string {
  if (op.bytes === 0) return '';
  const total = format.bytes(op.bytes);
  return op.state === 'sending'
    ? say('bytes.of', { Done: format.bytes(op.done), Total: total })
    : total;
}
