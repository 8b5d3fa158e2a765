"""Submissions that workers grade, seen from the portal: place and estimate, kills, a full disk."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event, func, select

from hocvu.jobs.queue import Queue
from hocvu.portal.submission import grade_attempt
from hocvu.questions.assignment import AssignmentSpec
from hocvu.records import Attempt, add_audit, find_score, list_attempts
from hocvu.records.grading_jobs import beat, finish_job, put_off_job, start_job
from hocvu.results import Result, Status
from tests.portal.world import World, assert_error_shape
from tests.story import Course

CODE_SLUG = "02-sau"
CODE = """
from dataclasses import dataclass
from hocvu.questions.base import Question
from hocvu.questions.values import Graded, Samples, WrongKey

@dataclass(frozen=True)
class Code(Question):
    kind = "COD"

    def parse(self, raw):
        return raw or None

    def from_form(self, fields):
        return fields.get(self.id, [""])[0] or None

    def show(self, value):
        return value

    def check_key(self, key):
        return None

    def grade(self, key, value, context):
        raise AssertionError("learners' code must not be graded in the portal")

    def controls(self, raw, seed):
        return f'<textarea name="{self.id}"></textarea>'

q = Code("2-1", "Viết hàm.", "NL2", 2)
q
### BEGIN HIDDEN TESTS
q.key("def f(): return 1")
### END HIDDEN TESTS
"""


def grade_by_length(spec: AssignmentSpec, answers: Any, seed: int, report: Any) -> list[Result]:
    """A worker's grader of these tests: a point for each character, at most max_points."""
    return [
        Result(item.id, min(item.max_points, float(len(answers.get(item.id, "")))), item.max_points, Status.GRADED)
        for item in spec.items
    ]


@pytest.fixture
def world(tmp_path: Path, root: Path) -> Iterator[World]:
    """The usual small city, with a second module whose exercise is code, and a queue."""
    with World(tmp_path, root) as world:
        course = world.root / "course/course.toml"
        text = course.read_text(encoding="utf-8")
        course.write_text(
            text.replace('summary = "Chưa mở."', 'summary = "Có mã."\npublished = true'), encoding="utf-8"
        )
        with Course(world.root, CODE_SLUG) as code:
            assert code.markdown("# Bài có mã").question("2-1", CODE, 4.0).source.is_file()
        world.queue = Queue(world.settings)
        world.restart()
        yield world
        world.queue.close()


def hand_in_code(browser: Any, answer: str = "abc", key: str = "code-key-1") -> dict[str, Any]:
    path = f"/api/v1/submissions/{CODE_SLUG}"
    answered = browser.api("POST", path, {"answers": {"2-1": answer}}, Idempotency_Key=key)
    assert answered.status_code == 201, answered.text
    body: dict[str, Any] = answered.json()
    return body


def count(world: World, table: Any) -> int:
    with world.services.records.reading() as s:
        return s.scalar(select(func.count()).select_from(table)) or 0


def test_code_waits_in_the_queue_and_the_portal_never_grades_it(world: World) -> None:
    lan = world.log_in("lan")
    body = hand_in_code(lan)
    attempt_id = body["receipt"]["id"]
    assert body["points"] is None
    assert world.queue.states([attempt_id]) == {attempt_id: "ENQUEUED"}
    assert grade_attempt(world.services, attempt_id, world.now) is False
    page = lan.get(f"/ket-qua/{attempt_id}").text
    assert "vị trí thứ 1 trong hàng chờ" in page and "chưa ước lượng được" in page and attempt_id in page
    assert '<meta http-equiv="refresh" content="10">' in page
    assert 'http-equiv="refresh"' not in lan.get(f"/ket-qua/{attempt_id}?dung=1").text
    world.restart()
    assert "vị trí thứ 1 trong hàng chờ" in world.log_in("lan").get(f"/ket-qua/{attempt_id}").text
    assert grade_attempt(world.services, attempt_id, world.now, grade_by_length) is True
    page = world.log_in("lan").get(f"/ket-qua/{attempt_id}").text
    assert "3/4 điểm" in page and "refresh" not in page


