import { vi } from 'vitest';
import type { Bridge } from '../src/bridge';
import { fakeBridge } from '../src/bridge/fake/fake';
import { FakeDesk } from '../src/bridge/fake/fakeDesk';
import { actionsOf } from '../src/state/actions';
import { Desk } from '../src/state/desk.svelte';

/** A desk on the fake bridge, started, with its inbox read. */
export async function startDesk(scenes = '', change: (bridge: Bridge) => Bridge = (b) => b) {
  const fake = new FakeDesk(scenes);
  const desk = new Desk(change(fakeBridge(scenes, fake)));
  const stop = await desk.start();
  await settled();
  return { desk, fake, stop, hand: { desk, actions: actionsOf(desk), mac: false } };
}

/** Lets calls and their events come through; with fake timers no time passes for a person. */
export async function settled(ms = 20): Promise<void> {
  if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(ms);
  else await new Promise((resolve) => setTimeout(resolve, ms));
}

/** The id of a fake customer's conversation. */
export function idOf(fake: FakeDesk, name: string): string {
  for (const view of fake.views.values()) if (view.row.customer.name === name) return view.row.id;
  throw new Error(`no fake customer ${name}`);
}
