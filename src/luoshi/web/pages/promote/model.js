// The rows as the person sets them: what is chosen, changed, doubtful. No element of the page is touched here.

export const ROLES = ["leaders", "lead", "support"];
const LASTING = ["fact", "disputed"];

/** A day as the ledger writes it, or the month or year where no more is said: 2026年12月 → 2026-12; null for what is none. */
export function dayFrom(text) {
  const found = text.trim().match(/^(\d{4})(?:\s*[-年./]\s*(\d{1,2})(?:\s*[-月./]\s*(\d{1,2})\s*日?|\s*月)?|年)?$/);
  if (!found) return text.trim() ? null : "";
  const [year, month, day] = found.slice(1).map((part) => part?.padStart(2, "0"));
  const last = new Date(Date.UTC(Number(year), Number(month ?? 1), 0)).getUTCDate();
  if (year < "1900" || year > "2200" || (month && (month < "01" || month > "12")) || (day && (day < "01" || Number(day) > last))) return null;
  return [year, month, day].filter(Boolean).join("-");
}

/** The rows of the page's data, with the units and people that they name. */
export function modelOf(data) {
  const rows = data.rows.map(([fact, number, title, section, due, written, open, leaders, lead, support, doubts]) => ({
    fact, number, title, section, due, written, open, leaders, lead, support, read: { title, due, open, leaders, lead, support },
    lasting: doubts.filter((key) => LASTING.includes(key)), seen: new Set(), chosen: false,
  }));
  const model = { ...data, rows, byFact: new Map(rows.map((row) => [row.fact, row])) };
  for (const row of rows) row.doubtful = doubtsOf(model, row).length > 0;
  if (data.breakdown) for (const row of rows) row.chosen = !row.doubtful;
  return model;
}

/** What is doubtful about a row and has not been looked at: [{key, name}], the name empty where it is about the row as a whole. */
export function doubtsOf(model, row) {
  const found = row.lasting.map((key) => ({ key, name: "" }));
  for (const name of row.leaders) if (model.people[name]?.doubt) found.push({ key: model.people[name].doubt, name });
  for (const name of [...row.lead, ...row.support]) if (model.units[name]?.doubt) found.push({ key: model.units[name].doubt, name });
  if (model.breakdown && row.lead.length === 0) found.push({ key: "no-lead", name: "" });
  if (row.written && !row.due && !row.open) found.push({ key: "no-due", name: "" });
  return found.filter((doubt) => !row.seen.has(mark(doubt)));
}

export const mark = ({ key, name }) => `${key} ${name}`;

/** The doubts of all rows, each once: {key, names, rows}. Names of one kind of doubt that stand in the same rows are told together. */
export function allDoubts(model) {
  const single = new Map();
  for (const row of model.rows) {
    for (const doubt of doubtsOf(model, row)) {
      const entry = single.get(mark(doubt)) ?? { ...doubt, rows: new Set() };
      entry.rows.add(row);
      single.set(mark(doubt), entry);
    }
  }
  const found = new Map();
  for (const { key, name, rows } of single.values()) {
    const where = [key, ...[...rows].map((row) => row.fact)].join(" ");
    const entry = found.get(where) ?? { key, names: [], rows: [...rows] };
    if (name) entry.names.push(name);
    found.set(where, entry);
  }
  return [...found.values()];
}

/** A row that has no doubt left is chosen by itself. */
function settle(model, rows) {
  for (const row of rows) if (doubtsOf(model, row).length === 0) row.chosen = true;
}

/** The person has looked at doubts and lets them stand. */
export function accept(model, doubts) {
  for (const { key, names, rows } of doubts) {
    for (const row of rows) for (const name of names.length ? names : [""]) row.seen.add(mark({ key, name }));
    settle(model, rows);
  }
}

/** Other names for these names, in these rows; they stand where the first of them stood. */
export function rename(model, rows, old, names) {
  for (const row of rows) {
    for (const role of ROLES) {
      const first = row[role].findIndex((name) => old.includes(name));
      if (first < 0) continue;
      const kept = row[role].filter((name) => !old.includes(name) && !names.includes(name));
      const before = row[role].slice(0, first).filter((name) => kept.includes(name));
      row[role] = [...before, ...names, ...kept.filter((name) => !before.includes(name))];
    }
  }
  settle(model, rows);
}

/** What a person wrote into the form of a row; what was doubtful about it and is not any more chooses it. */
export function change(model, row, values) {
  const before = doubtsOf(model, row).length;
  Object.assign(row, values);
  if (before && doubtsOf(model, row).length === 0) row.chosen = true;
}

/** The names of a list as people write it. */
export const namesIn = (text) => [...new Set(text.split(/[、，,;；\n]/).map((name) => name.trim()).filter(Boolean))];

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export const isChanged = (row) => !same(row.read, Object.fromEntries(Object.keys(row.read).map((key) => [key, row[key]])));

/** What differs from what was read, as the server takes it; null where nothing does. */
export function changesOf(row) {
  const fields = {};
  const duties = {};
  if (row.title !== row.read.title) fields.title = row.title;
  if (row.due !== row.read.due) fields.due = row.due;
  if (row.open !== row.read.open) fields.open_ended = row.open;
  for (const role of ROLES) if (!same(row[role], row.read[role])) duties[role === "leaders" ? "leader" : role] = row[role];
  return Object.keys(fields).length || Object.keys(duties).length ? { fields, duties } : null;
}

/** The rows in groups: doubtful ones first; the others as one group (a breakdown) or by section (a report). */
export function groupsOf(model) {
  const doubtful = model.rows.filter((row) => row.doubtful);
  const certain = model.rows.filter((row) => !row.doubtful);
  const groups = doubtful.length ? [{ kind: "doubtful", rows: doubtful }] : [];
  if (model.breakdown) return certain.length ? [...groups, { kind: "certain", rows: certain }] : groups;
  const sections = new Map(model.sections.map(([key, title]) => [key, { kind: "section", title, rows: [] }]));
  for (const row of certain) sections.get(row.section).rows.push(row);
  return [...groups, ...[...sections.values()].filter((group) => group.rows.length)];
}

/** Whether the filters show a row. */
export function fits(model, row, { q, section, show }) {
  if (section !== "" && String(row.section) !== section) return false;
  if (show === "doubtful" && doubtsOf(model, row).length === 0) return false;
  if ((show === "chosen" && !row.chosen) || (show === "left" && row.chosen)) return false;
  if (!q) return true;
  const words = [row.number, row.title, ...row.leaders, ...row.lead, ...row.support].join(" ");
  return q.split(/\s+/).every((word) => words.includes(word));
}
