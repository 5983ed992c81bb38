// The list of facts beside the source, grouped under its headings, and the filters over it.
import { make, say } from "../../layout/js/data.js";
import { inside } from "./model.js";

const NAMES = ["kind", "state", "role", "where", "doubt", "q"];

export class List {
  constructor(room, box, form, { count }) {
    Object.assign(this, { room, box, form, count, chosen: null });
    this.groups = this.build();
    this.fillFilters();
  }

  build() {
    const groups = [];
    const whole = document.createDocumentFragment();
    for (const fact of this.room.facts) {
      if (groups.at(-1)?.section !== fact.section) groups.push(this.group(fact.section, groups.length, whole));
      const group = groups.at(-1);
      group.facts.push(fact);
      fact.group = group;
      fact.row = make("li", { class: "fact" }, make("button", { type: "button", class: "row", "data-n": fact.number, tabindex: -1 }));
      this.paint(fact);
      group.list.append(fact.row);
    }
    this.box.replaceChildren(whole);
    return groups;
  }

  group(section, number, whole) {
    const found = this.room.sections[section];
    const title = found?.title ?? say("room.js.beginning");
    const heading = make("h2", { id: `g${number}`, class: `l${found?.level ?? 1}` }, title);
    const bulk = make("button", { type: "button", class: "button small bulk-accept no-print", "data-bulk": number, hidden: true });
    const list = make("ol", { class: "facts-list" });
    const element = make("section", { class: "group", "aria-labelledby": heading.id }, make("header", {}, heading, bulk), list);
    whole.append(element);
    return { section, title, element, list, bulk, facts: [] };
  }

  /** The row of one fact as it stands. */
  paint(fact) {
    const button = fact.row.firstChild;
    const kind = fact.kind === "measure" ? fact.now.role || "attribute" : fact.kind;
    const word = fact.kind === "measure" ? fact.word("role") : this.room.words.fact[fact.kind];
    const tail = fact.tail.filter(Boolean).join(" · ");
    const failed = fact.job?.failed;
    const state = failed ? "wrong" : fact.job ? "saving" : fact.state;
    const told = failed ? say("room.js.failed") : fact.job ? say("room.js.saving") : this.room.words.state[fact.state];
    button.replaceChildren(
      make("span", { class: `chip ${kind}` }, word),
      make("b", {}, fact.headline.length > 90 ? `${fact.headline.slice(0, 90)}…` : fact.headline),
      make("span", { class: state === "open" ? "unseen" : `chip ${state}` }, told),
      make("span", { class: "tail" }, fact.doubt && make("span", { class: "chip doubt" }, fact.doubt), tail),
    );
    fact.row.classList.toggle("rejected", fact.state === "rejected" && !fact.job);
    fact.row.classList.toggle("failed", Boolean(failed));
  }

  choose(fact) {
    this.chosen?.row.firstChild.removeAttribute("aria-current");
    if (this.chosen) this.chosen.row.firstChild.tabIndex = -1;
    this.chosen = fact;
    if (!fact) return this.reachable();
    fact.row.firstChild.setAttribute("aria-current", "true");
    fact.row.firstChild.tabIndex = 0;
  }

  /** One row at least takes the focus by Tab. */
  reachable() {
    const first = this.room.facts.find((fact) => fact.shown);
    if (first && !this.chosen?.shown) first.row.firstChild.tabIndex = 0;
  }

  show(fact, { focus = true } = {}) {
    const button = fact.row.firstChild;
    if (focus) button.focus({ preventScroll: true });
    const [box, frame] = [fact.row.getBoundingClientRect(), this.box.getBoundingClientRect()];
    if (box.top < frame.top + 44 || box.bottom > frame.bottom - 20) fact.row.scrollIntoView({ block: "center" });
  }

  // --- filters

