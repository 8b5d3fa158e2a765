"""The words of the portal's tests: a small city with two units, its people, their browsers, and a clock."""

import json
import re
import shutil
import uuid
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fastapi import FastAPI
from httpx import Response

from hocvu.portal.app import create_app
from hocvu.portal.passwords import hash_password
from hocvu.portal.services import Services
from hocvu.records import add_person, add_unit, create_api_token
from hocvu.settings import Settings
from tests.story import Course

with warnings.catch_warnings():  # starlette would rather see httpx2, which is not among our dependencies
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PORTAL, LESSONS = "http://portal.test", "http://lessons.test"
PASSWORD = "mật khẩu của lớp"
SLUG = "01-thu"
EXERCISE = f"/bai-tap/{SLUG}"
DRAFT, SUBMISSION = f"/api/v1/drafts/{SLUG}", f"/api/v1/submissions/{SLUG}"
MODULES = """
title = "Khóa học thử"
[period]
code = "2027"
starts_on = 2026-11-16
ends_on = 2027-11-15
[[module]]
number = "1"
slug = "01-thu"
title = "Chuyên đề thử"
minutes = 30
competencies = ["NL1"]
summary = "Một chuyên đề nhỏ."
published = true
[[module]]
number = "2"
slug = "02-sau"
title = "Chuyên đề sau"
minutes = 30
competencies = ["NL2"]
summary = "Chưa mở."
"""
FACT = """
[[fact]]
id = "thu"
text = "Một điều luật thử."
document = "Luật thử"
status = "F1"
source = "https://vi.du"
checked_on = 2026-11-23
checked_by = "người thử"
"""
HIDDEN = "\n### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
RULES = (
    "from hocvu.labs.keyword_rules import KEYWORD_RULES\n"
    'q = experiment("1-3", "Chọn từ khóa.", competency="NL1", level=2, lab=KEYWORD_RULES)\nq'
) + HIDDEN.format('q.key(Goal(full=0.5, half=0.4, salt="thu", reference={"rules": [["rác", "RAC"]]}))')
OWN_NUMBER = 'q = number("1-4", "Số của lượt này?", competency="NL1", level=2)\nq' + HIDDEN.format(
    "q.key(lambda context: context.seed % 10)"
)
TEXT = 'q = blanks("1-7", "Một việc ở bộ phận.", competency="NL2", level=1, viec="Việc")\nq' + HIDDEN.format(
    "q.key(None)"
)


@cache
def _password_hash() -> str:
    return hash_password(PASSWORD)


class World:
    """A running portal in a temporary folder. Times only move when the story says so."""

    def __init__(self, folder: Path, checkout: Path, database_url: str = "") -> None:
        self.now = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
        self.queue: Any = None  # a test of the queue puts one here and restarts
        self.root = folder / "course-root"
        self.settings = Settings(
            root=self.root,
            var=folder / "var",
            database_url=database_url,
            portal_origin=PORTAL,
            lite_origin=LESSONS,
        )
        _write_course(self.root, checkout)
        self.start()
        self._settle()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.services.records.close()

    def start(self) -> None:
        self.app: FastAPI = create_app(self.settings, clock=lambda: self.now, queue=self.queue)
        self.services: Services = self.app.state.services

    def _settle(self) -> None:
        with self.services.records.session() as s:
            city = add_unit(s, "TP", "Thành phố", "Thành phố")
            self.ward = add_unit(s, "P01", "Phường Hoa Mai", "Phường", parent_id=city.id)
            self.office = add_unit(s, "S01", "Sở Thử nghiệm", "Sở – ngành", parent_id=city.id)
        self.people: dict[str, str] = {}
        self.settle("lan", "Nguyễn Thị Lan", self.ward.id)
        self.settle("hung", "Trần Văn Hùng", self.office.id)
        self.settle("hr_phuong", "Lê Thị Đào", self.ward.id, "hr", hr_unit_id=self.ward.id)
        self.settle("hr_tp", "Võ Ngọc Mai", self.office.id, "hr")
        self.settle("giang", "Phạm Minh Giảng", self.office.id, "instructor")
        self.settle("admin", "Bùi Quản Trị", self.office.id, "admin")

    def settle(self, login: str, name: str, unit_id: int, *roles: str, hr_unit_id: int | None = None) -> None:
        """A new person moves in, with log-in and password."""
        with self.services.records.session() as s:
            person = add_person(
                s,
                staff_code=f"CB-{login}",
                name=name,
                unit_id=unit_id,
                login=login,
                password_hash=_password_hash(),
                roles=["learner", *roles],
                hr_unit_id=hr_unit_id,
            )
        self.people[login] = person.id

    def later(self, **how_much: float) -> None:
        self.now += timedelta(**how_much)

    def restart(self) -> None:
        """The process was killed; another one starts on the same files."""
        self.services.records.close()
        self.start()

    def visitor(self, origin: str = PORTAL) -> "Browser":
        return Browser(self.app, origin)

    def log_in(self, login: str) -> "Browser":
        browser = self.visitor()
        answer = browser.log_in(login)
        assert answer.status_code == 303, answer.text
        return browser

    def token(self, *scopes: str, unit_id: int | None = None, days: float = 30) -> str:
        with self.services.records.session() as s:
            return create_api_token(
                s, "HR", scopes, now=self.now, unit_id=unit_id, expires_at=self.now + timedelta(days=days)
            )[0]


