import type { LineStroke, LineView } from '../bridge/types';

const hour = 60 * 60 * 1000;

/** The part of a line that is drawn, on an axis from 0 to 1. */
export interface Stroke {
  from: number;
  to: number;
}

export interface Strip {
  answered: Stroke[];
  /** Asked and not answered. What stands in neither isn't known: Fernpost was closed. */
  silent: Stroke[];
  sent: number[];
  hours: { at: number; ms: number }[];
  /** Where now is, and whether the account answers: the node. */
  end: { at: number; answers: boolean };
}

/** Lays a day of the line on an axis; its end lies a little after now. */
export function stripOf(line: LineView, now: number): Strip {
  const start = line.dayStart;
  const length = Math.max(hour, (now - start) * 1.04);
  const place = (ms: number) => Math.max(0, Math.min(1, (ms - start) / length));
  const drawn = (strokes: LineStroke[]) =>
    strokes.map((s) => ({ from: place(s.from), to: place(s.to) }));
  const last = line.strokes.at(-1);
  return {
    answered: drawn(line.strokes.filter((s) => s.answered)),
    silent: drawn(line.strokes.filter((s) => !s.answered)),
    sent: line.sentTicks.map(place),
    hours: hoursOf(start, length).map((ms) => ({ at: place(ms), ms })),
    end: { at: place(last?.to ?? now), answers: last?.answered ?? false },
  };
}

/** Whole hours to name: about four, however long the day is. */
function hoursOf(start: number, length: number): number[] {
  const step = Math.max(1, Math.round(length / hour / 4)) * hour;
  const marks: number[] = [];
  for (let at = start; at <= start + length * 0.96; at += step) marks.push(at);
  return marks;
}
