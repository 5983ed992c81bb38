// Files dropped or chosen are sent two at a time; then the page asks how far the reading is and shows what was recognised.
import { icon, make, say as speak } from "../../layout/js/data.js";
import { get, post } from "../../layout/js/fetch.js";
import { toast, toastError } from "../../layout/js/toast.js";

const say = (key, values) => speak(`intake.${key}`, values);
const form = document.getElementById("drop");
const list = document.getElementById("files-list");
const live = document.getElementById("live");
const waiting = document.getElementById("waiting");
const AT_ONCE = 2;
const ASK_AFTER = 700;
const batch = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
const queue = [];
const watched = new Set();
let sending = 0;
let sent = 0;
let total = 0;
let timer = 0;

for (const hidden of document.querySelectorAll("[data-script]:not(input)")) hidden.hidden = false;

// --- choosing

for (const id of ["files", "folder"]) {
  const input = document.getElementById(id);
  input.addEventListener("change", () => {
    add([...input.files].map((file) => [file.webkitRelativePath || file.name, file]));
    input.value = "";
  });
}
form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
form.addEventListener("dragleave", () => form.classList.remove("over"));
form.addEventListener("drop", async (event) => {
  event.preventDefault();
  form.classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  add(entries.length ? (await Promise.all(entries.map((entry) => walk(entry, "")))).flat() : [...event.dataTransfer.files].map((file) => [file.name, file]));
});

async function walk(entry, path) {
  if (entry.isFile) return [[path + entry.name, await new Promise((found, failed) => entry.file(found, failed))]];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.map((inner) => walk(inner, `${path}${entry.name}/`)))).flat();
}

function add(files) {
  const wanted = files.filter(([name]) => !name.split("/").some((part) => part.startsWith(".") || part.startsWith("~$")));
  if (!wanted.length) { toast(say("js.none"), { kind: "warn" }); return; }
  document.getElementById("nothing")?.remove();
  for (const [name, file] of wanted) {
    const row = rowOf({ name, state: "sending", state_words: say("js.sending"), documents: [], error: {} });
    list.prepend(row);
    queue.push({ name, file, row });
  }
  total += wanted.length;
  pump();
}

// --- sending

function pump() {
  live.textContent = sent < total ? say("js.progress", { done: sent, total }) : "";
  while (sending < AT_ONCE && queue.length) send(queue.shift());
}

async function send(job) {
  sending += 1;
  const body = new FormData();
  body.append("batch", batch);
  body.append("name", job.name);
  body.append("files", job.file, job.name.split("/").pop());
  try {
    const answer = await post(form.action, body);
    const rows = [...answer.files.map(waitingRow), ...answer.refused.map(refusedRow)];
    job.row.replaceWith(...rows);
    watch();
  } catch (error) {
    failed(job, error);
  }
  sending -= 1;
  sent += 1;
  pump();
}

function failed(job, error) {
  const again = make("button", { type: "button", class: "button small", onclick: () => { total += 1; job.row = swap(job.row, job.name); queue.push(job); pump(); } }, say("js.retry"));
  const row = refusedRow({ name: job.name, what: error.message, remedy: "" });
  row.append(again);
  job.row.replaceWith(row);
  job.row = row;
}

function swap(row, name) {
  const fresh = rowOf({ name, state: "sending", state_words: say("js.sending"), documents: [], error: {} });
  row.replaceWith(fresh);
  return fresh;
}

const waitingRow = (file) => {
  document.querySelector(`[data-file="${file.id}"]`)?.remove();
  watched.add(file.id);
  return rowOf({ ...file, state: "waiting", state_words: "…", documents: [], error: {} });
};
const refusedRow = (file) => rowOf({ name: file.name, state: "refused", state_words: say("js.refused"), documents: [], error: file });

// --- watching

for (const row of list.querySelectorAll('[data-done="0"]')) watched.add(row.dataset.file);
watch();

function watch() {
  if (watched.size && !timer) timer = setTimeout(ask, ASK_AFTER);
}

async function ask() {
  timer = 0;
  const ids = [...watched].slice(0, 200);
  try {
    const answer = await get(`${form.dataset.status}?ids=${ids.join(",")}`);
    for (const file of answer.files) {
      document.querySelector(`[data-file="${file.id}"]`)?.replaceWith(rowOf(file));
      if (file.done) watched.delete(file.id);
    }
    waiting.hidden = answer.waiting === 0;
    waiting.querySelector("span").textContent = say("js.waiting", { count: answer.waiting });
    if (!watched.size && sent >= total) live.textContent = say("js.finished");
  } catch (error) {
    if (error.status === 401) { toastError(error); return; }
  }
  watch();
}

// --- showing

function rowOf(file) {
  const row = make("li", { class: "panel file-row", "data-file": file.id, "data-done": file.done ? "1" : "0" },
    make("header", {}, make("h3", {}, file.name), make("p", { class: "soft small" }, make("span", { class: `chip plain state-${file.state}` }, file.state_words))));
  if (["sending", "waiting", "reading", "writing"].includes(file.state)) row.append(make("progress", { class: "progress", "aria-label": file.state_words }));
  if (file.error?.what) row.append(make("p", { class: "notice wrong" }, icon("warning"), make("span", {}, [file.error.what, file.error.remedy].filter(Boolean).join("。"))));
  if (file.known) row.append(make("p", { class: "soft small" }, say("js.known")));
  row.append(...file.documents.map(documentOf));
  if (file.elsewhere) row.append(make("p", { class: "soft small" }, file.elsewhere));
  return row;
}

function documentOf(found) {
  const told = [found.kind, found.region || say("js.no_region"), found.years, say("js.counts", found)].filter(Boolean).join(" · ");
  const marks = make("p", { class: "small" });
  if (found.version > 1) marks.append(make("a", { class: "chip warn", href: `${found.page}#versions` }, say("js.version", { number: found.version })), " ");
  if (!found.complete) marks.append(make("span", { class: "chip doubt" }, say("js.incomplete")));
  const acts = make("div", { class: "actions" });
  if (found.open) {
    acts.append(make("button", { type: "button", class: "button small", onclick: (event) => agree(event.currentTarget, found.id) }, say("js.confirm")),
      make("a", { class: "button small quiet", href: `${found.page}#correct` }, say("js.correct")));
  }
  if (!found.withdrawn) acts.append(make("a", { class: "button small", href: found.room }, say("js.check")));
  return make("div", { class: "found", "data-document": found.id },
    make("div", {}, make("a", { href: found.page }, make("b", {}, found.title)), make("p", { class: "soft small" }, told), marks), acts);
}

async function agree(button, id) {
  button.disabled = true;
  try {
    await post(form.dataset.confirm, new URLSearchParams({ document: id }));
    const box = button.closest(".found");
    box.querySelector(".quiet")?.remove();
    button.remove();
  } catch (error) {
    button.disabled = false;
    toastError(error);
  }
}

list.addEventListener("submit", (event) => {
  const inner = event.target.closest("form[data-confirm]");
  if (!inner) return;
  event.preventDefault();
  agree(inner.querySelector("button"), inner.elements.document.value);
});
