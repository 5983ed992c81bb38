// A table whose rows can be chosen: boxes in the rows, one for all, Shift for a stretch, and a bar for what is done with them.
// <form data-rows> … <input type="checkbox" data-all> … <input type="checkbox" name="id" value="…" data-row> … <div class="bulk" data-bulk hidden>
import { say } from "./data.js";

function tend(box) {
  const rows = () => [...box.querySelectorAll("[data-row]")];
  const all = box.querySelector("[data-all]");
  const bar = box.querySelector("[data-bulk]");
  const told = box.querySelector("[data-count]");
  let last = null;

  function paint() {
    const boxes = rows();
    const chosen = boxes.filter((row) => row.checked);
    for (const row of boxes) row.closest("tr")?.classList.toggle("chosen", row.checked);
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
    if (bar) bar.hidden = chosen.length === 0;
    if (told) told.textContent = say("js.selected", { count: chosen.length });
    box.dispatchEvent(new CustomEvent("rows", { detail: chosen.map((row) => row.value) }));
  }

  box.addEventListener("click", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (!row) return;
    const boxes = rows();
    if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(row)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = row.checked;
    }
    last = row;
    paint();
  });
  all?.addEventListener("change", () => { for (const row of rows()) row.checked = all.checked; paint(); });
  box.addEventListener("reset", () => setTimeout(paint));
  paint();
}

/** The values of the chosen rows. */
export const chosen = (box) => [...box.querySelectorAll("[data-row]:checked")].map((row) => row.value);

export function start() {
  document.querySelectorAll("[data-rows]").forEach(tend);
}
