import type { Action } from './actions';
import { isSingle, isWriting, keyName, KeySequence, type KeyPress } from './keys';

export type Pressed = KeyPress &
  Pick<KeyboardEvent, 'target' | 'defaultPrevented' | 'preventDefault'>;

/** Turns key presses into actions. */
export class Shortcuts {
  readonly #sequence = new KeySequence();

  constructor(
    private readonly actions: Action[],
    private readonly options: { mac: boolean; singleKeys: () => boolean; busy: () => boolean },
  ) {}

  /** Runs the action of a key press; true when there was one. */
  press(e: Pressed): boolean {
    if (e.defaultPrevented || this.options.busy()) return false;
    const name = keyName(e, this.options.mac);
    if (name === '') return false;
    const writing = isWriting(e.target);
    if (isSingle(name) && (writing || !this.options.singleKeys() || onControl(e.target, name)))
      return false;
    const whole = this.#sequence.press(name, (n) => this.#find(n) !== undefined);
    const action = this.#find(whole);
    if (!action || (writing && !action.writing && name !== 'escape')) return false;
    if (e.repeat && !moves.has(action.id)) return false;
    e.preventDefault();
    action.run();
    return true;
  }

  #find(name: string): Action | undefined {
    return this.actions.find((a) => a.keys.includes(name) && a.when());
  }
}

/** Only moving may repeat while a key is held: nobody sends or closes ten at once. */
const moves = new Set(['next', 'previous', 'findNext', 'findPrevious']);

/** Enter and the arrows belong to a button, a link, a menu or a text that scrolls. */
function onControl(target: EventTarget | null, name: string): boolean {
  if (!(target instanceof HTMLElement) || !/^(enter|arrow)/.test(name)) return false;
  return target !== document.body && target.closest('[role=listbox]') === null;
}
