// What the exercise page is made of, for the script that saves: a question's fields, and notices with buttons.
"use strict";

window.hocvuParts = (() => {
  const controlsOf = (root) => [...root.querySelectorAll("input, select, textarea")].filter((one) => one.name);
  const ticks = (control) => control.type === "radio" || control.type === "checkbox";
  const stepsOf = (question) => question.closest(".asked").querySelectorAll("[data-sure] input");

  // An untouched starter (code) is no answer.
  const isWritten = ({ value, dataset }) => value.trim() && value.trim() !== dataset.start?.trim();

  // {fields: {name: [values]}, sure: 1..5 or null}: what is filled in, as a form would send it.
  function answerOf(question) {
    const fields = {};
    for (const control of controlsOf(question)) {
      if (ticks(control) ? control.checked : isWritten(control)) (fields[control.name] ??= []).push(control.value);
    }
    const step = [...stepsOf(question)].find((one) => one.checked);
    return { fields, sure: step ? Number(step.value) : null };
  }

  function fill(question, { fields, sure }) {
    for (const control of controlsOf(question)) {
      const values = fields[control.name] ?? [];
      if (ticks(control)) control.checked = values.includes(control.value);
      else control.value = values[0] ?? control.dataset.start ?? "";
    }
    for (const step of stepsOf(question)) step.checked = Number(step.value) === sure;
    question.querySelectorAll(".order, textarea").forEach((part) => part.dispatchEvent(new Event("hocvu:filled")));
  }

  // buttons: [words, what makes the button do something] each.
  function makeNote(text, ...buttons) {
    const box = document.createElement("div");
    box.className = "note window";
    box.setAttribute("role", "alert");
    const line = document.createElement("p");
    line.textContent = text;
    const row = document.createElement("p");
    row.className = "buttons";
    for (const [words, prepare] of buttons) {
      const button = document.createElement("button");
      button.className = "button quiet";
      button.textContent = words;
      prepare(button);
      row.append(button);
    }
    box.append(line, row);
    return box;
  }

  const pressing = (act) => (button) => {
    button.type = "button";
    button.addEventListener("click", () => act(button.closest(".note")));
  };

  // The bar grows with what it says; the field that is being filled in must stay in sight.
  function uncover(bar) {
    const one = document.activeElement;
    const box = one.getBoundingClientRect();
    const inSight = box.bottom < bar.getBoundingClientRect().top || box.height > 150;
    if (bar.parentElement.contains(one) && !bar.contains(one) && !inSight) one.scrollIntoView({ block: "nearest" });
  }

  return { answerOf, fill, makeNote, pressing, uncover };
})();
