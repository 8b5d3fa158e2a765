// Saves answers while they are given. Says "Đã lưu" only when the server has confirmed; until then the changes lie in
// localStorage under this person, assignment and attempt, and are sent again. Without this file the form still works.
// What is sent and kept are the form's own fields, so this file knows no kinds of questions.
"use strict";

(() => {
  const form = document.getElementById("bai-tap");
  if (!form || !window.fetch) return;

  const WAIT_MS = 800;
  const RETRY_MS = 8000;
  const PATIENCE_MS = 15000;
  const RELOAD = { href: location.pathname, text: "Tải lại trang để sang lượt mới" };
  const { assignment, person, attempt, saveUrl } = form.dataset;
  const status = document.getElementById("trang-thai-luu");
  const counter = document.getElementById("da-tra-loi");
  const { answerOf, fill, makeNote, pressing, uncover } = window.hocvuParts;
  const pending = new Map(); // item → what this window still has to send
  const known = new Map(); // item → the answer as it was last looked at, as JSON
  const shelf = window.hocvuShelf(`${person}:${assignment}`, attempt);
  const seen = new Map(form.elements.da_thay.value.split(" ").filter(Boolean).map((pair) => pair.split(":")));
  let timer = 0;
  let sending = null;
  let reached = true; // the last save got an answer from the server
  let busy = false; // sending what is left before the form goes
  let gone = false; // the form is on its way
  let over = false; // this page's attempt has been handed in elsewhere

  // The page.
  const questions = () => [...form.querySelectorAll("[data-item]")];
  const questionOf = (item) => form.querySelector(`[data-item="${CSS.escape(item)}"]`);
  const number = (item) => item.replaceAll("-", ".");
  const hourMinute = { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" };
  const clock = (moment) => new Date(moment).toLocaleTimeString("vi-VN", hourMinute);

  function count() {
    counter.textContent = String(questions().filter((question) => Object.keys(answerOf(question).fields).length).length);
  }

  function say(text, kind = "", link = null) {
    if (status.dataset.said === text) return; // a screen reader need not hear it twice
    status.dataset.said = text;
    status.className = `save ${kind}`;
    status.textContent = text;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link.href;
      anchor.textContent = link.text;
      status.append(" ", anchor);
    }
    uncover(status.closest(".bar"));
  }

  function sayKept(why, then, link = null) {
    const where = shelf.works ? "giữ trên máy này" : "giữ trong trang này, xin đừng đóng trang";
    say(`${why} ${pending.size} câu vừa làm được ${where}${then}.`, "kept", link);
  }

  function sayOffline() {
    if (pending.size) sayKept("Đang mất mạng.", "; có mạng lại là tự gửi");
    else say("Đang mất mạng. Những câu đã lưu vẫn còn; câu làm tiếp được giữ trên máy này.", "kept");
  }

  function sayOnline() {
    if (pending.size) schedule(0);
    else say("✔ Đã có mạng lại; mọi câu đã được lưu.", "saved");
  }

  // Saving.
  function note(item) {
    const question = questionOf(item);
    const base = pending.get(item)?.base ?? Number(seen.get(item) ?? 0);
    pending.set(item, { ...answerOf(question), base });
    shelf.put(item, pending.get(item));
  }

  function isKnown(item) {
    const answer = JSON.stringify(answerOf(questionOf(item)));
    const same = known.get(item) === answer;
    known.set(item, answer);
    return same;
  }

  function changed(event) {
    const item = event.target.closest("[data-item]")?.dataset.item ?? event.target.closest("[data-sure]")?.dataset.sure;
    if (!item || isKnown(item)) return; // leaving a field says once more what typing has said
    if ("unsaved" in form.dataset) questions().forEach((question) => note(question.dataset.item));
    delete form.dataset.unsaved;
    note(item);
    count();
    if (over) return sayOver();
    say("Đang lưu…");
    schedule(WAIT_MS);
  }

  function schedule(delay) {
    window.clearTimeout(timer);
    timer = window.setTimeout(send, delay);
  }

  // Resolves when everything this window had to send is stored, or why it is not has been said.
  async function send() {
    window.clearTimeout(timer);
    while (sending) await sending;
    if (over || !pending.size) return;
    if (!navigator.onLine) return sayOffline();
    say("Đang lưu…");
    const batch = new Map(pending);
    sending = put(batch).catch(() => null).then((response) => settle(response, batch));
    await sending.finally(() => { sending = null; });
  }

  async function put(batch, again = false) {
    const entries = [...batch];
    const pick = (what) => Object.fromEntries(entries.map(([item, one]) => [item, one[what]]));
    const body = JSON.stringify({
      items: [...batch.keys()],
      fields: Object.assign({}, ...entries.map(([, one]) => one.fields)),
      confidence: pick("sure"),
      base: pick("base"),
      page: form.elements.ma_nop.value,
      attempt: Number(attempt),
    });
    const response = await fetch(saveUrl, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": form.elements.csrf.value },
      body,
      keepalive: document.hidden && body.length < 60000,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return response.status === 403 && !again && (await renewToken()) ? put(batch, true) : response;
  }

  // After a new log-in in another window the page's token is of the old session; only the same person gets a new one.
  async function renewToken() {
    const fresh = await (await fetch("/api/v1/csrf", { cache: "no-store" })).json();
    if (fresh.person !== person) return false;
    form.elements.csrf.value = fresh.token;
    return true;
  }

  async function settle(response, batch) {
    const answer = await response?.json().catch(() => null);
    reached = Boolean(response) && response.status < 500;
    if (response?.ok && answer) return stored(answer, batch);
    const login = { href: `/dang-nhap?toi=${encodeURIComponent(location.pathname)}`, text: "Đăng nhập lại" };
    if (response?.status === 401) return sayKept("Phiên làm việc đã hết.", "", login);
    if (response?.status === 403) return sayKept("Máy này đang đăng nhập bằng tài khoản khác.", "", login);
    if (answer?.error?.code === "other_attempt") {
      over = true;
      return sayOver();
    }
    if (response && response.status < 500 && response.status !== 429) {
      return say("Có câu trả lời chưa lưu được. Anh/chị bấm «Lưu nháp» để biết là câu nào.", "kept");
    }
    if (navigator.onLine) sayKept("Chưa nối được máy chủ.", " và sẽ tự gửi lại");
    else sayOffline();
    schedule(RETRY_MS);
  }

  function stored(answer, batch) {
    for (const [item, sent] of batch) {
      seen.set(item, answer.revisions[item]);
      const now = pending.get(item);
      if (now === sent) pending.delete(item);
      else if (now) now.base = answer.revisions[item];
      shelf.drop(item, sent);
    }
    form.elements.da_thay.value = [...seen].map((pair) => pair.join(":")).join(" ");
    for (const [item, other] of Object.entries(answer.overwrite)) tellOverwritten(item, clock(other.saved_at));
    if (pending.size) schedule(0);
    else say(`✔ Đã lưu ${clock(answer.saved_at)}`, "saved");
  }

  function sayOver() {
    sayKept("Bài này đã được nộp ở cửa sổ khác.", ", chưa vào lượt nào", RELOAD);
  }

  // Other windows.
  function tellOverwritten(item, at) {
    const asked = questionOf(item).closest(".asked");
    asked.querySelector(".note.window")?.remove();
    const text = `Câu ${number(item)} vừa được sửa ở cửa sổ khác lúc ${at}; bản mới nhất (bản đang hiện ở đây) được giữ.`;
    asked.append(makeNote(text, ["Khôi phục bản kia", (button) => {
      button.name = "viec";
      button.value = `lay:${item}`;
    }]));
  }

  // Questions that another window has changed meanwhile come in anew, unless they are being worked on here.
  async function catchUp() {
    if (over || pending.size || sending || !navigator.onLine) return;
    const draft = await (await fetch(saveUrl, { cache: "no-store" })).json();
    if (!draft.ok || pending.size) return;
    over = String(draft.attempt) !== attempt;
    if (over) return say("Bài này đã được nộp ở cửa sổ khác.", "kept", RELOAD);
    const isOld = ({ item }) => (draft.revisions[item] ?? 0) > Number(seen.get(item) ?? 0);
    const old = questions().filter((one) => isOld(one.dataset));
    if (!old.some((one) => !one.contains(document.activeElement))) return;
    const html = await (await fetch(location.pathname, { cache: "no-store" })).text();
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const question of old) {
      const { item } = question.dataset;
      const fresh = page.querySelector(`[data-item="${CSS.escape(item)}"]`);
      if (!fresh || pending.has(item) || question.contains(document.activeElement)) continue;
      question.replaceWith(fresh);
      window.hocvuHelp?.(fresh);
      seen.set(item, draft.revisions[item]);
      isKnown(item);
    }
    form.elements.da_thay.value = [...seen].map((pair) => pair.join(":")).join(" ");
    count();
    say("Đã cập nhật các câu vừa làm ở cửa sổ khác.", "saved");
  }

  function lookAgain() {
    if (pending.size) send();
    else if (!document.hidden) catchUp().catch(() => {});
  }

  // Answers that never reached the server come back into the form.
  function restore() {
    for (const [item, kept] of shelf.all()) {
      const question = questionOf(item);
      if (!question) continue;
      fill(question, kept);
      pending.set(item, kept);
    }
    if (pending.size) {
      say(`Đang gửi lại ${pending.size} câu được giữ trên máy này…`);
      schedule(0);
    }
  }

  // An older attempt was handed in without these: whether they go into this one is the learner's choice.
  function offerOlder() {
    const left = shelf.older().filter(([item, kept]) => {
      const question = questionOf(item);
      return question && JSON.stringify(answerOf(question).fields) !== JSON.stringify(kept.fields);
    });
    if (!left.length || "unsaved" in form.dataset) return shelf.forgetOlder();
    const names = [...new Set(left.map(([item]) => number(item)))].join(", ");
    const end = (box) => { shelf.forgetOlder(); box.remove(); };
    const take = (box) => {
      for (const [item, kept] of left) {
        fill(questionOf(item), kept);
        note(item);
      }
      end(box);
      count();
      say("Đang lưu…");
      schedule(0);
    };
    document.getElementById("thong-bao").append(makeNote(
      `Phần sửa ở lượt trước chưa kịp gửi: câu ${names}. Anh/chị muốn đưa vào lượt này không?`,
      ["Đưa vào lượt này", pressing(take)],
      ["Bỏ đi", pressing(end)],
    ));
  }

  // A form is only sent when the line is there: otherwise the browser would show its own error page.
  async function submit(event) {
    if (gone || busy) return event.preventDefault();
    if (navigator.onLine && !pending.size && !sending) {
      gone = true;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    busy = true;
    await send();
    busy = false;
    if (!navigator.onLine || !reached) {
      return say("Chưa gửi được vì đường truyền. Câu trả lời được giữ trên máy này; có mạng lại, anh/chị bấm lần nữa.", "kept");
    }
    form.removeEventListener("submit", submit); // what could not be saved, the form carries itself
    form.requestSubmit(submitter);
    gone = true;
    form.addEventListener("submit", submit);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", submit);
  window.addEventListener("online", sayOnline);
  window.addEventListener("offline", sayOffline);
  window.addEventListener("pageshow", () => { gone = false; });
  window.addEventListener("beforeunload", (event) => {
    if (pending.size && !shelf.works && !gone) event.preventDefault();
  });
  window.addEventListener("focus", lookAgain);
  document.addEventListener("visibilitychange", lookAgain);
  restore();
  offerOlder();
  questions().forEach((question) => isKnown(question.dataset.item));
  count();
  document.getElementById("can-sua")?.focus();
})();
