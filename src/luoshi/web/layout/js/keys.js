// Keyboard shortcuts: one registry, one list of help on "?". A key pressed in a field, or with Ctrl, Alt or Meta, is left alone.
import { make, say } from "./data.js";
import { open } from "./dialog.js";

const known = new Map();

/** Adds shortcuts: keys({ j: ["下一条", next], "g h": [...] }). `general` puts them under "all pages" in the help. */
export function keys(table, { general = false } = {}) {
  for (const [key, [words, act]] of Object.entries(table)) known.set(key, { words, act, general });
}

/** Takes shortcuts away again. */
export function drop(...names) {
  names.forEach((name) => known.delete(name));
}

const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]";
const NATIVE = { Enter: "a, button, summary, [role=button]", " ": "a, button, summary, input, [role=button]" };
let first = "";
let timer;

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const target = event.target;
  if (target.matches?.(FIELDS)) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if (NATIVE[event.key] && target.closest?.(NATIVE[event.key])) return;
  if (document.querySelector("dialog[open]")) return;
  const pair = `${first} ${event.key}`;
  const found = (first && known.get(pair)) || known.get(event.key);
  const begins = !found && [...known.keys()].some((key) => key.startsWith(`${event.key} `));
  clearTimeout(timer);
  first = begins ? event.key : "";
  if (begins) timer = setTimeout(() => { first = ""; }, 1500);
  if (!found) return;
  event.preventDefault();
  found.act(event);
}

/** Opens the list of all shortcuts. */
export function help() {
  const dialog = document.getElementById("keys-help");
  const groups = [["js.keys_here", false], ["js.keys_general", true]];
  const rows = groups.flatMap(([title, general]) => {
    const entries = [...known].filter(([, entry]) => entry.general === general && entry.words);
    return entries.length ? [make("dt", { class: "group" }, say(title)), ...entries.flatMap(row)] : [];
  });
  dialog.querySelector(".keys").replaceChildren(...rows);
  open(dialog);
}

const NAMES = { " ": "Space", ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" };

function row([key, { words }]) {
  const parts = key === " " ? [key] : key.split(" ");
  const shown = parts.flatMap((part, index) => [index ? " " : null, make("kbd", {}, NAMES[part] ?? part)]);
  return [make("dt", {}, ...shown), make("dd", {}, words)];
}

export function start() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-keys-help]")) help(); });
  const find = document.getElementById("find");
  if (find) keys({ "/": [say("js.key_search"), () => { find.focus(); find.select(); }] }, { general: true });
  keys({ "g h": [say("js.key_home"), () => { location.href = document.querySelector(".brand").href; }] }, { general: true });
  keys({ "?": [say("js.key_help"), help] }, { general: true });
}
