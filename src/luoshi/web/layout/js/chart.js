// Charts. The drawing in the page is whole without this; who comes near it gets the interactive one: points that tell their source,
// a click that opens it, zoom where there are many years. The library (260 KB) is fetched only then.
import { make, read } from "./data.js";

const NARROW = 600; // pixels of room below which the drawing for phones is taken; the same in chart.css
const NEAR = 28; // pixels around a point within which it is meant
const PAUSE = 180; // milliseconds that a pointer stays before the library is fetched

/** Whether a link of the data is a page of this server. */
const isOurs = (link) => /^\/(?![/\\])/.test(link ?? "");

class Chart {
  constructor(figure) {
    this.figure = figure;
    this.data = read(`${figure.id}-data`);
    this.still = figure.querySelector(".chart-still");
    this.live = figure.querySelector(".chart-live");
    this.button = figure.querySelector("[data-chart-button]");
    this.told = figure.querySelector(".chart-told");
    this.tip = this.ring = this.datum = this.view = null;
    this.at = -1;
    this.button.hidden = false;
    this.button.addEventListener("click", () => (this.live.hidden ? this.show() : this.hide()));
    this.waitForPointer();
    new ResizeObserver(() => {
      if (!this.live.hidden && !this.busy && this.isNarrow() !== this.drawnNarrow) this.draw();
    }).observe(figure);
    window.addEventListener("beforeprint", () => this.hide());
  }

  isNarrow() {
    return this.figure.clientWidth < NARROW;
  }

