import type { Anyway, Order, PracticeMode, Theme, ViewName } from '../bridge/types';
import { say, type TextKey } from '../words';
import type { Form } from './composer.svelte';
import { copyKey, copyNumber } from './copying';
import type { Desk } from './desk.svelte';
import { canUndo, liesIn, putAway, undoLast, type Away } from './standing';
import { attach, dropDraft, findHere, forward, leaveFinding, lookNow, reply, send } from './work';

export type Group = 'conversation' | 'write' | 'go' | 'look' | 'line';

/** Something a person can do: it has a name, mostly a key, and stands in the palette. */
export interface Action {
  id: string;
  group: Group;
  name: () => string;
  /** Key names as keys.ts gives them; the first is shown. */
  keys: string[];
  /** False where it makes no sense just now. */
  when: () => boolean;
  run: () => void;
  /** Works while somebody writes: only keys with Ctrl or Cmd. */
  writing?: boolean;
}

export const themes: readonly Theme[] = ['system', 'light', 'dark'];
export const practiceModes: readonly PracticeMode[] = ['good', '3g', '2g', 'lossy', 'off'];

const always = () => true;

/** Every action of the screen. */
export function actionsOf(desk: Desk): Action[] {
  return [
    ...conversationActions(desk),
    ...writingActions(desk),
    ...goActions(desk),
    ...lookActions(desk),
    ...lineActions(desk),
  ];
}

function act(
  group: Group,
  id: string,
  name: TextKey,
  keys: string[],
  more: Pick<Action, 'run'> & Partial<Action>,
): Action {
  return { group, id, name: () => say(name), keys, when: always, ...more };
}

function conversationActions(desk: Desk): Action[] {
  const open = () => desk.conversation.view !== null;
  const inList = () => desk.go.place === 'list';
  const group = 'conversation';
  const away = (id: Away, back: TextKey, key: string) =>
    act(group, id, `command.${id}`, [key], {
      name: () => say(liesIn(desk, id) ? back : `command.${id}`),
      when: () => open() || (inList() && desk.list.active !== ''),
      run: () => void putAway(desk, id),
    });
  return [
    act(group, 'next', 'command.next', ['j', 'arrowdown'], {
      when: inList,
      run: () => desk.move(1),
    }),
    act(group, 'previous', 'command.previous', ['k', 'arrowup'], {
      when: inList,
      run: () => desk.move(-1),
    }),
    act(group, 'open', 'command.open', ['enter'], { when: inList, run: () => openInHand(desk) }),
    away('done', 'command.reopen', 'e'),
    act(group, 'snooze', 'command.snooze', ['z'], {
      when: () => open() || (inList() && desk.list.active !== ''),
      run: () => (desk.go.sheet = 'snooze'),
    }),
    away('spam', 'command.notSpam', '!'),
    away('bin', 'command.outOfBin', '#'),
    act(group, 'view', 'command.view', ['v'], { when: open, run: () => showAsSent(desk) }),
    act(group, 'merge', 'command.merge', [], { when: open, run: () => (desk.go.sheet = 'merge') }),
    act(group, 'split', 'command.split', [], { when: open, run: () => (desk.go.sheet = 'split') }),
    ...findActions(desk),
    act(group, 'copyNumber', 'command.copyNumber', [copyKey], {
      when: open,
      run: () => void copyNumber(desk),
    }),
    act(group, 'back', 'command.back', ['escape'], { when: always, run: () => back(desk) }),
  ];
}

function findActions(desk: Desk): Action[] {
  const find = (id: string, name: TextKey, keys: string[], run: () => void) =>
    act('conversation', id, name, keys, {
      when: () => desk.conversation.view !== null,
      writing: true,
      run,
    });
  const step = (by: 1 | -1) => (desk.find.open ? desk.find.step(by) : findHere(desk));
  return [
    find('findHere', 'find.label', ['mod+f'], () => findHere(desk)),
    find('findNext', 'find.next', ['f3', 'mod+g'], () => step(1)),
    find('findPrevious', 'find.previous', ['shift+f3', 'mod+shift+g'], () => step(-1)),
  ];
}

function writingActions(desk: Desk): Action[] {
  const open = () => desk.conversation.view !== null;
  const writes = () => desk.composer.draft !== null;
  const group = 'write';
  return [
    act(group, 'reply', 'command.reply', ['r'], { when: open, run: () => void reply(desk) }),
    act(group, 'replyAll', 'command.replyAll', ['shift+r'], {
      when: open,
      run: () => void reply(desk, true),
    }),
    act(group, 'forward', 'command.forward', ['f'], { when: open, run: () => void forward(desk) }),
    act(group, 'attach', 'composer.attach', ['mod+shift+a'], {
      when: writes,
      writing: true,
      run: () => void attach(desk),
    }),
    ...formActions(desk),
    act(group, 'sendWait', 'command.sendWait', ['mod+enter'], {
      when: writes,
      writing: true,
      run: () => void send(desk, 'waiting'),
    }),
    act(group, 'sendDone', 'command.sendDone', ['mod+shift+enter'], {
      when: writes,
      writing: true,
      run: () => void send(desk, 'done'),
    }),
    act(group, 'times', 'composer.times', ['mod+shift+s'], {
      when: writes,
      writing: true,
      run: () => (desk.composer.timesOpen = true),
    }),
    act(group, 'undo', 'command.undo', ['mod+z'], {
      when: () => canUndo(desk),
      run: () => undoLast(desk),
    }),
    act(group, 'drop', 'composer.drop', [], { when: writes, run: () => void dropDraft(desk) }),
  ];
}

