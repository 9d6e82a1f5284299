import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { canMark, markSpots } from '../src/views/findMarks';
import Root from '../src/views/Root.svelte';
import { idOf, settled, startDesk } from './desk';

// Finding in the conversation on screen, folded messages included.

async function reading(name: string) {
  const started = await startDesk();
  await started.desk.open(idOf(started.fake, name));
  return { ...started, find: started.desk.find };
}

describe('finding', () => {
  test('counts in every message and begins at the one in sight', async () => {
    const { desk, find } = await reading('Olivia Bennett');
    find.begin();
    find.from(desk.conversation.newest);
    find.type('LEFT shoe');
    expect(find.spots).toHaveLength(20);
    // The newest is ours: after the last comes the first.
    expect(find.at).toBe(0);
    find.step(-1);
    expect(find.at).toBe(19);
    find.step(1);
    expect(find.at).toBe(0);
  });

  test('stays where it is while more letters are typed', async () => {
    const { desk, find } = await reading('Olivia Bennett');
    find.begin();
    find.type('message 1');
    find.step(1);
    find.step(1);
    const { owner } = find.here ?? {};
    find.type('message 11');
    expect(find.here?.owner).toBe(owner);
    expect(owner).toBe(desk.conversation.view?.messages[10]?.id);
  });

  test('unfolds the message that holds what is found, and no other', async () => {
    const { desk, find } = await reading('Olivia Bennett');
    const tenth = desk.conversation.view?.messages[9]?.id ?? '';
    expect(desk.conversation.unfolded.size).toBe(0);
    find.begin();
    find.type('Message 10:');
    expect([...desk.conversation.unfolded]).toEqual([tenth]);
  });

  test('unfolds a quote', async () => {
    const { desk, find } = await reading('Katharina Vogt');
    find.begin();
    find.type('schrieb daniela');
    expect(find.spots).toHaveLength(1);
    expect(desk.conversation.quotes.get(find.here?.owner ?? '')).toBe(true);
  });

  test('keeps what was typed and counts again when mail arrives', async () => {
    const { desk, fake, find } = await reading('Giulia Romano');
    const id = desk.conversation.id;
    find.begin();
    find.type('ancora');
    const before = find.spots.length;
    const { moves } = find;
    fake.arrive(id, 'Ancora io, ancora una volta.');
    await settled(50);
    expect(find.text).toBe('ancora');
    expect(find.spots).toHaveLength(before + 2);
    expect(find.moves).toBe(moves);
  });

  test('searches a reply on its way, and not what is being written', async () => {
    const { desk, fake, find } = await reading('Katharina Vogt');
    expect(desk.composer.draft?.text).toContain('jetzt vermerkt');
    find.begin();
    find.type('jetzt vermerkt');
    expect(find.spots).toEqual([]);
    await desk.open(fake.ops[0]?.conversation ?? '');
    const [op] = desk.conversation.view?.outgoing ?? [];
    find.begin();
    find.type(op?.text.slice(0, 12) ?? 'nothing');
    expect(find.spots.some((spot) => spot.owner === op?.id)).toBe(true);
  });

  test('searches a mail that is shown as it was sent as it is shown', async () => {
    const { desk, find } = await reading('Chloé Marchand');
    const id = desk.conversation.newest;
    find.begin();
    find.type('clôturer');
    const before = find.spots;
    expect(before.map((s) => s.part)).toContain('text');
    desk.conversation.toggleAsSent(id);
    expect(find.spots).toEqual([]);
    find.sent.set(id, ['Demande', 'cloturer, clôturer']);
    expect(find.spots).toMatchObject([
      { part: 'sent', paragraph: 1, from: 0 },
      { part: 'sent', paragraph: 1, from: 10 },
    ]);
  });

  test('ends with the conversation, and remembers what was typed', async () => {
    const { desk, fake, find } = await reading('Katharina Vogt');
    find.begin();
    find.type('Mahnung');
    await desk.open(idOf(fake, 'Giulia Romano'));
    expect(find.open).toBe(false);
    find.begin();
    expect(find.text).toBe('Mahnung');
    find.begin('two\nlines');
    expect(find.text).toBe('Mahnung');
    find.begin(' BP-20419 ');
    expect(find.text).toBe('BP-20419');
  });
});

