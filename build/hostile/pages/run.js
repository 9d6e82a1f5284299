// Opens every result in a frame of its own, touches everything in it, and hands
// over what was caught. The frame holds nothing back (window.sandbox is null), or
// it is the program's, and then what is in it can't tell anything by itself.
const found = {};
window.caught = (number, what) => {
  (found[number] ??= new Set()).add(what);
};

window.events = ['pointerover', 'mouseover', 'mouseenter', 'mousemove', 'mousedown', 'mouseup', 'contextmenu', 'dblclick', 'wheel', 'keydown', 'keypress', 'input', 'change', 'dragstart', 'copy', 'paste', 'toggle', 'scroll', 'animationend', 'transitionend', 'blur'];
window.calls = ['alert', 'confirm', 'prompt', 'print', 'open', 'eval', 'fetch', 'postMessage'];

window.touch = (element) => {
  element.focus?.();
  for (const type of window.events) {
    element.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
  }
  element.click?.();
};

// In a frame where no script may run: none of the trap's did, and no handler does.
function touchFramed(number, inside) {
  if (inside.touchEverything) {
    inside.touchEverything();
    if (!/allow-scripts/.test(window.sandbox)) window.caught(number, 'a script ran');
    return;
  }
  for (const name of window.calls) {
    inside[name] = () => window.caught(number, `called ${name}`);
  }
  for (const element of inside.document.body?.querySelectorAll('*') ?? []) {
    // The program's page lies over links and takes their clicks.
    const link = element.closest('a, area');
    if (!link || link.protocol === 'javascript:') window.touch(element);
  }
}

const settle = (ms) => new Promise((done) => setTimeout(done, ms));

async function open(number) {
  const frame = document.createElement('iframe');
  frame.width = 600;
  frame.height = 400;
  if (window.sandbox !== null) frame.setAttribute('sandbox', window.sandbox);
  const loaded = new Promise((done) => frame.addEventListener('load', done, { once: true }));
  frame.src = `/result/${number}`;
  document.body.append(frame);
  await Promise.race([loaded, settle(5000)]);
  await settle(20);
  try {
    if (window.sandbox === null) frame.contentWindow.touchEverything();
    else touchFramed(number, frame.contentWindow);
    await settle(40);
    // What the sandbox alone lets go, the program's policy holds.
    if (window.stays && frame.contentWindow.location.pathname !== `/result/${number}`) {
      window.caught(number, 'went elsewhere');
    }
  } catch (error) {
    window.caught(number, `can't be read any more: ${error}`);
  }
  frame.remove();
}

window.runAll = async (count) => {
  const lanes = 16;
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < count) await open(next++);
    }),
  );
  return Object.entries(found).map(([number, what]) => ({ number: Number(number), what: [...what] }));
};
