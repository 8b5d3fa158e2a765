"""Where a notebook's answers are kept: a file beside it (JupyterLab), or the portal (JupyterLite).

Saving is acknowledged: `save` returns only after the file or the server has the answer, and raises NotSaved otherwise.
Both ways are synchronous on purpose: answers keep their order, and only what was refused is still to be sent.
"""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from hocvu.questions.beside import answers_path, read_answers
from hocvu.questions.confidence import SURE, read_confidence

IN_BROWSER = sys.platform == "emscripten"
RETRY_AFTER_S = 10
PATIENCE_S = 15
TRIES_AGAIN = "Chưa lưu được, máy sẽ tự thử lại…"
_REFUSED = {
    409: "Lượt này đã được nộp. Anh/chị bấm «Chạy lại» để làm lượt mới rồi trả lời lại câu này.",
    401: "Chưa lưu được vì phiên làm việc đã hết. Anh/chị giữ nguyên trang này, mở cửa sổ khác để đăng nhập rồi mở "
    "lại bài này từ đó; máy sẽ tự lưu.",
    413: "Chưa lưu được vì câu trả lời quá dài. Anh/chị viết ngắn lại.",
}

Send = Callable[[str, str, str, object], tuple[int, str]]  # method, path, CSRF token, JSON body -> status, text
Pause = Callable[[float], Awaitable[object]]


class NotSaved(Exception):
    """The answer is not stored; the text says in Vietnamese what to do."""


# Told item ids (a confidence is named `chac.<item id>`), and "" once they are stored or else why not yet.
Watcher = Callable[[Collection[str], str], None]


class AnswerStore(Protocol):
    """Answers of one assignment, how sure the learner is of them, and the seed of the learner's data."""

    seed: int
    answers: dict[str, Any]
    confidence: dict[str, int]

    def save(self, changes: Mapping[str, object]) -> None:
        """Keep {item id: raw answer}, None to clear one. Raises NotSaved."""

    def save_confidence(self, item_id: str, step: int | None) -> None:
        """Keep how sure the learner is of one item, None to clear it. Raises NotSaved."""

    def watch(self, watcher: Watcher) -> None:
        """Have `watcher` told whenever answers were stored, at once or at a later try, and of tries that failed."""


