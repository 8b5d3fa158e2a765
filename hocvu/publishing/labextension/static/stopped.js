// When Python has stopped, the forms on the page still look alive but save nothing. Say so, and let none pretend.
import { pause, runSilently } from "./run.js";

const ANSWERS_WITHIN_MS = 20_000;  // a save may wait 15 s for a dead line; the kernel answers nobody meanwhile
const GONE = new Set(["restarting", "autorestarting", "dead", "terminating", "unknown"]);
const FORM = ".jp-OutputArea-output .jupyter-widgets";
const TYPED = 'textarea, input:is([type="text"], [type="number"], :not([type]))';
const banner = document.getElementById("hocvu-stopped");
const submit = document.getElementById("hocvu-submit");

let expected = true;  // whether the kernel may come and go: while the page itself starts it
let asking = false;

/** From now on, notice when the lesson's kernel is gone or does not answer. */
export function watch(panel) {
  const context = panel.sessionContext;
  context.statusChanged.connect((_, status) => { if (GONE.has(status)) stop(); });
  context.kernelChanged.connect(stop);
  // A crashed worker says nothing at all: so ask it whenever somebody has answered something.
  for (const kind of ["change", "click"]) {
    panel.node.addEventListener(kind, (event) => {
      if (!event.target.closest(FORM)) return;
      awaitWord(event);
      ask(context);
    }, true);
  }
  new ResizeObserver(makeRoom).observe(banner);
}

/** Say whether the page itself is starting or restarting Python just now. */
export function expectChanges(yes) {
  expected = yes;
  if (yes) recover();
}

export function isStopped() {
  return !banner.hidden;
}

/** From an answer until the kernel's word on it, what the line said before counts no more. */
function awaitWord(event) {
  const saves = event.target.closest(".hocvu-bench")
    ? event.type === "click" && event.target.closest(".hocvu-bench-save")
    : event.type === "change";
  const line = saves && event.target.closest(".hocvu-question, .hocvu-bench")?.querySelector(".hocvu-status");
  if (!line) return;
  line.classList.add("hocvu-pending");
  const word = new MutationObserver(() => {
    line.classList.remove("hocvu-pending");
    word.disconnect();
  });
  word.observe(line, { childList: true, subtree: true, characterData: true });
}

async function ask(context) {
  const kernel = context.session?.kernel;
  if (asking || expected) return;
  if (!kernel) return stop();
  asking = true;
  const reply = runSilently(kernel, "None").catch(() => null);
  const inTime = await Promise.race([reply, pause(ANSWERS_WITHIN_MS)]);
  asking = false;
  if (context.session?.kernel !== kernel || expected || inTime?.content.status === "ok") return;
  stop();
  if ((await reply)?.content.status === "ok" && context.session?.kernel === kernel) recover();  // slow, not dead
}

function stop() {
  if (expected || isStopped()) return;
  banner.hidden = false;
  submit.disabled = true;  // what is on the page may be newer than what would be handed in
  document.body.classList.add("hocvu-python-stopped");
  for (const form of document.querySelectorAll(FORM)) if (!form.parentElement.closest(FORM)) freeze(form);
  makeRoom();
}

function recover() {
  if (!isStopped()) return;
  banner.hidden = true;
  submit.disabled = expected;
  document.body.classList.remove("hocvu-python-stopped");
  for (const form of document.querySelectorAll(`${FORM}[aria-disabled]`)) thaw(form);
  makeRoom();
}

function freeze(form) {
  form.setAttribute("aria-disabled", "true");
  if (!form.role) form.role = "group";
  // What was typed stays readable and can be copied.
  for (const field of form.querySelectorAll(TYPED)) field.readOnly = true;
  for (const control of form.querySelectorAll("input, select, button")) {
    if (control.disabled || control.matches(TYPED)) continue;
    control.disabled = true;
    control.dataset.frozen = "";
  }
  for (const slider of form.querySelectorAll(".widget-slider")) slider.inert = true;
  for (const line of form.querySelectorAll(".hocvu-status")) {
    const textContent = "Python đã dừng: câu này không lưu thêm được.";
    line.append(Object.assign(document.createElement("p"), { className: "hocvu-stopped-line", textContent }));
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

function makeRoom() {
  document.documentElement.style.setProperty("--hocvu-banner-height", `${banner.offsetHeight}px`);
}