  waitForPointer() {
    let timer = 0;
    this.still.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse" && !this.refused) timer = setTimeout(() => this.show(), PAUSE);
    });
    this.still.addEventListener("pointerleave", () => clearTimeout(timer));
  }

  async show() {
    if (this.busy) return;
    this.busy = true;
    this.told.textContent = this.data.words.loading;
    try {
      this.embed ??= (await import(this.figure.dataset.library)).embed;
      await this.draw();
      this.still.hidden = true;
      this.live.hidden = false;
      this.button.textContent = this.data.words.static;
      this.button.setAttribute("aria-pressed", "true");
      this.told.textContent = this.hint();
    } catch (error) {
      this.told.textContent = this.data.words.failed;
      console.info(error);
    } finally {
      this.busy = false;
    }
  }

  hide() {
    if (this.live.hidden) return;
    this.refused = true;
    this.leave();
    this.still.hidden = false;
    this.live.hidden = true;
    this.button.textContent = this.data.words.interactive;
    this.button.setAttribute("aria-pressed", "false");
    this.told.textContent = "";
  }

  hint() {
    const zoomed = JSON.stringify(this.data.wide).includes('"bind":"scales"');
    return [this.data.words.hint, zoomed ? this.data.words.hint_zoom : ""].filter(Boolean).join("；");
  }

  async draw() {
    this.view?.finalize();
    this.leave();
    const box = make("div", {
      class: "chart-box", tabindex: "0", role: "application", "aria-label": this.figure.querySelector(".chart-title").textContent,
    });
    this.drawnNarrow = this.isNarrow();
    const chosen = this.drawnNarrow ? this.data.narrow : this.data.wide;
    const description = { ...chosen, datasets: this.data.datasets, config: { ...chosen.config, background: null } };
    // no expression is ever compiled (ast), nothing is loaded, nothing injects a style
    this.view = await this.embed(box, structuredClone(description), {
      ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: false, mode: "vega-lite", hover: false,
    });
    this.live.replaceChildren(box);
    // what is read aloud comes from here, point by point, and not from the library
    box.querySelector("svg").setAttribute("aria-hidden", "true");
    box.addEventListener("pointermove", (event) => this.point(event));
    box.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") this.leave(); });
    box.addEventListener("pointerdown", (event) => {
      const before = this.datum;
      this.point(event);
      // a finger first asks what a point is, and opens it with the next touch
      this.meant = event.pointerType === "mouse" || this.datum === before;
    });
    box.addEventListener("click", () => { if (this.meant) this.open(); });
    box.addEventListener("keydown", (event) => this.step(event));
    box.addEventListener("blur", () => this.leave());
  }

  /** The marks that tell something, with where they are on the screen, in the order of the data. */
  marks() {
    const found = [];
    for (const mark of this.live.querySelectorAll("svg path, svg line, svg rect")) {
      const datum = mark.__data__?.datum;
      if (!datum?.told || mark.__data__.mark?.marktype === "line") continue;
      const box = mark.getBoundingClientRect();
      found.push({ datum, box, x: box.x + box.width / 2, y: box.y + box.height / 2 });
    }
    return found;
  }

  point(event) {
    let best = null;
    let least = NEAR;
    for (const one of this.marks()) {
      const { box } = one;
      const away = Math.hypot(
        Math.max(box.left - event.clientX, 0, event.clientX - box.right),
        Math.max(box.top - event.clientY, 0, event.clientY - box.bottom),
      );
      const far = away || Math.hypot(one.x - event.clientX, one.y - event.clientY) / 1e4;
      if (far < least) [best, least] = [one, far];
    }
    if (best) this.tell(best); else this.leave();
  }

  step(event) {
    if (event.key === "Enter" && this.datum) return this.open();
    if (event.key === "Escape") return this.leave();
    const ways = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (event.key === "Home" || event.key === "End" || ways[event.key]) {
      event.preventDefault();
      const marks = this.ordered();
      const last = marks.length - 1;
      if (last < 0) return undefined;
      this.at = event.key === "Home" ? 0 : event.key === "End" ? last : Math.min(last, Math.max(0, this.at + ways[event.key]));
      this.tell(marks[this.at]);
    }
    return undefined;
  }

  /** One mark for each thing that is told, in the order in which the data tells them. */
  ordered() {
    const order = new Map(Object.values(this.data.datasets).flat().map((row, index) => [`${row.told}|${row.link}`, index]));
    const once = new Map();
    for (const one of this.marks()) {
      const key = `${one.datum.told}|${one.datum.link}`;
      if (!once.has(key)) once.set(key, one);
    }
    return [...once].sort(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0)).map(([, one]) => one);
  }

  tell({ datum, x, y, box }) {
    if (this.datum !== datum) {
      this.leave();
      this.datum = datum;
      const open = isOurs(datum.link);
      this.tip = make("div", { class: "chart-tip", role: "tooltip" },
        datum.place ? make("span", { class: "chart-tip-place" }, datum.place) : null,
        make("b", {}, datum.told),
        datum.quote ? make("q", {}, datum.quote) : null,
        open ? make("span", { class: "chart-tip-open" }, this.data.words.open) : null);
      this.ring = make("div", { class: "chart-ring" });
      this.live.append(this.ring, this.tip);
      this.told.textContent = [datum.place, datum.told].filter(Boolean).join(" ");
      this.live.classList.toggle("chart-opens", open);
    }
    const frame = this.live.getBoundingClientRect();
    const room = Math.max(0, frame.width - this.tip.offsetWidth);
    this.tip.style.left = `${Math.min(room, Math.max(0, x - frame.left - this.tip.offsetWidth / 2))}px`;
    this.ring.style.left = `${x - frame.left}px`;
    this.ring.style.top = `${y - frame.top}px`;
    const above = box.top - frame.top - this.tip.offsetHeight - 10;
    this.tip.style.top = `${above >= 0 ? above : box.bottom - frame.top + 10}px`;
  }

  leave() {
    this.tip?.remove();
    this.ring?.remove();
    this.live.classList.remove("chart-opens");
    if (this.datum) this.told.textContent = this.hint();
    this.tip = this.ring = this.datum = null;
  }

  open() {
    if (isOurs(this.datum?.link)) window.location.assign(this.datum.link);
  }
}

for (const figure of document.querySelectorAll("[data-chart]")) {
  if (!figure.dataset.tended) {
    figure.dataset.tended = "1";
    new Chart(figure);
  }
}
