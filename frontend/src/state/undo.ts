import type { OpView } from '../bridge/types';

/** How much of the time to take a reply back is left, 1 to 0. */
export function undoLeft(op: Pick<OpView, 'createdAt' | 'undoUntil'>, now: number): number {
  const whole = op.undoUntil - op.createdAt;
  return whole <= 0 ? 0 : Math.max(0, Math.min(1, (op.undoUntil - now) / whole));
}

/** Whole seconds left, at least 0. */
export function undoSeconds(op: Pick<OpView, 'undoUntil'>, now: number): number {
  return Math.max(0, Math.ceil((op.undoUntil - now) / 1000));
}

/** A reply can be taken back until sending begins: longer than the ring, when there is no line. */
export function canTakeBack(op: Pick<OpView, 'state' | 'kind'>): boolean {
  return op.kind === 'reply' && op.state === 'queued';
}
