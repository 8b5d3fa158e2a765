// When Python has stopped, the forms on the page still look alive but save nothing. Say so, and let none pretend.
import { awaitWords, freezeAll, thawAll } from "./frozen.js";
import { pause, runSilently } from "./run.js";

const ANSWERS_WITHIN_MS = 20_000;  // a save may wait 15 s for a dead line; the kernel answers nobody meanwhile
const GONE = new Set(["restarting", "autorestarting", "dead", "terminating", "unknown"]);
const WORDS = "Python đã dừng: câu này không lưu thêm được.";
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
  awaitWords(panel.node, () => ask(context));
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
  freezeAll(document, WORDS);
  makeRoom();
}

function recover() {
  if (!isStopped()) return;
  banner.hidden = true;
  submit.disabled = expected;
  document.body.classList.remove("hocvu-python-stopped");
  thawAll(document);
  makeRoom();
}

function makeRoom() {
  document.documentElement.style.setProperty("--hocvu-banner-height", `${banner.offsetHeight}px`);
}
