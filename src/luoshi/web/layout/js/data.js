// What the server put into the page: read("facts") gives the value of {% data "facts" … %}; say("js.undo") gives words.

/** The value of `<script type="application/json" id=…>`; `otherwise` where there is none. */
export function read(id, otherwise = null) {
  const found = document.getElementById(id);
  return found ? JSON.parse(found.textContent) : otherwise;
}

let words = null;

/** The words for a key (`js.…` of the frame or `<page>.js.…`), with `{name}` replaced. */
export function say(key, values = {}) {
  words ??= read("words", {});
  const text = words[key];
  if (text === undefined) throw new Error(`no words for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** A new element: make("p", {class: "soft", onclick: f}, "text", child). Text is never markup. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A picture of `layout/icons.svg`. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  picture.append(use);
  return picture;
}