class Browser:
    """One person's browser: cookies kept, redirects shown, forms filled in as the page gave them."""

    def __init__(self, app: FastAPI, origin: str) -> None:
        self.client = TestClient(app, base_url=origin, follow_redirects=False, raise_server_exceptions=False)

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def send(self, path: str, fields: Mapping[str, Any], page: str | None = None) -> Response:
        """Post the form found on `page` (default: the same path) with these fields filled in."""
        hidden = hidden_fields(self.get(page or path).text)
        return self.client.post(path, data={**hidden, **fields})

    def log_in(self, login: str, password: str = PASSWORD, **fields: str) -> Response:
        return self.send("/dang-nhap", {"ten": login, "mat_khau": password, **fields})

    def csrf(self) -> str:
        return str(self.get("/api/v1/csrf").json().get("token", ""))

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        given = {"X-CSRF-Token": self.csrf(), **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.request(method, path, json=body, headers=given)

    def save(self, answers: Mapping[str, Any]) -> Response:
        return self.api("PUT", DRAFT, {"answers": dict(answers)})

    def hand_in(self, answers: Mapping[str, Any] | None = None, key: str = "", **said: bool) -> Response:
        body: dict[str, Any] = said if answers is None else {"answers": dict(answers), **said}
        return self.api("POST", SUBMISSION, body, Idempotency_Key=key or str(uuid.uuid4()))


def hidden_fields(html: str) -> dict[str, str]:
    """The hidden fields of the page's main form; the log-out form in the header comes first and gives way."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html))


def assert_error_shape(answer: Response, status: int, code: str) -> None:
    """Every refusal of the API looks the same."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"ok", "error"} and body["ok"] is False
    assert set(body["error"]) <= {"code", "message", "items"}
    assert body["error"]["code"] == code
    assert body["error"]["message"]


def _write_course(root: Path, checkout: Path) -> None:
    (root / "course").mkdir(parents=True)
    for name in ("competencies.toml", "scoring.toml", "holidays.toml", "year.toml"):
        shutil.copyfile(checkout / "course" / name, root / "course" / name)
    (root / "course/course.toml").write_text(MODULES, encoding="utf-8")
    (root / "course/legal_facts.toml").write_text(FACT, encoding="utf-8")
    with Course(root, SLUG) as course:
        course.markdown("# Bài tập thử").question()
        course.question("1-3", RULES, 8.0).question("1-4", OWN_NUMBER, 4.0).question("1-7", TEXT, 0.0)
        assert course.source.is_file()
    _write_lesson(root)


def _write_lesson(root: Path) -> None:
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Bài học thử\n\nĐọc **kỹ**."},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": "lesson.keyword_bench()"},
    ]  # fmt: skip
    path = root / "course" / SLUG / "lesson.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
