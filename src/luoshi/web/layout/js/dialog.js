// Native dialogs: opened by a button with data-dialog="id", closed by Escape, by the form method="dialog", by a click beside it.
import { make, say } from "./data.js";

/** Opens the dialog and gives the focus back when it closes. */
export function open(dialog) {
  const before = document.activeElement;
  dialog.showModal();
  dialog.addEventListener("close", () => before?.focus?.(), { once: true });
}

/** Asks before something is done; true where the person agrees. */
export function confirm(question, { act = say("js.confirm"), danger = false, more = "" } = {}) {
  return new Promise((resolve) => {
    const title = make("h2", { id: `ask-${Date.now()}` }, question);
    const agree = make("button", { class: danger ? "button danger" : "button main", value: "yes" }, act);
    const form = make("form", { method: "dialog" },
      more ? make("p", {}, more) : null,
      make("footer", { class: "actions end" }, make("button", { class: "button", value: "no" }, say("js.cancel")), agree));
    const dialog = make("dialog", { class: "dialog", "aria-labelledby": title.id }, make("header", {}, title), form);
    document.body.append(dialog);
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    watch(dialog);
    open(dialog);
    agree.focus();
  });
}

/** Lets a click on the ground beside the dialog close it. */
export function watch(dialog) {
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target !== dialog) return;
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) dialog.close();
  });
}

export function start() {
  document.querySelectorAll("dialog").forEach(watch);
  document.addEventListener("click", (event) => {
    const id = event.target.closest?.("[data-dialog]")?.dataset.dialog;
    if (id) open(document.getElementById(id));
  });
}