function formActions(desk: Desk): Action[] {
  const form = (id: Form, key: string) =>
    act('write', id, `composer.form.${id}`, [key], {
      when: () => desk.composer.editor !== null,
      writing: true,
      run: () => desk.composer.editor?.form(id),
    });
  return [
    form('bold', 'mod+b'),
    form('italic', 'mod+i'),
    form('bullets', 'mod+shift+l'),
    form('numbers', 'mod+shift+o'),
    act('write', 'link', 'composer.form.link', ['mod+shift+k'], {
      when: () => desk.composer.editor !== null,
      writing: true,
      run: () => desk.composer.editor?.link(),
    }),
  ];
}

function goActions(desk: Desk): Action[] {
  const view = (id: ViewName, name: TextKey, key: string) =>
    act('go', `go-${id}`, name, [key], { run: () => void toView(desk, id) });
  const order = (id: Order, name: TextKey) =>
    act('go', `order-${id}`, name, [], {
      when: () => desk.list.view === 'inbox' && desk.list.order !== id,
      run: () => void desk.showView('inbox', id),
    });
  return [
    act('go', 'search', 'command.find', ['/'], { run: () => desk.go.focus('search') }),
    view('inbox', 'command.inbox', 'g i'),
    view('waiting', 'command.waiting', 'g w'),
    view('snoozed', 'command.goSnoozed', 'g z'),
    view('done', 'command.goDone', 'g e'),
    view('drafts', 'command.drafts', 'g d'),
    view('spam', 'command.goSpam', 'g s'),
    view('bin', 'command.goBin', 'g b'),
    act('go', 'outbox', 'command.outbox', ['g o'], { run: () => desk.showOutbox() }),
    order('longest', 'command.orderLongest'),
    order('newest', 'command.orderNewest'),
    act('go', 'searchServer', 'search.server', [], {
      when: () => desk.search.open && desk.search.beyond,
      run: () => void desk.search.searchServer().then((f) => desk.fail(f)),
    }),
    act('go', 'look', 'command.lookForMail', [], { run: () => void lookNow(desk) }),
  ];
}

function lookActions(desk: Desk): Action[] {
  const sheet = (id: 'palette' | 'keys', name: TextKey, key: string, writing: boolean) =>
    act('look', id, name, [key], { writing, run: () => (desk.go.sheet = id) });
  return [
    sheet('palette', 'command.palette', 'mod+k', true),
    sheet('keys', 'command.keys', '?', false),
    act('look', 'settings', 'command.settings', ['mod+,'], {
      writing: true,
      run: () => desk.showSettings(),
    }),
    act('look', 'connect', 'mailbox.connect', [], {
      run: () => {
        desk.showSettings();
        desk.accounts.connect();
      },
    }),
    ...themes.map((theme) =>
      act('look', `theme-${theme}`, 'command.theme', [], {
        name: () => say('command.theme', { Theme: say(`settings.theme.${theme}`) }),
        when: () => desk.settings.view?.theme !== theme,
        run: () => void desk.settings.setTheme(theme).then((f) => desk.fail(f)),
      }),
    ),
  ];
}

function lineActions(desk: Desk): Action[] {
  const known = () => desk.line.accounts.length > 0;
  const anyway = (how: Anyway | 'raise', name: TextKey) =>
    act('line', `anyway-${how}`, name, [], {
      when: () => desk.line.spent.length > 0,
      run: () => void desk.line.fetchAnyway(how).then((f) => desk.fail(f)),
    });
  return [
    act('line', 'textOnly', 'command.textOnly', [], {
      name: () => say(desk.line.textOnly ? 'command.textOnlyOff' : 'command.textOnly'),
      when: known,
      run: () => void desk.line.setTextOnly('', !desk.line.textOnly).then((f) => desk.fail(f)),
    }),
    act('line', 'pause', 'command.pause', [], {
      name: () => say(desk.line.paused ? 'command.resume' : 'command.pause'),
      when: known,
      run: () => void desk.line.setPaused('', !desk.line.paused).then((f) => desk.fail(f)),
    }),
    anyway('once', 'command.anywayOnce'),
    anyway('today', 'command.anywayToday'),
    ...practiceActions(desk),
  ];
}

function practiceActions(desk: Desk): Action[] {
  return practiceModes.map((mode) =>
    act('line', `practice-${mode}`, 'command.practice', [], {
      name: () => say('command.practice', { Mode: say(`practice.${mode}`) }),
      when: () => practised(desk) && desk.line.view?.practice !== mode,
      run: () => void desk.line.setPractice(mode).then((f) => desk.fail(f)),
    }),
  );
}

function practised(desk: Desk): boolean {
  return (desk.line.view?.practice ?? '') !== '';
}

async function toView(desk: Desk, view: ViewName): Promise<void> {
  await desk.showView(view);
  desk.go.focus('list');
}

function openInHand(desk: Desk): void {
  const hit = desk.search.open ? desk.search.activeHit : undefined;
  if (hit) void desk.openHit(hit);
  else if (desk.list.active !== '') void desk.open(desk.list.active);
}

function showAsSent(desk: Desk): void {
  const html = desk.conversation.view?.messages.findLast((m) => m.html !== '');
  if (html) desk.conversation.toggleAsSent(html.id);
}

/** One step back: out of finding, out of the search, to the list. */
function back(desk: Desk): void {
  const sees = !desk.go.narrow || desk.go.pane === 'conversation';
  if (desk.find.open && sees) return leaveFinding(desk);
  if (desk.search.open) desk.search.clear();
  else if (desk.go.narrow && desk.go.pane === 'list') desk.go.pane = 'views';
  else if (desk.go.narrow && desk.go.place !== 'list') desk.go.pane = 'views';
  else if (desk.go.place === 'settings') void toView(desk, desk.list.view);
  else desk.go.pane = 'list';
  if (desk.go.pane === 'list') desk.go.focus('list');
}
