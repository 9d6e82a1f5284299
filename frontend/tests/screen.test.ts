import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import Root from '../src/views/Root.svelte';
import { setLocale } from '../src/words';
import { idOf, settled, startDesk } from './desk';

// The screen through the eyes of somebody who can't see it: roles and names.

async function show(scenes = '') {
  const started = await startDesk(scenes);
  render(Root, { hand: started.hand });
  await settled();
  return { ...started, user: userEvent.setup() };
}

describe('the screen', () => {
  test('has the views with their counters', async () => {
    await show();
    const views = within(screen.getByRole('navigation', { name: 'Views' }));
    expect(
      views.getAllByRole('button').map((b) => b.textContent.replaceAll(/\s+/g, ' ').trim()),
    ).toEqual([
      'Inbox 35',
      'Waiting 3',
      'Snoozed',
      'Done',
      'Drafts 1',
      'Outbox 3 need you 6',
      'Spam',
      'Bin',
    ]);
  });

  test('waits while an update changes the store, says how far it is, and goes on', async () => {
    const { fake } = await show('opening');
    expect(screen.getByText('Getting your mail ready for this version')).toBeTruthy();
    await vi.waitFor(() =>
      expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('40'),
    );
    fake.part = 1;
    await vi.waitFor(() => screen.getByRole('navigation', { name: 'Views' }), 3000);
    expect(screen.queryByRole('progressbar')).toBeNull();
  });

  test('offers one list with the row in hand', async () => {
    const { user, desk } = await show();
    const list = screen.getByRole('listbox', { name: 'Conversations' });
    list.focus();
    await user.keyboard('j');
    const active = list.getAttribute('aria-activedescendant') ?? '';
    expect(document.getElementById(active)?.getAttribute('aria-selected')).toBe('true');
    expect(desk.list.active).toBe(desk.list.rows[0]?.id);
  });

  test('answers with keys alone', async () => {
    const { user, desk, fake } = await show();
    await desk.open(idOf(fake, 'Giulia Romano'));
    await settled();
    await user.keyboard('r');
    await settled();
    const text = screen.getByRole('textbox', { name: 'Text of the reply' });
    expect(document.activeElement).toBe(text);
    await user.keyboard('just keep reading jjj e');
    expect(desk.conversation.view?.row.customer.name).toBe('Giulia Romano');
    await user.keyboard('{Control>}{Enter}{/Control}');
    await settled();
    expect(fake.ops.at(-1)?.text).toBe('just keep reading jjj e');
    expect(screen.getAllByText('Reply to Giulia Romano leaves in a moment')[0]).toBeTruthy();
  });

  test('never fires a key while an input method composes', async () => {
    const { desk, fake } = await show();
    await desk.open(idOf(fake, 'Giulia Romano'));
    window.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'e', code: 'KeyE', isComposing: true }),
    );
    await settled();
    expect(fake.calls).not.toContain('Inbox.SetStatus');
  });

  test('has no single keys when they are switched off', async () => {
    const { user, desk, fake } = await show();
    await desk.settings.setKeys(false);
    await desk.open(idOf(fake, 'Giulia Romano'));
    await settled();
    await user.keyboard('e');
    expect(fake.calls).not.toContain('Inbox.SetStatus');
    await user.keyboard('{Control>}k{/Control}');
    expect(desk.go.sheet).toBe('palette');
  });

  test('finds every action in the palette', async () => {
    const { user, desk } = await show();
    await user.keyboard('{Control>}k{/Control}');
    await user.type(screen.getByRole('combobox', { name: 'What do you want to do?' }), 'outbox');
    await user.keyboard('{Enter}');
    await settled();
    expect(desk.go.place).toBe('outbox');
    expect(screen.getByRole('heading', { name: 'Outbox' })).toBeTruthy();
  });

  test('shows a mail as it was sent only in a frame that may run nothing', async () => {
    const { user, desk, fake } = await show();
    await desk.open(idOf(fake, 'Chloé Marchand'));
    await settled();
    expect(document.querySelector('iframe')).toBeNull();
    await user.click(screen.getByRole('button', { name: /Show as sent/ }));
    const frame = document.querySelector('iframe');
    expect(frame?.getAttribute('sandbox')).toBe('allow-same-origin');
    expect(frame?.getAttribute('srcdoc')).toContain("default-src 'none'");
  });

  test('asks Go to open a link instead of going there', async () => {
    const { user, desk, fake } = await show();
    await desk.open(idOf(fake, 'Tom Whitfield'));
    await settled();
    await user.click(screen.getByRole('link'));
    expect(fake.calls).toContain('Settings.OpenLink https://konto.birkpay.example/plan');
  });

  test('says why it cannot start', async () => {
    await show('stopped');
    expect(screen.getByText(/Another window already works with this mail/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });

  test.each(['empty', 'broken'])('has words where there is nothing (%s)', async (scene) => {
    await show(scene);
    expect(
      screen.getByText(scene === 'empty' ? 'Mail is on its way' : "The list can't be read"),
    ).toBeTruthy();
  });

  test('speaks another language at once', async () => {
    const { desk } = await show();
    await desk.settings.setLocale('de');
    await settled();
    expect(screen.getByRole('navigation', { name: 'Ansichten' }).textContent).toContain(
      'Posteingang',
    );
    await setLocale('en');
  });
});

