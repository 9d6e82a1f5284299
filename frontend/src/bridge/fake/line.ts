import type { Bridge } from '../bridge';
import type * as t from '../types';
import type { FakeDesk } from './fakeDesk';

type Answer = <T>(call: string, fn: () => T) => Promise<T>;

/** What the fake account's person chose; `spent` in the scenes begins with a day used up. */
export interface LineChoices {
  budget: number;
  textOnly: boolean;
  paused: boolean;
  horizon: number;
  /** "today" was answered to the question. */
  freed: boolean;
}

export function lineOf(desk: FakeDesk, answer: Answer): Bridge['line'] {
  const choose = (call: string, part: Partial<LineChoices>) =>
    answer(call, () => {
      Object.assign(desk.choices, part);
      desk.tell();
    });
  return {
    status: () => answer('Line.Status', () => desk.line()),
    setPractice: (mode) =>
      answer('Line.SetPractice', () => {
        desk.practice = mode;
        if (mode !== 'off') desk.release();
        desk.tell();
      }),
    setBudget: (_, budget) => choose(`Line.SetBudget ${budget}`, { budget }),
    setTextOnly: (_, textOnly) => choose(`Line.SetTextOnly ${textOnly}`, { textOnly }),
    setPaused: (_, paused) =>
      answer(`Line.SetPaused ${paused}`, () => {
        desk.choices.paused = paused;
        for (const op of desk.ops) if (op.state === 'queued') op.waits = paused ? 'paused' : '';
        if (!paused) desk.release();
        desk.tell();
      }),
    setHorizon: (_, horizon) => choose(`Line.SetHorizon ${horizon}`, { horizon }),
    fetchAnyway: (_, how) =>
      how === 'today'
        ? choose('Line.FetchAnyway today', { freed: true })
        : answer('Line.FetchAnyway once', () => desk.tell()),
  };
}

/** The part of an account's view that its person chose. */
export function chosen(
  choices: LineChoices,
  used: number,
): Pick<
  t.AccountView,
  'state' | 'budget' | 'used' | 'spent' | 'textOnly' | 'horizon' | 'reach' | 'toGo'
> {
  return {
    state: choices.paused ? 'paused' : 'ok',
    budget: choices.budget,
    used,
    spent: choices.budget > 0 && used >= choices.budget && !choices.freed,
    textOnly: choices.textOnly,
    horizon: choices.horizon,
    reach: 0,
    toGo: 0,
  };
}
