// What ipywidgets and JupyterLab leave out of their HTML: groups and sliders with names, pressed buttons, tables that fit
// a phone, terms that can be tapped, and Vietnamese for the labels that JupyterLab never gives to its translator.
import { groupRadios } from "./radios.js";

const LABELS = {
  "main area content": "Nội dung bài học",
  "Markdown Cell Content": "Phần đọc",
  "Code Cell Content": "Phần thực hành",
  "Code Cell Content with Output": "Phần thực hành, có kết quả",
};
const GROUP = ".hocvu-part, .hocvu-question, .hocvu-guess";  // what a prompt names
let numbered = 0;

/** Complete every form and table below `root`, now and whenever something is drawn there. */
export function dress(root) {
  let waiting = false;
  const again = () => {
    waiting = false;
    dressAll(root);
  };
  const observer = new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    window.requestAnimationFrame(again);
  });
  observer.observe(root, { childList: true, subtree: true, attributeFilter: ["class"] });
  dressAll(root);
}

function dressAll(root) {
  for (const [english, vietnamese] of Object.entries(LABELS)) {
    for (const one of document.querySelectorAll(`#main [aria-label="${english}"]`)) {
      one.setAttribute("aria-label", vietnamese);
    }
  }
  for (const prompt of root.querySelectorAll(".hocvu-prompt:not([id])")) {
    prompt.id = `hocvu-prompt-${numbered += 1}`;
    const form = prompt.closest(GROUP);
    const radios = [...form.querySelectorAll(".widget-radio-box")].filter((box) => box.closest(GROUP) === form);
    for (const group of [form, ...radios]) {
      group.setAttribute("role", group === form ? "group" : "radiogroup");
      group.setAttribute("aria-labelledby", prompt.id);
    }
  }
  groupRadios(root);
  for (const bench of root.querySelectorAll(".jupyter-widgets.hocvu-bench:not([role])")) {
    bench.setAttribute("role", "group");
    const outcome = bench.querySelector("section[aria-label]")?.getAttribute("aria-label");
    bench.setAttribute("aria-label", outcome?.split(":")[0] || "Bàn luật từ khóa");
  }
  root.querySelectorAll(".widget-hslider").forEach(nameSlider);
  for (const term of root.querySelectorAll(".hocvu-term:not([tabindex])")) term.tabIndex = 0;
  for (const button of root.querySelectorAll(".widget-toggle-button")) {
    const pressed = String(button.classList.contains("mod-active"));
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  }
  for (const table of root.querySelectorAll(".jp-MarkdownOutput table:not([data-dressed])")) nameCells(table);
}

/** Say a slider's name and value as people read them; ipywidgets says neither, but counts its steps. */
function nameSlider(slider) {
  const handle = slider.querySelector(".noUi-handle");
  const says = {
    "aria-label": slider.querySelector(".widget-label")?.textContent,
    "aria-valuetext": slider.querySelector(".widget-readout")?.textContent,
  };
  for (const [name, text] of Object.entries(says)) {
    if (handle && text && handle.getAttribute(name) !== text) handle.setAttribute(name, text);
  }
}

/** Note each cell's column, which a phone shows in front of it. */
function nameCells(table) {
  table.dataset.dressed = "";
  const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  for (const row of table.querySelectorAll("tbody tr")) {
    [...row.cells].forEach((cell, place) => { if (heads[place]) cell.dataset.label = heads[place]; });
  }
}
