import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import Root from '../src/views/Root.svelte';
import { setLocale } from '../src/words';
import { settled, startDesk } from './desk';

// Operators in the search field, through roles and names.

async function show(scenes = '') {
  const started = await startDesk(scenes);
  render(Root, { hand: started.hand });
  await settled();
  const field = screen.getByRole<HTMLInputElement>('combobox', { name: 'Search' });
  return { ...started, field, user: userEvent.setup() };
}

const offers = () => screen.queryByRole('listbox', { name: 'Ways to narrow the search' });
const inHand = (field: HTMLElement) =>
  document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent ?? '';

describe('operators', () => {
  test('are offered with what they do, and taken with the keyboard', async () => {
    const { user, field, desk } = await show();
    await user.type(field, 'l');
    const list = offers()!;
    expect(field.getAttribute('aria-controls')).toBe(list.id);
    expect(field.getAttribute('aria-expanded')).toBe('true');
    expect(
      within(list)
        .getAllByRole('option')
        .map((o) => o.textContent),
    ).toEqual(['label: with a label', 'lang: in a language']);
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(inHand(field)).toBe('lang: in a language');
    await user.keyboard('{Enter}');
    expect(field.value).toBe('lang:');
    await user.keyboard('swed');
    expect(within(offers()!).getByRole('option').textContent).toBe('lang:sv Swedish');
    await user.keyboard('{Tab}refund');
    expect(field.value).toBe('lang:sv refund');
    expect(desk.search.text).toBe('lang:sv refund');
    expect(offers()).toBeNull();
    expect(document.activeElement).toBe(field);
  });

  test('stand back where a hit is opened or the field is left', async () => {
    const { user, field, desk } = await show();
    await user.type(field, 'is');
    await settled();
    expect(offers()).not.toBeNull();
    await user.keyboard('{Escape}');
    expect(offers()).toBeNull();
    expect(field.value).toBe('is');
    await user.keyboard(' i');
    expect(offers()).not.toBeNull();
    await user.keyboard('{Backspace}{Backspace}');
    await settled();
    expect(offers()).not.toBeNull();
    await user.keyboard('{Enter}');
    await settled();
    expect(desk.conversation.view?.row.id).toBe(desk.search.activeHit?.row.id);
    field.focus();
    await user.type(field, ' f');
    expect(offers()).not.toBeNull();
    field.blur();
    await settled();
    expect(offers()).toBeNull();
  });

  test('are pressed with the pointer, and the field keeps the focus', async () => {
    const { user, field } = await show();
    await user.type(field, '-h');
    await user.click(within(offers()!).getByRole('option'));
    expect(field.value).toBe('-has:');
    expect(document.activeElement).toBe(field);
    await user.keyboard('{ArrowUp}{Enter}');
    expect(field.value).toBe('-has:picture ');
    expect(field.selectionStart).toBe(field.value.length);
  });

  test('speak German', async () => {
    const { user } = await show();
    await setLocale('de');
    await settled();
    const field = screen.getByRole('combobox', { name: 'Suchen' });
    await user.type(field, 'is:u');
    expect(screen.getByRole('option', { name: 'is:unread noch ungelesen' })).toBeTruthy();
    await setLocale('en');
  });
});

describe('what operators find', () => {
  test.each([
    ['from:"camille lefèvre"', ['Camille Lefèvre-Dubois']],
    ['from:camille has:file', ['Camille Lefèvre-Dubois']],
    ['from:camille -has:file', []],
    ['is:done', ['Beatriz Gonçalves', 'Paweł Zając']],
    ['is:waiting -is:open', ['Aino Virtanen', 'Dewi Lestari', 'Eszter Nagy']],
    ['is:', []],
    ['camille is:', ['Camille Lefèvre-Dubois']],
    ['is:nonsense', []],
  ])('%s', async (text, want) => {
    const { desk } = await startDesk();
    await desk.search.type(text);
    const names = new Set(desk.search.hits.map((h) => h.row.customer.name));
    expect([...names].sort()).toEqual(want);
  });
});
