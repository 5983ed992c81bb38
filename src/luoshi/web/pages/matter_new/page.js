// Known units and posts are offered while somebody types.
import { read } from "../../layout/js/data.js";
import { offerNames } from "../promote/names.js";

const offers = [["[data-names]", "known-units", "known-names-all"], ["[data-posts]", "known-posts", "known-posts-all"]];
for (const [fields, list, names] of offers) {
  const found = document.getElementById(list);
  if (found) for (const field of document.querySelectorAll(fields)) offerNames(field, found, read(names, []));
}
document.querySelector("[aria-invalid=true], .field.wrong input, .field.wrong textarea, .field.wrong select")?.focus();
