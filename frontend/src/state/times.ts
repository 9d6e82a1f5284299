/** When a reply may leave; milliseconds, 0 for none. */
export interface Times {
  /** Not before. */
  sendAt: number;
  /** Not after. */
  until: number;
}

export const atOnce: Times = { sendAt: 0, until: 0 };

const hour = 3_600_000;
const minute = 60_000;
const morning = 9;
const evening = 18;

/** A time of day, some days from now, by the agent's clock. */
function at(now: number, days: number, hours: number): number {
  const d = new Date(now);
  return new Date(d.getFullYear(), d.getMonth(), d.getDate() + days, hours).getTime();
}

/** Times to leave that people would name: in an hour, tomorrow morning, Monday morning. */
export function timesToLeave(now: number): number[] {
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7;
  const times = [
    Math.ceil((now + hour) / minute) * minute,
    at(now, 1, morning),
    at(now, toMonday, morning),
  ];
  return [...new Set(times)];
}

export type SnoozeName = 'today' | 'evening' | 'tomorrow' | 'monday' | 'week';

/** Times to look at something again that people would name, the soonest first. */
export function timesToSnooze(now: number): { name: SnoozeName; at: number }[] {
  const day = new Date(now);
  const soon = Math.ceil((now + 3 * hour) / (hour / 2)) * (hour / 2);
  const toMonday = (8 - day.getDay()) % 7 || 7;
  const times: { name: SnoozeName; at: number }[] = [
    { name: 'tomorrow', at: at(now, 1, morning) },
    { name: 'monday', at: at(now, toMonday, morning) },
    { name: 'week', at: at(now, 7, morning) },
  ];
  if (at(now, 0, evening) >= now + hour)
    times.unshift({ name: 'evening', at: at(now, 0, evening) });
  if (soon < at(now, 0, evening)) times.unshift({ name: 'today', at: soon });
  // Tomorrow may be Monday, and Monday in a week.
  return times.filter((t, i) => times.findIndex((o) => o.at === t.at) === i);
}

/** Ends that people would name, two evenings an hour and more after `from`. */
export function timesToEnd(now: number, from: number): number[] {
  const first = Math.max(now, from);
  const evenings = [0, 1, 2].map((days) => at(first, days, evening));
  return evenings.filter((t) => t >= first + hour).slice(0, 2);
}

/** As an input of type datetime-local wants it, by the agent's clock. */
export function toLocal(ms: number): string {
  const d = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = [String(d.getFullYear()).padStart(4, '0'), two(d.getMonth() + 1), two(d.getDate())];
  return `${day.join('-')}T${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** The time of such an input, 0 where it is none. */
export function fromLocal(text: string): number {
  const ms = text === '' ? NaN : new Date(text).getTime();
  return Number.isFinite(ms) ? ms : 0;
}

/** What is wrong about times, "" for nothing. */
export function troubleOf({ sendAt, until }: Times, now: number): '' | 'past' | 'order' {
  if ((sendAt > 0 && sendAt <= now) || (until > 0 && until <= now)) return 'past';
  return sendAt > 0 && until > 0 && until <= sendAt ? 'order' : '';
}
