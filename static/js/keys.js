// Keyboard, focus and small comforts. Every page works without this file.

const TYPING = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";
const ACTIONS = new Set(["r", "a", "e"]);
const byId = (id) => document.getElementById(id);
const rows = () => [...document.querySelectorAll("main [data-row]")].filter((row) => row.offsetParent !== null);
const rowOf = (element) => element?.closest?.("[data-row]") ?? null;

let lastRow = null; // {id, index}: where the reader was, so that a swap does not lose the place

const say = (text) => {
  const live = byId("live");
  if (live) live.textContent = text;
};

const currentRow = () => {
  const focused = rowOf(document.activeElement);
  if (focused) return focused;
  if (!lastRow) return null;
  return (lastRow.id && byId(lastRow.id)) || rows()[lastRow.index] || null;
};

const focusRow = (row) => {
  if (!row) return;
  if (!row.hasAttribute("tabindex")) row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
};

const step = (by) => {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(currentRow());
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  focusRow(all[next]);
};

const openDialog = (id) => {
  const dialog = byId(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
};

const act = (key) => {
  const row = currentRow();
  const bulk = row?.closest("form")?.querySelector(`[data-needs-selection][data-key="${key}"]`);
  const target = (bulk && !bulk.disabled && bulk) || (row?.querySelector(`[data-key="${key}"]`) ?? (row ? null : document.querySelector(`main [data-key="${key}"]`))
    ?? document.querySelector(`main [data-key="${key}"]:not([data-row] *)`));
  if (!target || target.disabled) return false;
  target.focus();
  target.click();
  return true;
};

const keyed = {
  j: () => step(1),
  k: () => step(-1),
  x: () => currentRow()?.querySelector("input[type=checkbox]")?.click(),
  "/": () => (document.querySelector("[data-search]") ?? document.querySelector("main input[type=search]"))?.focus(),
  "?": () => openDialog("keys"),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") return closeMenus(null, true);
  if (event.target.matches?.(TYPING) || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && event.target.matches?.("[data-row]")) {
    const link = event.target.querySelector("[data-open]") ?? event.target.querySelector("a[href]");
    if (link) { event.preventDefault(); keepPlace(); link.click(); }
    return;
  }
  if (ACTIONS.has(event.key)) {
    if (act(event.key)) event.preventDefault();
  } else if (Object.hasOwn(keyed, event.key)) {
    event.preventDefault();
    keyed[event.key]();
  }
});

document.addEventListener("focusin", (event) => {
  const row = rowOf(event.target);
  if (row) lastRow = { id: row.id, index: rows().indexOf(row) };
});

// Menus close as menus do.
function closeMenus(except, restore) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu === except) continue;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (restore && inside) menu.querySelector("summary")?.focus();
  }
}

document.addEventListener("click", async (event) => {
  const target = event.target.closest?.("[data-copy], [commandfor]");
  closeMenus(event.target.closest?.("details.menu"), false);
  if (!target) return;
  if (target.dataset.copy !== undefined) {
    try {
      await navigator.clipboard.writeText(target.dataset.copy);
      say("Copied");
      target.dataset.copied = "";
    } catch {
      say("Your browser did not allow copying");
    }
  } else if (!("command" in HTMLButtonElement.prototype)) {
    // Browsers without invoker commands.
    if (target.getAttribute("command") === "show-modal") openDialog(target.getAttribute("commandfor"));
    if (target.getAttribute("command") === "close") byId(target.getAttribute("commandfor"))?.close();
  }
});

// Selecting many rows: the head's box, shift for a range, the count, and what needs a selection.
let lastBox = null;
const scopeOf = (box) => box.closest("form, [data-selection]") ?? document;
const boxesIn = (scope) => [...scope.querySelectorAll("[data-row] input[type=checkbox]")];

