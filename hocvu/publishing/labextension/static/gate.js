// The gate: nothing can be pressed until Python answers. A cell run before that is silently lost,
// so the page says honestly what it is waiting for, and after 90 s what to do instead.
const SLOW_AFTER_S = 90;
const gate = document.getElementById("hocvu-gate");
const stages = [...gate.querySelectorAll("ol li")];
const spoken = document.getElementById("hocvu-gate-status");
const clock = document.getElementById("hocvu-gate-seconds");
const slow = document.getElementById("hocvu-gate-slow");
const slug = (new URLSearchParams(location.search).get("path") || "").split("/").slice(-2)[0];
let started = 0;
let timer = 0;

function tick() {
  const seconds = Math.round((performance.now() - started) / 1000);
  clock.textContent = `đã ${seconds} giây`;
  if (seconds >= SLOW_AFTER_S) slow.hidden = false;
}

function cover(covered) {
  gate.hidden = !covered;
  const page = document.getElementById("main");
  if (page) page.inert = covered;
}

/** Show the gate from its first stage; `from` is the moment the waiting began, in page milliseconds. */
export function close(from = performance.now()) {
  started = from;
  slow.hidden = true;
  cover(true);
  stage(0);
  window.clearInterval(timer);
  timer = window.setInterval(tick, 1000);
}

/** Mark stage `index` as under way (earlier ones are done); `detail` is added to its text, e.g. "3/10". */
export function stage(index, detail = "") {
  cover(true);
  stages.forEach((item, place) => {
    item.dataset.state = place < index ? "done" : place === index ? "now" : "later";
    item.querySelector("span").textContent = place === index ? detail : "";
  });
  const text = stages[index].firstChild.textContent.trim();
  if (!spoken.textContent.startsWith(text)) spoken.textContent = `${text}…`;
}

/** Take the gate away. */
export function open() {
  window.clearInterval(timer);
  cover(false);
  spoken.textContent = "Bài học đã sẵn sàng.";
}

/** Say that it did not work; the learner reads what to do next. */
export function fail() {
  window.clearInterval(timer);
  slow.hidden = false;
  spoken.textContent = "Chưa mở được bài học.";
}

if (/^[\w-]+$/.test(slug)) {
  for (const link of document.querySelectorAll("a[data-exercise]")) link.href += `bai-tap/${slug}`;
}
close(0);