describe('the outbox', () => {
  test('says of every reply what is known and what can be done', async () => {
    const { desk } = await show();
    desk.showOutbox();
    await settled();
    const cards = screen.getAllByRole('listitem').filter((li) => li.textContent.includes('kB'));
    const card = (name: string) =>
      within(cards.find((c) => c.textContent.includes(name)) ?? document.body);
    const buttons = (name: string) =>
      card(name)
        .getAllByRole('button')
        .slice(1)
        .map((b) => b.textContent.trim());
    expect(buttons('Agnieszka Wójcik')).toEqual(['Edit mine', 'Send mine as well', 'Drop mine']);
    expect(buttons('Rafael Moreira')).toEqual([
      'How can I know?',
      'I know it arrived',
      'Send again',
    ]);
    expect(buttons('Mikkel Sørensen')).toEqual(['Edit mine', 'Send again', 'Drop mine']);
    expect(buttons('Juma Mwangi')).toEqual(['Look now']);
    expect(buttons('佐藤 美咲')).toEqual([]);
    expect(buttons('Tom Whitfield')).toEqual(['Take back']);
    expect(
      card('Agnieszka Wójcik').getByText(/Daniela Brandt answered in the meantime/),
    ).toBeTruthy();
  });
});

test('writes as another sender of the account', async () => {
  const { desk, fake, hand } = await startDesk();
  const practice = fake.mailboxes[0];
  if (!practice) throw new Error('no mailbox');
  practice.identities = ['help', 'returns'].map((name, i) => ({
    id: String(i + 1),
    name,
    address: `${name}@birkpay.example`,
    signatures: [{ language: '', text: `The ${name} desk` }],
  }));
  await desk.accounts.reread();
  await desk.open(idOf(fake, 'Giulia Romano'));
  await settled();
  render(Root, { hand });
  const user = userEvent.setup();
  await user.keyboard('r');
  await settled();
  desk.composer.recipientsOpen = true;
  await settled();
  for (const [id, name] of [
    ['2', 'returns'],
    ['1', 'help'],
    ['2', 'returns'],
  ] as const) {
    await user.selectOptions(screen.getByLabelText('From'), id);
    await settled();
    await desk.composer.draft?.flush();
    expect(desk.composer.draft?.view()).toMatchObject({
      identity: id,
      text: `\n\n-- \nThe ${name} desk`,
    });
    expect(screen.getByLabelText('Text of the reply').textContent).toContain(`The ${name} desk`);
  }
});
