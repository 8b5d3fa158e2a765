// "Nộp bài": save what the kernel holds, then hand in the server's draft, once, however often we must try.
import { changedCode } from "./code.js";
import * as dialog from "./dialog.js";
import { pause, runSilently } from "./run.js";

const API = "/api/v1";
const FLUSH = "from hocvu.widgets import flush\nawait flush()";
const TRY_AGAIN_MS = 10_000;
const PATIENCE_MS = 30_000;

class Unreachable extends Error {}
class NotSaved extends Error {}

let pending = null;  // {answers, key, declared}: an attempt whose fate we do not know yet

/** Hand in the lesson's answers and tell the learner how it went. */
export async function submit(panel, assignment, portal) {
  for (;;) {
    let outcome;
    try {
      const response = await attempt(panel, assignment);
      if (!response) return;  // the learner thought better of it
      outcome = explain(response, portal);
    } catch (error) {
      outcome = error instanceof Unreachable ? offline() : notSaved(error);
    }
    const waiting = outcome.retry ? retryLater() : null;
    const pressed = await dialog.show(outcome);
    waiting?.cancel();
    if (pressed !== "retry") return;
  }
}

async function attempt(panel, assignment) {
  const kernel = panel.sessionContext.session?.kernel;
  const reply = kernel && await Promise.race([runSilently(kernel, FLUSH), pause(PATIENCE_MS)]);
  if (reply?.content.status !== "ok") {
    if (!navigator.onLine) throw new Unreachable();
    const { ename, evalue } = reply?.content || {};
    throw new NotSaved(ename === "NotSaved" ? evalue : "");  // the widgets' own words, written for learners
  }
  const draft = await call("GET", `/drafts/${assignment}`);
  if (draft.status !== 200) return draft;
  const code = changedCode(panel, draft.body.answers);
  if (Object.keys(code).length) {
    const { body } = await call("GET", "/csrf");
    const saved = await call("PUT", `/drafts/${assignment}`, { "X-CSRF-Token": body.token || "" }, JSON.stringify({ answers: code }));
    if (saved.status !== 200) return saved;
    for (const [item, text] of Object.entries(code)) draft.body.answers[item] = text;
  }
  // The same answers sent again are the same attempt; changed answers are a new one.
  const answers = JSON.stringify(draft.body.answers);
  if (pending?.answers !== answers) pending = { answers, key: crypto.randomUUID(), declared: false };
  if (draft.body.limits?.may_submit && !pending.declared) {
    if (!await declare(draft.body.limits)) return null;
    pending.declared = true;
  }
  const { body } = await call("GET", "/csrf");
  const headers = { "X-CSRF-Token": body.token || "", "Idempotency-Key": pending.key };
  const response = await call("POST", `/submissions/${assignment}`, headers, JSON.stringify(pending.declared ? { declared: true } : {}));
  if (response.status !== 401) pending = null;
  return response;
}

/** Return the answers of the draft; none when there is no line or no log-in. */
export async function readDraft(assignment) {
  const { body } = await call("GET", `/drafts/${assignment}`);
  return body.answers ?? {};
}

/** Ask, before work scenarios are handed in, whether they are the learner's own work; return whether they said so. */
async function declare({ left, max_attempts, gap_hours }) {
  const pressed = await dialog.show({
    title: "Trước khi nộp",
    lines: [
      `Bài tình huống làm tối đa ${max_attempts} lượt mỗi kỳ, hai lượt cách nhau ít nhất ${gap_hours} giờ, mỗi lượt một tình huống khác.`,
      `Anh/chị còn ${left} lượt trong kỳ này, tính cả lượt đang làm.`,
    ],
    check: {
      label: "Tôi tự làm bài này: không nhờ người khác làm thay và không dùng trợ lý AI để trả lời.",
      missing: "Anh/chị đánh dấu ô này thì mới nộp được.",
    },
    choices: { go: "Nộp bài", close: "Để sau" },
  });
  return pressed === "go";
}

async function call(method, path, headers = {}, body = undefined) {
  let response;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    headers = { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}), ...headers };
    response = await fetch(API + path, { method, headers, body, signal, credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new Unreachable();
  }
  if (response.status >= 500 || response.status === 429) throw new Unreachable();
  return { status: response.status, body: await response.json().catch(() => ({})) };
}

function explain({ status, body }, portal) {
  if (status === 200 || status === 201) return accepted(body);
  if (status === 401 || status === 403) return signedOut(portal);
  const items = Object.entries(body.error?.items || {}).map(([item, message]) => `Câu ${item.replace("-", ".")}: ${message}`);
  const reason = body.error?.message || "Hệ thống chưa nhận bài. Anh/chị chờ ít phút rồi nộp lại.";
  const lines = items.length ? ["Anh/chị xem lại các câu sau rồi nộp lại:"] : [reason];
  return { title: "Bài chưa nộp được", lines, items };
}

function accepted({ points, max_points, receipt = {}, result_url }) {
  const waits = points === null || points === undefined;  // code is graded by a worker, a moment later
  const number = (value) => Number(value).toLocaleString("vi-VN", { maximumFractionDigits: 2 });
  const lines = [waits ? "Bài có mã nên đang chờ máy chấm. Kết quả hiện ở trang «Xem kết quả» sau ít giây." : `Anh/chị được ${number(points)}/${number(max_points)} điểm.`, `Mã biên nhận: ${receipt.id}`];
  if (/^(https?:\/\/|\/)/.test(result_url || "")) lines.push({ text: "Xem kết quả", href: result_url });
  return { title: "Đã nộp bài", lines };
}

function signedOut(portal) {
  const text = "Phiên làm việc đã hết. Câu trả lời vẫn được giữ trên trang này, xin anh/chị đừng đóng trang. "
    + "Anh/chị đăng nhập lại ở cửa sổ khác, mở lại bài này từ đó, rồi quay về đây bấm «Nộp lại».";
  const lines = [text, { text: "Mở trang đăng nhập (cửa sổ khác)", href: portal, elsewhere: true }];
  return { title: "Bài chưa nộp được", lines, choices: { retry: "Nộp lại", close: "Đóng" } };
}

function offline() {
  const text = "Máy chưa kết nối được với hệ thống. Câu trả lời vẫn được giữ trên trang này; "
    + "hệ thống tự nộp lại khi có mạng. Xin anh/chị đừng đóng trang.";
  return { title: "Đang chờ mạng", lines: [text], retry: true, choices: { retry: "Thử ngay", close: "Để sau" } };
}

function notSaved(error) {
  console.warn("hocvu-lesson: answers were not saved", error);
  const text = "Câu trả lời chưa lưu xong nên bài chưa được nộp. Anh/chị chờ ít giây rồi bấm «Thử lại». "
    + "Nếu vẫn không được, hãy làm bài trên trang web của khóa học.";
  const lines = error instanceof NotSaved && error.message ? [text, error.message] : [text];
  return { title: "Bài chưa nộp được", lines, choices: { retry: "Thử lại", close: "Đóng" } };
}

function retryLater() {
  const again = () => dialog.answer("retry");
  const timer = window.setTimeout(again, TRY_AGAIN_MS);
  window.addEventListener("online", again);
  return {
    cancel() {
      window.clearTimeout(timer);
      window.removeEventListener("online", again);
    },
  };
}
