import { expect, test } from 'vitest';
import { fakeBridge } from '../src/bridge/fake/fake';
import { FakeDesk } from '../src/bridge/fake/fakeDesk';
import { AccountsState } from '../src/state/accounts.svelte';
import { MailboxSetupState } from '../src/state/mailboxSetup.svelte';

// A mailbox on its way from the address to being connected.

function setUp() {
  const fake = new FakeDesk('');
  const bridge = fakeBridge('', fake);
  const accounts = new AccountsState(bridge);
  accounts.connect();
  const { setup } = accounts;
  if (!setup) throw new Error('nothing is being connected');
  return { fake, bridge, accounts, setup };
}

test('from the address to the mailbox', async () => {
  const { fake, accounts, setup } = setUp();
  setup.address = ' help@shop.example ';
  await setup.find();
  expect(setup.step).toBe('servers');
  expect(setup.setup?.imap.host).toBe('imap.shop.example');
  setup.secrets.password = 'wrong';
  await setup.testNow();
  expect(setup.step).toBe('servers');
  expect(setup.test?.imap.trouble).toBe('password');
  setup.edited();
  expect(setup.test).toBeNull();
  setup.secrets.password = 'right';
  await setup.testNow();
  expect(setup.step).toBe('choose');
  await setup.save();
  expect(setup.step).toBe('done');
  expect(setup.secrets.password).toBe('');
  expect(fake.mailboxes).toHaveLength(2);
  expect(accounts.view).toHaveLength(2);
});

test('what is no address stays, with a reason', async () => {
  const { setup } = setUp();
  setup.address = 'nobody';
  await setup.find();
  expect(setup.step).toBe('address');
  expect(setup.failure?.kind).toBe('invalid');
});

test('a call that was cancelled changes nothing when it ends', async () => {
  const { fake, setup } = setUp();
  setup.address = 'help@shop.example';
  const finding = setup.find();
  expect(setup.busy).toBe('finding');
  setup.cancel();
  await finding;
  expect(setup.step).toBe('address');
  expect(setup.busy).toBe('');
  expect(fake.calls).toContain('Accounts.Cancel');
});

test('signing in again keeps the settings and ends the trouble', async () => {
  const fake = new FakeDesk('connected');
  const bridge = fakeBridge('', fake);
  const expired = fake.mailboxes.find((m) => m.state === 'sign_in');
  if (!expired) throw new Error('no mailbox wants a sign-in');
  const setup = new MailboxSetupState(bridge, () => Promise.resolve(), expired);
  expect(setup.step).toBe('servers');
  setup.secrets.password = 'right';
  await setup.testNow();
  expect(setup.step).toBe('done');
  expect(fake.mailboxes.find((m) => m.id === expired.id)?.state).toBe('ok');
});

test('a mailbox is not removed while replies wait', async () => {
  const fake = new FakeDesk('connected');
  const accounts = new AccountsState(fakeBridge('', fake));
  expect((await accounts.remove('3', 0, 9))?.kind).toBe('conflict');
  expect(await accounts.remove('2', 0, 0)).toBeNull();
  expect(fake.mailboxes.map((m) => m.id)).toEqual(['3', '1']);
});

test('is called what a person likes, and stands where a person wants it', async () => {
  const fake = new FakeDesk('connected');
  const accounts = new AccountsState(fakeBridge('', fake));
  expect(await accounts.rename('3', ' Returns ')).toBeNull();
  expect(await accounts.raise('3')).toBeNull();
  expect(accounts.view.map((m) => m.name)).toEqual([
    'Returns',
    'help@birkpay.example',
    'Practice inbox',
  ]);
  expect(accounts.nameOf('3')).toBe('Returns');
  expect(await accounts.rename('3', '')).toBeNull();
  expect(accounts.nameOf('3')).toBe('returns@birkpay.example');
  expect(accounts.shortNameOf('3')).toBe('returns');
  expect(await accounts.rename('2', 'returns@other.example')).toBeNull();
  expect(accounts.shortNameOf('3')).toBe('returns@birkpay.example');
  expect((await accounts.raise('none'))?.kind).toBe('not_found');

  fake.mailboxes = fake.mailboxes.slice(0, 1);
  await accounts.reread();
  expect(accounts.nameOf('3')).toBe(''); // with one account it goes without saying
  expect(accounts.owns('3', { name: '', address: 'RETURNS@birkpay.example' })).toBe(true);
});
