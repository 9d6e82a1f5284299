import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import { connect } from './bridge';
import { actionsOf } from './state/actions';
import { Desk } from './state/desk.svelte';
import { sprite } from './ui/icons';
import Root from './views/Root.svelte';

async function main(): Promise<void> {
  const bridge = await connect(new URLSearchParams(location.search));
  const desk = new Desk(bridge);
  const mac = /^Mac/.test(navigator.platform);
  await desk.start();
  document.body.prepend(sprite());
  const target = document.getElementById('screen');
  if (target) mount(Root, { target, props: { hand: { desk, actions: actionsOf(desk), mac } } });
}

void main();
