// One native <dialog> for everything the page has to say; resolves with the pressed button's value.
const dialog = document.getElementById("hocvu-dialog");
const heading = dialog.querySelector("h2");
const body = dialog.querySelector("div");
const buttons = dialog.querySelector("form");

/** Show `title`, `lines` (text, or {text, href, elsewhere} for a link) and `choices` {value: label}; resolve with a value.
 *
 * check {label, missing}: a box that must be ticked before the first choice can be pressed; `missing` says so.
 */
export function show({ title, lines = [], items = [], check = null, choices = { close: "Đóng" } }) {
  heading.textContent = title;
  body.replaceChildren(...lines.map(paragraph), ...list(items));
  const pressed = Object.entries(choices).map(([value, label], place) => button(value, label, place));
  buttons.replaceChildren(...(check ? [box(check)] : []), ...pressed);
  for (const other of pressed.slice(1)) other.formNoValidate = true;
  if (dialog.open) dialog.close("replaced");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue || "close"), { once: true });
  });
}

/** Close the dialog as if `value` had been pressed. */
export function answer(value) {
  if (dialog.open) dialog.close(value);
}

function paragraph(line) {
  const element = document.createElement("p");
  if (typeof line === "string") {
    element.textContent = line;
    return element;
  }
  const link = Object.assign(document.createElement("a"), { href: line.href, textContent: line.text });
  if (line.elsewhere) Object.assign(link, { target: "_blank", rel: "noopener" });
  element.append(link);
  return element;
}

function list(items) {
  if (items.length === 0) return [];
  const element = document.createElement("ul");
  element.append(...items.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  return [element];
}

function box({ label, missing }) {
  const row = Object.assign(document.createElement("label"), { className: "hocvu-check" });
  const tick = Object.assign(document.createElement("input"), { type: "checkbox", required: true, autofocus: true });
  const say = () => tick.setCustomValidity(tick.checked ? "" : missing);
  tick.addEventListener("change", say);
  say();
  row.append(tick, label);
  return row;
}

function button(value, label, place) {
  const element = Object.assign(document.createElement("button"), { value, textContent: label, autofocus: place === 0 });
  element.className = place === 0 ? "hocvu-main-button" : "";
  return element;
}
