// Optional code items: the learner writes in the notebook's own cell, tries it here, and its text is handed in.
const marks = (cell) => cell.model.getMetadata("nbgrader") ?? {};
const started = new Map();  // grade id → what the cell held at first

/** Return [item id, cell, its tests] of every cell that learners write in: the next graded cell's id is the item's. */
function written(panel) {
  const found = [];
  let open = null;
  for (const cell of panel.content.widgets) {
    if (marks(cell).solution && !marks(cell).grade) open = cell;
    else if (open && marks(cell).grade) {
      found.push([marks(cell).grade_id, open, cell]);
      open = null;
    }
  }
  return found;
}

/** Return the cells that do not run by themselves: what learners write, and its tests. */
export function codeCells(panel) {
  return new Set(written(panel).flatMap(([, cell, tests]) => [cell, tests]));
}

/** Show those cells, each with a button that runs it. */
export function showCode(panel, cells) {
  for (const [item, cell] of written(panel)) {
    started.set(item, cell.model.sharedModel.source);
    cell.node.classList.add("hocvu-written");
    cell.node.setAttribute("aria-label", `Mã của câu ${item.replaceAll("-", ".")}`);
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Chạy thử đoạn mã" });
    button.className = "hocvu-try";
    button.addEventListener("click", () => cells.CodeCell.execute(cell, panel.sessionContext).catch(() => null));
    cell.node.append(button);
  }
}

/** Put back what this attempt's draft holds, as far as the learner has written nothing here. */
export function restoreCode(panel, answers) {
  for (const [item, cell] of written(panel)) {
    const kept = answers[item];
    if (typeof kept === "string" && cell.model.sharedModel.source === started.get(item)) cell.model.sharedModel.setSource(kept);
  }
}

/** Return {item: text, null where nothing was written} of the cells that differ from the draft. */
export function changedCode(panel, answers) {
  const changes = {};
  for (const [item, cell] of written(panel)) {
    const text = cell.model.sharedModel.source;
    const given = text.trim() && text.trim() !== started.get(item)?.trim() ? text : null;
    if (given !== (answers[item] ?? null)) changes[item] = given;
  }
  return changes;
}