class FileStore:
    """answers.json beside the notebook; nbgrader submits, collects and autogrades it with the notebook."""

    def __init__(self, folder: Path, assignment: str) -> None:
        self._folder = folder
        self._assignment = assignment
        self._watchers: list[Watcher] = []
        found = self._read()
        self.seed = found["seed"] or secrets.randbelow(2**31 - 1) + 1
        self.answers: dict[str, Any] = dict(found["answers"])
        self.confidence = read_confidence(found.get("confidence"))

    def _read(self) -> dict[str, Any]:
        try:
            return read_answers(self._folder)
        except ValueError:  # keep the broken file for a person to look at; never write over it
            path = answers_path(self._folder)
            path.replace(path.with_name(f"{path.name}.hong-{secrets.token_hex(3)}"))
            return {"seed": 0, "answers": {}}

    def save(self, changes: Mapping[str, object]) -> None:
        found = self._read()
        self.answers = _merged(found["answers"], changes)
        self._write(read_confidence(found.get("confidence")))
        _tell(self._watchers, changes)

    def save_confidence(self, item_id: str, step: int | None) -> None:
        found = self._read()
        self.answers = dict(found["answers"])
        self._write(_merged(read_confidence(found.get("confidence")), {item_id: step}))
        _tell(self._watchers, [f"{SURE}{item_id}"])

    def _write(self, confidence: dict[str, int]) -> None:
        """Put the answers and this confidence on disk; only then is it ours."""
        content = {"assignment": self._assignment, "seed": self.seed, "answers": self.answers}
        content |= {"confidence": confidence} if confidence else {}
        path = answers_path(self._folder)
        half = path.with_name(f"{path.name}.part")
        try:
            with half.open("w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        except OSError as error:
            raise NotSaved("Chưa lưu được vào máy. Anh/chị kiểm tra dung lượng đĩa rồi trả lời lại câu này.") from error
        self.confidence = confidence

    def watch(self, watcher: Watcher) -> None:
        self._watchers.append(watcher)


class ServerStore:
    """The learner's draft on the portal, reached from the kernel in the browser (same origin, cookie sent).

    What cannot be stored is kept and sent again: with the next change, and by itself every few seconds.
    send, pause: how to reach the portal and how to wait; other ones in tests.
    """

    def __init__(self, assignment: str, send: Send | None = None, pause: Pause = asyncio.sleep) -> None:
        self._url = f"/api/v1/drafts/{assignment}"
        self._send, self._pause = send or send_from_browser, pause
        self._token = ""
        self._unsaved: dict[str, object] = {}
        self._unsaved_sure: dict[str, int | None] = {}
        self._watchers: list[Watcher] = []
        self._retrying: asyncio.Task[None] | None = None
        draft = self._call("GET", self._url)
        self.seed = int(draft["seed"])
        self._attempt = draft.get("attempt")  # so that nothing of this attempt lands in the next one
        self.answers: dict[str, Any] = dict(draft["answers"])
        self.confidence = read_confidence(draft.get("confidence"))

    def save(self, changes: Mapping[str, object]) -> None:
        self._unsaved |= changes
        self.answers = _merged(self.answers, changes)
        self._send_now()

    def save_confidence(self, item_id: str, step: int | None) -> None:
        self._unsaved_sure[item_id] = step
        self.confidence = _merged(self.confidence, {item_id: step})
        self._send_now()

    def _send_now(self) -> None:
        try:
            self.flush()
        except NotSaved:
            self._try_again_later()
            raise

    def watch(self, watcher: Watcher) -> None:
        self._watchers.append(watcher)

    def flush(self) -> None:
        """Send what an earlier save could not. Raises NotSaved."""
        if not self._waiting:
            return
        if not self._token:
            self._token = str(self._call("GET", "/api/v1/csrf")["token"])
        parts = {"answers": self._unsaved, "confidence": self._unsaved_sure}
        body = {name: changes for name, changes in parts.items() if changes}
        self._call("PUT", self._url, {**body, "attempt": self._attempt})
        stored = self._waiting
        self._unsaved, self._unsaved_sure = {}, {}
        _tell(self._watchers, stored)

    @property
    def _waiting(self) -> list[str]:
        """What is still to be sent, by the names that watchers know."""
        return [*self._unsaved, *(f"{SURE}{item_id}" for item_id in self._unsaved_sure)]

    def _try_again_later(self) -> None:
        if self._retrying is not None:
            return
        with suppress(RuntimeError):  # no event loop, so not in a browser
            self._retrying = asyncio.get_running_loop().create_task(self._try_again())

    async def _try_again(self) -> None:
        while self._waiting:
            await self._pause(RETRY_AFTER_S)
            try:
                self.flush()
            except NotSaved as error:
                _tell(self._watchers, self._waiting, str(error))
        self._retrying = None

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        try:
            status, text = self._send(method, path, self._token, body)
        except OSError as error:
            raise NotSaved(f"Mất kết nối. {TRIES_AGAIN}") from error
        if status == 403:
            self._token = ""
        if not 200 <= status < 300:
            raise NotSaved(_REFUSED.get(status, f"Máy chủ chưa nhận (mã {status}). {TRIES_AGAIN}"))
        return dict(json.loads(text))


def send_from_browser(method: str, path: str, token: str, body: object = None) -> tuple[int, str]:
    """Return the portal's (status, text), waiting for it; raises OSError if there is no line to it.

    Waiting is possible because the kernel has a thread of its own; the limit keeps a dead line from blocking it.
    """
    import js  # noqa: PLC0415 exists only in the browser

    request = js.XMLHttpRequest.new()
    try:
        request.open(method, js.location.origin + path, False)
        request.timeout = 1000 * PATIENCE_S
        request.setRequestHeader("Content-Type", "application/json")
        if token:
            request.setRequestHeader("X-CSRF-Token", token)
        request.send(json.dumps(body, ensure_ascii=False) if body is not None else None)
    except Exception as error:  # a JsException
        raise OSError(str(error)) from error
    return int(request.status), str(request.responseText)


def _merged(kept: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {item_id: value for item_id, value in {**kept, **changes}.items() if value is not None}


def _tell(watchers: Iterable[Watcher], item_ids: Collection[str], problem: str = "") -> None:
    for watcher in watchers:
        watcher(item_ids, problem)


_stores: dict[str, AnswerStore] = {}


def open_store(assignment: str) -> AnswerStore:
    """Return the store of an assignment, one per kernel, so that a lesson and its questions share it."""
    if assignment not in _stores:
        _stores[assignment] = ServerStore(assignment) if IN_BROWSER else FileStore(Path.cwd(), assignment)
    return _stores[assignment]


async def flush() -> None:
    """Send everything unsaved of this kernel; the «Nộp bài» button waits for it. Raises NotSaved."""
    for store in _stores.values():
        if isinstance(store, ServerStore):
            store.flush()
