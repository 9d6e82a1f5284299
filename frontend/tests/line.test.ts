import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { raised } from '../src/state/line.svelte';
import { file } from '../src/state/work';
import Root from '../src/views/Root.svelte';
import { settled, startDesk } from './desk';

async function show(scenes = '') {
  const started = await startDesk(scenes);
  render(Root, { hand: started.hand });
  await settled();
  return { ...started, user: userEvent.setup() };
}

describe('a day that is used up', () => {
  test('says so, and asks how to go on', async () => {
    const { user, fake } = await show('spent');
    const line = screen.getByRole('group', { name: 'The line' });
    expect(within(line).getByText("Today's 60 kB are used.")).toBeTruthy();
    expect(within(line).getByText(/^Replies still leave/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: /^Fetch though/ }));
    await user.click(screen.getByRole('menuitemradio', { name: /^Raise the budget to 1 MB/ }));
    await settled();
    expect(fake.calls).toContain('Line.SetBudget 1000000');
    expect(screen.queryByRole('button', { name: /^Fetch though/ })).toBeNull();
  });

  test('lets a file be fetched by whoever wants it', async () => {
    const { user, desk, fake } = await show('spent');
    const view = [...fake.views.values()].find((v) => v.messages.some((m) => m.files[0]));
    const wanted = view!.messages.find((m) => m.files[0])!.files[0]!;
    wanted.have = 0;
    await file(desk, wanted.id, false);
    await settled();
    await user.click(await screen.findByRole('button', { name: /^Fetch anyway/ }));
    await settled(1_200);
    expect(fake.calls.filter((c) => c.startsWith('Files.'))).toEqual([
      'Files.Fetch',
      'Files.FetchAnyway',
    ]);
    expect(wanted.have).toBe(wanted.size);
  });

  test.each([
    [60_000, 1e6],
    [1e6, 2e6],
    [19e6, 50e6],
    [600e6, 1200e6],
  ])('that held %i bytes is raised to %i', (from, to) => {
    expect(raised(from)).toBe(to);
  });
});

describe('what a mail server says to people', () => {
  test('stays until it was read, one at a time', async () => {
    const { user, fake } = await show('alert');
    const place = screen.getByRole('status', { name: 'Words of your mail server' });
    expect(within(place).getByText(/^Your mailbox is 96 % full/).dir).toBe('auto');
    expect(place.querySelector('a')).toBeNull();
    await user.click(within(place).getByRole('button', { name: 'Dismiss' }));
    await settled();
    expect(within(place).getByText(/^سيتوقف/)).toBeTruthy();
    await user.click(within(place).getByRole('button', { name: 'Dismiss' }));
    await settled();
    expect(place.textContent.trim()).toBe('');
    expect(fake.calls.filter((c) => c === 'Line.DismissAlert')).toHaveLength(2);
  });
});

describe('a pause', () => {
  test('stops everything, says so at each reply, and ends again', async () => {
    const { user, fake, desk } = await show('offline');
    await user.click(screen.getByRole('button', { name: /^Saving data/ }));
    await user.click(screen.getByRole('menuitemcheckbox', { name: /^Pause/ }));
    await settled();
    expect(fake.choices.paused).toBe(true);
    expect(desk.line.summary.state).toBe('paused');
    desk.showOutbox();
    await settled();
    expect(screen.getByText(/^The account is paused. The reply waits here/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Resume' }));
    await settled();
    expect(fake.choices.paused).toBe(false);
    expect(screen.queryByText(/^The account is paused/)).toBeNull();
  });
});

test('text only is a choice of the palette as well', async () => {
  const { hand, fake } = await show();
  const action = hand.actions.find((a) => a.id === 'textOnly')!;
  expect(action.name()).toBe('Fetch text only');
  action.run();
  await settled();
  expect(fake.choices.textOnly).toBe(true);
  expect(action.name()).toBe('Fetch files and pictures again');
});

test('the budget and the horizon are set per account', async () => {
  const { user, fake, desk } = await show();
  desk.showSettings();
  await settled();
  await user.selectOptions(screen.getByLabelText('Daily budget'), '20 MB a day');
  await user.selectOptions(screen.getByLabelText('Mail on this computer'), 'everything');
  await settled();
  expect(fake.choices).toMatchObject({ budget: 20e6, horizon: 0 });
});

test('a first sync says how far back it has come', async () => {
  const { desk } = await show('empty');
  expect(screen.getByText(/^back to .*, 12,400 to go$/)).toBeTruthy();
  desk.showOutbox();
  await settled();
  expect(screen.getByText(/^fetching mail, back to .*, 12,400 to go$/)).toBeTruthy();
});

describe('a search beyond this computer', () => {
  async function typed(scenes: string) {
    const shown = await show(scenes);
    await shown.desk.search.type('Forty');
    await settled();
    return shown;
  }

  test('brings in what the server has, marked as such, and keeps it', async () => {
    const { user, desk } = await typed('');
    while (desk.search.more) await desk.search.older();
    const before = desk.search.hits.length;
    await user.click(screen.getByRole('button', { name: /^Search the mail server/ }));
    await settled(250);
    expect(screen.getByText(/^The server had 1 more message/)).toBeTruthy();
    expect(desk.search.hits).toHaveLength(before + 1);
    expect(screen.getAllByText('from the server')).toHaveLength(1);
    desk.search.clear();
    await desk.search.type('Forty');
    await desk.search.older();
    await settled();
    expect(desk.search.hits).toHaveLength(before + 1);
    expect(screen.getByRole('button', { name: /^Search the mail server/ })).toBeTruthy();
  });

  test('asks first when the day is used up', async () => {
    const { user, fake } = await typed('spent');
    await user.click(screen.getByRole('button', { name: /^Search the mail server/ }));
    await settled();
    expect(fake.hunted.state).toBe('');
    await user.click(screen.getByRole('button', { name: 'Search anyway' }));
    await settled(250);
    expect(fake.hunted.state).toBe('done');
  });

  test('says that it waits for the line, and can be stopped', async () => {
    const { user } = await typed('offline');
    await user.click(screen.getByRole('button', { name: /^Search the mail server/ }));
    await settled();
    expect(screen.getByText(/goes on when the line is back/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Stop' }));
    await settled();
    expect(screen.getByText(/^The search was stopped/)).toBeTruthy();
  });

  test('ends with the words that were searched for', async () => {
    const { user, desk, fake } = await typed('slow');
    await user.click(screen.getByRole('button', { name: /^Search the mail server/ }));
    await settled();
    await desk.search.type('Forty me');
    await settled();
    expect(fake.hunted.state).toBe('stopped');
    expect(desk.search.server).toBeNull();
  });
});
