// What the look took: every click on something that acts, every key pressed but those that only hold or move, and the time since the page opened.
const IDLE = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock", "Tab", "PageUp", "PageDown", "Home", "End", "Process", "Unidentified"]);
const ACTING = "a, button, summary, label, input, textarea, tr[data-fact]";

let touches = 0;
let merged = false;

/** Begins to count; `changed` is called after each touch. */
export function start(changed) {
  const count = () => { touches += 1; changed(); };
  document.addEventListener("click", (event) => {
    // a key that presses a button comes as a click too (detail 0), a label clicks its box once more in the same moment
    if (event.detail === 0 || merged || !event.target.closest?.("main")?.contains(event.target.closest(ACTING))) return;
    merged = true;
    setTimeout(() => { merged = false; });
    count();
  }, true);
  document.addEventListener("change", (event) => { if (event.target.matches("select")) count(); }, true);
  document.addEventListener("keydown", (event) => { if (!IDLE.has(event.key) && !event.repeat) count(); }, true);
}

/** {touches, seconds} so far. */
export const effort = () => ({ touches, seconds: Math.round(performance.now() / 1000) });
