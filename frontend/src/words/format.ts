import { count, locale, region, say } from './words.svelte';

// Dates, numbers and names of languages, as the agent's locale writes them.
// Formatters cost milliseconds to make and microseconds to use: they are kept.

const kept = new Map<string, unknown>();

function keep<T>(name: string, make: (tag: string) => T): T {
  const tag = region();
  const key = `${tag} ${name}`;
  let made = kept.get(key) as T | undefined;
  if (made === undefined) {
    made = make(tag);
    kept.set(key, made);
  }
  return made;
}

function date(ms: number, name: string, options: Intl.DateTimeFormatOptions): string {
  return keep(name, (tag) => new Intl.DateTimeFormat(tag, options)).format(ms);
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** "09:02" on a clock of 24 hours, "9:02 AM" on one of twelve. */
export function clock(ms: number): string {
  return date(ms, 'clock', { hour: hourDigits(), minute: '2-digit' });
}

function hourDigits(): '2-digit' | 'numeric' {
  const twelve = keep(
    'twelve',
    (tag) => new Intl.DateTimeFormat(tag, { hour: 'numeric' }).resolvedOptions().hour12,
  );
  return twelve ? 'numeric' : '2-digit';
}

/** A full date with time, for tooltips and the read-aloud name. */
export function fullDate(ms: number): string {
  return date(ms, 'full', { dateStyle: 'full', timeStyle: 'short' });
}

/** A date without time. */
export function longDate(ms: number): string {
  return date(ms, 'long', { dateStyle: 'long' });
}

/** As short as it can be said: the time today, the weekday this week, then the date. */
export function shortDate(ms: number, now: number): string {
  const days = dayDistance(ms, now);
  if (days === 0) return clock(ms);
  if (days > 0 && days < 7) return date(ms, 'weekday', { weekday: 'short' });
  return date(ms, `day ${sameYear(ms, now)}`, dayOptions(ms, now));
}

/** Date and time, as a message's head shows it; only the time today. */
export function dateTime(ms: number, now: number): string {
  if (dayDistance(ms, now) === 0) return clock(ms);
  return date(ms, `day clock ${sameYear(ms, now)}`, {
    ...dayOptions(ms, now),
    hour: hourDigits(),
    minute: '2-digit',
  });
}

/** A time to come: "14:30" today, "tomorrow, 09:00", "Mon, 09:00" within a week, then the date. */
export function soon(ms: number, now: number): string {
  const days = -dayDistance(ms, now);
  const Time = clock(ms);
  if (days === 0) return Time;
  if (days < 0 || days > 6) return dateTime(ms, now);
  const Day =
    days === 1
      ? keep('tomorrow', (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })).format(
          1,
          'day',
        )
      : date(ms, 'weekday', { weekday: 'short' });
  return say('time.dayClock', { Day, Time });
}

function dayOptions(ms: number, now: number): Intl.DateTimeFormatOptions {
  const base = { day: 'numeric', month: 'short' } as const;
  return sameYear(ms, now) ? base : { ...base, year: 'numeric' };
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

function dayDistance(ms: number, now: number): number {
  return Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(ms).setHours(0, 0, 0, 0)) / day);
}

/** A length of time in its largest unit: "3 h", "2 days"; at least "1 min". */
export function duration(ms: number): string {
  if (ms < hour) return say('time.minutes', { Count: Math.max(1, Math.floor(ms / minute)) });
  if (ms < day) return say('time.hours', { Count: Math.floor(ms / hour) });
  return count('time.days', Math.floor(ms / day));
}

/** A length of time with minutes: "1 h 9 min". */
export function exactDuration(ms: number): string {
  if (ms < minute) return say('time.seconds', { Count: Math.max(1, Math.round(ms / 1000)) });
  const minutes = Math.round(ms / minute);
  const First = say('time.hours', { Count: Math.floor(minutes / 60) });
  const Second = say('time.minutes', { Count: minutes % 60 });
  if (minutes < 60) return Second;
  return minutes % 60 === 0 ? First : say('time.both', { First, Second });
}

/** "in 20 seconds", "2 minutes ago"; "just now" for the last minute. */
export function relative(ms: number, now: number): string {
  const distance = ms - now;
  if (distance <= 0 && distance > -minute) return say('time.just');
  const format = keep('relative', (tag) => new Intl.RelativeTimeFormat(tag, { style: 'short' }));
  const size = Math.abs(distance);
  if (size < minute) return format.format(Math.round(distance / 1000), 'second');
  if (size < hour) return format.format(Math.round(distance / minute), 'minute');
  return format.format(Math.round(distance / hour), 'hour');
}

/** Bytes as people count them: 1 kB is 1,000 bytes. */
export function bytes(n: number): string {
  if (n < 1e6) return inUnit('kilobyte', 0, n === 0 ? 0 : Math.max(1, Math.round(n / 1000)));
  return inUnit('megabyte', n < 1e7 ? 1 : 0, n / 1e6);
}

function inUnit(unit: string, maximumFractionDigits: number, n: number): string {
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits } as const;
  const make = (tag: string) => new Intl.NumberFormat(tag, options);
  return keep(`${unit} ${maximumFractionDigits}`, make).format(n);
}

export function number(n: number): string {
  return keep('number', (tag) => new Intl.NumberFormat(tag)).format(n);
}

/** Several names as the locale joins them; an open list has no "and", because more follow. */
export function list(items: string[], open = false): string {
  const type = open ? 'unit' : 'conjunction';
  return keep(type, (tag) => new Intl.ListFormat(tag, { type })).format(items);
}

/** The name of a language (BCP 47) in the agent's own. */
export function languageName(tag: string): string {
  if (tag === '') return say('language.unknown');
  try {
    return (
      keep('languages', () => new Intl.DisplayNames(locale(), { type: 'language' })).of(tag) ?? tag
    );
  } catch {
    return tag; // what a mail declares need not be a language tag
  }
}

/** The name of a locale in itself, for a choice that must be found by whoever reads it. */
export function ownName(tag: string): string {
  return new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;
}
