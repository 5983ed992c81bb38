// The progress of the checking: one bar with a stretch for each state, and the same in words by kind.
import { make, say } from "../../layout/js/data.js";

const ORDER = ["accepted", "corrected", "rejected", "disputed", "open"];

export function paintProgress(room, box) {
  const total = {};
  for (const states of Object.values(room.progress)) for (const [state, many] of Object.entries(states)) total[state] = (total[state] ?? 0) + many;
  const all = Object.values(total).reduce((sum, many) => sum + many, 0);
  const done = all - (total.open ?? 0);
  const told = ORDER.filter((state) => total[state]).map((state) => `${room.words.state[state]} ${total[state]}`);
  box.querySelector(".told").textContent = [say("room.js.progress", { done, all }), ...told.slice(0, total.open ? -1 : undefined)].join(" · ");
  box.querySelector(".bar").replaceChildren(...ORDER.filter((state) => total[state]).map((state) => {
    const part = make("span", { class: state });
    part.style.flexGrow = total[state];
    return part;
  }));
  box.querySelector(".kinds").textContent = Object.entries(room.progress).map(([kind, states]) => {
    const whole = Object.values(states).reduce((sum, many) => sum + many, 0);
    return `${room.words.fact[kind]} ${whole - (states.open ?? 0)}/${whole}`;
  }).join("　");
}