  fillFilters() {
    const { words, facts, sections, states } = this.room;
    const option = (value, text) => make("option", { value }, text);
    this.form.state.append(...states.map((state) => option(state, words.state[state])));
    this.form.role.append(...Object.entries(words.role).map(([value, text]) => option(value, text)));
    const used = new Set(facts.map((fact) => sections[fact.section]?.part).filter(Boolean));
    document.getElementById("where-parts").append(...[...used].map((part) => option(`part:${part}`, words.part[part])));
    document.getElementById("where-sections").append(...sections.map((section) => option(String(section.index), `${"　".repeat(section.level - 1)}${section.title.slice(0, 30)}`)));
    const many = {};
    for (const fact of facts) many[fact.kind] = (many[fact.kind] ?? 0) + 1;
    for (const box of this.form.querySelectorAll("[data-kind]")) {
      box.textContent = many[box.dataset.kind] ?? 0;
      box.closest("label").hidden = !many[box.dataset.kind];
    }
  }

  /** Sets the form to what an address says. */
  readAddress(query) {
    const kinds = query.getAll("kind").filter((kind) => this.room.kinds.includes(kind));
    for (const box of this.form.querySelectorAll("[name=kind]")) box.checked = !kinds.length || kinds.includes(box.value);
    for (const name of ["state", "role", "where", "q"]) {
      const field = this.form[name];
      field.value = query.get(name) ?? "";
      if (field.selectedIndex === -1) field.value = "";
    }
    this.form.doubt.checked = query.get("doubt") === "1";
  }

  wish() {
    const data = new FormData(this.form);
    const kinds = data.getAll("kind");
    return { ...Object.fromEntries(NAMES.slice(1).map((name) => [name, (data.get(name) ?? "").trim()])), kinds: new Set(kinds) };
  }

  /** The filters as the query of an address. */
  query() {
    const wish = this.wish();
    const all = [...this.form.querySelectorAll("[name=kind]")].length;
    const query = new URLSearchParams();
    if (wish.kinds.size < all) wish.kinds.forEach((kind) => query.append("kind", kind));
    for (const name of NAMES.slice(1)) if (wish[name]) query.set(name, wish[name]);
    return query;
  }

  /** Shows what fits the filters; the number of filters in force. */
  filter() {
    const wish = this.wish();
    let shown = 0;
    for (const fact of this.room.facts) {
      fact.shown = this.fits(fact, wish);
      fact.row.hidden = !fact.shown;
      if (fact.shown) shown += 1;
    }
    this.groups.forEach((group) => this.tell(group));
    this.count.replaceChildren(say("room.js.count", { shown, all: this.room.facts.length }));
    if (!shown) this.count.append(" · ", say("room.js.no_facts"), " ", make("button", { type: "button", class: "link", "data-reset": true }, say("room.js.reset")));
    this.reachable();
    return [wish.state, wish.role, wish.doubt, wish.where, wish.q].filter(Boolean).length;
  }

  fits(fact, wish) {
    if (!wish.kinds.has(fact.kind)) return false;
    if (wish.state && fact.state !== wish.state) return false;
    if (wish.role && (fact.kind === "task" ? "target" : fact.now.role) !== wish.role) return false;
    if (wish.doubt && !fact.doubt) return false;
    if (wish.where.startsWith("part:")) { if (this.room.sections[fact.section]?.part !== wish.where.slice(5)) return false; }
    else if (wish.where && !inside(this.room, fact.section, Number(wish.where))) return false;
    if (!wish.q) return true;
    const words = `${fact.headline} ${fact.words} ${fact.tail.join(" ")}`.toLowerCase();
    return wish.q.toLowerCase().split(/\s+/u).every((word) => words.includes(word));
  }

  /** The facts of a group that one act may accept: shown and waiting. */
  waiting(group) { return group.facts.filter((fact) => fact.shown && fact.waits); }

  tell(group) {
    group.element.hidden = !group.facts.some((fact) => fact.shown);
    const many = this.room.viewer.may_check ? this.waiting(group).length : 0;
    group.bulk.hidden = many < 2;
    if (many > 1) group.bulk.textContent = say("room.js.bulk", { count: many });
  }
}
