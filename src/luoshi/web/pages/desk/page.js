// The desk: small forms, and the report for many, of which only the lines that were filled in are sent.
import { start } from "../../layout/js/deed.js";
import { say } from "../../layout/js/data.js";

start();

const form = document.querySelector("form[data-many]");

const filled = (line) => [...line.querySelectorAll("input:not([type=hidden])")].some((input) => input.value.trim() !== "");

if (form) {
  const lines = [...form.querySelectorAll("[data-line]")];
  const told = form.querySelector("[data-filled]");
  const paint = () => {
    const some = lines.filter(filled);
    for (const line of lines) line.classList.toggle("chosen", some.includes(line));
    told.textContent = some.length ? say("desk.js.unsaved", { count: some.length }) : "";
  };
  form.addEventListener("input", paint);
  form.addEventListener("submit", () => {
    for (const line of lines) if (!filled(line)) for (const input of line.querySelectorAll("input")) input.disabled = true;
  });
  // whoever comes back by the browser's button finds the lines open again
  addEventListener("pageshow", () => { for (const input of form.querySelectorAll("input")) input.disabled = false; paint(); });
}
