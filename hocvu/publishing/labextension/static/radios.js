// ipywidgets gives radio buttons no name, so arrow keys jump about and Tab stops at every one of them.
let numbered = 0;

/** Make one group of the radio buttons of each question below `root`. */
export function groupRadios(root) {
  for (const box of root.querySelectorAll(".widget-radio-box")) {
    const nameless = box.querySelectorAll('input[type="radio"]:not([name])');
    if (nameless.length === 0) continue;
    const name = box.querySelector('input[type="radio"][name]')?.name || `hocvu-radio-${numbered += 1}`;
    const checked = box.querySelector('input[type="radio"]:checked');
    for (const radio of nameless) radio.name = name;
    if (checked) checked.checked = true;
  }
}
