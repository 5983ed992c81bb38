// The reading room: ties source, list, card and acts together; one listener for each kind of event.
import { say, read, make, icon } from "../../layout/js/data.js";
import { confirm } from "../../layout/js/dialog.js";
import { get } from "../../layout/js/fetch.js";
import { keys } from "../../layout/js/keys.js";
import { toast, toastError } from "../../layout/js/toast.js";
import { Acts, fetchForm } from "./acts.js";
import { Card } from "./card.js";
import { List } from "./list.js";
import { open } from "./model.js";
import { paintProgress } from "./progress.js";
import { Source } from "./source.js";
import { suggest } from "./suggest.js";

const $ = (id) => document.getElementById(id);
const panes = $("panes");
const given = read("room");
// a very long document is fetched after the page
const room = open(given.later ? await get(given.later) : given);
panes.hidden = false;
const list = new List(room, $("lists"), $("filters"), { count: $("count") });
list.readAddress(new URLSearchParams(location.search));
tellFilters(list.filter());
const source = new Source(room, $("paper"));
const card = new Card(room, $("card"));
const acts = new Acts(room, { told, lost });
let chosen = null;
let addressTimer = 0;

// --- choosing

function choose(fact, { focus = true, scroll = true } = {}) {
  if (!fact) return clear();
  chosen = fact;
  source.choose(fact);
  list.choose(fact);
  card.show(fact);
  if (fact.shown) list.show(fact, { focus });
  if (scroll) source.show(fact);
  remember();
  return fact;
}

function clear() {
  chosen = null;
  source.choose(null);
  list.choose(null);
  card.show(null);
  remember();
}

function shown() { return room.facts.filter((fact) => fact.shown); }

/** The next fact shown after (or before) the chosen one. */
function step(by) {
  const facts = shown();
  if (!facts.length) return;
  const at = chosen ? facts.findIndex((fact) => fact.number >= chosen.number) : by > 0 ? -1 : 0;
  const isOn = at >= 0 && facts[at] === chosen;
  const next = at < 0 ? (by > 0 && !chosen ? 0 : facts.length - 1) : at + (by > 0 && !isOn && chosen ? 0 : by);
  choose(facts[Math.min(Math.max(next, 0), facts.length - 1)]);
}

/** The next fact that waits for a word; where somebody looks for what others have checked, the next of those. */
function nextOpen({ quiet = false } = {}) {
  const second = list.wish().state === "checked";
  const waits = (fact) => fact.shown && !fact.job && (second ? fact.state === "checked" : fact.state === "open");
  const from = chosen ? chosen.number : -1;
  const next = room.facts.find((fact) => fact.number > from && waits(fact)) ?? room.facts.find(waits);
  if (next && next !== chosen) choose(next);
  else if (!quiet) toast(say("room.js.all_checked"));
}

/** Keeps filters and the chosen fact in the address, a moment later: browsers count how often it is set. */
function remember() {
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => {
    const query = list.query();
    if (chosen) query.set("fact", chosen.id);
    const text = query.toString();
    history.replaceState(null, "", text ? `?${text}` : location.pathname);
  }, 250);
}

// --- words

function act(name, fact = chosen) {
  if (!fact || (fact.job && !fact.job.failed)) return;
  if (name === "correct") { edit(fact); return; }
  const { viewer } = room;
  if (card.decides(fact)) acts.say("decide", [fact], { word: name });
  else if (viewer.may_check) acts.say(name, [fact]);
  else return;
  if (name !== "reopen") nextOpen({ quiet: true });
}

async function edit(fact, like = "") {
  if (!room.viewer.may_check && !card.decides(fact)) return;
  try {
    const form = await fetchForm(room.actions.form, fact, like);
    if (chosen !== fact) return;
    card.edit(form);
    panes.classList.add("editing");
    form.querySelectorAll("[data-indicator]").forEach((input) => suggest(input, room.actions.indicators, room.words.column.indicator_id));
  } catch (error) {
    toastError(error);
  }
}

