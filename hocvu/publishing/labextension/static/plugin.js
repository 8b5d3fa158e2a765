// One lesson on one page: wait for Python, run the cells, then let the learner work and hand in.
import { restoreCode, showCode } from "./code.js";
import * as dialog from "./dialog.js";
import { dress } from "./forms.js";
import * as gate from "./gate.js";
import { restartKernel, runCells, wakeKernel } from "./run.js";
import * as stopped from "./stopped.js";
import { readDraft, submit } from "./submit.js";

const SHOW_AFTER_MS = 4_000;  // once the first cells are there, nobody waits longer than this for the rest
const LOSES_ANSWERS = {
  title: "Còn câu trả lời chưa lưu",
  lines: ["Nếu chạy lại lúc này, những câu chưa lưu sẽ mất. Anh/chị chờ có mạng, máy sẽ tự lưu."],
  choices: { close: "Chờ lưu xong", go: "Vẫn chạy lại" },
};
const bar = {
  title: document.getElementById("hocvu-title"),
  home: document.getElementById("hocvu-home"),
  exercise: document.getElementById("hocvu-exercise"),
  code: document.getElementById("hocvu-code"),
  rerun: document.getElementById("hocvu-rerun"),
  submit: document.getElementById("hocvu-submit"),
  revive: document.getElementById("hocvu-revive"),
};

export function makePlugin({ notebook, cells }) {
  return {
    id: "hocvu-lesson:plugin",
    description: "Runs the lesson on open and hands in its answers.",
    autoStart: true,
    requires: [notebook.INotebookTracker],
    activate: (app, tracker) => {
      tracker.widgetAdded.connect((_, panel) => {
        app.shell.menu?.hide();  // hiding by style sheet alone would leave empty stripes
        panel.toolbar.hide();
        openLesson(panel, cells).catch(giveUp);
      });
    },
  };
}

async function openLesson(panel, cells) {
  gate.stage(1);
  await panel.context.ready;
  const lesson = describe(panel);
  bar.title.textContent = lesson.title;
  bar.submit.hidden = !lesson.graded;
  bar.exercise.hidden = lesson.graded;
  bar.code.addEventListener("click", toggleCode);
  bar.submit.addEventListener("click", async () => {
    await whileDisabled(() => submit(panel, lesson.assignment, bar.home.href));
    bar.submit.focus();  // a dialog was closed; the button lost the focus while it was disabled
  });
  for (const button of [bar.rerun, bar.revive]) {
    button.addEventListener("click", () => whileDisabled(() => runAgain(panel, lesson, cells)));
  }
  document.getElementById("main").addEventListener("click", openNotebook, true);
  window.addEventListener("beforeunload", (event) => { if (isUnsaved()) event.preventDefault(); });
  stopped.watch(panel);
  dress(panel.node);
  showCode(panel, cells);
  readDraft(lesson.assignment).then((answers) => restoreCode(panel, answers), () => null);  // offline: the cell as it came
  await start(panel, lesson, cells);
}

/** Follow a link to another notebook on this page; JupyterLab's own way leads to an app that the site does not have. */
function openNotebook(event) {
  const path = event.target.closest("a[href]")?.pathname.match(/\/files\/(.+\.ipynb)$/)?.[1];
  if (!path) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  location.search = `?path=${path}`;
}

/** Return what the page must know of the notebook: its title, its assignment, whether it has graded items. */
function describe(panel) {
  const path = panel.context.path.split(":").pop();
  const models = [...panel.content.model.cells];
  const heading = models.filter((cell) => cell.type === "markdown").map((cell) => cell.sharedModel.source)
    .join("\n").match(/^#\s+(.+)$/m);
  const graded = models.some((cell) => cell.getMetadata("nbgrader")?.grade === true);
  return { title: heading ? heading[1].trim() : "Bài học", assignment: path.split("/").slice(-2)[0], graded };
}

async function start(panel, lesson, cells) {
  bar.submit.disabled = bar.rerun.disabled = true;
  stopped.expectChanges(true);
  await wakeKernel(panel, lesson.assignment);
  document.title = `${lesson.title} – Học vụ AI`;  // only now: JupyterLab writes its own name there while it starts
  let first = 0;
  await runCells(panel, cells, (done, all) => {
    first = first || (done ? performance.now() : 0);
    const late = first && performance.now() - first > SHOW_AFTER_MS;
    if (late || done === all) gate.open();
    else gate.stage(2, ` ${done}/${all}`);
  });
  stopped.expectChanges(false);
  bar.submit.disabled = bar.rerun.disabled = false;
}

async function runAgain(panel, lesson, cells) {
  if (isUnsaved() && await dialog.show(LOSES_ANSWERS) !== "go") return;
  stopped.expectChanges(true);
  gate.close();
  gate.stage(1);
  try {
    await restartKernel(panel.sessionContext);
    await start(panel, lesson, cells);
  } catch (error) {
    giveUp(error);
  }
}

/** Whether a living kernel holds answers that the server does not have yet. */
function isUnsaved() {
  return !stopped.isStopped() && document.querySelector("#main .hocvu-not-saved") !== null;
}

function toggleCode() {
  const shown = document.body.classList.toggle("hocvu-code");
  bar.code.setAttribute("aria-pressed", String(shown));
  bar.code.textContent = shown ? "Ẩn mã lệnh" : "Xem mã lệnh";
}

async function whileDisabled(work) {
  bar.submit.disabled = bar.rerun.disabled = true;
  try {
    await work();
  } finally {
    bar.rerun.disabled = false;
    bar.submit.disabled = stopped.isStopped();
  }
}

function giveUp(error) {
  console.error("hocvu-lesson:", error);
  gate.fail();
}
