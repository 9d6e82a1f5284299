import type { Bridge } from '../bridge';
import type { Answer, LineChoices } from './choices';
import type { FakeDesk } from './fakeDesk';

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
    dismissAlert: (_, text) =>
      choose('Line.DismissAlert', { alerts: desk.choices.alerts.filter((a) => a !== text) }),
  };
}
