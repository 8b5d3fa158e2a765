// Makes questions easier to answer: lines to put in order get buttons, words are marked by dragging, words of a text are
// counted. The form's own controls stay what is sent; without this file they are what is used.
"use strict";

(() => {
  const element = (name, attributes = {}, text = "") => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  };
  const HOW_TO_MARK =
    "Bấm vào từng tiếng, hoặc giữ chuột kéo qua nhiều tiếng. Bàn phím: phím mũi tên để đi, phím cách để chọn.";
  const HOW_TO_MOVE = "Dùng nút «Lên» và «Xuống» để xếp các dòng; dòng trên cùng là đầu tiên.";
  const changed = (node) => node.dispatchEvent(new Event("change", { bubbles: true }));

  // ORD: the lines stand in their order; «Lên» and «Xuống» move one, and write every line's position.
  function putInOrder(list) {
    const rows = () => [...list.children];
    const select = (row) => row.querySelector("select");
    const words = (row) => row.querySelector("label").textContent;
    const told = element("p", { class: "told", role: "status" });
    const keep = element("button", { type: "button", class: "button quiet keep" }, "Giữ nguyên thứ tự này");

    function write() {
      rows().forEach((row, index) => { select(row).value = String(index + 1); });
      show();
      changed(list);
    }

    function show() {
      const all = rows();
      const done = all.every((row, index) => select(row).value === String(index + 1));
      list.classList.toggle("undecided", !done);
      keep.hidden = done;
      if (!done) told.textContent = "Chưa có thứ tự: hãy chuyển các dòng, hoặc giữ nguyên thứ tự đang hiện.";
      else if (told.textContent.startsWith("Chưa")) told.textContent = "";
      all.forEach((row, index) => {
        row.querySelector(".place").textContent = `${index + 1}.`;
        row.querySelector(".up").setAttribute("aria-disabled", String(index === 0));
        row.querySelector(".down").setAttribute("aria-disabled", String(index === all.length - 1));
      });
    }

    function move(row, up) {
      const other = up ? row.previousElementSibling : row.nextElementSibling;
      if (!other) return;
      if (up) row.after(other); // the neighbour moves around the line, so the line's button keeps the focus
      else row.before(other);
      write();
      told.textContent = `Đã chuyển “${words(row)}” ${up ? "lên" : "xuống"} vị trí ${rows().indexOf(row) + 1}.`;
    }

    function follow() {
      const place = (row) => Number(select(row).value) || rows().length + 1;
      list.append(...rows().sort((one, other) => place(one) - place(other)));
      show();
    }

    for (const row of rows()) {
      row.setAttribute("role", "listitem");
      select(row).hidden = true;
      row.prepend(element("span", { class: "place", "aria-hidden": "true" }));
      const moves = element("span", { class: "moves" });
      for (const [name, text, up] of [["up", "Lên", true], ["down", "Xuống", false]]) {
        const label = `${text}: ${words(row)}`;
        const button = element("button", { type: "button", class: `move ${name}`, "aria-label": label }, text);
        button.addEventListener("click", () => move(row, up));
        moves.append(button);
      }
      row.append(moves);
    }
    const hint = list.parentElement.querySelector(":scope > .hint");
    if (hint) hint.textContent = HOW_TO_MOVE; // the question's own words are about choosing positions
    list.setAttribute("role", "list");
    list.classList.add("movable");
    list.after(told, keep);
    keep.addEventListener("click", () => {
      write();
      told.textContent = "Đã giữ nguyên thứ tự đang hiện.";
      rows()[0].querySelector(".down").focus();
    });
    list.addEventListener("hocvu:filled", follow);
    follow();
  }

  // SEL on words: dragging marks a stretch; each word is also tapped, or reached by the arrow keys and ticked by space.
  function markWords(box) {
    const boxes = [...box.querySelectorAll("input")];
    const pieceAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest(".piece");
    const at = (event) => boxes.indexOf(pieceAt(event)?.querySelector("input"));
    let drag = null;
    let swallow = false; // the click that ends a drag back on its first word

    box.classList.add("flowing");
    boxes.forEach((one, index) => { one.tabIndex = index ? -1 : 0; });
    box.before(element("p", { class: "hint" }, HOW_TO_MARK));

    function paint(to) {
      const [first, last] = [Math.min(drag.from, to), Math.max(drag.from, to)];
      boxes.forEach((one, index) => {
        one.checked = index >= first && index <= last ? drag.on : drag.before[index];
      });
    }

    box.addEventListener("pointerdown", (event) => {
      const from = at(event);
      swallow = false;
      if (from < 0 || event.button) return;
      drag = { from, on: !boxes[from].checked, before: boxes.map((one) => one.checked), moved: false };
    });
    window.addEventListener("pointermove", (event) => {
      const to = drag ? at(event) : -1;
      if (to < 0 || (!drag.moved && to === drag.from)) return;
      drag.moved = true;
      paint(to);
    });
    window.addEventListener("pointerup", () => {
      if (!drag) return;
      if (drag.moved) {
        swallow = true;
        changed(box);
      }
      drag = null;
    });
    window.addEventListener("pointercancel", () => {
      if (drag?.moved) boxes.forEach((one, index) => { one.checked = drag.before[index]; });
      drag = null;
    });
    box.addEventListener("click", (event) => {
      if (swallow) event.preventDefault();
      swallow = false;
    }, { capture: true });
    box.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const next = boxes[boxes.indexOf(event.target) + step];
      if (!step || !next) return;
      event.preventDefault();
      next.focus();
    });
    box.addEventListener("focusin", (event) => {
      if (boxes.includes(event.target)) boxes.forEach((one) => { one.tabIndex = one === event.target ? 0 : -1; });
    });
  }

  // PRM: how long the text is.
  function countWords(text) {
    const count = element("p", { class: "hint count", id: `${text.id}-count` });
    const show = () => {
      const words = text.value.trim().split(/\s+/u).filter(Boolean).length;
      count.textContent = `Đã viết ${words} chữ (${text.value.length}/${text.maxLength} ký tự).`;
    };
    text.after(count);
    text.setAttribute("aria-describedby", count.id);
    text.addEventListener("input", show);
    text.addEventListener("hocvu:filled", show);
    show();
  }

  function help(root) {
    root.querySelectorAll(".order").forEach(putInOrder);
    root.querySelectorAll(".pieces[data-pieces='tiếng']").forEach(markWords);
    root.querySelectorAll("[data-kind='PRM'] textarea, [data-part-kind='PRM'] textarea").forEach(countWords);
  }

  window.hocvuHelp = help; // for a question that comes in anew
  help(document);
})();
