// The button says how many; another mechanism is looked at as soon as it is chosen.
import { say } from "../../layout/js/data.js";

const form = document.getElementById("filing");
if (form) {
  const button = document.getElementById("file");
  const tell = () => {
    const count = form.querySelectorAll("[data-row]:checked").length;
    button.querySelector("span").textContent = say("matter_file.js.file", { count });
    button.disabled = count === 0;
  };
  form.addEventListener("rows", tell);
  const change = document.getElementById("change");
  change.hidden = true;
  document.getElementById("mechanism").addEventListener("change", () => form.requestSubmit(change));
  document.getElementById("v-variant")?.addEventListener("change", () => form.requestSubmit(change));
  tell();
}
