// What every page does: menus that close, notes that go, dialogs, shortcuts, tables, forms that are sent once.
import { start as startDialogs } from "./dialog.js";
import { start as startKeys } from "./keys.js";
import { start as startTables } from "./table.js";
import { tend } from "./toast.js";

const openMenus = () => [...document.querySelectorAll("details[data-menu][open]")];

// A click elsewhere closes what is open.
function closeOthers(event) {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target) && !menu.nextElementSibling?.contains?.(event.target)) menu.open = false;
  }
}

// Escape closes the innermost, so that on a phone the first closes the group and the second the menu.
function closeInnermost(event) {
  const menu = event.key === "Escape" && openMenus().pop();
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

// A menu of the navigation does not stay over the page when the keyboard has left it.
function left(event) {
  const menu = event.target.closest?.(".nav details[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
}

// A form with data-once is not sent twice by a double click; coming back to the page frees it.
function sent(event) {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
}

document.addEventListener("click", closeOthers);
document.addEventListener("keydown", closeInnermost);
document.addEventListener("focusout", left);
document.addEventListener("submit", sent);
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
// A filter with data-send sends its form as soon as it is changed; there is a button for those without scripts.
document.addEventListener("change", (event) => { if (event.target.matches("[data-send]")) event.target.form.requestSubmit(); });
// data-print prints
document.addEventListener("click", (event) => { if (event.target.closest?.("[data-print]")) window.print(); });
document.querySelectorAll("[data-toast]").forEach(tend);
startDialogs();
startKeys();
startTables();