def test_the_same_submission_twice_is_one_job_and_one_result(world: World) -> None:
    lan = world.log_in("lan")
    first, again = hand_in_code(lan), hand_in_code(lan)
    same_content = hand_in_code(lan, key="another-key-2")
    attempt_id = first["receipt"]["id"]
    assert first["receipt"] == again["receipt"] == same_content["receipt"]
    for _ in range(2):
        assert grade_attempt(world.services, attempt_id, world.now, grade_by_length)
    with world.services.records.reading() as s:
        assert len(list_attempts(s, world.people["lan"])) == 1
        score = find_score(s, world.people["lan"], "2027")
    assert score is not None and score.seq == 1


def test_the_estimate_is_measured_and_says_so_when_it_is_not(world: World) -> None:
    lan, hung = world.log_in("lan"), world.log_in("hung")
    ids = [hand_in_code(lan, "a" * number, f"code-key-{number}")["receipt"]["id"] for number in (1, 2, 3)]
    world.later(seconds=1)
    last = hand_in_code(hung)["receipt"]["id"]
    assert "vị trí thứ 4" in hung.get(f"/ket-qua/{last}").text
    with world.services.records.session() as s:
        finish_job(s, ids[0], world.now, 42.0)
        start_job(s, ids[1], "may", world.now)
        beat(s, "may", 1, world.now)
    page = hung.get(f"/ket-qua/{last}").text  # two before it and its own, 42 seconds each
    assert "vị trí thứ 3" in page and "khoảng 3 phút" in page and 'content="30"' in page
    assert "Máy đang chấm bài của anh/chị" in lan.get(f"/ket-qua/{ids[1]}").text
    world.later(minutes=2)  # the worker's heart has stopped
    assert "chưa ước lượng được" in hung.get(f"/ket-qua/{last}").text
    with world.services.records.session() as s:
        put_off_job(s, last, 2, world.now + timedelta(minutes=5))
    page = hung.get(f"/ket-qua/{last}").text
    assert "chấm lại lúc 09:07, 01/12/2026" in page and "không phải điểm 0" in page


