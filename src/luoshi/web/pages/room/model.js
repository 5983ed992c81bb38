// The facts as the script knows them: decoded from the compact rows, with what of them changes while people check.
import { say } from "../../layout/js/data.js";

const ARROWS = { up: "↑", down: "↓" };
const SIGNS = { ge: "≥", le: "≤", approx: "≈" };
const oneLine = (words) => words.split(/\s+/u).filter(Boolean).join(" ");

/** One fact. `live` is what people said of it; `job` the act that the server has not acknowledged yet. */
class Fact {
  constructor(row, number, room) {
    const [id, kind, start, length, section, rule, doubt, parts, read, live] = row;
    const word = (at) => (at < 0 ? "" : room.pool[at]);
    Object.assign(this, { id, number, start, end: start + length, section, shown: true, job: null });
    this.kind = room.kinds[kind];
    this.rule = word(rule);
    this.doubt = word(doubt);
    this.parts = [];
    for (let at = 0; at < parts.length; at += 3) {
      const from = start + parts[at + 1];
      this.parts.push({ name: room.parts[parts[at]], start: from, end: from + parts[at + 2] });
    }
    this.read = {};
    room.columns[this.kind].forEach((name, at) => {
      this.read[name] = name.startsWith("year") ? (read[at] < 0 ? null : read[at]) : word(read[at]);
    });
    this.room = room;
    this.live = live || {};
  }

  get state() { return this.live.state ?? "open"; }

  get mine() { return this.live.mine ?? ""; }

  get words() { return this.room.text.slice(this.start, this.end); }

  /** The values in force: what a person put, else what the rule read. */
  get now() { return { ...this.read, ...this.live.says }; }

  /** The words of a part, as they stand in the source. */
  part(name) {
    return this.parts.filter((part) => part.name === name).map((part) => oneLine(this.room.text.slice(part.start, part.end)));
  }

  get name() {
    const said = this.live.says?.name;
    if (said !== undefined) return said;
    if (this.kind === "measure") return this.part("indicator")[0] ?? "";
    if (this.kind === "project") return oneLine(this.words);
    return this.part(this.kind === "task" ? "title" : "name")[0] ?? oneLine(this.words);
  }

  get amount() { return this.live.says?.amount ?? oneLine(this.words); }

  /** One line that says what the fact states. */
  get headline() {
    if (this.kind !== "measure") return this.name;
    const now = this.now;
    const signs = (ARROWS[now.direction] ?? "") + (SIGNS[now.comparator] ?? "");
    return [this.name, signs, this.amount].filter(Boolean).join(" ");
  }

  get years() {
    const { year, year_last: last } = this.now;
    return year ? (last && last !== year ? `${year}–${last}` : String(year)) : "";
  }

  /** How it is marked in the source. */
  get look() {
    return { measure: `m-${this.now.role || "attribute"}`, task: "t", project: "p", term: "n" }[this.kind];
  }

  /** The word for a value of a closed list. */
  word(group, value = this.now[group]) { return value ? this.room.words[group]?.[value] ?? value : ""; }

  /** What is said of it besides its line. */
  get tail() {
    const joint = (list, name) => (list.length ? `${this.room.words.column[name]} ${list.join("、")}` : "");
    if (this.kind === "measure") {
      const strength = this.now.strength === "plain" ? "" : this.word("strength");
      const reference = this.part("reference")[0];
      return [this.years, this.word("measure"), strength, reference && `${this.room.words.column.reference} ${reference}`];
    }
    if (this.kind === "project") return [this.word("stage"), this.word("role")];
    if (this.kind === "term") return [this.part("definition")[0]?.slice(0, 60)];
    return [joint(this.list("lead_units"), "lead_units"), this.now.due || this.part("deadline")[0], this.now.open ? say("room.js.open_ended") : ""];
  }

  /** A list of names in force: units, leaders. */
  list(name) { return this.live.says?.[name] ?? this.part(name); }

  /** Whether a word of this person is still wanted. */
  get waits() { return this.state === "open" && !this.job; }
}

/** The room: text, sections, facts, and where each lies. */
export function open(room) {
  room.facts = room.facts.map((row, number) => new Fact(row, number, room));
  room.byId = new Map(room.facts.map((fact) => [fact.id, fact]));
  room.sections = room.sections.map(([start, end, level, part, parent], index) => ({
    start, end, level, part, parent, index, title: oneLine(room.text.slice(start, end)),
  }));
  return room;
}

/** Whether a section lies in another, or is it. */
export function inside(room, section, above) {
  for (let at = section; at >= 0; at = room.sections[at].parent) if (at === above) return true;
  return false;
}

/** The words around a fact: its sentence, or what of it lies near. */
export function around(fact, most = 160) {
  const { text } = fact.room;
  const ends = /[。；！？;!?\n]/u;
  let [from, to] = [fact.start, fact.end];
  while (from > 0 && fact.start - from < most / 2 && !ends.test(text[from - 1])) from -= 1;
  while (to < text.length && to - fact.end < most / 2 && !ends.test(text[to - 1])) to += 1;
  return [text.slice(from, fact.start), text.slice(fact.start, fact.end), text.slice(fact.end, to)];
}