describe('on screen', () => {
  async function show(name: string) {
    const started = await startDesk();
    render(Root, { hand: started.hand });
    await started.desk.open(idOf(started.fake, name));
    await settled();
    const user = userEvent.setup();
    const bar = () => within(screen.getByRole('search', { name: 'Find in this conversation' }));
    const field = () => bar().getByRole('textbox');
    return { ...started, user, bar, field };
  }

  test('Ctrl+F opens the bar, keys move in it, and Escape gives the messages the keys back', async () => {
    const { user, bar, field } = await show('Olivia Bennett');
    await user.keyboard('{Control>}f{/Control}');
    await settled();
    expect(document.activeElement).toBe(field());
    await user.keyboard('left shoe');
    expect(bar().getByRole('status').textContent).toBe('1 of 20');
    await user.keyboard('{Enter}{F3}');
    expect(bar().getByRole('status').textContent).toBe('3 of 20');
    await user.keyboard('{Shift>}{Enter}{F3}{/Shift}');
    expect(bar().getByRole('status').textContent).toBe('1 of 20');
    await user.keyboard('zzz');
    expect(bar().getByRole('status').textContent).toBe('Not found');
    await user.keyboard('{Escape}');
    await settled();
    expect(screen.queryByRole('textbox', { name: 'Find in this conversation' })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('region', { name: 'Messages' }));
  });

  test('Escape in the messages closes the bar before anything else', async () => {
    const { user, desk } = await show('Olivia Bennett');
    await user.keyboard('{F3}');
    await settled();
    expect(desk.find.open).toBe(true);
    screen.getByRole('region', { name: 'Messages' }).focus();
    await user.keyboard('{Escape}');
    expect(desk.find.open).toBe(false);
    expect(desk.go.pane).toBe('conversation');
  });

  test('works out of the composer, whose words stay', async () => {
    const { user, desk, bar } = await show('Katharina Vogt');
    screen.getByRole('textbox', { name: 'Text of the reply' }).focus();
    const { text } = desk.composer.draft ?? {};
    await user.keyboard('{Control>}f{/Control}');
    await settled();
    await user.keyboard('bestatigung');
    expect(bar().getByRole('status').textContent).toBe('1 of 3');
    screen.getByRole('textbox', { name: 'Text of the reply' }).focus();
    await user.keyboard('{Shift>}{F3}{/Shift}');
    expect(bar().getByRole('status').textContent).toBe('3 of 3');
    expect(desk.composer.draft?.text).toBe(text);
  });

  test('without highlights in the browser what is found is selected', async () => {
    expect(canMark()).toBe(false);
    const { user } = await show('Katharina Vogt');
    await user.keyboard('{Control>}f{/Control}');
    await settled();
    await user.keyboard('mahngebuhr');
    await settled();
    expect(document.getSelection()?.toString()).toBe('Mahngebühr');
  });

  test('a spot is found in the page by its place, also across a link', async () => {
    const { desk, fake } = await show('Giulia Romano');
    fake.arrive(desk.conversation.id, 'Eins.\n\nVon (siehe https://example.com/a) bis\nhier.');
    await settled(50);
    const stream = screen.getByRole('region', { name: 'Messages' });
    desk.find.begin();
    for (const words of ['siehe https://example.com/a) bis hier', 'example', 'Eins.', 'hier.']) {
      desk.find.type(words);
      await settled();
      const range = markSpots(stream, desk.find.spots, desk.find.here);
      expect(range?.toString().replaceAll(/\s/g, ' ')).toBe(words);
    }
  });
});
