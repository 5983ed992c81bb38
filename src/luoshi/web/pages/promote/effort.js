// What the look took: every click on something that acts, every key pressed but those that only hold or move, and the time since the page opened.
const IDLE = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock", "Tab", "PageUp", "PageDown", "Home", "End", "Process", "Unidentified"]);
const ACTING = "a, button, summary, label, input, select, textarea, [data-act], tr[data-fact]";

let touches = 0;
let by = null;

export function start(changed) {
  document.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.target.closest?.("main") && event.target.closest(ACTING)) { touches += 1; by?.(); }
  }, true);
  document.addEventListener("keydown", (event) => {
    if (IDLE.has(event.key) || event.repeat) return;
    touches += 1;
    by?.();
  }, true);
  by = changed;
}

/** {touches, seconds} so far. */
export const effort = () => ({ touches, seconds: Math.round(performance.now() / 1000) });
