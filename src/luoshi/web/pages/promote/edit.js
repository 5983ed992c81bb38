// The row under a row: its source, how its units were told, and the form that changes it.
import { icon, make, say } from "../../layout/js/data.js";
import { get } from "../../layout/js/fetch.js";
import { toastError } from "../../layout/js/toast.js";
import { ROLES, dayFrom, namesIn } from "./model.js";
import { offerNames } from "./names.js";
import { unitsOf } from "./render.js";

/** The details of a row; `apply(values)` takes what was written, `close()` puts them away. */
export function detailsOf(model, row, { apply, close }) {
  const form = formOf(model, row, { apply, close });
  const quote = make("blockquote", { class: "quote" }, row.title);
  const beside = make("div", { class: "beside" }, make("h3", {}, say("promote.js.source")), quote, make("h3", {}, say("promote.js.units")), unitsOf(model, row));
  const inner = make("div", { class: "details" }, form, beside);
  showSource(model, row, quote);
  return make("tr", { class: "detail", "data-of": row.fact }, make("td", { colspan: "8" }, inner));
}

async function showSource(model, row, quote) {
  try {
    row.source ??= await get(`${model.actions.source}?fact=${row.fact}`);
  } catch (error) {
    toastError(error);
    return;
  }
  const link = make("a", { href: row.source.room, target: "_blank", rel: "noopener" }, icon("eye"), " ", say("promote.js.open_source"));
  quote.replaceChildren(row.source.text, make("footer", {}, row.source.section, row.source.section ? " · " : "", link));
}

function formOf(model, row, { apply, close }) {
  const title = field("title", make("textarea", { rows: "2", maxlength: "500", required: true }, row.title));
  const due = field("due", make("input", { maxlength: "20", autocomplete: "off", value: row.due }), [row.written ? say("promote.js.as_written", { words: row.written }) : "", say("promote.js.due_help")].filter(Boolean).join(" · "));
  const open = make("input", { type: "checkbox" });
  open.checked = row.open;
  due.box.append(make("label", { class: "check" }, open, say("promote.js.open_ended")));
  const names = Object.fromEntries(ROLES.map((role) => [role, field(role, make("input", { value: row[role].join("、"), autocomplete: "off" }), role === "lead" ? say("promote.js.names_help") : "")]));
  for (const role of ["lead", "support"]) offerNames(names[role].input, document.getElementById("known-names"), model.known);
  const form = make("form", { class: "form" }, title.box, due.box, ...ROLES.map((role) => names[role].box),
    make("footer", { class: "actions" }, make("button", { class: "button main small" }, say("promote.js.apply")),
      make("button", { type: "button", class: "button small", onclick: close }, say("promote.js.cancel"))));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const day = dayFrom(due.input.value);
    due.input.setCustomValidity(day === null ? say("promote.js.no_day") : "");
    if (!due.input.reportValidity()) return;
    const values = { title: title.input.value.trim().replace(/\s+/g, " "), due: open.checked ? "" : day, open: open.checked };
    for (const role of ROLES) values[role] = namesIn(names[role].input.value);
    if (values.title) apply(values);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); close(); }
    if (event.key === "Enter" && event.target === title.input && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  due.input.addEventListener("input", () => due.input.setCustomValidity(""));
  due.input.addEventListener("change", () => { if (due.input.value) open.checked = false; });
  open.addEventListener("change", () => { if (open.checked) { due.input.value = ""; due.input.setCustomValidity(""); } });
  return form;
}

let last = 0;

function field(name, input, help = "") {
  last += 1;
  input.id = `edit-${last}`;
  input.dataset.field = name;
  if (help) input.setAttribute("aria-describedby", `${input.id}-help`);
  const box = make("div", { class: "field" }, make("label", { for: input.id }, say(`promote.js.${name}`)), input, help ? make("p", { class: "help", id: `${input.id}-help` }, help) : null);
  return { box, input };
}
