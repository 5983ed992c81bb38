// Names of regions are offered while somebody types; a link to "#correct" opens the form.
import { suggest } from "../room/suggest.js";

document.querySelectorAll("[data-regions]").forEach((input) => suggest(input, input.dataset.regions, input.labels[0].textContent));
const form = document.querySelector("#correct .fix");
const openForm = () => { if (form && location.hash === "#correct") form.open = true; };
openForm();
addEventListener("hashchange", openForm);
