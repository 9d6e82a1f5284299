import type { Bridge } from './bridge';
import { CallError, settle } from './failure';
import type * as t from './types';

type Method = (...args: unknown[]) => Promise<unknown>;
type Services = Record<string, Record<string, Method>>;

declare global {
  interface Window {
    go?: { app?: Services };
    runtime?: {
      EventsOn(name: 'changed', callback: (data: t.Changed) => void): () => void;
      EventsOn(name: 'leaving', callback: () => void): () => void;
      ClipboardSetText(text: string): Promise<boolean>;
      Quit(): void;
    };
  }
}

/** A person may look at a "save as" dialog for as long as they like. */
/** Sixty pictures over a thin line take a while. */
const picturesMs = 5 * 60 * 1000;
const dialogMs = 24 * 60 * 60 * 1000;

/** A large file on a slow disk takes its time. */
const fileMs = 5 * 60 * 1000;

/** Tells whether Wails has put the services of Go into the page. */
export function hasWails(): boolean {
  return window.go?.app !== undefined;
}

function call<T>(service: string, method: string, args: unknown[], limitMs?: number): Promise<T> {
  const op = `${service}.${method}`;
  const bound = window.go?.app?.[service]?.[method];
  if (!bound) return Promise.reject(new CallError('internal', op));
  return settle(bound(...args) as Promise<T>, op, limitMs);
}

/** The real bridge: the services that main.go binds, under window.go.app. */
export const wails: Bridge = {
  inbox: {
    counts: () => call('Inbox', 'Counts', []),
    list: (request) => call('Inbox', 'List', [request]),
    open: (id) => call('Inbox', 'Open', [id]),
    markRead: (id) => call('Inbox', 'MarkRead', [id]),
    setStatus: (id, status) => call('Inbox', 'SetStatus', [id, status]),
    snooze: (id, until) => call('Inbox', 'Snooze', [id, until]),
    search: (request) => call('Inbox', 'Search', [request]),
    searchServer: (text, anyway) => call('Inbox', 'SearchServer', [text, anyway]),
    serverSearch: () => call('Inbox', 'ServerSearch', []),
    stopServerSearch: () => call('Inbox', 'StopServerSearch', []),
    mergeChoices: (id) => call('Inbox', 'MergeChoices', [id]),
    merge: (id, other) => call('Inbox', 'Merge', [id, other]),
    split: (id, from) => call('Inbox', 'Split', [id, from]),
    undoArrangement: (id) => call('Inbox', 'UndoArrangement', [id]),
  },
  composer: {
    start: (conversation) => call('Composer', 'Start', [conversation]),
    save: (draft) => call('Composer', 'Save', [draft]),
    writeAs: (draft, identity) => call('Composer', 'WriteAs', [draft, identity]),
    drop: (id) => call('Composer', 'Drop', [id]),
    send: (request) => call('Composer', 'Send', [request]),
    takeBack: (op) => call('Composer', 'TakeBack', [op]),
    again: (op) => call('Composer', 'Again', [op]),
    forward: (conversation, message) => call('Composer', 'Forward', [conversation, message]),
    attach: (draft) => call('Composer', 'Attach', [draft], dialogMs),
    paste: (draft, name, data) => call('Composer', 'Paste', [draft, name, data], fileMs),
    detach: (draft, file) => call('Composer', 'Detach', [draft, file]),
    shrink: (draft, file, small) => call('Composer', 'Shrink', [draft, file, small], fileMs),
    picture: (draft, file) => call('Composer', 'Picture', [draft, file], fileMs),
    weigh: (draft) => call('Composer', 'Weigh', [draft]),
  },
  outbox: {
    list: () => call('Outbox', 'List', []),
    decide: (op, choice, seen) => call('Outbox', 'Decide', [op, choice, seen]),
    lookNow: (op) => call('Outbox', 'LookNow', [op]),
  },
  line: {
    status: () => call('Line', 'Status', []),
    setPractice: (mode) => call('Line', 'SetPractice', [mode]),
    setBudget: (account, bytes) => call('Line', 'SetBudget', [account, bytes]),
    setTextOnly: (account, on) => call('Line', 'SetTextOnly', [account, on]),
    setPaused: (account, on) => call('Line', 'SetPaused', [account, on]),
    setHorizon: (account, days) => call('Line', 'SetHorizon', [account, days]),
    fetchAnyway: (account, how) => call('Line', 'FetchAnyway', [account, how]),
    dismissAlert: (account, text) => call('Line', 'DismissAlert', [account, text]),
  },
  accounts: {
    list: () => call('Accounts', 'List', []),
    find: (id, address) => call('Accounts', 'Find', [id, address], 60_000),
    test: (id, account, setup, secrets) =>
      call('Accounts', 'Test', [id, account, setup, secrets], 120_000),
    browse: (id, setup, secrets) => call('Accounts', 'Browse', [id, setup, secrets], dialogMs),
    cancel: (id) => call('Accounts', 'Cancel', [id]),
    rename: (account, name) => call('Accounts', 'Rename', [account, name]),
    raise: (account) => call('Accounts', 'Raise', [account]),
    connect: (setup, secrets) => call('Accounts', 'Connect', [setup, secrets]),
    change: (account, setup, secrets) => call('Accounts', 'Change', [account, setup, secrets]),
    setIdentities: (account, all) => call('Accounts', 'SetIdentities', [account, all]),
    remove: (account, replies, drafts) => call('Accounts', 'Remove', [account, replies, drafts]),
    exportReplies: (account) => call('Accounts', 'Export', [account], dialogMs),
  },
  files: {
    fetch: (id) => call('Files', 'Fetch', [id]),
    fetchAnyway: (id) => call('Files', 'FetchAnyway', [id]),
    asSent: (message, load) => call('Files', 'AsSent', [message, load], picturesMs),
    save: (id) => call('Files', 'Save', [id], dialogMs),
  },
  settings: {
    get: () => call('Settings', 'Get', []),
    opening: () => call('Settings', 'Opening', []),
    setTheme: (theme) => call('Settings', 'SetTheme', [theme]),
    setLocale: (locale) => call('Settings', 'SetLocale', [locale]),
    setKeys: (on) => call('Settings', 'SetKeys', [on]),
    openLink: (url) => call('Settings', 'OpenLink', [url]),
    harmRead: () => call('Settings', 'HarmRead', []),
  },
  window: {
    leaving: () => call('Window', 'Leaving', []),
    close: () => call('Window', 'Close', []),
    stay: () => call('Window', 'Stay', []),
  },
  // The page's own clipboard asks for a permission that WebKit doesn't give here.
  copy: async (text) => {
    const done = window.runtime?.ClipboardSetText(text) ?? Promise.resolve(false);
    if (!(await settle(done, 'copy'))) throw new CallError('internal', 'copy');
  },
  onChanged: (listener) => window.runtime?.EventsOn('changed', listener) ?? (() => {}),
  onLeaving: (listener) => window.runtime?.EventsOn('leaving', listener) ?? (() => {}),
};
