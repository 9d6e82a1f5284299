import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { attach, forward, reply, send, sendAsItIs, takeBackLast } from '../src/state/work';
import { idOf, settled, startDesk } from './desk';

// What may slip a person who sends is asked once, and nothing leaves meanwhile.

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function writing(text: string, name = 'Chloé Marchand') {
  const started = await startDesk();
  const id = idOf(started.fake, name);
  await started.desk.open(id);
  await reply(started.desk);
  started.desk.composer.draft?.edit({ text });
  const queued = () => started.fake.ops.filter((o) => o.conversation === id);
  return { ...started, id, queued };
}

describe('an attachment that is spoken of and isn’t there', () => {
  test.each(['waiting', 'done'] as const)(
    'is asked about before it is queued (%s)',
    async (then) => {
      const { desk, queued, fake, id } = await writing('Bonjour,\nvoir ci-joint.');
      await send(desk, then);
      expect(desk.composer.slip?.slips.attached).toBe('voir ci-joint.');
      expect(queued()).toEqual([]);
      await sendAsItIs(desk);
      expect(queued()).toHaveLength(1);
      expect(fake.view(id).row.status).toBe(then);
    },
  );

  test('is asked about too where the reply leaves later', async () => {
    const { desk, queued } = await writing('Voir ci-joint.');
    desk.composer.times = { sendAt: Date.now() + 3_600_000, until: 0 };
    await send(desk, 'waiting');
    expect(queued()).toEqual([]);
    await sendAsItIs(desk);
    expect(queued()[0]?.sendAt).toBeGreaterThan(Date.now());
  });

  test('is not asked about again for the same text, and is for another', async () => {
    const { desk, queued } = await writing('Voir ci-joint.');
    await send(desk, 'waiting');
    await sendAsItIs(desk);
    takeBackLast(desk);
    await settled();
    await send(desk, 'waiting');
    expect(queued().filter((o) => o.state === 'queued')).toHaveLength(1);
    takeBackLast(desk);
    await settled();
    desk.composer.draft?.edit({ text: 'Voir ci-joint, encore.' });
    await send(desk, 'waiting');
    expect(desk.composer.slip).not.toBeNull();
  });

  test('is not asked about with a file', async () => {
    const { desk, queued } = await writing('Voir ci-joint.');
    await attach(desk);
    await send(desk, 'waiting', true);
    expect(queued()).toHaveLength(1);
  });

  test.each([
    ['the signature', 'Bonjour\n\n-- \nMarie\nVoir ci-joint.'],
    ['a quotation', '> Voir ci-joint.\nBien reçu.'],
    [
      'what the customer wrote',
      'Anbei die Bestätigung des Händlers. Ich möchte keine weitere Mahnung bekommen. Bitte um kurze Rückmeldung.\nGesehen!',
    ],
  ])('does not stand in %s', async (_, text) => {
    const { desk, queued } = await writing(text, 'Katharina Vogt');
    await send(desk, 'waiting');
    expect(desk.composer.slip).toBeNull();
    expect(queued()).toHaveLength(1);
  });

  test('is not asked about where a file is forwarded', async () => {
    const { desk, fake } = await startDesk();
    await desk.open(idOf(fake, 'Camille Lefèvre-Dubois'));
    await forward(desk);
    const files = desk.composer.draft!.files.map((f) => ({ ...f, have: f.size }));
    fake.view(desk.conversation.id).draft.files = desk.composer.draft!.files = files;
    desk.composer.draft?.edit({
      text: 'Voir ci-joint.',
      to: [{ name: '', address: 'jonas@birkpay.example' }],
    });
    await send(desk, 'waiting');
    expect(desk.composer.slip).toBeNull();
    expect(fake.calls).toContain('Composer.Send');
  });

  test('is forgotten with the draft it was asked about', async () => {
    const { desk, fake } = await writing('Voir ci-joint.');
    await send(desk, 'waiting');
    await desk.open(idOf(fake, 'Sanne de Vries'));
    await reply(desk);
    expect(desk.composer.slip).toBeNull();
    await sendAsItIs(desk);
    expect(fake.calls).not.toContain('Composer.Send');
  });
});

describe('recipients', () => {
  const stranger = { name: 'Petra Lang', address: 'petra@kanzlei.example' };

  test('who have had no part are named, once in all', async () => {
    const { desk, fake, queued } = await writing('Bonjour');
    desk.composer.draft?.edit({ cc: [stranger] });
    await send(desk, 'done');
    expect(desk.composer.slip?.slips).toEqual({
      attached: '',
      strangers: [stranger],
      missed: null,
    });
    expect(queued()).toEqual([]);
    await sendAsItIs(desk);
    expect(queued()).toHaveLength(1);
    await desk.open(idOf(fake, 'Sanne de Vries'));
    await reply(desk);
    desk.composer.draft?.edit({ text: 'Dag', bcc: [stranger] });
    await send(desk, 'done');
    expect(fake.ops.some((o) => o.conversation === idOf(fake, 'Sanne de Vries'))).toBe(true);
  });

  test('without the customer are asked about once for a conversation', async () => {
    const { desk, fake, id, queued } = await writing('Bonjour');
    desk.composer.draft?.edit({ to: [{ name: '', address: 'jonas@birkpay.example' }] });
    await send(desk, 'waiting');
    expect(desk.composer.slip?.slips.missed).toEqual(fake.view(id).row.customer);
    await sendAsItIs(desk);
    takeBackLast(desk);
    await settled();
    await send(desk, 'waiting');
    expect(queued().filter((o) => o.state === 'queued')).toHaveLength(1);
  });

  test('stand in one question with an attachment that isn’t there', async () => {
    const { desk, queued } = await writing('Voir ci-joint.');
    desk.composer.draft?.edit({ to: [stranger] });
    await send(desk, 'waiting');
    const { attached, strangers, missed } = desk.composer.slip!.slips;
    expect([attached, strangers.length, missed !== null]).toEqual(['Voir ci-joint.', 1, true]);
    await sendAsItIs(desk);
    expect(queued()).toHaveLength(1);
  });
});
