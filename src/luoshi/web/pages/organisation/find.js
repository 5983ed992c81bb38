// Fills the list of an input with data-find with what fits, while somebody types.
import { get } from "../../layout/js/fetch.js";

function watch(input) {
  const list = document.getElementById(input.getAttribute("list"));
  let wait, asked;
  async function look() {
    asked?.abort();
    asked = new AbortController();
    try {
      const { found } = await get(`${input.dataset.find}?${new URLSearchParams({ q: input.value })}`, { signal: asked.signal });
      list.replaceChildren(...found.map((words) => new Option(words, words)));
    } catch (error) {
      if (error.name !== "AbortError") list.replaceChildren();
    }
  }
  input.addEventListener("input", () => {
    // a choice from the list needs no further list
    if ([...list.options].some((option) => option.value === input.value)) return;
    clearTimeout(wait);
    wait = setTimeout(look, 150);
  });
}

document.querySelectorAll("input[data-find]").forEach(watch);
