import { describe, expect, test } from 'vitest';
import { keyName, KeySequence, type KeyPress } from './keys';

const press = (part: Partial<KeyPress>): KeyPress => ({
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 0,
  repeat: false,
  ...part,
});

describe('keyName', () => {
  test.each<[string, Partial<KeyPress>, string]>([
    ['a letter', { key: 'j', code: 'KeyJ' }, 'j'],
    ['a letter with Shift', { key: 'R', code: 'KeyR', shiftKey: true }, 'shift+r'],
    ['a letter under Caps Lock', { key: 'J', code: 'KeyJ' }, 'j'],
    ['Dvorak: the letter counts, not its place', { key: 'j', code: 'KeyC' }, 'j'],
    ['Russian: the place counts', { key: 'о', code: 'KeyJ' }, 'j'],
    ['Arabic: the place counts', { key: 'ت', code: 'KeyJ' }, 'j'],
    ['Hindi: the place counts', { key: 'र', code: 'KeyJ' }, 'j'],
    ['Arabic slash', { key: 'ظ', code: 'Slash' }, '/'],
    ['Arabic question mark', { key: '؟', code: 'Slash', shiftKey: true }, '?'],
    ['slash on a German keyboard', { key: '/', code: 'Digit7', shiftKey: true }, '/'],
    ['question mark', { key: '?', code: 'Slash', shiftKey: true }, '?'],
    ['Enter', { key: 'Enter', code: 'Enter' }, 'enter'],
    ['Ctrl-Enter', { key: 'Enter', ctrlKey: true }, 'mod+enter'],
    ['Ctrl-Shift-Enter', { key: 'Enter', ctrlKey: true, shiftKey: true }, 'mod+shift+enter'],
    ['Ctrl-K in Russian', { key: 'л', code: 'KeyK', ctrlKey: true }, 'mod+k'],
    ['a function key', { key: 'F3', code: 'F3', shiftKey: true }, 'shift+f3'],
    ['an arrow', { key: 'ArrowDown', code: 'ArrowDown' }, 'arrowdown'],
    ['AltGr writes signs', { key: '@', code: 'KeyQ', ctrlKey: true, altKey: true }, ''],
    ['a dead key', { key: 'Dead', code: 'Equal' }, ''],
    ['an input method at work', { key: 'j', code: 'KeyJ', isComposing: true }, ''],
    ['an input method in Safari', { key: 'Enter', keyCode: 229 }, ''],
    ['the Windows key', { key: 'k', code: 'KeyK', metaKey: true }, ''],
  ])('%s', (_, part, name) => {
    expect(keyName(press(part), false)).toBe(name);
  });

  test('on a Mac Cmd counts and Ctrl does not', () => {
    expect(keyName(press({ key: 'k', metaKey: true }), true)).toBe('mod+k');
    expect(keyName(press({ key: 'k', ctrlKey: true }), true)).toBe('');
  });
});

describe('KeySequence', () => {
  const known = (name: string) => name === 'g i';

  test('joins two keys', () => {
    const keys = new KeySequence();
    expect(keys.press('g', known, 0)).toBe('g');
    expect(keys.press('i', known, 900)).toBe('g i');
  });

  test('does not join what comes too late, or what is no sequence', () => {
    const keys = new KeySequence();
    keys.press('g', known, 0);
    expect(keys.press('i', known, 9_000)).toBe('i');
    keys.press('g', known, 10_000);
    expect(keys.press('e', known, 10_100)).toBe('e');
  });

  test('ends with its second key', () => {
    const keys = new KeySequence();
    keys.press('g', known, 0);
    keys.press('i', known, 100);
    expect(keys.press('i', known, 200)).toBe('i');
  });
});
