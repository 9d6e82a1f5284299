import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import Root from '../src/views/Root.svelte';
import { idOf, settled, startDesk } from './desk';

async function read(name: string) {
  const started = await startDesk();
  render(Root, { hand: started.hand });
  await started.desk.open(idOf(started.fake, name));
  await settled();
  return { ...started, user: userEvent.setup() };
}

describe('a conversation', () => {
  test('is split from a message on, and whole again', async () => {
    const { desk, fake, user } = await read('Katharina Vogt');
    const whole = desk.conversation.id;
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.click(screen.getByRole('menuitem', { name: 'Split this conversation' }));
    const choices = within(screen.getByRole('dialog')).getAllByRole('listitem');
    expect(choices).toHaveLength(2);
    await user.click(within(choices[1]!).getByRole('button'));
    await vi.waitFor(() => expect(desk.conversation.view?.messages).toHaveLength(1));
    expect(desk.conversation.id).not.toBe(whole);
    expect(fake.view(whole).messages).toHaveLength(2);
    await user.click(screen.getByRole('button', { name: /Take back|Undo/ }));
    await vi.waitFor(() => expect(desk.conversation.view?.messages).toHaveLength(3));
    expect(desk.conversation.id).toBe(whole);
  });

  test('is merged with another of the same customer, and apart again', async () => {
    const { desk, fake, user } = await read('Katharina Vogt');
    const other = structuredClone(fake.view(idOf(fake, 'Giulia Romano')));
    const { customer } = fake.view(desk.conversation.id).row;
    other.row = { ...other.row, id: 'other', customer, subject: 'Die zweite Frage' };
    fake.views.set('other', other);
    await user.keyboard('{Control>}k{/Control}');
    const palette = within(screen.getByRole('dialog'));
    await user.type(palette.getByRole('combobox'), 'merge{Enter}');
    await user.click(await screen.findByRole('button', { name: /Die zweite Frage/ }));
    await vi.waitFor(() => expect(fake.views.has('other')).toBe(false));
    await user.click(await screen.findByRole('button', { name: /Take back|Undo/ }));
    await vi.waitFor(() => expect(fake.views.has('other')).toBe(true));
  });

  test('has nothing to be merged with', async () => {
    const { user } = await read('Giulia Romano');
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.keyboard('{Enter}');
    expect(
      await screen.findByText('There is no other conversation with Giulia Romano.'),
    ).toBeTruthy();
  });
});

describe('a message', () => {
  test('says at our reply that it did not arrive, and why', async () => {
    const { desk } = await read('Mehmet Aydın');
    const { address } = desk.conversation.view!.row.customer;
    screen.getByText(
      `Not delivered to ${address}: the mailbox is full. Try again later, or another way.`,
    );
    screen.getByText('552 5.2.2 The mailbox is full: over quota');
  });

  test('says what is wrong about its sender, and whom an answer goes to', async () => {
    const { desk } = await read('Lucía Fernández Ortega');
    const { customer } = desk.conversation.view!.row;
    screen.getByText(/could not confirm the sender's address/);
    screen.getByText(`The mail comes from ${customer.address}.`);
    screen.getByText(`From the form on birkpay.example. Answers go to ${customer.address}.`);
  });
});
