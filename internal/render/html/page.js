// What the page can do beyond being read: find, choose, open and close. All of
// it works on what stands in the page; nothing is fetched or kept.
(() => {
  'use strict';
  const form = document.getElementById('find');
  if (!form) return;
  const words = document.getElementById('words');
  const of = document.getElementById('of');
  const matches = document.getElementById('matches');
  const none = document.getElementById('none');
  const workspaces = [...document.querySelectorAll('.workspace')].map((part) => ({
    part,
    lists: [...part.querySelectorAll(':scope > section')].map((list) => ({
      list,
      kind: list.className,
      parts: [...list.querySelectorAll(':scope > ul')].map((part) => ({
        part,
        items: [...part.children].map((item) => ({ item, text: null })),
      })),
    })),
  }));
  const all = workspaces.flatMap((w) => w.lists.flatMap((l) => l.parts.flatMap((p) => p.items.map((i) => ({ w, l, p, i })))));
  const number = (n) => n.toLocaleString('en');

  // A frame has 16 ms; work that is longer gives way after so many.
  const slice = 8;
  let current = 0;

  const line = 30; // the usual height of an item, in pixels

  // inSlices calls work with each of list, in pieces short enough that the page
  // answers meanwhile, then done. A later call takes its place.
  const inSlices = (list, work, done) => {
    const mine = ++current;
    let at = 0;
    const step = () => {
      if (mine !== current) return;
      const end = performance.now() + slice;
      while (at < list.length && performance.now() < end) work(list[at++]);
      if (at < list.length) setTimeout(step);
      else done();
    };
    step();
  };

  const find = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kinds = new Set([...form.querySelectorAll('[name=kind]:checked')].map((box) => box.value));
    const place = of ? of.value : '';
    const shown = new Map();
    let n = 0;
    const matched = ({ w, l, i }) => {
      if (place && w.part.id !== place) return false;
      if (kinds.size && !kinds.has(l.kind)) return false;
      if (!wanted.length) return true;
      i.text ??= i.item.textContent.toLowerCase();
      return wanted.every((word) => i.text.includes(word));
    };
    inSlices(all, (entry) => {
      const yes = matched(entry);
      if (entry.i.item.hidden === yes) entry.i.item.hidden = !yes;
      if (!yes) return;
      n++;
      for (const around of [entry.w, entry.l, entry.p]) shown.set(around, (shown.get(around) ?? 0) + 1);
    }, () => {
      for (const w of workspaces) {
        w.part.hidden = !shown.has(w);
        for (const l of w.lists) {
          l.list.hidden = !shown.has(l);
          for (const p of l.parts) {
            p.part.hidden = !shown.has(p);
            // What is out of sight is not laid out; this is how high it is taken to be.
            p.part.style.containIntrinsicHeight = 'auto ' + (shown.get(p) ?? 0) * line + 'px';
          }
        }
      }
      none.hidden = n > 0;
      matches.textContent = n === all.length ? number(n) + (n === 1 ? ' finding' : ' findings')
        : number(n) + ' of ' + number(all.length) + ' findings';
    });
  };

  const setOpen = (open) => {
    const details = all.filter(({ i }) => !i.item.hidden).map(({ i }) => i.item.firstElementChild);
    inSlices(details, (d) => { if (d.localName === 'details') d.open = open; }, () => {});
  };

  let typing = 0;
  words.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(find, 120);
  });
  form.addEventListener('change', find);
  form.addEventListener('submit', (event) => { event.preventDefault(); find(); });
  form.addEventListener('reset', () => setTimeout(find));
  document.getElementById('open').addEventListener('click', () => setOpen(true));
  document.getElementById('close').addEventListener('click', () => setOpen(false));

  // What is hidden here is no use on paper.
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('li:not([hidden]) > details:not([open])')];
    for (const d of opened) d.open = true;
  });
  addEventListener('afterprint', () => {
    for (const d of opened) d.open = false;
    opened = [];
  });

  form.hidden = false;
  find();
})();
