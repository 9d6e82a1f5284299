import type * as t from './types';

/**
 * What the screen may ask of Go: the bound services of app/, nothing else.
 * Every promise settles; a rejection is always a CallError.
 */
export interface Bridge {
  readonly inbox: {
    counts(): Promise<t.Counts>;
    list(request: t.ListRequest): Promise<t.RowPage>;
    /** Also brings the conversation to the front of the wire. */
    open(id: string): Promise<t.ConversationView>;
    markRead(id: string): Promise<void>;
    /** Any but `snoozed`. */
    setStatus(id: string, status: t.Status): Promise<void>;
    snooze(id: string, until: number): Promise<void>;
    search(request: t.SearchRequest): Promise<t.SearchView>;
    /** Begins; how it stands tells serverSearch. Fails as `asks_first` where the day is used up. */
    searchServer(text: string, anyway: boolean): Promise<void>;
    serverSearch(): Promise<t.ServerSearchView>;
    stopServerSearch(): Promise<void>;
    /** Other conversations with the same customer, newest first. */
    mergeChoices(id: string): Promise<t.Row[]>;
    merge(id: string, other: string): Promise<t.ArrangementView>;
    /** The message and all after it become a conversation of their own. */
    split(id: string, from: string): Promise<t.ArrangementView>;
    undoArrangement(id: string): Promise<t.ArrangementView>;
  };
  readonly composer: {
    /** The draft that is there, or one with recipients and subject filled in and no id yet. */
    start(conversation: string): Promise<t.DraftView>;
    save(draft: t.DraftView): Promise<t.DraftView>;
    /** The draft as another sender of its account writes it; nothing is stored. */
    writeAs(draft: t.DraftView, identity: string): Promise<t.DraftView>;
    drop(id: string): Promise<void>;
    send(request: t.SendRequest): Promise<t.OpView>;
    takeBack(op: string): Promise<t.DraftView>;
    /** A draft with the words of a reply that was sent; fails as `conflict` where another is written. */
    again(op: string): Promise<t.DraftView>;
    /** Begins to pass a message on; "" is the customer's newest. */
    forward(conversation: string, message: string): Promise<t.DraftView>;
    /** Asks which files. */
    attach(draft: string): Promise<t.DraftView>;
    /** Puts a picture from the clipboard into the text, as base64. */
    paste(draft: string, name: string, data: string): Promise<t.DraftView>;
    detach(draft: string, file: string): Promise<t.DraftView>;
    shrink(draft: string, file: string, small: boolean): Promise<t.DraftView>;
    /** A picture of a draft as a data: URL. */
    picture(draft: string, file: string): Promise<string>;
    weigh(draft: string): Promise<t.UploadView>;
  };
  readonly outbox: {
    list(): Promise<t.OutboxView>;
    /** Edit gives the draft back. `seen` is the newest message that was on screen, "" for none. */
    decide(op: string, choice: t.Choice, seen: string): Promise<t.DraftView>;
    /** "" looks for mail on all accounts. */
    lookNow(op: string): Promise<void>;
  };
  readonly line: {
    status(): Promise<t.LineView>;
    setPractice(mode: t.PracticeMode): Promise<void>;
    setBudget(account: string, bytes: number): Promise<void>;
    /** "" means every account, here and below. */
    setTextOnly(account: string, on: boolean): Promise<void>;
    setPaused(account: string, on: boolean): Promise<void>;
    setHorizon(account: string, days: number): Promise<void>;
    /** Goes on though the account's day is used up. */
    fetchAnyway(account: string, how: t.Anyway): Promise<void>;
    /** What the account's server said to people was read. */
    dismissAlert(account: string, text: string): Promise<void>;
  };
  readonly accounts: {
    list(): Promise<t.MailboxView[]>;
    /** The slow calls take an id of the screen's, by which cancel ends them. */
    find(id: string, address: string): Promise<t.FoundView>;
    /** With what is typed, or stored for an account that is there. */
    test(
      id: string,
      account: string,
      setup: t.MailboxSetup,
      secrets: t.MailboxSecrets,
    ): Promise<t.TestView>;
    /** Opens the system's browser and waits for the person; a ticket for the tokens. */
    browse(id: string, setup: t.MailboxSetup, secrets: t.MailboxSecrets): Promise<string>;
    cancel(id: string): Promise<void>;
    connect(setup: t.MailboxSetup, secrets: t.MailboxSecrets): Promise<string>;
    change(account: string, setup: t.MailboxSetup, secrets: t.MailboxSecrets): Promise<void>;
    /** What it is called here; "" is its address. */
    rename(account: string, name: string): Promise<void>;
    /** Puts it before the one that stands above it. */
    raise(account: string): Promise<void>;
    /** The first is the usual one. */
    setIdentities(account: string, all: t.IdentityView[]): Promise<void>;
    /** Replies and drafts that a person gives up with it; fails as `conflict` where more are left. */
    remove(account: string, replies: number, drafts: number): Promise<void>;
    /** Asks for a folder and writes the replies that wait there, as mails. */
    exportReplies(account: string): Promise<t.ExportView>;
  };
  readonly files: {
    /** Fails as `asks_first` where it would cost what the person wants to save. */
    fetch(id: string): Promise<void>;
    fetchAnyway(id: string): Promise<void>;
    /** A mail as it was sent; with `load`, other people's servers are asked for its pictures. */
    asSent(message: string, load: boolean): Promise<t.SentView>;
    /** Asks where; the path, "" when the person changed their mind. */
    save(id: string): Promise<string>;
  };
  readonly settings: {
    get(): Promise<t.SettingsView>;
    /** Answers at once, also while every other call fails with kind "opening". */
    opening(): Promise<t.OpeningView>;
    setTheme(theme: t.Theme): Promise<void>;
    setLocale(locale: string): Promise<void>;
    setKeys(on: boolean): Promise<void>;
    openLink(url: string): Promise<void>;
    /** A person has read what a damaged disk did. */
    harmRead(): Promise<void>;
  };
  readonly window: {
    /** What is still here. Asked first when the window closes: then closing is the screen's to do. */
    leaving(): Promise<t.LeavingView>;
    close(): Promise<void>;
    /** Hides the window until the replies have left, and ends the program then. */
    stay(): Promise<void>;
  };
  /** Puts a text on the system's clipboard. */
  copy(text: string): Promise<void>;
  /** Calls back after every commit; the returned function ends it. */
  onChanged(listener: (change: t.Changed) => void): () => void;
  /** Calls back when a person closes the window, which stays open until the screen closes it. */
  onLeaving(listener: () => void): () => void;
}