def test_an_attempt_that_could_not_be_graded_goes_on_the_queue(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("hocvu.questions.choice.ChooseOne.grade", lambda *_: 1 / 0)
        attempt_id = world.log_in("lan").hand_in({"1-2": "a"}).json()["receipt"]["id"]
    assert world.queue.states([attempt_id]) == {attempt_id: "ENQUEUED"}


@contextmanager
def a_full_disk(world: World) -> Iterator[None]:
    """SQLite may not take another page: it answers SQLITE_FULL, as on a full disk."""
    engine = world.services.records.engine

    def limit(connection: Any) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    event.listen(engine, "begin", limit)
    try:
        yield
    finally:
        event.remove(engine, "begin", limit)
        engine.dispose()


LONG = "x" * 9000  # does not fit on the pages that are there


def hand_in_long(browser: Any) -> Any:
    path = f"/api/v1/submissions/{CODE_SLUG}"
    return browser.api("POST", path, {"answers": {"2-1": LONG}}, Idempotency_Key="full-key-1")


def test_on_a_full_disk_the_learner_is_told_and_nothing_is_half_stored(world: World) -> None:
    lan = world.log_in("lan")
    kept = lan.hand_in({"1-2": "a"}).json()["result_url"].removeprefix("http://portal.test")
    with a_full_disk(world):
        refused = hand_in_long(lan)
        assert_error_shape(refused, 507, "storage_full")
        assert "CHƯA được lưu" in refused.json()["error"]["message"]
        page = lan.send(f"/bai-tap/{CODE_SLUG}", {"2-1": LONG, "viec": "nop"})
        assert page.status_code == 507 and "đã đầy" in page.text and 'name="2-1"' in page.text
        assert "4/16 điểm" in lan.get(kept).text
    assert count(world, Attempt) == 1
    first, again = hand_in_long(lan).json(), hand_in_long(lan).json()
    assert first["receipt"] == again["receipt"] and count(world, Attempt) == 2


def test_when_only_the_result_cannot_be_written_the_receipt_stands(world: World, monkeypatch: Any) -> None:
    """The disk fills up between storing and grading: accepted is accepted, points come later, once."""
    lan = world.log_in("lan")
    with monkeypatch.context() as filling, a_full_disk_for(world, filling):
        answer = lan.hand_in({"1-2": "a"}, key="filling-key")
    assert answer.status_code == 201 and answer.json()["points"] is None
    attempt_id = answer.json()["receipt"]["id"]
    assert world.queue.states([attempt_id]) == {attempt_id: "ENQUEUED"}
    world.restart()
    again = world.log_in("lan").hand_in({"1-2": "a"}, key="filling-key").json()
    assert again["receipt"] == answer.json()["receipt"] and again["points"] == 4.0
    assert count(world, Attempt) == 1


@contextmanager
def a_full_disk_for(world: World, patch: Any) -> Iterator[None]:
    """From the moment an attempt is stored, grading finds the disk full."""

    def grade_on_a_full_disk(*arguments: Any) -> bool:
        with a_full_disk(world), world.services.records.session() as s:
            add_audit(s, "x", "y", {"n": LONG}, world.now)
        return grade_attempt(*arguments)

    patch.setattr("hocvu.portal.submission.grade_attempt", grade_on_a_full_disk)
    yield


def test_a_disk_that_is_really_full(tmp_path: Path, root: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        with World(disk, root) as world:
            lan = world.log_in("lan")
            assert lan.hand_in({"1-2": "b"}).status_code == 201
            ballast = disk / "ballast"
            with ballast.open("wb", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(b"x" * 4096)
            statuses = [
                lan.hand_in({"1-2": "a", "1-7": {"viec": f"{n} " + "v" * 500}}, f"disk-key-{n:04d}") for n in range(40)
            ]
            refused = [one for one in statuses if one.status_code != 201]
            assert refused and {one.status_code for one in refused} == {507}
            receipts = {one.json()["receipt"]["id"] for one in statuses if one.status_code == 201}
            ballast.unlink()
            assert lan.hand_in({"1-2": "a", "1-7": {"viec": "xong"}}, "disk-key-9999").status_code == 201
            world.restart()
            with world.services.records.reading() as s:
                stored = {attempt.id: attempt for attempt in list_attempts(s, world.people["lan"])}
            assert receipts <= set(stored) and all(one.graded_at for one in stored.values())
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


KILLED_PORTAL = """
import os, signal, sys
from pathlib import Path
from hocvu.portal.services import start_services, utc_now
from hocvu.portal.submission import submit
from hocvu.settings import Settings

class Killed:
    def enqueue(self, attempt_id):
        os.kill(os.getpid(), signal.SIGKILL)

services = start_services(Settings(root=Path(sys.argv[1]), var=Path(sys.argv[2])), queue=Killed())
submit(services, sys.argv[3], "02-sau", {"2-1": "abc"}, "code-key-1", utc_now())
"""


def test_a_portal_killed_between_storing_and_enqueueing_finds_the_attempt_at_its_next_start(world: World) -> None:
    command = [sys.executable, "-c", KILLED_PORTAL, world.root, world.settings.var, world.people["lan"]]
    assert subprocess.run(command, timeout=120).returncode == -signal.SIGKILL
    with world.services.records.reading() as s:
        (attempt,) = list_attempts(s, world.people["lan"])
    assert world.queue.states([attempt.id]) == {}
    world.restart()
    assert world.queue.states([attempt.id]) == {attempt.id: "ENQUEUED"}
    assert hand_in_code(world.log_in("lan"))["receipt"]["id"] == attempt.id  # pressed again: the same receipt
    assert count(world, Attempt) == 1


def test_the_worker_of_the_command_line_grades_what_waits_and_ends_with_its_portal(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("hocvu.questions.choice.ChooseOne.grade", lambda *_: 1 / 0)
        attempt_id = world.log_in("lan").hand_in({"1-2": "a"}).json()["receipt"]["id"]
    command = [sys.executable, "-m", "hocvu", "worker", "--with-parent"]
    environment = {**os.environ, "HOCVU_ROOT": str(world.root), "HOCVU_VAR": str(world.settings.var)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as worker:
        assert worker.stdin is not None
        until(lambda: world.queue.states([attempt_id]) == {attempt_id: "SUCCESS"})
        worker.stdin.close()
        assert worker.wait(60) == 0
    assert "4/16 điểm" in world.log_in("lan").get(f"/ket-qua/{attempt_id}").text


def until(is_so: Callable[[], bool]) -> None:
    """Look until it is so; the test's own time limit ends the waiting."""
    pause = Event()
    while not is_so():
        pause.wait(0.1)
