// Notes at the foot of the page, one after the other, with a way back where there is one.
import { icon, make, say } from "./data.js";

const STAY = 6000;
const STAY_WITH_UNDO = 15000;

/** Shows a note. `kind`: done, warn, wrong; `undo`: what the button "undo" does (an async function). Wrong ones stay until closed. */
export function toast(words, { kind = "done", undo = null } = {}) {
  const close = make("button", { type: "button", class: "close", "data-close": true, "aria-label": say("js.close") }, icon("close"));
  const back = undo && make("button", { type: "button", class: "button small", onclick: take }, say("js.undo"));
  const box = make("div", { class: `toast ${kind}`, "data-toast": true }, make("span", {}, words), back, close);
  document.getElementById("toasts").append(box);
  tend(box);
  return box;

  async function take() {
    back.disabled = true;
    try {
      await undo();
      box.remove();
    } catch (error) {
      box.remove();
      toastError(error);
    }
  }
}

/** Shows an error of `fetch.js` (or any other) as a note. */
export function toastError(error) {
  if (error.name === "AbortError") return null;
  if (error.slug === undefined) console.warn(error);
  return toast(error.slug === undefined ? say("js.failed") : error.message, { kind: "wrong" });
}

/** Closes a note after its time, unless somebody points at it, and by its button. */
export function tend(box) {
  box.querySelector("[data-close]")?.addEventListener("click", () => box.remove());
  if (box.classList.contains("wrong")) return;
  let timer;
  const wait = () => { timer = setTimeout(() => box.remove(), box.querySelector(".button") ? STAY_WITH_UNDO : STAY); };
  for (const stop of ["pointerenter", "focusin"]) box.addEventListener(stop, () => clearTimeout(timer));
  for (const start of ["pointerleave", "focusout"]) box.addEventListener(start, () => { clearTimeout(timer); wait(); });
  wait();
}
