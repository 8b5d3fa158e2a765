// Forms whose Python is gone still look alive but save nothing: grey them out and say so on each line.
export const FORM = ".jp-OutputArea-output .jupyter-widgets";
const TYPED = 'textarea, input:is([type="text"], [type="number"], :not([type]))';

/** Freeze every form below `root`; what was typed stays readable and can be copied. Return how many there are. */
export function freezeAll(root, words) {
  const forms = [...root.querySelectorAll(FORM)].filter((form) => !form.parentElement.closest(FORM));
  for (const form of forms) freeze(form, words);
  return forms.length;
}

/** Bring every frozen form below `root` back to life. */
export function thawAll(root) {
  for (const form of root.querySelectorAll(`${FORM}[aria-disabled]`)) thaw(form);
}

export function hasFrozen(root) {
  return root.querySelector(`${FORM}[aria-disabled]`) !== null;
}

/** From now on, from an answer below `root` until the kernel's word on it, what its line said before counts no more. */
export function awaitWords(root, answered = () => {}) {
  for (const kind of ["change", "click"]) {
    root.addEventListener(kind, (event) => {
      if (!event.target.closest(FORM)) return;
      awaitWord(event);
      answered();
    }, true);
  }
}

function awaitWord(event) {
  const line = lineOf(event);
  if (!line) return;
  line.classList.add("hocvu-pending");
  const word = new MutationObserver(() => {
    line.classList.remove("hocvu-pending");
    word.disconnect();
  });
  word.observe(line, { childList: true, subtree: true, characterData: true });
}

/** Return the line that will speak of what was just given, if this saves anything. */
function lineOf({ target, type }) {
  const sure = target.closest(".hocvu-sure");
  if (sure) return type === "change" ? sure.querySelector(".hocvu-sure-status") : null;
  const inBench = target.closest(".hocvu-bench");
  const saves = inBench ? type === "click" && target.closest(".hocvu-bench-save") : type === "change";
  return saves ? target.closest(".hocvu-question, .hocvu-bench")?.querySelector(".hocvu-status") : null;
}

function freeze(form, words) {
  if (form.getAttribute("aria-disabled")) return;
  form.setAttribute("aria-disabled", "true");
  if (!form.role) form.role = "group";
  for (const field of form.querySelectorAll(TYPED)) field.readOnly = true;
  for (const control of form.querySelectorAll("input, select, button")) {
    if (control.disabled || control.matches(TYPED)) continue;
    control.disabled = true;
    control.dataset.frozen = "";
  }
  for (const slider of form.querySelectorAll(".widget-slider")) slider.inert = true;
  for (const line of form.querySelectorAll(".hocvu-status")) {
    line.append(Object.assign(document.createElement("p"), { className: "hocvu-stopped-line", textContent: words }));
  }
}

function thaw(form) {
  form.removeAttribute("aria-disabled");
  for (const field of form.querySelectorAll(TYPED)) field.readOnly = false;
  for (const control of form.querySelectorAll("[data-frozen]")) {
    control.disabled = false;
    delete control.dataset.frozen;
  }
  for (const slider of form.querySelectorAll(".widget-slider")) slider.inert = false;
  for (const line of form.querySelectorAll(".hocvu-stopped-line")) line.remove();
}
