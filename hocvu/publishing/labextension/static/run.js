// Start the lesson's kernel and run its cells.
import { codeCells } from "./code.js";

const PATIENCE_MS = 20_000;

/** Resolve when the kernel has really executed something; says the lesson's name to it on the way.
 *
 * kernel_info is answered by the page before Python is there, and a request sent too early may be lost:
 * so we knock again until a reply to an execution comes. The code may run twice without harm.
 */
export async function wakeKernel(panel, assignment) {
  const context = panel.sessionContext;
  await context.ready;
  const code = `import os\nos.environ["HOCVU_ASSIGNMENT"] = ${JSON.stringify(assignment)}`;
  for (;;) {
    const kernel = context.session?.kernel;
    if (kernel) {
      const reply = await Promise.race([runSilently(kernel, code).catch(() => null), pause(PATIENCE_MS)]);
      if (reply?.content.status === "ok") return;
    }
    await pause(500);
  }
}

/** Give the lesson a fresh kernel, whatever became of the one before. */
export async function restartKernel(context) {
  const kernel = context.session?.kernel;
  const alive = kernel && !["dead", "terminating"].includes(kernel.status);
  if (alive) await context.restartKernel();
  else await context.changeKernel({ name: "python" });
}

/** Return the kernel's reply to `code`, which leaves no trace in the notebook. */
export function runSilently(kernel, code) {
  const content = { code, silent: false, store_history: false, stop_on_error: false, allow_stdin: false };
  return kernel.requestExecute(content).done;
}

/** Run every code cell in order; an error in one does not stop the rest. Calls `report(done, all)` after each. */
export async function runCells(panel, cells, report) {
  const left = codeCells(panel);  // optional code runs when its learner says so
  const all = panel.content.widgets.filter((cell) => cell.model.type === "code" && !left.has(cell));
  report(0, all.length);
  for (const [index, cell] of all.entries()) {
    cell.node.querySelector(".hocvu-failed")?.remove();
    const reply = await cells.CodeCell.execute(cell, panel.sessionContext).catch(() => null);
    if (reply?.content.status !== "ok" && cell.model.sharedModel.source.trim()) cell.node.append(note());
    report(index + 1, all.length);
  }
}

function note() {
  const textContent = "Phần này chưa chạy được. Anh/chị bấm «Chạy lại» ở đầu trang; nếu vẫn vậy, "
    + "hãy làm bài trên trang web của khóa học.";
  return Object.assign(document.createElement("p"), { className: "hocvu-failed", textContent });
}

export function pause(milliseconds) {
  return new Promise((resolve) => window.setTimeout(() => resolve(null), milliseconds));
}
