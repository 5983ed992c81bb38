"use strict";
// The page's behaviour. Everything shown is already in the page; this filters it and ties source and facts together.
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const { labels, documents } = JSON.parse(one("#data").textContent);
  const say = (key, values = {}) => labels[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  const views = documents.map((data, at) => {
    const article = one(`article[data-document="${at}"]`);
    const list = one(`ol[data-document="${at}"]`);
    const items = all("li", list);
    const byFact = new Map(items.map((item) => [item.dataset.i, item]));
    const marks = all("[data-f], [data-p]", article).map((node) => ({
      node,
      facts: (node.dataset.f || "").split(" ").filter(Boolean),
      parts: (node.dataset.p || "").split(" ").filter(Boolean),
      furniture: node.classList.contains("furniture"),
    }));
    return { data, article, list, items, byFact, marks, chosen: null };
  });
  let view = views[0];

  const words = new Map();
  const text = (item) => {
    if (!words.has(item)) words.set(item, item.textContent.toLowerCase());
    return words.get(item);
  };

  function wanted() {
    const option = one("#section").selectedOptions[0];
    return {
      kinds: new Set(all('input[name="kind"]:checked').map((box) => box.value)),
      role: one("#role").value,
      first: option && option.value !== "" ? Number(option.value) : -1,
      end: option ? Number(option.dataset.end) : 0,
      find: one("#find").value.trim().toLowerCase(),
    };
  }

  function fits(item, want) {
    const { k, r, s } = item.dataset;
    if (!want.kinds.has(k)) return false;
    if (want.role && r !== want.role) return false;
    if (want.first >= 0 && !(Number(s) >= want.first && Number(s) < want.end)) return false;
    return !want.find || text(item).includes(want.find);
  }

  function filter() {
    const want = wanted();
    const open = new Set();
    let heading = [];
    let shown = 0;
    let total = 0;
    for (const item of view.items) {
      if (item.dataset.k === "section") {
        item.hidden = true;
        heading = heading.filter((above) => above.dataset.l < item.dataset.l);
        heading.push(item);
        continue;
      }
      total += 1;
      item.hidden = !fits(item, want);
      if (item.hidden) continue;
      shown += 1;
      open.add(item.dataset.i);
      for (const above of heading) above.hidden = false;
    }
    for (const mark of view.marks) dress(mark, open);
    one("#count").textContent = total === 0 ? labels.nothing : shown === 0 ? labels.none : say("shown", { shown, all: total });
    one("#factstab").textContent = say("facts_tab", { count: shown });
    if (view.chosen !== null && !open.has(view.chosen) && view.byFact.get(view.chosen)?.dataset.k !== "section") choose(null);
  }

  function dress(mark, open) {
    const looks = new Set(mark.furniture ? ["furniture"] : []);
    for (const fact of mark.facts) {
      const item = view.byFact.get(fact);
      if (item && (open.has(fact) || item.dataset.k === "section")) looks.add(item.dataset.c);
    }
    if (view.chosen !== null && mark.facts.includes(view.chosen)) looks.add("chosen");
    else if (view.chosen !== null && mark.parts.includes(view.chosen)) looks.add("part");
    mark.node.className = [...looks].join(" ");
  }

  const isOpen = (item) => item && !item.hidden;
  const here = (mark) => mark.facts.filter((fact) => isOpen(view.byFact.get(fact)) && view.byFact.get(fact).dataset.k !== "section");

  function choose(fact, { scroll = "both" } = {}) {
    const before = view.chosen;
    view.chosen = fact;
    for (const mark of view.marks) {
      const touched = (id) => id !== null && (mark.facts.includes(id) || mark.parts.includes(id));
      if (!touched(before) && !touched(fact)) continue;
      mark.node.classList.toggle("chosen", fact !== null && mark.facts.includes(fact));
      mark.node.classList.toggle("part", fact !== null && !mark.facts.includes(fact) && mark.parts.includes(fact));
    }
    const last = before === null ? null : view.byFact.get(before);
    last?.classList.remove("on");
    one("button", last ?? document.createElement("p"))?.removeAttribute("aria-current");
    one("#detail").hidden = fact === null;
    if (fact === null) return;
    const item = view.byFact.get(fact);
    item.classList.add("on");
    one("button", item).setAttribute("aria-current", "true");
    tell(fact, item);
    if (scroll !== "source") item.scrollIntoView({ block: "nearest" });
    if (scroll !== "facts") bring(one(".chosen", view.article));
  }

  const narrow = () => matchMedia("(max-width: 820px)").matches;

  // Scrolls the source so that these words are seen: in the middle, or near the top where a sheet covers the lower half.
  function bring(node) {
    if (!node) return;
    const pane = one("#source");
    const place = node.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    const room = narrow() ? pane.clientHeight * 0.15 : pane.clientHeight * 0.4;
    if (place < room * 0.4 || place > room * 1.7) pane.scrollBy({ top: place - room });
  }

  function tell(fact, item) {
    one("#detailtitle").textContent = (one(".line", item) || item).textContent;
    const list = one("#detail dl");
    list.replaceChildren();
    for (const [label, value] of view.data.details[Number(fact)]) {
      const term = document.createElement("dt");
      const told = document.createElement("dd");
      term.textContent = label;
      told.textContent = value;
      list.append(term, told);
    }
    const mark = view.marks.find((some) => some.facts.includes(fact));
    const others = mark ? here(mark).filter((other) => other !== fact) : [];
    const also = one("#also");
    also.replaceChildren();
    if (others.length === 0) return;
    also.append(`${labels.also_here} `);
    for (const other of others.slice(0, 6)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = one(".line", view.byFact.get(other)).textContent.slice(0, 28);
      button.addEventListener("click", () => choose(other));
      also.append(button);
    }
  }

  function step(by) {
    const open = view.items.filter((item) => isOpen(item) && item.dataset.k !== "section");
    if (open.length === 0) return;
    const at = open.findIndex((item) => item.dataset.i === view.chosen);
    const next = at < 0 ? (by > 0 ? 0 : open.length - 1) : Math.min(Math.max(at + by, 0), open.length - 1);
    choose(open[next].dataset.i);
  }

  function show(at) {
    choose(null);
    view = views[at];
    views.forEach((some, index) => {
      some.article.hidden = some.list.hidden = index !== at;
    });
    one("#section").innerHTML = view.data.sections;
    for (const count of all("[data-count]")) count.textContent = view.data.counts[count.dataset.count] ?? 0;
    one("#source").scrollTop = 0;
    filter();
  }

  function look(name) {
    document.body.dataset.view = name;
    for (const tab of all(".tabs button")) tab.setAttribute("aria-pressed", String(tab.dataset.view === name));
  }

  one("#source").addEventListener("click", (event) => {
    const gap = event.target.closest("[data-gap]");
    if (gap) return toGap(Number(gap.dataset.gap));
    const node = event.target.closest("[data-f]");
    if (!node || String(getSelection())) return undefined;
    const facts = here(view.marks.find((mark) => mark.node === node));
    if (facts.length) choose(facts[(facts.indexOf(view.chosen) + 1) % facts.length], { scroll: "facts" });
    return undefined;
  });

  function toGap(offset) {
    bring(one(`.gap[data-at="${offset}"]`, view.article));
  }

  one(".lists").addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (!item) return;
    if (narrow()) look("source");
    choose(item.dataset.i);
  });
  for (const tab of all(".tabs button")) tab.addEventListener("click", () => look(tab.dataset.view));
  for (const box of all('input[name="kind"], #role, #section')) box.addEventListener("change", filter);
  let waiting = 0;
  one("#find").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  one("#document").addEventListener("change", (event) => show(Number(event.target.value)));
  one("#previous").addEventListener("click", () => step(-1));
  one("#next").addEventListener("click", () => step(1));
  one("#close").addEventListener("click", () => choose(null));
  one("#theme").addEventListener("click", (event) => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    event.target.setAttribute("aria-pressed", String(!dark));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "Escape") {
      if (typing) typing.blur();
      choose(null);
    } else if (!typing && (event.key === "j" || event.key === "k")) {
      step(event.key === "j" ? 1 : -1);
    } else if (!typing && event.key === "/") {
      event.preventDefault();
      one("#find").focus();
    }
  });
  show(0);
})();
