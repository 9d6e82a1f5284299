import { toFailure, type Bridge } from '../bridge';
import type { Failure, SettingsView, Theme } from '../bridge/types';
import { setLocale } from '../words';

/** The offered locale that fits the wanted ones best, "en" when none does. */
export function bestLocale(wanted: readonly string[], offered: readonly string[]): string {
  for (const tag of wanted) {
    const parts = tag.split('-');
    for (let n = parts.length; n > 0; n--) {
      const shorter = parts.slice(0, n).join('-').toLowerCase();
      const found = offered.find((o) => o.toLowerCase() === shorter);
      if (found) return found;
    }
  }
  return 'en';
}

/** How often a store that an update changes is asked how far it is. */
const openingMs = 700;

/** The agent's choices, and their effect on the document. */
export class SettingsState {
  view = $state.raw<SettingsView | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** How far an update has changed the store, 0 to 1. */
  part = $state(0);
  readonly #dark = window.matchMedia('(prefers-color-scheme: dark)');

  constructor(private readonly bridge: Bridge) {
    this.#dark.addEventListener('change', () => this.#paint());
  }

  get keys(): boolean {
    return this.view?.keys ?? true;
  }

  async reread(): Promise<void> {
    try {
      this.view = await this.bridge.settings.get();
      this.failure = null;
    } catch (error) {
      this.failure = toFailure(error);
    }
    this.#paint();
    await setLocale(this.#locale());
  }

  /** Waits until the store is open, or can't be. */
  async opened(): Promise<void> {
    for (;;) {
      const { done, part } = await this.bridge.settings.opening();
      this.part = part;
      if (done) return;
      await new Promise((resolve) => setTimeout(resolve, openingMs));
    }
  }

  setTheme(theme: Theme): Promise<Failure | null> {
    return this.#choose(() => this.bridge.settings.setTheme(theme));
  }

  setLocale(locale: string): Promise<Failure | null> {
    return this.#choose(() => this.bridge.settings.setLocale(locale));
  }

  setKeys(on: boolean): Promise<Failure | null> {
    return this.#choose(() => this.bridge.settings.setKeys(on));
  }

  harmRead(): Promise<Failure | null> {
    return this.#choose(() => this.bridge.settings.harmRead());
  }

  async #choose(call: () => Promise<void>): Promise<Failure | null> {
    try {
      await call();
      await this.reread();
      return null;
    } catch (error) {
      return toFailure(error);
    }
  }

  #locale(): string {
    const { locale = '', system = '', locales = ['en', 'de'] } = this.view ?? {};
    return locale || system || bestLocale(navigator.languages, locales);
  }

  #paint(): void {
    const theme = this.view?.theme ?? 'system';
    const dark = theme === 'system' ? this.#dark.matches : theme === 'dark';
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  }
}
