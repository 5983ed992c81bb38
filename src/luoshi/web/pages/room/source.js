// The source: one paragraph a line, every fact marked where it stands. A paragraph is painted anew when what is shown of it changes.
import { make, say } from "../../layout/js/data.js";

export class Source {
  constructor(room, box) {
    this.room = room;
    this.box = box;
    this.chosen = null;
    this.paragraphs = this.cut();
    this.build();
  }

  /** The lines of the text with the facts, gaps and headings on them. */
  cut() {
    const { text, facts, gaps, sections } = this.room;
    const lines = [];
    for (let start = 0; start < text.length;) {
      const stop = text.indexOf("\n", start);
      const end = stop < 0 ? text.length : stop + 1;
      lines.push({ start, end, facts: [], gaps: [], level: 0, element: null });
      start = end;
    }
    this.starts = lines.map((line) => line.start);
    for (const fact of facts) for (const line of this.over(fact.start, fact.end, lines)) line.facts.push(fact);
    for (const [at, what] of gaps) lines[this.at(Math.min(at, text.length - 1))]?.gaps.push([at, what]);
    for (const section of sections) {
      const line = lines[this.at(section.start)];
      if (line && text.slice(section.end, line.end).trim().length < 2) line.level = section.level;
      if (line) (line.sections ??= []).push(section.index);
    }
    return lines;
  }

  /** The number of the line that an offset is on. */
  at(offset) {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= offset) low = middle; else high = middle - 1;
    }
    return low;
  }

  over(start, end, lines = this.paragraphs) {
    return lines.slice(this.at(start), this.at(Math.max(start, end - 1)) + 1);
  }

  build() {
    const whole = document.createDocumentFragment();
    for (const line of this.paragraphs) {
      const blank = !this.room.text.slice(line.start, line.end).trim();
      line.element = make("p", blank ? { class: "blank" } : line.level ? { class: `head l${Math.min(line.level, 4)}`, role: "heading", "aria-level": Math.min(line.level + 1, 6) } : {});
      // so many lines of some forty characters, for the scroll bar before the paragraph is laid out
      line.element.style.containIntrinsicSize = `auto ${Math.ceil((line.end - line.start) / 42) * 2 + 0.4}rem`;
      this.paint(line);
      whole.append(line.element);
    }
    this.box.replaceChildren(whole);
  }

  paint(line) {
    const { text } = this.room;
    const shown = line.facts.filter((fact) => fact.shown || fact === this.chosen);
    const parts = this.chosen ? this.chosen.parts.filter((part) => part.start < line.end && part.end > line.start) : [];
    const edges = new Set([line.start, line.end]);
    for (const span of [...shown, ...parts]) {
      edges.add(Math.max(span.start, line.start));
      edges.add(Math.min(span.end, line.end));
    }
    for (const [at] of line.gaps) if (at < line.end) edges.add(at);
    const places = [...edges].sort((a, b) => a - b);
    const pieces = [];
    places.forEach((start, index) => {
      for (const [at, what] of line.gaps) if (at === start) pieces.push(gap(what));
      const end = places[index + 1];
      if (end === undefined) return;
      const words = text.slice(start, end).replace(/[\r\n]/gu, "");
      if (words) pieces.push(this.piece(words, start, end, shown, parts));
    });
    line.element.replaceChildren(...pieces);
  }

  /** A stretch on which the same facts lie, the narrowest first. */
  piece(words, start, end, shown, parts) {
    const on = shown.filter((fact) => fact.start <= start && fact.end >= end).sort((a, b) => a.end - a.start - (b.end - b.start) || a.number - b.number);
    const isPart = parts.some((part) => part.start <= start && part.end >= end);
    if (!on.length && !isPart) return words;
    const looks = new Set(on.map((fact) => fact.look));
    const first = on[0];
    if (on.includes(this.chosen)) looks.add("chosen");
    if (isPart) looks.add("part");
    if (first?.state === "rejected") looks.add("rejected");
    else if (first && first.state !== "open") looks.add("done");
    if (first?.doubt || first?.state === "disputed") looks.add("doubtful");
    const element = document.createElement("span");
    element.className = [...looks].join(" ");
    if (on.length) element.dataset.f = on.map((fact) => fact.number).join(" ");
    element.textContent = words;
    return element;
  }

  /** Marks the chosen fact with its parts; the lines that it leaves and comes to are painted anew. */
  choose(fact) {
    const lines = new Set([...this.linesOf(this.chosen), ...this.linesOf(fact)]);
    this.chosen = fact;
    lines.forEach((line) => this.paint(line));
  }

  linesOf(fact) {
    return fact ? [fact, ...fact.parts].flatMap((span) => this.over(span.start, span.end)) : [];
  }

  repaint(facts) {
    const lines = new Set(facts.flatMap((fact) => this.over(fact.start, fact.end)));
    lines.forEach((line) => this.paint(line));
  }

  repaintAll() { this.paragraphs.filter((line) => line.facts.length).forEach((line) => this.paint(line)); }

  /** Scrolls the fact into sight where it is not comfortably seen already. */
  show(fact) {
    const found = this.over(fact.start, fact.start + 1)[0]?.element.querySelector(".chosen") ?? this.over(fact.start, fact.start + 1)[0]?.element;
    const [box, frame] = [found?.getBoundingClientRect(), this.box.parentElement.getBoundingClientRect()];
    if (found && (box.top < frame.top + 60 || box.bottom > frame.bottom - 80)) found.scrollIntoView({ block: "center" });
  }

  showSection(section) { this.paragraphs[this.at(this.room.sections[section].start)].element.scrollIntoView({ block: "start" }); }
}

function gap(what) {
  const words = say("room.js.gap", { what });
  return make("span", { class: "gap", role: "img", "aria-label": words, title: words });
}
