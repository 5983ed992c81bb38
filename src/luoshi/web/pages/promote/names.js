// A field for several names with 、 between them: known ones are offered for the one that is being typed.
const SHOWN = 10;

/** Offers `known` in the field's datalist while somebody types. */
export function offerNames(field, list, known) {
  field.setAttribute("list", list.id);
  field.addEventListener("input", () => {
    const at = Math.max(...["、", "，", ","].map((mark) => field.value.lastIndexOf(mark))) + 1;
    const before = field.value.slice(0, at);
    const typed = field.value.slice(at).trim();
    const found = typed ? known.filter((name) => name.includes(typed) && name !== typed).slice(0, SHOWN) : [];
    list.replaceChildren(...found.map((name) => {
      const option = document.createElement("option");
      option.value = before + name;
      return option;
    }));
  });
}
