// Small forms of acts (form[data-deed]): sent without leaving the page; what is refused is said, and what was written stays.
import { post } from "./fetch.js";
import { toastError } from "./toast.js";

async function send(event) {
  const form = event.target.closest("form[data-deed]");
  if (!form) return;
  event.preventDefault();
  const button = event.submitter;
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  button?.setAttribute("aria-disabled", "true");
  try {
    await post(button?.getAttribute("formaction") ?? form.action, new FormData(form, button));
    location.reload();
  } catch (error) {
    toastError(error);
    button?.focus();
  } finally {
    delete form.dataset.sending;
    button?.removeAttribute("aria-disabled");
  }
}

export function start() {
  document.addEventListener("submit", send);
}
