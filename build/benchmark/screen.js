// Runs in the shipped window's page and measures what its engine takes, to the
// end of the frame that shows it: a task that a frame's callback sets begins
// when the frame is painted.
(() => {
  const painted = () =>
    new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
  const later = (ms) => new Promise((done) => setTimeout(done, ms));
  const list = () => document.querySelector('[role=listbox]');
  const rowAt = (n) => list().querySelector(`[role=option][aria-posinset="${n}"]`);
  const shows = (row) => {
    const subject = row.querySelector('.subject').textContent.trim();
    const title = document.querySelector('.title h2')?.textContent.trim();
    return title === subject && document.querySelector('article') !== null;
  };

  // From the click on a row until its conversation is painted.
  async function open(count) {
    const times = [];
    for (let n = 1; n <= count; n++) {
      const row = rowAt(n);
      if (!row) throw new Error(`row ${n} isn't drawn`);
      if (n > 1 && shows(row)) continue; // the same subject as before tells nothing
      const from = performance.now();
      row.click();
      let at = await painted();
      while (!shows(row)) {
        if (at - from > 10_000) throw new Error(`row ${n} doesn't open`);
        at = await painted();
      }
      times.push(at - from);
      await later(150);
    }
    return times;
  }

  // From a letter until its frame is painted, while the draft saves itself.
  async function type(count) {
    const text = document.querySelector('[contenteditable]');
    text.focus();
    const words = 'thank you for writing the money is on its way back to you ';
    const times = [];
    for (let n = 0; n < count; n++) {
      const at = await new Promise((done) =>
        requestAnimationFrame(() => {
          const from = performance.now();
          document.execCommand('insertText', false, words[n % words.length]);
          setTimeout(() => done(performance.now() - from));
        }),
      );
      times.push(at);
      await later(80);
    }
    return times;
  }

  // Rows go by, some a frame; a frame is blank where a place in the list shows no row.
  async function scroll(rows, perFrame) {
    const box = list();
    const row = rowAt(1) ?? box.querySelector('[role=option]');
    const high = row.getBoundingClientRect().height;
    const { left, top, bottom, width } = box.getBoundingClientRect();
    const places = [top + 4, (top + bottom) / 2, bottom - 4];
    const seen = { times: [], blank: 0, waited: 0, rows: 0 };
    let last = performance.now();
    while (box.scrollTop < rows * high) {
      const before = box.scrollTop;
      box.scrollTop = before + perFrame * high;
      const at = await painted();
      if (box.scrollTop === before) seen.waited++; // for the next page of rows
      else seen.times.push(at - last);
      last = at;
      for (const y of places) {
        const there = document.elementFromPoint(left + width / 2, y)?.closest('[role=option]');
        if (!there?.textContent.trim()) {
          seen.blank++;
          break;
        }
      }
      if (seen.waited > 2000) throw new Error('no more rows come');
    }
    seen.rows = Math.round(box.scrollTop / high);
    return seen;
  }

  const acts = { open, type, scroll };
  window.bench = { done: null, failed: '' };
  window.measure = (act, ...args) => {
    window.bench = { done: null, failed: '' };
    acts[act](...args).then(
      (what) => (window.bench.done = what),
      (error) => (window.bench.failed = String(error)),
    );
    return true;
  };
  return true;
})();