async function correct(form) {
  const fact = chosen;
  const data = new FormData(form);
  const fields = {};
  for (const [name, value] of data) if (name.startsWith("field_")) fields[name.slice(6)] = value;
  const job = acts.say(form.dataset.decides ? "decide" : "correct", [fact], { fields, note: data.get("note") ?? "", ...(form.dataset.decides ? { word: "correct" } : {}) });
  job.form = form;
  const button = form.querySelector("button:not([type])");
  button.disabled = true;
  const done = await job.promise;
  button.disabled = false;
  if (done) {
    closeForm();
    if (chosen === fact) nextOpen({ quiet: true });
  }
}

function closeForm() {
  panes.classList.remove("editing");
  if (chosen && card.box.querySelector("form")) { card.show(chosen); list.show(chosen); }
}

/** A job began, was saved or failed: the rows, marks and card of its facts are painted anew. */
function told(job, error) {
  const facts = [...(job.touched ?? job.facts)];
  facts.forEach((fact) => list.paint(fact));
  source.repaint(facts);
  new Set(facts.map((fact) => fact.group)).forEach((group) => list.tell(group));
  if (job.form && error) {
    // what cannot be read is said in the form, and the fact is as it was
    for (const fact of job.facts) fact.job = null;
    job.failed = null;
    facts.forEach((fact) => list.paint(fact));
    const place = job.form.querySelector("[role=alert]");
    place.hidden = false;
    place.textContent = error.message;
  } else if (facts.includes(chosen) && !card.box.querySelector("form")) {
    card.show(chosen);
  }
  const what = job.facts.length === 1 ? job.facts[0].headline.slice(0, 40) : String(job.facts.length);
  if (error) $("said").textContent = say("room.js.told_failed", { what, why: error.message });
  if (!job.saved) return;
  $("said").textContent = job.facts.length > 1 && job.act === "accept" ? say("room.js.told_bulk", { count: job.facts.length }) : say(`room.js.told_${job.act}`, { what });
  paintProgress(room, $("checking"));
}

/** The server is out of reach, or back again. */
function lost(jobs, error) {
  const box = $("lost");
  box.hidden = !error || !jobs.length;
  if (!error) { toast(say("room.js.back")); return; }
  const count = jobs.reduce((sum, job) => sum + job.facts.length, 0);
  const expired = error.status === 401;
  box.replaceChildren(icon("warning"), make("span", {}, say(expired ? "room.js.expired" : "room.js.lost", { count })),
    ...(expired ? [make("a", { class: "button small", href: "/signin", target: "_blank", rel: "noopener" }, say("room.js.sign_in"))] : []),
    make("button", { type: "button", class: "button small", onclick: () => acts.again() }, say("room.js.retry")));
}

async function bulk(group) {
  const facts = list.waiting(group);
  const ok = await confirm(say("room.js.bulk_ask", { where: group.title.slice(0, 40), count: facts.length }), { act: say("room.js.accept"), more: say("room.js.bulk_more") });
  if (!ok) return;
  const job = acts.say("accept", facts);
  if (!(await job.promise)) { toastError(job.failed); return; }
  toast(say("room.js.told_bulk", { count: facts.length }), { undo });
  nextOpen({ quiet: true });
}

async function undo() {
  const before = chosen;
  const facts = await acts.undo(chosen);
  if (facts?.length) { choose(facts[0]); return; }
  if (!before?.job?.failed) toast(say("room.js.nothing_undo"), { kind: "warn" });
}

// --- events

function tellFilters(many) {
  const badge = $("filter-count");
  badge.hidden = !many;
  badge.textContent = many;
  $("tab-count").textContent = shown().length;
}

let filterTimer;
function filter() {
  tellFilters(list.filter());
  source.repaintAll();
  remember();
}

