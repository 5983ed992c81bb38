// The look before tasks become items: doubts first, rows chosen and set right in place, all made in one go.
import { make, read, say } from "../../layout/js/data.js";
import { get, post } from "../../layout/js/fetch.js";
import { keys } from "../../layout/js/keys.js";
import { toastError } from "../../layout/js/toast.js";
import { detailsOf } from "./edit.js";
import { effort, start as startEffort } from "./effort.js";
import { ROLES, accept, allDoubts, change, changesOf, fits, groupsOf, modelOf, namesIn, rename } from "./model.js";
import { offerNames } from "./names.js";
import { doubtItem, rowOf } from "./render.js";

const at = (id) => document.getElementById(id);
const data = read("promote");
if (data) start(modelOf(data));

function start(model) {
  const table = at("table");
  const groups = groupsOf(model).map((group) => ({ ...group, body: make("tbody", {}) }));
  table.append(...groups.map((group) => group.body));
  let current = null;
  let sending = false;

  // --- showing

  function filters() {
    const form = new FormData(at("filters"));
    return { q: String(form.get("q") ?? "").trim(), section: String(form.get("section") ?? ""), show: String(form.get("show") ?? "") };
  }

  function paint() {
    const wanted = filters();
    let shown = 0;
    for (const group of groups) {
      group.shown = group.rows.filter((row) => fits(model, row, wanted));
      shown += group.shown.length;
      group.body.replaceChildren(...(group.shown.length ? [headOf(group), ...group.shown.map((row) => rowOf(model, row))] : []));
    }
    at("nothing").hidden = shown > 0;
    at("box").hidden = shown === 0;
    if (!current?.isConnected) current = null;
    table.querySelector("tr[data-fact]")?.setAttribute("tabindex", "0");
    paintDoubts();
    paintBar();
  }

  function headOf(group) {
    const words = group.kind === "section" ? say("promote.js.section", { title: group.title || say("promote.js.no_section"), count: group.shown.length }) : say(`promote.js.${group.kind}`, { count: group.shown.length });
    const box = make("input", { type: "checkbox", "data-group": true, "aria-label": say("promote.js.choose_group", { title: words }) });
    group.head = box;
    tick(group);
    box.addEventListener("change", () => choose(group.shown, box.checked));
    return make("tr", { class: "group" }, make("th", { colspan: "8", scope: "rowgroup" }, make("label", { class: "check" }, box, words)));
  }

  function tick(group) {
    const chosen = group.shown.filter((row) => row.chosen).length;
    group.head.checked = chosen > 0 && chosen === group.shown.length;
    group.head.indeterminate = chosen > 0 && chosen < group.shown.length;
  }

  function paintDoubts() {
    const doubts = allDoubts(model);
    at("doubts").hidden = doubts.length === 0;
    at("doubts-count").textContent = doubts.length;
    at("accept-all").hidden = doubts.length < 2;
    at("doubts-list").replaceChildren(...doubts.map((doubt) => doubtItem(model, doubt, {
      onaccept: () => { accept(model, [doubt]); paint(); focusDoubts(); },
      onrename: (item) => askName(item, doubt),
      onshow: (row) => { show(row); },
    })));
  }

  function focusDoubts() {
    (at("doubts-list").querySelector("button.button") ?? at("make")).focus();
  }

  function paintBar() {
    const chosen = model.rows.filter((row) => row.chosen).length;
    at("chosen").textContent = say("promote.js.chosen", { chosen, all: model.rows.length });
    if (!sending) at("make").textContent = say("promote.js.make", { count: chosen });
    at("make").disabled = chosen === 0 || sending;
  }

  function paintEffort() {
    const { touches, seconds } = effort();
    const time = say("promote.js.clock", { minutes: Math.floor(seconds / 60), seconds: String(seconds % 60).padStart(2, "0") });
    at("effort").textContent = say("promote.js.effort", { touches, time });
  }

  // --- choosing

  function choose(rows, on) {
    for (const row of rows) {
      row.chosen = on;
      const line = lineOf(row);
      if (!line) continue;
      line.querySelector("[data-row]").checked = on;
      line.classList.toggle("chosen", on);
    }
    groups.filter((group) => group.shown.length).forEach(tick);
    paintBar();
  }

  const lineOf = (row) => table.querySelector(`tr[data-fact="${row.fact}"]`);
  const rowAt = (line) => model.byFact.get(line.dataset.fact);

  function chooseCertain() {
    if (model.breakdown) choose(model.rows.filter((row) => !allDoubts(model).some((doubt) => doubt.rows.includes(row))), true);
    else choose(groups.flatMap((group) => group.shown), true);
  }

  let last = null;
  table.addEventListener("click", (event) => {
    const box = event.target.closest("[data-row]");
    const opens = event.target.closest("[data-open]");
    const line = event.target.closest("tr[data-fact]");
    if (box) {
      const shown = groups.flatMap((group) => group.shown);
      const row = rowAt(line);
      const [from, to] = [shown.indexOf(event.shiftKey && last ? last : row), shown.indexOf(row)].sort((a, b) => a - b);
      choose(from < 0 ? [row] : shown.slice(from, to + 1), box.checked);
      last = row;
    } else if (opens && line && !String(getSelection())) {
      toggle(line, opens.tagName === "BUTTON" ? "" : opens.dataset.open);
    }
    if (line) hold(line);
  });

  // --- details

  function toggle(line, field) {
    const there = line.nextElementSibling?.classList.contains("detail") ? line.nextElementSibling : null;
    if (there && !field) { put(line, there); return; }
    const details = there ?? detailsOf(model, rowAt(line), { apply: (values) => take(line, details, values), close: () => put(line, details) });
    line.querySelector("button[data-open]").setAttribute("aria-expanded", "true");
    line.after(details);
    if (field) details.querySelector(`[data-field="${field}"]`).focus();
  }

  function put(line, details) {
    details.remove();
    line.querySelector("button[data-open]").setAttribute("aria-expanded", "false");
    hold(line);
    line.focus();
  }

  async function take(line, details, values) {
    try {
      await learn(ROLES.flatMap((role) => values[role]));
    } catch (error) {
      toastError(error);
      return;
    }
    const row = rowAt(line);
    change(model, row, values);
    details.remove();
    const fresh = rowOf(model, row);
    line.replaceWith(fresh);
    hold(fresh);
    fresh.focus();
    groups.filter((group) => group.shown.includes(row)).forEach(tick);
    paintDoubts();
    paintBar();
  }

  async function learn(names) {
    const unknown = names.filter((name) => !model.units[name] || !model.people[name]);
    if (unknown.length === 0) return;
    const told = await get(`${model.actions.names}?${new URLSearchParams(unknown.map((name) => ["name", name]))}`);
    for (const part of ["units", "people", "doubts"]) model[part] = { ...told[part], ...model[part] };
  }

  function askName(item, doubt) {
    if (item.querySelector("form")) return;
    const field = make("input", { value: doubt.names.join("、"), maxlength: "2000", autocomplete: "off", "aria-label": say("promote.js.new_name", { name: doubt.names.join("、") }) });
    offerNames(field, at("known-names"), model.known);
    const form = make("form", { class: "rename field" }, field, make("button", { class: "button small main" }, say("promote.js.apply")));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const names = namesIn(field.value);
      try {
        await learn(names);
      } catch (error) {
        toastError(error);
        return;
      }
      rename(model, doubt.rows, doubt.names, names);
      paint();
      focusDoubts();
    });
    item.append(form);
    field.focus();
    field.select();
  }

  // --- keys

  function hold(line) {
    current?.setAttribute("tabindex", "-1");
    current = line;
    line.setAttribute("tabindex", "0");
  }

  function show(row) {
    if (!lineOf(row)) { at("filters").reset(); paint(); }
    const line = lineOf(row);
    hold(line);
    line.focus();
    if (!line.nextElementSibling?.classList.contains("detail")) toggle(line, "");
  }

  function step(by) {
    const lines = [...table.querySelectorAll("tr[data-fact]")];
    const next = lines[Math.max(0, Math.min(lines.length - 1, lines.indexOf(current) + by))];
    if (!next) return;
    hold(next);
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  const held = (act) => () => { if (current) act(current); else step(1); };
  const flip = held((line) => choose([rowAt(line)], !rowAt(line).chosen));
  keys({
    j: [say("promote.js.key_next"), () => step(1)], ArrowDown: ["", () => step(1)], k: [say("promote.js.key_previous"), () => step(-1)], ArrowUp: ["", () => step(-1)],
    x: [say("promote.js.key_choose"), flip], " ": ["", flip], o: [say("promote.js.key_open"), held((line) => toggle(line, ""))], Enter: ["", held((line) => toggle(line, ""))],
    e: [say("promote.js.key_edit"), held((line) => toggle(line, "title"))], d: [say("promote.js.key_due"), held((line) => toggle(line, "due"))],
    a: [say("promote.js.key_certain"), chooseCertain], f: [say("promote.js.key_find"), () => at("find-task").focus()], m: [say("promote.js.key_make"), () => at("make").click()],
  });

  // --- making

  async function send() {
    const chosen = model.rows.filter((row) => row.chosen);
    if (sending || chosen.length === 0) return;
    sending = true;
    at("make").disabled = true;
    at("make").textContent = say("promote.js.making");
    const changed = Object.fromEntries(chosen.map((row) => [row.fact, changesOf(row)]).filter(([, changes]) => changes));
    try {
      const done = await post(model.actions.create, { facts: chosen.map((row) => row.fact), changed, ...effort() });
      location.assign(done.next);
    } catch (error) {
      sending = false;
      toastError(error);
      paintBar();
    }
  }

  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("filters").addEventListener("input", paint);
  at("choose-certain").addEventListener("click", chooseCertain);
  at("choose-none").addEventListener("click", () => choose(model.rows, false));
  at("make").addEventListener("click", send);
  at("accept-all").addEventListener("click", () => { accept(model, allDoubts(model)); paint(); focusDoubts(); });
  for (const role of ROLES) table.classList.toggle(`no-${role}`, model.rows.every((row) => row[role].length === 0));
  for (const id of ["filters", "bar"]) at(id).hidden = false;
  startEffort(paintEffort);
  paint();
  paintEffort();
  setInterval(paintEffort, 1000);
}
