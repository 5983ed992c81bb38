// What every page does: menus that close, notes that go, dialogs, shortcuts, tables, forms that are sent once.
import { start as startDialogs } from "./dialog.js";
import { start as startKeys } from "./keys.js";
import { start as startTables } from "./table.js";
import { tend } from "./toast.js";

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    const inside = menu.contains(event.target) || menu.nextElementSibling?.contains?.(event.target);
    if (event.type === "keydown" ? event.key === "Escape" : !inside) {
      menu.open = false;
      if (event.type === "keydown") menu.querySelector("summary").focus();
    }
  }
}

// A form with data-once is not sent twice by a double click; coming back to the page frees it.
function sent(event) {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
}

document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
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