function show(view) {
  panes.dataset.view = view;
  document.querySelectorAll(".room-tabs button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.view === view)));
  if (chosen) { if (view === "source") source.show(chosen); else list.show(chosen, { focus: false }); }
}

const ACTS = {
  accept: () => act("accept"), reject: () => act("reject"), correct: () => act("correct"), reopen: () => act("reopen"),
  previous: () => step(-1), next: () => step(1), close: clear,
  source: () => show("source"),
  retry: () => acts.again(chosen.job),
  drop: () => acts.drop(chosen.job),
  use: (button) => edit(chosen, button.dataset.like),
};

document.addEventListener("click", (event) => {
  const target = event.target;
  const at = (selector) => target.closest?.(selector);
  const row = at("[data-n]");
  if (row) return void choose(room.facts[row.dataset.n]);
  const mark = at("#paper [data-f]");
  if (mark) {
    const here = mark.dataset.f.split(" ").map((number) => room.facts[number]);
    // another click on the same words goes on to the wider fact around them
    return void choose(here[(here.indexOf(chosen) + 1) % here.length], { focus: false, scroll: false });
  }
  const button = at("[data-act]");
  if (button) return void ACTS[button.dataset.act](button);
  const other = at("[data-choose]");
  if (other) return void choose(room.facts[other.dataset.choose]);
  const group = at("[data-bulk]");
  if (group?.dataset.bulk) return void bulk(list.groups[group.dataset.bulk]);
  const view = at(".room-tabs [data-view]");
  if (view) return void show(view.dataset.view);
  if (at("[data-cancel]")) return void closeForm();
  if (at("[data-reset]")) { list.readAddress(new URLSearchParams()); return void filter(); }
  const section = at("[data-section]");
  if (section) {
    source.showSection(Number(section.dataset.section));
    show("source");
    if (innerWidth < 1100) drawer(false);
  }
});

$("filters").addEventListener("input", () => { clearTimeout(filterTimer); filterTimer = setTimeout(filter, 80); });
$("filters").addEventListener("submit", (event) => { event.preventDefault(); filter(); });
$("card").addEventListener("submit", (event) => { event.preventDefault(); correct(event.target); });
$("card").addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !card.box.querySelector("form")) return;
  event.preventDefault();
  closeForm();
});
$("card").addEventListener("input", (event) => {
  const field = event.target.closest(".field");
  field?.classList.toggle("changed", event.target.type === "select-one" ? !event.target.selectedOptions[0].defaultSelected : event.target.value !== event.target.defaultValue);
});
// in the source the arrows scroll, as they do in any text
$("source").addEventListener("keydown", (event) => { if (event.key === "ArrowDown" || event.key === "ArrowUp") event.stopPropagation(); });
$("open-outline").addEventListener("click", () => drawer());

function drawer(open = $("outline").hidden) {
  const box = $("outline");
  if (open && !box.firstChild) {
    box.append(make("ol", {}, ...room.sections.map((section) => make("li", { class: `l${Math.min(section.level, 4)}` },
      make("button", { type: "button", "data-section": section.index }, section.title.slice(0, 60))))));
  }
  box.hidden = !open;
  panes.classList.toggle("with-outline", open);
  $("open-outline").setAttribute("aria-expanded", String(open));
  if (open) box.querySelector("button")?.focus({ preventScroll: true });
}

const down = [say("room.js.key_next"), () => step(1)];
const up = [say("room.js.key_previous"), () => step(-1)];
keys({
  j: down, ArrowDown: down, k: up, ArrowUp: up,
  n: [say("room.js.key_open"), () => nextOpen()],
  a: [say("room.js.key_accept"), () => act("accept")],
  x: [say("room.js.key_reject"), () => act("reject")],
  e: [say("room.js.key_correct"), () => act("correct")],
  u: [say("room.js.key_undo"), undo],
  f: [say("room.js.key_find"), () => { $("more").open = true; $("f-q").focus(); }],
  o: [say("room.js.key_outline"), () => drawer()],
  Escape: [say("room.js.key_escape"), clear],
});

paintProgress(room, $("checking"));
$("more").open = innerWidth > 820 || !$("filter-count").hidden;
const wanted = new URLSearchParams(location.search).get("fact") || location.hash.slice(1);
if (room.byId.has(wanted)) choose(room.byId.get(wanted), { focus: false });
performance.mark("room-ready");
