// Saves answers while they are given. Says "Đã lưu" only when the server has confirmed; until then the changes lie in
// localStorage under this person, assignment and attempt, and are sent again. Without this file the form still works.
"use strict";

(() => {
  const form = document.getElementById("bai-tap");
  if (!form || !window.fetch) return;

  const clockTime = { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" };
  const WAIT_MS = 800;
  const RETRY_MS = 8000;
  const status = document.getElementById("trang-thai-luu");
  const counter = document.getElementById("da-tra-loi");
  const { assignment, person, attempt, saveUrl } = form.dataset;
  const shelf = `hocvu:${person}:${assignment}:${attempt}`;
  const questions = [...form.querySelectorAll("[data-item]")];
  let timer = 0;
  let sending = false;

  // What each kind of question sends, read from its native controls.
  const controlsOf = (question) => [...question.querySelectorAll("input, select, textarea")].filter((one) => one.name);
  const nonEmpty = (pairs) => (pairs.length ? Object.fromEntries(pairs) : null);
  const part = (control) => control.name.slice(control.name.indexOf(".") + 1);
  const filled = (question) => controlsOf(question).filter((one) => one.value.trim()).map((one) => [part(one), one.value]);
  const readers = {
    MC1: (question) => question.querySelector("input:checked")?.value ?? null,
    MCn: (question) => {
      const chosen = [...question.querySelectorAll("input:checked")].map((one) => one.value);
      return chosen.length ? chosen : null;
    },
    CLS: (question) => nonEmpty(filled(question)),
    MAT: (question) => nonEmpty(filled(question)),
    TXT: (question) => nonEmpty(filled(question)),
    NUM: (question) => controlsOf(question)[0]?.value.trim() || null,
    EXP: (question) => {
      const values = Object.fromEntries(controlsOf(question).map((one) => [part(one), one.value.trim()]));
      const rules = [];
      for (let line = 1; `kw${line}` in values; line += 1) {
        if (values[`kw${line}`]) rules.push([values[`kw${line}`], values[`cat${line}`] ?? ""]);
      }
      return rules.length ? { rules } : null;
    },
  };
  const read = (question) => readers[question.dataset.kind]?.(question) ?? null;

  function waiting() {
    try {
      return JSON.parse(localStorage.getItem(shelf)) ?? {};
    } catch {
      return {};
    }
  }

  function keep(changes) {
    try {
      if (Object.keys(changes).length) localStorage.setItem(shelf, JSON.stringify(changes));
      else localStorage.removeItem(shelf);
    } catch {
      // Storage is full or forbidden: the form itself still holds everything.
    }
  }

  function say(text, kind, link) {
    status.className = `save ${kind}`;
    status.textContent = text;
    if (!link) return;
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.textContent = link.text;
    status.append(" ", anchor);
  }

  function count() {
    counter.textContent = String(questions.filter((question) => read(question) !== null).length);
  }

  function put(changes) {
    return fetch(saveUrl, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": form.elements.csrf.value },
      body: JSON.stringify({ answers: changes }),
    });
  }

  async function send() {
    const changes = waiting();
    if (sending || !Object.keys(changes).length) return;
    sending = true;
    say("Đang lưu…", "");
    let response = null;
    try {
      response = await put(changes);
      if (response.status === 403) { // logged in again in another window: the page's token is of the old session
        const { token } = await (await fetch("/api/v1/csrf", { cache: "no-store" })).json();
        form.elements.csrf.value = token ?? "";
        response = await put(changes);
      }
    } catch {
      response = null;
    }
    sending = false;
    settle(response, changes);
  }

  function settle(response, sent) {
    if (response?.ok) {
      const left = Object.entries(waiting()).filter(([item, raw]) => JSON.stringify(raw) !== JSON.stringify(sent[item]));
      keep(Object.fromEntries(left));
      if (left.length) schedule(0);
      else say(`✔ Đã lưu ${new Date().toLocaleTimeString("vi-VN", clockTime)}`, "saved");
      return;
    }
    if (response?.status === 401 || response?.status === 403) {
      const href = `/dang-nhap?toi=${encodeURIComponent(location.pathname)}`;
      say("Phiên làm việc đã hết. Câu trả lời được giữ trên máy này.", "kept", { href, text: "Đăng nhập lại" });
      return;
    }
    if (response && response.status < 500) {
      say("Có câu trả lời chưa lưu được. Anh/chị bấm «Lưu nháp» để biết là câu nào.", "kept");
      return;
    }
    say("Mất kết nối. Câu trả lời được giữ trên máy này và sẽ tự gửi lại.", "kept");
    schedule(RETRY_MS);
  }

  function schedule(delay) {
    window.clearTimeout(timer);
    timer = window.setTimeout(send, delay);
  }

  function changed(event) {
    const question = event.target.closest("[data-item]");
    if (!question) return;
    keep({ ...waiting(), [question.dataset.item]: read(question) });
    count();
    say("Đang lưu…", "");
    schedule(WAIT_MS);
  }

  // An attempt that was handed in meanwhile needs no copy here: others may use this machine.
  function forgetOlderAttempts() {
    try {
      const own = `hocvu:${person}:${assignment}:`;
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(own) && name !== shelf) localStorage.removeItem(name);
      }
    } catch {
      // No storage, nothing to forget.
    }
  }

  // Answers that never reached the server come back into the form.
  function restore() {
    const kept = waiting();
    for (const question of questions) {
      const raw = kept[question.dataset.item];
      if (raw === undefined) continue;
      for (const control of controlsOf(question)) fill(control, question.dataset.kind, raw);
    }
    if (Object.keys(kept).length) schedule(0);
  }

  function fill(control, kind, raw) {
    if (kind === "MC1") control.checked = control.value === raw;
    else if (kind === "MCn") control.checked = (raw ?? []).includes(control.value);
    else if (kind === "NUM") control.value = raw ?? "";
    else if (kind === "EXP") {
      const [, name, line] = /^(kw|cat)(\d+)$/.exec(part(control)) ?? [];
      if (name) control.value = raw?.rules?.[line - 1]?.[name === "kw" ? 0 : 1] ?? "";
    } else control.value = raw?.[part(control)] ?? "";
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) {
      window.clearTimeout(timer); // the form carries everything itself
      return;
    }
    event.preventDefault();
    say("Máy đang mất mạng nên chưa gửi được. Câu trả lời được giữ trên máy này; có mạng lại, anh/chị bấm lần nữa.", "kept");
  });
  window.addEventListener("online", () => schedule(0));
  document.addEventListener("visibilitychange", () => schedule(0));
  forgetOlderAttempts();
  restore();
  count();
  document.getElementById("can-sua")?.focus();
})();
