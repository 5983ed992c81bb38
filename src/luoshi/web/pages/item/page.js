// Names that are known are offered while somebody types; files that were chosen are told; the parts of a split grow.
import { make, read, say } from "../../layout/js/data.js";
import { offerNames } from "../promote/names.js";

const list = document.getElementById("known-names");
if (list) {
  for (const field of document.querySelectorAll("[data-names]")) offerNames(field, list, read("known", []));
  document.getElementById("e-title").focus();
}
const due = document.getElementById("e-due");
const open = document.querySelector("[name=open_ended]");
due?.addEventListener("change", () => { if (due.value) open.checked = false; });
open?.addEventListener("change", () => { if (open.checked) due.value = ""; });

// --- forms of acts

const units = document.getElementById("known-units");
const offerUnits = (field) => { if (units && !field.hasAttribute("list")) offerNames(field, units, read("known-names-all", [])); };
for (const field of document.querySelectorAll(".act [data-names]")) offerUnits(field);
const posts = document.getElementById("known-posts");
if (posts) for (const field of document.querySelectorAll("[data-posts]")) offerNames(field, posts, read("known-posts-all", []));

for (const field of document.querySelectorAll(".act input[type=file]")) {
  const told = field.closest(".field").querySelector("[data-files]");
  field.addEventListener("change", () => {
    const inputs = [...field.closest(".field").querySelectorAll("input[type=file]")];
    const files = inputs.flatMap((one) => [...one.files]);
    told.replaceChildren(...files.map((file) => make("li", {}, say("js.file_size", { name: file.name, size: (file.size / 1048576).toFixed(1) }))));
  });
}

for (const box of document.querySelectorAll("[data-more-rows]")) {
  const more = make("button", { type: "button", class: "button small" }, say("js.more_rows"));
  more.addEventListener("click", () => {
    const rows = box.querySelectorAll(".part-row");
    const fresh = rows[rows.length - 1].cloneNode(true);
    for (const field of fresh.querySelectorAll("input")) {
      const number = rows.length + 1;
      for (const name of ["aria-label", "placeholder"]) field.setAttribute(name, field.getAttribute(name).replace(/\d+/, number));
      field.value = "";
      field.removeAttribute("list");
      if (field.hasAttribute("data-names")) offerUnits(field);
    }
    rows[rows.length - 1].after(fresh);
    fresh.querySelector("input").focus();
  });
  box.append(more);
}

// what was refused is looked at first
document.querySelector(".act .notice.wrong")?.scrollIntoView({ block: "center" });
