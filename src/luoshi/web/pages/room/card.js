// What is known of the chosen fact: what the rule read, what people say instead, and the buttons for a word of one's own.
import { icon, make, say } from "../../layout/js/data.js";
import { around } from "./model.js";

const FIELDS = {
  measure: ["indicator_id", "role", "measure", "direction", "comparator", "strength"],
  task: ["leaders", "lead_units", "support_units", "deadline", "due"],
  project: ["stage", "role"],
  term: ["definition"],
};
const NAMES = new Set(["leaders", "lead_units", "support_units"]);
const QUOTED = new Set(["deadline", "definition"]);

export class Card {
  constructor(room, box) { Object.assign(this, { room, box, fact: null }); }

  /** Shows a fact; null puts the card away. */
  show(fact) {
    this.fact = fact;
    this.box.hidden = !fact;
    if (!fact) { this.box.replaceChildren(); return; }
    const { mine } = fact;
    this.box.replaceChildren(...[
      make("header", { class: "card-head" },
        make("h2", {}, fact.headline.length > 120 ? `${fact.headline.slice(0, 120)}…` : fact.headline),
        this.small("previous", "up", "k"), this.small("next", "down", "j"), this.small("close", "close", "")),
      this.trouble(fact),
      this.notes(fact),
      this.buttons(fact, mine),
      make("blockquote", { class: "quote" }, ...quoted(fact)),
      this.told(fact),
      this.words(fact),
      this.also(fact),
    ].filter(Boolean));
    this.box.scrollTop = 0;
  }

  small(act, picture, key) {
    return make("button", { type: "button", class: "close", "data-act": act, "aria-label": say(`room.js.${act}`), title: key ? `${say(`room.js.${act}`)} (${key})` : null }, icon(picture));
  }

  /** Whether this person's word on it is the third one's. */
  decides(fact) { return fact.state === "disputed" && this.room.viewer.may_decide && !fact.mine; }

  buttons(fact, mine) {
    const { viewer } = this.room;
    const buttons = make("div", { class: "actions card-acts" });
    const add = (act, key, words, more = "") => buttons.append(make("button", {
      type: "button", class: `button small ${more}`, "data-act": act, "aria-pressed": act === mine ? "true" : null, disabled: Boolean(fact.job && !fact.job.failed),
    }, words, make("kbd", { "aria-hidden": "true" }, key)));
    if (this.decides(fact)) {
      add("accept", "a", say("room.js.accept_read"), "main");
      add("correct", "e", say("room.js.correct"));
      add("reject", "x", say("room.js.reject"));
    } else if (viewer.may_check) {
      add("accept", "a", say("room.js.accept"), mine ? "" : "main");
      add("correct", "e", say("room.js.correct"));
      add("reject", "x", say("room.js.reject"));
      if (mine && !fact.job) buttons.append(make("button", { type: "button", class: "button small quiet", "data-act": "reopen" }, say("room.js.reopen")));
    }
    buttons.append(make("button", { type: "button", class: "button small quiet see-source", "data-act": "source" }, say("room.js.see_source")));
    return buttons;
  }

  trouble(fact) {
    const error = fact.job?.failed;
    if (!error) return null;
    return make("div", { class: "notice wrong", role: "alert" }, icon("warning"), make("div", {}, `${say("room.js.failed")}：${error.message}`,
      make("p", { class: "actions" },
        make("button", { type: "button", class: "button small", "data-act": "retry" }, say("room.js.retry")),
        make("button", { type: "button", class: "button small quiet", "data-act": "drop" }, say("room.js.drop")))));
  }

  notes(fact) {
    if (fact.live.others) return make("p", { class: "soft small" }, say("room.js.others", { count: fact.live.others }));
    if (fact.state !== "disputed") return null;
    return make("p", { class: "notice warn" }, icon("warning"), make("span", {}, say(this.decides(fact) ? "room.js.decide_note" : "room.js.wait_note")));
  }

  /** The values in force, each beside what the rule read where that was another. */
  told(fact) {
    const list = make("dl", { class: `facts of-${fact.kind}` });
    const labels = this.room.words.column;
    const add = (label, value) => { if (value) list.append(make("dt", {}, label), make("dd", {}, value)); };
    if (fact.doubt) add(labels.doubt, make("span", { class: "chip doubt" }, fact.doubt));
    for (const name of FIELDS[fact.kind]) add(labels[name] ?? name, this.value(fact, name));
    if (fact.years) add(labels.year, fact.years);
    add(labels.reference, fact.part("reference")[0]);
    add(say("room.js.rule"), make("code", {}, fact.rule));
    if (fact.kind === "measure" && fact.now.role === "target") add(say("room.js.promise"), make("a", { class: "plain-link", href: this.room.actions.promise.replace("-", fact.id) }, say("room.js.promise_open")));
    if (fact.live.item) add(say("room.js.item"), make("a", { class: "plain-link", href: this.room.actions.item.replace("-", fact.live.item) }, say("room.js.item_open")));
    return list;
  }

  value(fact, name) {
    if (NAMES.has(name)) return fact.list(name).join("、");
    if (QUOTED.has(name)) return fact.part(name)[0] ?? "";
    const value = fact.now[name];
    return name === "indicator_id" ? this.room.indicators[value] ?? value : fact.word(name, value);
  }

  /** Who said what, and when; corrections beside what the rule read. */
  words(fact) {
    const { checks = [], decision } = fact.live;
    if (!checks.length && !decision) return null;
    const canUse = this.decides(fact);
    return make("ul", { class: "words" },
      ...checks.map((word, at) => this.word(word, canUse && word.word === "correct" ? at : null)),
      decision ? this.word(decision, null, say("room.js.decided")) : null);
  }

  word(word, use, title = "") {
    const who = word.me ? `${word.who}（${say("room.js.me")}）` : word.who;
    const state = { accept: "accepted", correct: "corrected", reject: "rejected" }[word.word];
    return make("li", {},
      make("p", {}, title && make("b", {}, `${title} `), `${who} `, make("span", { class: `chip ${state}` }, this.room.words.word[word.word]), ` `, make("span", { class: "soft small" }, word.at)),
      word.changes?.length ? this.changes(word.changes) : null,
      word.note ? make("p", { class: "soft" }, word.note) : null,
      use === null ? null : make("button", { type: "button", class: "button small", "data-act": "use", "data-like": use }, say("room.js.use")));
  }

  changes(changes) {
    const head = make("tr", {}, ...["field", "rule_read", "now"].map((key) => make("th", { scope: "col" }, say(`room.js.${key}`))));
    const rows = changes.map(([label, was, now]) => make("tr", {}, make("th", { scope: "row" }, label), make("td", {}, make("s", {}, was)), make("td", {}, make("b", {}, now))));
    return make("table", { class: "changes" }, make("thead", {}, head), make("tbody", {}, ...rows));
  }

  /** Other facts over the same words. */
  also(fact) {
    const others = this.room.facts.filter((other) => other !== fact && other.shown && other.start < fact.end && other.end > fact.start).slice(0, 12);
    if (!others.length) return null;
    return make("div", { class: "also" }, make("p", { class: "soft small" }, say("room.js.also")),
      ...others.map((other) => make("button", { type: "button", class: "button small", "data-choose": other.number }, `${this.room.words.fact[other.kind]} ${other.headline.slice(0, 24)}`)));
  }

  /** Puts the form in the place of all else; the first field takes the focus. */
  edit(form) {
    this.box.replaceChildren(form);
    this.box.scrollTop = 0;
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }
}

function quoted(fact) {
  const [before, words, after] = around(fact);
  return [before, make("mark", {}, words), after];
}
