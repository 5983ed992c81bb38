// Suggestions from the catalogue of indicators while somebody types: a combobox with a list.
import { make } from "../../layout/js/data.js";
import { indicatorsLike } from "./acts.js";

let wait;
let asked;

/** Makes an input a combobox; `address` answers `?q=` with {found: [{id, name, unit}]}. */
export function suggest(input, address, title) {
  const list = make("ul", { class: "suggestions", role: "listbox", id: `${input.id}-list`, "aria-label": title, hidden: true });
  input.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) input.setAttribute(name, value);
  let at = -1;

  const options = () => [...list.children];
  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function point(to) {
    const all = options();
    if (!all.length) return;
    at = (to + all.length) % all.length;
    all.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  }
  function take(option) {
    input.value = option.dataset.name;
    close();
  }
  async function look() {
    asked?.abort();
    asked = new AbortController();
    try {
      const { found } = await indicatorsLike(address, input.value, asked.signal);
      list.replaceChildren(...found.map(({ name, unit, id }, index) => make("li", { role: "option", id: `${list.id}-${index}`, "data-name": name, "aria-selected": "false", title: id }, name, make("span", { class: "soft" }, unit ? `　${unit}` : ""))));
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(Boolean(found.length)));
      at = -1;
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(look, 120); });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) { event.preventDefault(); take(option); }
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) look(); else point(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      take(options()[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
}
