"use strict";
(() => {
  const element = (id) => document.getElementById(id);
  const data = JSON.parse(element("data").textContent);
  const { columns, problems, rows } = data;
  const rowsPerPage = matchMedia("(max-width: 74rem)").matches ? 25 : 100;
  const PRINTED = 10000;
  const problemsAt = columns.length - 1;
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

  // Letters are compared without case, width and accents, so that "zoe" finds "Zoë".
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const shown = (cell, at) => (cell === null ? "" : columns[at].kind === "word" ? columns[at].words[cell] : String(cell));
  const problemText = problems.map((problem) => folded(problem.slice(1).join("\n")));
  const searchText = rows.map((row) =>
    row.map((cell, at) => (at === problemsAt ? cell.map((one) => problemText[one]).join("\n") : folded(shown(cell, at)))).join("\n"));

  const person = columns.findIndex(({ kind }) => kind === "text");
  const looks = columns.map(({ kind, words }, at) => kind + (at === person ? " person" : "") + (words?.some((word) => word.length > 20) ? " long" : ""));

  const state = { page: 0, sortedBy: -1, descending: false, printing: false };
  const filters = []; // one function for each select: row => whether it stays
  let found = rows.map((_, index) => index);

  function make(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in made) made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  const compare = (at) => {
    if (columns[at].kind === "text") return (a, b) => collator.compare(rows[a][at] ?? "", rows[b][at] ?? "");
    return (a, b) => rows[a][at] - rows[b][at];
  };

  function find() {
    const words = folded(element("search").value).split(/\s+/).filter(Boolean);
    found = [];
    for (let index = 0; index < rows.length; index++) {
      if (filters.every((stays) => stays(rows[index])) && words.every((word) => searchText[index].includes(word))) found.push(index);
    }
    if (state.sortedBy >= 0) {
      const at = state.sortedBy, order = compare(at), sign = state.descending ? -1 : 1;
      const empty = (index) => rows[index][at] === null || rows[index][at] === "";
      // What is empty comes last either way, and equal rows stay in the roster's order.
      found.sort((a, b) => empty(a) - empty(b) || sign * order(a, b) || a - b);
    }
    state.page = 0;
    show();
  }

  function problemLine(one) {
    const [severity, , , column, message, hint] = problems[one];
    const badge = make("span", { className: `badge mark-${severity === "error" ? "fault" : "skip"}` }, severity === "error" ? "Error" : "Note");
    const where = column ? [make("b", {}, make("bdi", {}, column)), ": "] : [];
    return make("p", {}, badge, " ", ...where, make("bdi", { dir: "ltr" }, message), " ", make("span", { className: "hint" }, hint));
  }

  function cellContent(cell, at) {
    if (cell === null || cell === "") return [];
    const mark = columns[at].marks?.[cell];
    if (mark) return [make("span", {}, make("span", { className: `badge mark-${mark}` }, shown(cell, at)))];
    return [make("bdi", {}, shown(cell, at))];
  }

  // A row and the problems under it are one group, so that they stay together on paper and in a phone's cards.
  function rowElement(row) {
    const line = make("tr", { role: "row" });
    for (let at = 0; at < problemsAt; at++) {
      line.append(make("td", { role: "cell", className: looks[at], "data-label": columns[at].label }, ...cellContent(row[at], at)));
    }
    const group = make("tbody", { role: "rowgroup" }, line);
    if (row[problemsAt].length) {
      group.append(make("tr", { role: "row", className: "detail" }, make("td", { role: "cell", colSpan: problemsAt }, ...row[problemsAt].map(problemLine))));
    }
    return group;
  }

  function show() {
    const size = state.printing ? PRINTED : rowsPerPage;
    const pages = Math.max(1, Math.ceil(found.length / size));
    const first = state.printing ? 0 : state.page * size;
    const part = found.slice(first, first + size);
    for (const group of [...element("table").tBodies]) group.remove(); // but not the headings: one may have the focus
    element("table").append(...part.map((index) => rowElement(rows[index])));
    const all = found.length === rows.length ? "" : ` of ${rows.length.toLocaleString("en")}`;
    const range = part.length < found.length ? `; showing ${(first + 1).toLocaleString("en")} to ${(first + part.length).toLocaleString("en")}` : "";
    element("result").textContent = found.length ? `${found.length.toLocaleString("en")}${all} ${rows.length === 1 ? "row" : "rows"}${range}.` : "No row matches.";
    element("pager").hidden = pages === 1;
    element("page-number").textContent = `Page ${state.page + 1} of ${pages}`;
    element("previous").setAttribute("aria-disabled", String(state.page === 0));
    element("next").setAttribute("aria-disabled", String(state.page === pages - 1));
  }

  function turn(by) {
    const pages = Math.ceil(found.length / rowsPerPage);
    const page = state.page + by;
    if (page < 0 || page >= pages) return;
    state.page = page;
    show();
    element("rows").focus();
  }

  function sortBy(at, descending) {
    Object.assign(state, { sortedBy: at, descending });
    heads.forEach((head, number) => {
      if (number === at) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    sorting.value = at < 0 ? "" : String(at);
    find();
  }

  function addSelect(label, options, choose, className = "") {
    const select = make("select", {}, ...options.map(([value, text]) => make("option", { value }, text)));
    select.addEventListener("change", () => choose(select.value));
    element("controls").append(make("label", { className }, label, select));
    return select;
  }

  function addFilter(at) {
    const { label, words } = columns[at];
    const counts = new Array(words.length).fill(0);
    let chosen = "";
    for (const row of rows) if (row[at] !== null) counts[row[at]]++;
    filters.push((row) => chosen === "" || row[at] === Number(chosen));
    return addSelect(label, [["", "All"], ...words.map((word, number) => [String(number), `${word} (${counts[number].toLocaleString("en")})`])],
      (value) => { chosen = value; find(); });
  }

  function addProblemFilter() {
    const has = {
      "": () => true,
      any: (row) => row[problemsAt].length > 0,
      error: (row) => row[problemsAt].some((one) => problems[one][0] === "error"),
      none: (row) => row[problemsAt].length === 0,
    };
    const titles = new Map(problems.map(([, code, title]) => [code, title]).sort(([, a], [, b]) => collator.compare(a, b)));
    for (const code of titles.keys()) has[`code ${code}`] = (row) => row[problemsAt].some((one) => problems[one][1] === code);
    let chosen = "";
    filters.push((row) => has[chosen](row));
    return addSelect(columns[problemsAt].label,
      [["", "All"], ["any", "With a problem"], ["error", "With an error"], ["none", "Without"], ...[...titles].map(([code, title]) => [`code ${code}`, title])],
      (value) => { chosen = value; find(); });
  }

  const heads = columns.slice(0, problemsAt).map(({ label, kind }, at) => {
    const button = make("button", { type: "button" }, make("bdi", {}, label));
    button.addEventListener("click", () => sortBy(at, state.sortedBy === at && !state.descending));
    return make("th", { role: "columnheader", scope: "col", className: label.length > 20 ? `${kind} long` : kind, "data-label": label }, button);
  });
  element("table").append(make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...heads)));

  const selects = columns.flatMap((column, at) => (column.filtered && column.words.length > 1 ? [addFilter(at)] : []));
  if (problems.length) selects.push(addProblemFilter());
  const sorting = addSelect("Sort by", [["", "Roster order"], ...columns.slice(0, problemsAt).map(({ label }, at) => [String(at), label])],
    (value) => sortBy(value === "" ? -1 : Number(value), false), "only-narrow");
  const clear = make("button", { type: "button" }, "Clear");
  clear.addEventListener("click", () => {
    element("search").value = "";
    for (const select of selects) {
      select.value = "";
      select.dispatchEvent(new Event("change"));
    }
    sortBy(-1, false);
  });
  element("controls").append(clear);
  element("search").addEventListener("input", find);
  element("previous").addEventListener("click", () => turn(-1));
  element("next").addEventListener("click", () => turn(1));
  // Rows are an appendix: on paper only where somebody asked for them, here or when the page was made.
  const printed = () => element("print-rows").checked;
  const part = element("rows-part");
  let opened = false;
  element("print-rows").addEventListener("change", () => document.body.classList.toggle("print-rows", printed()));
  addEventListener("beforeprint", () => {
    if (!printed()) return;
    opened = part.open;
    part.open = true;
    state.printing = true;
    show();
  });
  addEventListener("afterprint", () => {
    if (!state.printing) return;
    part.open = opened;
    state.printing = false;
    show();
  });
  document.querySelector(".skip").addEventListener("click", () => { part.open = true; });

  const { expires } = element("expired").dataset;
  element("expired").hidden = !expires || Date.now() < Date.parse(expires);
  for (const id of ["controls", "print-choice", "table"]) element(id).hidden = false;
  show();
})();