const recount = (scope) => {
  const boxes = boxesIn(scope);
  const chosen = boxes.filter((box) => box.checked).length;
  for (const all of scope.querySelectorAll("[data-select-all]")) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  for (const out of scope.querySelectorAll("[data-selected-count]")) out.textContent = chosen ? `${chosen} selected` : "None selected";
  for (const button of scope.querySelectorAll("[data-needs-selection]")) button.disabled = chosen === 0;
};

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-row] input[type=checkbox]")) return;
  const boxes = boxesIn(scopeOf(box));
  if (event.shiftKey && lastBox && boxes.includes(lastBox)) {
    const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
  }
  lastBox = box;
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches?.("[data-select-all]")) {
    for (const one of boxesIn(scopeOf(box))) one.checked = box.checked;
    recount(scopeOf(box));
  } else if (box.matches?.("[data-row] input[type=checkbox]")) {
    recount(scopeOf(box));
  } else if (box.form?.matches?.("[data-auto]")) {
    box.form.requestSubmit();
  }
});

// Whoever leaves a list for one of its rows finds that row again on the way back, once.
const PLACE = "place";
const keepPlace = () => {
  if (!lastRow) return;
  try { sessionStorage.setItem(PLACE, JSON.stringify({ ...lastRow, path: location.pathname })); } catch { /* private */ }
};
const findPlace = () => {
  let place = null;
  try { place = JSON.parse(sessionStorage.getItem(PLACE)); } catch { /* private */ }
  if (place?.path !== location.pathname || location.hash) return;
  sessionStorage.removeItem(PLACE);
  const all = rows();
  focusRow((place.id && byId(place.id)) || all[Math.min(place.index, all.length - 1)]);
};

// One press is one press: a form that has been sent cannot be sent again from the same page.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[hx-post], [data-hx-post]") || event.defaultPrevented) return;
  if (form.dataset.sent !== undefined) { event.preventDefault(); return; }
  form.dataset.sent = "";
  if (rowOf(document.activeElement) || form.querySelector("[data-row]")) keepPlace();
  event.submitter?.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const busy of form.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  }
});

// A swap must not lose the reader: find the same thing again, else the row's place, else the page.
let held = null;
document.addEventListener("htmx:beforeSwap", () => {
  const element = document.activeElement;
  const row = rowOf(element);
  if (!element || element === document.body) { held = null; return; }
  held = { id: element.id, key: element.dataset.key, name: element.getAttribute("name"), href: element.getAttribute("href"),
    row: row?.id, index: row ? rows().indexOf(row) : -1, dialog: element.closest("dialog")?.id };
});

const refound = () => {
  const row = (held.row && byId(held.row)) || (held.index >= 0 ? rows()[Math.min(held.index, rows().length - 1)] : null);
  if (held.id && byId(held.id)) return byId(held.id);
  if (row && held.key) return row.querySelector(`[data-key="${held.key}"]`) ?? row;
  if (row) return row;
  if (held.name) return document.querySelector(`main [name="${CSS.escape(held.name)}"]`);
  if (held.href) return document.querySelector(`main a[href="${CSS.escape(held.href)}"]`);
  return null;
};

document.addEventListener("htmx:afterSettle", () => {
  prepare();
  if (!held || (document.activeElement && document.activeElement !== document.body)) return;
  const target = refound() ?? byId("main");
  if (target?.matches("[data-row]")) focusRow(target);
  else target?.focus({ preventScroll: true });
  held = null;
});

// A sheet that scrolls sideways can be reached and scrolled by keyboard.
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

function prepare() {
  for (const sheet of document.querySelectorAll(".sheet, .rail nav, .tabs")) watch.observe(sheet);
  for (const scope of document.querySelectorAll("form:has([data-row]), [data-selection]")) recount(scope);
}

prepare();
findPlace();
document.querySelector("[data-focus]")?.focus();
for (const here of document.querySelectorAll(".rail nav [aria-current], .tabs [aria-current]")) {
  const strip = here.closest("nav, .tabs");
  strip.scrollLeft = here.offsetLeft - strip.clientWidth / 2 + here.offsetWidth / 2;
}
