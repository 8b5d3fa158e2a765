"""Where a notebook's answers are kept: a file beside it (JupyterLab), or the portal (JupyterLite).

Saving is acknowledged: `save` returns only after the file or the server has the answer, and raises NotSaved otherwise.
Both ways are synchronous on purpose: answers keep their order, and nothing is pending when the tab closes.
"""

import json
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from hocvu.questions.beside import answers_path, read_answers

IN_BROWSER = sys.platform == "emscripten"


class NotSaved(Exception):
    """The answer is not stored; the text says in Vietnamese what to do."""


class AnswerStore(Protocol):
    """Answers of one assignment, and the seed of the learner's data."""

    seed: int
    answers: dict[str, Any]

    def save(self, changes: Mapping[str, object]) -> None:
        """Keep {item id: raw answer}, None to clear one. Raises NotSaved."""


class FileStore:
    """answers.json beside the notebook; nbgrader submits, collects and autogrades it with the notebook."""

    def __init__(self, folder: Path, assignment: str) -> None:
        self._folder = folder
        self._assignment = assignment
        found = self._read()
        self.seed = found["seed"] or secrets.randbelow(2**31 - 1) + 1
        self.answers: dict[str, Any] = dict(found["answers"])

    def _read(self) -> dict[str, Any]:
        try:
            return read_answers(self._folder)
        except ValueError:  # keep the broken file for a person to look at; never write over it
            path = answers_path(self._folder)
            path.replace(path.with_name(f"{path.name}.hong-{secrets.token_hex(3)}"))
            return {"seed": 0, "answers": {}}

    def save(self, changes: Mapping[str, object]) -> None:
        answers = {**self._read()["answers"], **changes}
        self.answers = {item_id: raw for item_id, raw in answers.items() if raw is not None}
        content = {"assignment": self._assignment, "seed": self.seed, "answers": self.answers}
        path = answers_path(self._folder)
        half = path.with_name(f"{path.name}.part")
        try:
            with half.open("w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        except OSError as error:
            raise NotSaved(
                f"Chưa lưu được ({error.strerror}). Hãy kiểm tra dung lượng đĩa rồi sửa lại câu này."
            ) from error


class ServerStore:
    """The learner's draft on the portal, reached from the kernel in the browser (same origin, cookie sent)."""

    def __init__(self, assignment: str) -> None:
        self._url = f"/api/v1/drafts/{assignment}"
        self._token = ""
        self._unsaved: dict[str, object] = {}
        draft = self._call("GET", self._url)
        self.seed = int(draft["seed"])
        self.answers: dict[str, Any] = dict(draft["answers"])

    def save(self, changes: Mapping[str, object]) -> None:
        self._unsaved |= changes
        self.answers = {k: raw for k, raw in {**self.answers, **changes}.items() if raw is not None}
        self.flush()

    def flush(self) -> None:
        """Send what an earlier save could not. Raises NotSaved."""
        if not self._unsaved:
            return
        if not self._token:
            self._token = str(self._call("GET", "/api/v1/csrf")["token"])
        self._call("PUT", self._url, {"answers": self._unsaved})
        self._unsaved = {}

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        import js  # noqa: PLC0415 exists only in the browser

        request = js.XMLHttpRequest.new()
        try:
            request.open(method, js.location.origin + path, False)
            request.setRequestHeader("Content-Type", "application/json")
            if self._token:
                request.setRequestHeader("X-CSRF-Token", self._token)
            request.send(json.dumps(body, ensure_ascii=False) if body is not None else None)
        except Exception as error:  # a JsException: no line to the server
            raise NotSaved(
                "Mất kết nối nên chưa lưu được. Máy sẽ gửi lại ở lần sửa tiếp theo hoặc khi nộp bài."
            ) from error
        if request.status == 401:
            raise NotSaved("Phiên đăng nhập đã hết. Hãy đăng nhập lại ở trang khóa học, rồi mở lại bài này.")
        if request.status == 403:
            self._token = ""
        if not 200 <= request.status < 300:
            raise NotSaved(f"Máy chủ chưa nhận được câu trả lời (mã {request.status}). Hãy thử lại sau ít phút.")
        return dict(json.loads(str(request.responseText)))


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
