// Rows and doubts as elements.
import { icon, make, say } from "../../layout/js/data.js";
import { doubtsOf, isChanged } from "./model.js";

const LABELS = { leaders: "promote.js.leaders", lead: "promote.js.lead", support: "promote.js.support", due: "promote.js.due" };

/** 2026-03-05, 2026-03 or 2026 as the page's language writes it. */
export function dayOf(text) {
  const [year, month, day] = text.split("-").map(Number);
  if (document.documentElement.lang === "en") {
    const shown = { year: "numeric", ...(month ? { month: "long" } : {}), ...(day ? { day: "numeric" } : {}), timeZone: "UTC" };
    return new Date(Date.UTC(year, (month || 1) - 1, day || 1)).toLocaleDateString("en-GB", shown);
  }
  return `${year}年${month ? `${month}月` : ""}${day ? `${day}日` : ""}`;
}

/** A row of the table. */
export function rowOf(model, row) {
  const box = make("input", { type: "checkbox", "data-row": true, "aria-label": say("promote.js.choose", { title: row.title }) });
  box.checked = row.chosen;
  const open = make("button", { type: "button", class: "close", "data-open": "title", "aria-expanded": "false", "aria-label": say("promote.js.details", { title: row.title }) }, icon("down"));
  const line = make("tr", { "data-fact": row.fact, tabindex: "-1", class: row.chosen ? "chosen" : "" },
    make("td", { class: "pick" }, box),
    make("td", { class: "tight", "data-label": "" }, row.number),
    make("th", { scope: "row", class: "words", "data-open": "title" }, row.title, " ", ...chipsOf(model, row)),
    cell("leaders", row.leaders.map((name) => personOf(model, name))),
    cell("lead", row.lead.map((name) => unitOf(model, name))),
    cell("support", row.support.map((name) => unitOf(model, name))),
    dueOf(row),
    make("td", { class: "tight" }, open));
  return line;
}

function chipsOf(model, row) {
  const byKey = new Map();
  for (const { key, name } of doubtsOf(model, row)) byKey.set(key, [...(byKey.get(key) ?? []), ...(name ? [name] : [])]);
  const chips = [...byKey].map(([key, names]) => make("span", { class: "chip doubt" }, wordsOf(model, { key, names: [...new Set(names)] })));
  if (row.seen.size && byKey.size === 0) chips.push(make("span", { class: "chip good" }, say("promote.js.seen")));
  if (isChanged(row)) chips.push(make("span", { class: "chip corrected" }, say("promote.js.edited")));
  return chips;
}

/** A doubt in words, with the names that it is about. */
export function wordsOf(model, { key, names }) {
  const words = model.doubts[key]?.words ?? key;
  return names.length ? say("promote.js.doubt_name", { name: names.join("、"), words }) : words;
}

function cell(role, parts) {
  const box = make("td", { "data-label": say(LABELS[role]), "data-open": role, class: role });
  const inner = make("div", { class: "names" });
  parts.forEach((part, index) => inner.append(...(index ? ["、", part] : [part])));
  if (parts.length === 0) inner.append(say("promote.js.none"));
  box.append(inner);
  return box;
}

function personOf(model, name) {
  const post = model.people[name]?.post;
  return make("span", { class: "person" }, name, make("small", { class: "soft" }, ` ${post || say("promote.js.no_post")}`));
}

function unitOf(model, name) {
  const unit = model.units[name] ?? { name, new: true, why: "", doubt: "" };
  const told = [say("promote.js.unit", { name, canonical: unit.name, why: unit.why }), unit.new ? say("promote.js.new") : say("promote.js.known")];
  return make("span", { class: `unit${unit.new ? " new" : ""}${unit.doubt ? " doubtful" : ""}`, title: told.join(" · ") }, unit.name);
}

function dueOf(row) {
  const words = row.due ? dayOf(row.due) : row.open ? say("promote.js.open_ended") : say("promote.js.none");
  return make("td", { "data-label": say(LABELS.due), "data-open": "due", class: "nowrap", title: row.written ? say("promote.js.as_written", { words: row.written }) : false }, words);
}

/** How each name of a row was told: for the details. */
export function unitsOf(model, row) {
  const names = [...new Set([...row.lead, ...row.support])];
  return make("ul", { class: "list how" }, ...names.map((name) => {
    const unit = model.units[name] ?? { name, new: true, why: "", doubt: "" };
    const state = make("span", { class: "chip plain" }, unit.new ? say("promote.js.new") : say("promote.js.known"));
    const doubt = unit.doubt ? make("span", { class: "chip doubt" }, model.doubts[unit.doubt]?.words ?? unit.doubt) : null;
    return make("li", {}, say("promote.js.unit", { name, canonical: unit.name, why: unit.why }), " ", state, " ", doubt);
  }));
}

/** One doubt of the list above the table, with what can be done about it. */
export function doubtItem(model, doubt, { onaccept, onrename, onshow }) {
  const rows = doubt.rows.slice(0, 12).map((row) => make("button", { type: "button", class: "link small", onclick: () => onshow(row) }, row.number || row.title.slice(0, 12)));
  const where = make("span", { class: "soft small where" }, say("promote.js.about", { count: doubt.rows.length }), " ", ...rows.flatMap((row, index) => (index ? ["、", row] : [row])));
  const acts = make("span", { class: "actions" }, make("button", { type: "button", class: "button small", onclick: onaccept }, icon("done"), say("promote.js.accept")));
  const item = make("li", {},
    make("div", { class: "told" }, make("b", {}, wordsOf(model, doubt)), " ", make("span", { class: "soft" }, model.doubts[doubt.key]?.remedy ?? ""), " ", where), acts);
  if (doubt.names.length) acts.append(make("button", { type: "button", class: "button small", onclick: () => onrename(item) }, icon("edit"), say("promote.js.rename")));
  return item;
}
