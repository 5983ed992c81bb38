// Names that are known are offered while somebody types in the form.
import { read } from "../../layout/js/data.js";
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
