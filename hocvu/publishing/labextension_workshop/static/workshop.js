// JupyterLab for instructors: when a notebook's kernel is gone its forms stay on the page and save nothing.
// Each notebook then gets a notice above its cells, and its forms are frozen until their cells have run again.
import { awaitWords, freezeAll, hasFrozen, thawAll } from "./frozen.js";
import { groupRadios } from "./radios.js";

const GONE = new Set(["restarting", "autorestarting", "dead", "terminating"]);
const WORDS = "Kernel đã dừng hoặc khởi động lại: câu này không lưu thêm được.";
const NOTICE = "Kernel đã dừng hoặc khởi động lại: các câu đang hiện không lưu thêm được.";
const WHAT_NEXT = "Những gì đã lưu vẫn còn. Anh/chị chạy lại các ô để làm tiếp.";
const STYLE = `
.hocvu-notice { position: sticky; top: 0; z-index: 10; display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.25rem; padding: .6rem 1rem;
  color: #16302e; background: #fdecea; border-bottom: 3px solid #a9281f; font: 1rem/1.5 var(--jp-ui-font-family); }
.hocvu-notice[hidden] { display: none; }
.hocvu-notice p { margin: 0; flex: 1 1 24rem; }
.hocvu-notice button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .25rem 1rem; cursor: pointer;
  color: #fff; background: #0b5e57; border: 2px solid #0b5e57; border-radius: .5rem; }
.hocvu-notice button:focus-visible { outline: 3px solid #f5b82e; box-shadow: 0 0 0 5px #16302e; }
.jupyter-widgets[aria-disabled="true"] { background: #e9eeec; color: #4a605d; }
.jupyter-widgets[aria-disabled="true"] :is(input, select, textarea, label, button) { cursor: not-allowed; }
.jupyter-widgets[aria-disabled="true"] :is(.hocvu-sure-status, .hocvu-status > :not(.hocvu-stopped-line)) { display: none; }
.hocvu-stopped-line { color: #a9281f; font-weight: 600; margin: 0; }
.hocvu-pending > .widget-html-content { display: none; }
.hocvu-pending::before { content: "Đang lưu…"; }
@media (forced-colors: active) { .hocvu-notice, .hocvu-notice button { border-color: ButtonText; } }
`;

export function makePlugin({ notebook }) {
  return {
    id: "hocvu-workshop:plugin",
    description: "Says when a notebook's kernel is gone and its questions save nothing.",
    autoStart: true,
    requires: [notebook.INotebookTracker],
    activate: (app, tracker) => {
      document.head.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
      tracker.widgetAdded.connect((_, panel) => guard(app, panel));
    },
  };
}

/** Watch one notebook's kernel for as long as the notebook is open. */
function guard(app, panel) {
  const context = panel.sessionContext;
  const notice = makeNotice(() => runAgain(app, context));
  panel.content.outerNode.prepend(notice);  // it stays in sight while the notebook scrolls below it
  let gone = false;  // the forms' kernel is no more; false: the line to it may only be interrupted

  const stop = () => {
    if (freezeAll(panel.content.node, WORDS)) notice.hidden = false;
    else gone = false;
  };
  const stopForGood = () => {
    gone = true;
    stop();
  };
  const look = () => {
    groupRadios(panel.content.node);
    if (hasFrozen(panel.content.node)) return;
    notice.hidden = true;
    gone = false;
  };
  context.statusChanged.connect((_, status) => { if (GONE.has(status)) stopForGood(); });
  context.kernelChanged.connect(stopForGood);
  context.connectionStatusChanged.connect(async (_, status) => {
    if (status !== "connected") return stop();
    if (gone || !(await knowsWidgets(context.session?.kernel))) return;
    thawAll(panel.content.node);
    look();
  });
  awaitWords(panel.content.node);
  new MutationObserver(look).observe(panel.content.node, { childList: true, subtree: true });
}

/** Whether the kernel still has the forms' other halves: one that was restarted meanwhile has none. */
async function knowsWidgets(kernel) {
  const reply = await kernel?.requestCommInfo({ target_name: "jupyter.widget" }).catch(() => null);
  return Object.keys(reply?.content.comms ?? {}).length > 0;
}

async function runAgain(app, context) {
  const kernel = context.session?.kernel;
  if (!kernel || ["dead", "terminating"].includes(kernel.status)) {
    await context.changeKernel({ name: context.prevKernelName || "python3" });
  }
  await app.commands.execute("notebook:run-all-cells");
}

function makeNotice(onClick) {
  const notice = Object.assign(document.createElement("div"), { className: "hocvu-notice", hidden: true });
  notice.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.append(Object.assign(document.createElement("strong"), { textContent: NOTICE }), ` ${WHAT_NEXT}`);
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Chạy lại mọi ô" });
  button.addEventListener("click", onClick);
  notice.append(text, button);
  return notice;
}
